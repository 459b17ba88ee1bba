"""What phones poll: open or closed, and whether anything happened; unchanged costs almost nothing."""
from types import SimpleNamespace

import pytest
from phone import FORM, close_sitting, sent
from staff_client import sign_in_as

from forum import audit, recent
from forum.audit import AuditEntry
from forum.consultations import halls
from forum.consultations.models import ForumSession
from forum.db import db, utc_now, writing

STATE = FORM + "/state"


pytestmark = pytest.mark.usefixtures("fresh_answers")


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


@pytest.fixture
def clock(monkeypatch):
    """The clock by which versions are kept, with the settings of everyday; the first item is the time in seconds."""
    monkeypatch.setattr(recent, "KEPT_SECONDS", 1.0)
    now = [1000.0]
    monkeypatch.setattr(recent, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.mark.parametrize("path", [STATE, FORM + "/ideas", FORM + "/standing?id=1"])
def test_an_unchanged_poll_asks_one_indexed_question_at_most_once_a_second(app, client, sitting, clock, path):
    sent(client)
    clock[0] += 60
    etag = client.get(path).headers["ETag"]
    asked = asked_of(app)

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert asked == []
    for n_questions in (1, 2, 3):
        clock[0] += 60
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
        assert len(asked) == n_questions
    assert all("audit_entry.consultation_id =" in question for question in asked)


def test_what_is_told_is_a_second_old_at_most_also_when_it_was_long_in_coming(app, client, sitting, clock, monkeypatch):
    def read_slowly(consultation_id, read=audit.version):
        found = read(consultation_id)
        clock[0] += took.pop() if took else 0
        return found

    took = [0.9]
    sent(client)
    clock[0] += 60
    ask(client)
    clock[0] += 60
    monkeypatch.setattr(audit, "version", read_slowly)
    etag = ask(client).headers["ETag"]
    sent(client)
    clock[0] += 0.2
    assert ask(client, etag).status_code == 200


def test_an_unchanged_wall_asks_besides_only_who_is_signed_in(app, as_facilitator, sitting, clock):
    path = f"/staff/sessions/{sitting}/projector/live"
    etag = as_facilitator.get(path).headers["ETag"]
    clock[0] += 60
    asked = asked_of(app)

    assert as_facilitator.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert ["staff_session" in question for question in asked] == [True, False]
    assert "audit_entry.consultation_id =" in asked[1]


def asked_of(app):
    """A list that grows by every question to the database from now on."""
    asked = []
    with app.app_context():
        db.event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    return asked


@pytest.mark.parametrize("path", ["/staff/sessions/{sitting}/close", "/staff/consultations/{consultation}/close"])
def test_what_another_process_changed_is_seen_by_the_next_version(app, client, make_app, sitting, clock, path):
    with app.app_context():
        consultation = db.session.get(ForumSession, sitting).consultation_id
    sent(client)
    clock[0] += 60
    etag = ask(client).headers["ETag"]
    other = sign_in_as(make_app(), "facilitator")
    assert other.submit(path.format(sitting=sitting, consultation=consultation), {}).status_code == 303

    assert ask(client, etag).status_code == 304, "the version is kept for a second"
    clock[0] += 1.1
    assert ask(client, etag).json["open"] is False
    assert client.get(FORM).status_code == 409


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


def test_of_a_crowd_that_finds_a_sitting_old_one_phone_reads_it_for_all(app, client, sitting, clock, monkeypatch):
    sent(client)
    clock[0] += 60
    etag = ask(client).headers["ETag"]
    sent(client)
    clock[0] += 60
    read, answers = halls._read, []

    def read_while_others_ask(code):
        answers.extend(ask(app.test_client(), etag).status_code for _ in range(3))
        return read(code)

    asked = asked_of(app)
    monkeypatch.setattr(halls, "_read", read_while_others_ask)
    assert ask(client, etag).status_code == 200
    assert answers == [200, 200, 200]
    assert len([question for question in asked if "audit_entry.consultation_id =" in question]) == 2


def test_a_sitting_that_could_not_be_read_is_read_the_next_time(client, sitting, clock, monkeypatch):
    sent(client)
    clock[0] += 60
    ask(client)
    sent(client)
    clock[0] += 60
    read, codes = halls._read, []
    monkeypatch.setattr(halls, "_read", lambda _code: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(client)
    monkeypatch.setattr(halls, "_read", lambda code: codes.append(code) or read(code))
    assert ask(client).json["open"] is True
    assert codes == ["KRM479"]
