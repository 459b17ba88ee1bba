"""Fair limits on reactions: a script cannot flood, neither with many entries nor by changing its mind."""
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session, make_submission
from phone import JSON
from phone import change as set_fields

from forum.consultations.models import ForumSession
from forum.db import db
from forum.reactions import routes
from forum.reactions.models import Reaction

REACT = "/s/KRM479/react"
NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def hall(make_app, monkeypatch):
    """Application, sitting, and five entries; a phone may react three times."""
    app = make_app(REACTIONS_PER_PHONE=3)
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        return app, sitting, [make_submission(sitting, f"Usulan {number}.") for number in range(5)]


def send(client, entry, sequence, key=None, value="agree"):
    return client.post(REACT, data={"submission": entry, "value": value, "sequence": sequence,
                                    "key": key or str(uuid4())}, headers=JSON)


def test_one_phone_waits_after_its_share_and_is_told_until_when(hall, monkeypatch):
    app, sitting, entries = hall
    phone, other = app.test_client(), app.test_client()
    for client in (phone, other):
        client.get(REACT)
    assert [send(phone, entry, number + 1).status_code for number, entry in enumerate(entries[:3])] == [201] * 3
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(minutes=4))

    key = str(uuid4())
    answer = send(phone, entries[3], 4, key)

    assert (answer.status_code, answer.json["state"], answer.json["key"]) == (429, "too_many", key)
    assert answer.headers["Retry-After"] == str(6 * 60)
    assert "3 tanggapan dalam 10 menit" in answer.json["message"]
    assert send(other, entries[3], 1).status_code == 201
    with app.app_context():
        assert db.session.get(ForumSession, sitting).n_held_back == 1
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(minutes=10, seconds=1))
    assert send(phone, entries[3], 4, key).status_code == 201


def test_changing_ones_mind_again_and_again_counts_too(hall):
    app, _, entries = hall
    phone = app.test_client()
    phone.get(REACT)
    answers = [send(phone, entries[0], number, value=value).status_code
               for number, value in enumerate(("agree", "disagree", "pass", "agree", "pass"), start=1)]
    assert answers == [201, 201, 201, 429, 429]
    with app.app_context():
        assert [(row.value, row.n_changes) for row in db.session.scalars(db.select(Reaction))] == [(0, 3)]


def test_a_repeat_is_answered_also_beyond_the_limit(hall):
    app, _, entries = hall
    phone = app.test_client()
    phone.get(REACT)
    key = str(uuid4())
    send(phone, entries[0], 1, key)
    for number in (2, 3):
        send(phone, entries[number], number)
    assert send(phone, entries[4], 4).status_code == 429
    assert send(phone, entries[0], 1, key).json["state"] == "stored"


def test_where_the_facilitator_lifted_the_limits_nobody_waits(hall):
    app, sitting, entries = hall
    set_fields(app, ForumSession, sitting, is_limited=False)
    phone = app.test_client()
    phone.get(REACT)
    assert [send(phone, entry, number + 1).status_code for number, entry in enumerate(entries)] == [201] * 5


def test_a_server_clock_that_is_set_back_keeps_nobody_waiting(hall, monkeypatch):
    app, _, entries = hall
    phone = app.test_client()
    phone.get(REACT)
    assert [send(phone, entry, number + 1).status_code for number, entry in enumerate(entries)] == [201] * 3 + [429] * 2
    monkeypatch.setattr(routes, "utc_now", lambda: NOW - timedelta(days=1))
    answers = [send(phone, entries[place], 11 + number).status_code for number, place in enumerate((3, 4, 0, 1))]
    assert answers == [201] * 3 + [429]
