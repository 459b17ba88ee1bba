"""What phones poll: open or closed, and whether anything happened; unchanged costs almost nothing."""
import pytest
from phone import FORM, close_sitting, open_sitting, sent

from forum import audit
from forum.audit import AuditEntry
from forum.consultations.models import ForumSession
from forum.db import db, utc_now, writing
from forum.submissions import pulse

STATE = FORM + "/state"


@pytest.fixture
def sitting(app, monkeypatch):
    monkeypatch.setattr(pulse, "KEPT_SECONDS", 0.0)
    return open_sitting(app)


def ask(client, etag=None):
    return client.get(STATE, headers={"If-None-Match": etag} if etag else {})


def test_it_says_open_and_grows_with_every_entry(client, sitting):
    before = ask(client)
    sent(client)
    after = ask(client, before.headers["ETag"])

    assert before.json["open"] is after.json["open"] is True
    assert after.status_code == 200
    assert after.json["version"] > before.json["version"]


def test_unchanged_is_a_304_without_content(client, sitting):
    sent(client)
    etag = ask(client).headers["ETag"]
    answer = ask(client, etag)

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_sitting_that_closes_is_told_at_once(app, client, sitting):
    etag = ask(client).headers["ETag"]
    close_sitting(app, sitting)
    answer = ask(client, etag)

    assert answer.status_code == 200
    assert answer.json["open"] is False


def test_an_unchanged_poll_asks_the_database_nothing(app, client, sitting, monkeypatch):
    monkeypatch.setattr(pulse, "KEPT_SECONDS", 3600.0)
    sent(client)
    etag = ask(client).headers["ETag"]
    with app.app_context():
        engine = db.engine
    asked = []
    db.event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    assert [ask(client, etag).status_code for _ in range(5)] == [304] * 5
    assert asked == []


def test_what_is_stored_late_with_an_earlier_number_is_told_too(app, client, sitting):
    """PostgreSQL gives numbers before the commit: of two lines the later one may be there first."""
    with app.app_context():
        consultation_id = db.session.get(ForumSession, sitting).consultation_id
        line = audit.line(actor=audit.PARTICIPANT, action="test.late", subject_type="test", subject_id=1, now=utc_now(),
                          consultation_id=consultation_id)
        newest = db.session.scalar(db.select(db.func.max(AuditEntry.id))) or 0
        with writing():
            db.session.add(AuditEntry(**line, id=newest + 2))
    before = ask(client)
    with app.app_context(), writing():
        db.session.add(AuditEntry(**line, id=newest + 1))
    after = ask(client, before.headers["ETag"])

    assert after.status_code == 200
    assert after.json["version"] > before.json["version"]


def test_an_unknown_code_has_no_state(client, sitting):
    assert client.get("/s/QQQ999/state").status_code == 404
