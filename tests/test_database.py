"""The database: migrations agree with the models, writers queue, times stay aware, rules bite."""
import threading
from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Account
from forum.audit import AuditEntry
from forum.consultations.models import ForumSession
from forum.db import db, utc_now, writing
from forum.submissions.models import Submission, SubmissionVersion
from forum.write_lock import WriteTimeout


def test_migrations_and_models_agree(context):
    flask_migrate.check()  # exits when a migration is missing


def test_migrations_go_down_and_up_again(context):
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    assert make_consultation()


def test_migrations_keep_what_is_stored(context):
    """An installation that is full of entries moves on: SQLite copies whole tables that others point at."""
    sitting = make_forum_session(make_consultation())
    entries = [(make_submission(sitting, body), body) for body in ("Selokan mampet.", "Lampu gang padam.")]
    noise()
    db.session.remove()

    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()

    assert db.session.get_one(ForumSession, sitting).join_code == "KRM479"
    stored = db.session.execute(db.select(Submission.id, SubmissionVersion.body).join(
        SubmissionVersion, SubmissionVersion.submission_id == Submission.id).order_by(Submission.id)).all()
    assert [tuple(row) for row in stored[:2]] == entries
    assert len(stored) == 4
    with pytest.raises(IntegrityError), writing() as session:
        session.delete(session.get_one(ForumSession, sitting))


@pytest.mark.sqlite_only
def test_a_migration_that_breaks_a_reference_is_undone(context, caplog):
    make_submission(make_forum_session(make_consultation()))
    db.session.remove()
    flask_migrate.downgrade(revision="0009")
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DELETE FROM consultation")
        cursor.execute("PRAGMA foreign_keys=ON")

    with pytest.raises(SystemExit):
        flask_migrate.upgrade()

    assert "point at missing rows of consultation" in caplog.text
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "0009"
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def test_foreign_keys_are_enforced(context):
    with pytest.raises(IntegrityError), writing() as session:
        session.add(ForumSession(consultation_id=999, title="x", join_code="ABC", starts_at=utc_now(),
                                 created_at=utc_now()))


def test_impossible_states_cannot_be_stored(context):
    sitting = make_forum_session(make_consultation())
    with pytest.raises(IntegrityError), writing() as session:
        session.get_one(ForumSession, sitting).state = "halfway"


def test_a_moment_comes_back_aware_and_in_utc(context):
    moment = datetime(2024, 12, 9, 9, 0, tzinfo=UTC) + timedelta(microseconds=7)
    sitting = make_forum_session(make_consultation(), starts_at=moment)
    db.session.expire_all()

    assert db.session.get_one(ForumSession, sitting).starts_at == moment
    assert db.session.get_one(ForumSession, sitting).starts_at.tzinfo is not None


def test_a_naive_moment_is_refused(context):
    with pytest.raises(Exception, match="without a time zone"):
        make_forum_session(make_consultation(), starts_at=datetime(2024, 12, 9))


def test_an_exception_inside_writing_leaves_nothing(context):
    def fail_half_way() -> None:
        with writing() as session:
            session.add(AuditEntry(at=utc_now(), actor_name="x", action="x", subject_type="x", detail={}))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert db.session.query(AuditEntry).count() == 0


def test_writing_does_not_nest(context):
    with pytest.raises(RuntimeError, match="do not call each other"), writing(), writing():
        pass


def test_many_threads_write_without_a_lock_error_or_a_lost_update(app):
    with app.app_context(), writing() as session:
        session.add(Account(username="penghitung", name="0", role="planner", password_hash="-", created_at=utc_now()))
    failures = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with app.app_context(), writing() as session:
                    account = session.query(Account).with_for_update().one()
                    account.name = str(int(account.name) + 1)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with app.app_context():
        assert db.session.query(Account).one().name == "80"


@pytest.mark.sqlite_only
def test_a_writer_that_never_ends_makes_others_give_up_in_time(make_app):
    app = make_app(WRITE_TIMEOUT_SECONDS=0.2)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), writing():
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        with app.app_context(), pytest.raises(WriteTimeout), writing():
            pass
    finally:
        release.set()
        thread.join()


@pytest.mark.sqlite_only
def test_sqlite_is_durable_and_journals_ahead(context):
    pragmas = {name: db.session.scalar(text(f"PRAGMA {name}"))
               for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
