"""Statements that go straight to the driver must say what SQLAlchemy would have said, on both databases."""
from datetime import UTC, datetime, timedelta, timezone

import pytest
from phone import open_sitting
from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from forum import driver
from forum.audit import AuditEntry
from forum.consultations.models import ForumSession
from forum.db import db, writing
from forum.prepared import Prepared, one_of
from forum.submissions.models import Submission

COLUMNS = ("at", "actor_id", "actor_name", "action", "subject_type", "subject_id", "consultation_id", "detail")
MOMENT = datetime(2026, 3, 1, 16, 30, 5, 123456, tzinfo=timezone(timedelta(hours=7)))
add_lines = Prepared(insert(AuditEntry.__table__), COLUMNS)


def line(number, **changes):
    return {"at": MOMENT, "actor_id": None, "actor_name": "é 'x' %s", "action": "test.add", "subject_type": "t",
            "subject_id": number, "consultation_id": None, "detail": {"n": [number, None, True]}, **changes}


def test_rows_are_stored_as_sqlalchemy_stores_them(app):
    with app.app_context():
        with writing() as session:
            add_lines.run(session.connection(), [line(1), line(2, actor_id=7)])
            session.connection().execute(insert(AuditEntry.__table__), [line(3)])
        ours, second, its = db.session.scalars(select(AuditEntry).order_by(AuditEntry.subject_id)).all()
        assert ours.at == its.at == MOMENT.astimezone(UTC)
        assert [ours.detail, its.detail] == [{"n": [1, None, True]}, {"n": [3, None, True]}]
        assert (ours.actor_name, ours.actor_id, second.actor_id) == (its.actor_name, None, 7)
        kept = db.session.execute(db.text("SELECT at, actor_name FROM audit_entry ORDER BY subject_id")).all()
        assert kept[0] == kept[2]


def test_no_rows_are_no_statement(app):
    with app.app_context(), writing() as session:
        add_lines.run(session.connection(), [])
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize(("numbers", "names", "expected"), [
    ([], [], []), ([2], [], [2]), ([2, 3, 99], [], [2, 3]), ([], ["four", "it's"], [1, 4]), ([3], ["four"], [3, 4])])
def test_a_list_is_one_parameter_however_long(app, numbers, names, expected):
    found = Prepared(select(AuditEntry.subject_id, AuditEntry.at, AuditEntry.detail)
                     .where(or_(one_of(AuditEntry.subject_id, "numbers"), one_of(AuditEntry.actor_name, "names")),
                            AuditEntry.at >= bindparam("since"), AuditEntry.action == "test.add")
                     .order_by(AuditEntry.subject_id))
    with app.app_context(), writing() as session:
        connection = session.connection()
        add_lines.run(connection, [line(1, actor_name="it's"), line(2), line(3), line(4, actor_name="four"),
                                   line(2, action="test.other"), line(3, at=MOMENT - timedelta(days=1))])
        rows = found.rows(connection, {"numbers": numbers, "names": names, "since": MOMENT})
        assert [row[0] for row in rows] == expected
        assert all(row[1:] == (MOMENT, {"n": [row[0], None, True]}) for row in rows)


def test_numbers_and_truths_come_back_as_such(app):
    sitting = open_sitting(app)
    spend = Prepared(update(ForumSession.__table__).where(ForumSession.id == bindparam("sitting"))
                     .values(allowance_used=bindparam("used"), is_limited=bindparam("limited")))
    read = Prepared(select(ForumSession.allowance_used, ForumSession.is_limited, ForumSession.allowance_at)
                    .where(ForumSession.id == bindparam("sitting")))
    with app.app_context(), writing() as session:
        connection = session.connection()
        spend.run(connection, [{"sitting": sitting, "used": 2.5, "limited": False}])
        (row,) = read.rows(connection, {"sitting": sitting})
        assert [type(value) for value in row] == [float, bool, type(None)]
        assert row == (2.5, False, None)


def test_an_error_of_the_driver_is_the_one_that_is_expected_and_carries_no_values(app):
    with app.app_context():
        with pytest.raises(IntegrityError) as refused, writing() as session:
            add_lines.run(session.connection(), [line(1), line(2, actor_name=None)])
        assert refused.value.params is None
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_a_busy_database_is_an_operational_error(app, tmp_path):
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            statement = "SET LOCAL lock_timeout = '1ms'; LOCK TABLE audit_entry"
        else:
            statement = "BEGIN IMMEDIATE"
        with db.engine.connect() as first, db.engine.connect() as second:
            if db.engine.dialect.name == "sqlite":
                first.connection.execute("BEGIN IMMEDIATE")
                second.connection.execute("PRAGMA busy_timeout = 0")
            else:
                driver.execute(first, "LOCK TABLE audit_entry")
            with pytest.raises(OperationalError):
                driver.execute(second, statement)
            second.connection.rollback()
            if db.engine.dialect.name == "sqlite":
                second.connection.execute("PRAGMA busy_timeout = 5000")
            first.connection.rollback()


def test_what_the_model_would_fill_in_must_be_named():
    with pytest.raises(ValueError, match="detail"):
        Prepared(insert(AuditEntry.__table__), [name for name in COLUMNS if name != "detail"])
    with pytest.raises(ValueError, match="state"):
        Prepared(insert(Submission.__table__), ("key",))
