"""Fair limits on reactions: a script cannot flood, neither by changing its mind nor with a new key each time."""
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session, make_submission
from phone import FROM_OUR_PAGE, JSON, known_phone
from phone import change as set_fields
from racing import stored_by_two
from staff_client import sign_in_as

from forum.consultations.models import ForumSession
from forum.db import db
from forum.reactions import receiving, routes
from forum.reactions.models import Reaction, Stance
from forum.security import digest

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


@pytest.fixture
def small_hall(make_app, monkeypatch):
    """Application, sitting, and one entry; the sitting takes 120 reactions a minute, 2 of them from newcomers."""
    app = make_app(REACTIONS_PER_SITTING=120)
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        return app, sitting, make_submission(sitting, "Usulan yang disukai.")


def supporters(app):
    with app.app_context():
        return len({row.participant_digest for row in db.session.scalars(db.select(Reaction))})


def test_a_script_that_drops_its_cookie_makes_no_crowd_of_supporters(small_hall, monkeypatch):
    app, sitting, entry = small_hall
    script = [send(app.test_client(), entry, 1) for _ in range(20)]
    plain = app.test_client().post(REACT, data={"submission": entry, "value": "agree"}, headers=FROM_OUR_PAGE,
                                   follow_redirects=True)

    assert [answer.status_code for answer in script] == [201] * 2 + [429] * 18
    assert (script[-1].json["state"], script[-1].headers["Retry-After"]) == ("too_many", "30")
    assert "Tunggu sekitar 1 menit" in script[-1].json["message"]
    assert "Terlalu banyak tanggapan" in plain.text
    assert supporters(app) == 2
    assert [send(known_phone(app), entry, 1).status_code for _ in range(20)] == [201] * 20
    with app.app_context():
        assert db.session.get(ForumSession, sitting).n_held_back == 19
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(seconds=30))
    assert [send(app.test_client(), entry, 1).status_code for _ in range(2)] == [201, 429]


def test_who_opened_the_page_or_wrote_or_reacted_a_moment_ago_is_known(small_hall, monkeypatch):
    app, sitting, entry = small_hall
    reader, writer, reacting = app.test_client(), app.test_client(), app.test_client()
    reader.get(REACT)
    for phone, key in ((writer, "a" * 32), (reacting, "b" * 32)):  # keys from before they were marked
        phone.set_cookie("participant", key)
    with app.app_context():
        make_submission(sitting, "Usulan penulis.", participant="a" * 32)
        other = make_submission(sitting, "Usulan lain.")
    assert [send(phone, entry, 1).status_code for phone in (reacting, reader, app.test_client())] == [201, 201, 429]
    assert send(writer, entry, 1).status_code == 201
    assert send(reader, other, 2).status_code == 429
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(seconds=5))
    assert [send(phone, other, 3).status_code for phone in (reader, reacting, app.test_client())] == [201, 201, 429]


def test_all_phones_of_a_sitting_together_wait_until_time_gives_back(make_app, monkeypatch):
    app = make_app(REACTIONS_PER_SITTING=4)
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        entry = make_submission(sitting, "Usulan yang disukai.")
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    phones = [known_phone(app) for _ in range(6)]
    answers = [send(phone, entry, 1) for phone in phones]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "15"
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(seconds=15))
    assert [send(phone, entry, 1).status_code for phone in phones[4:]] == [201, 429]

    facilitator, page = sign_in_as(app, "facilitator"), f"/staff/sessions/{sitting}"
    seen = facilitator.get(page).text
    assert "300 dalam 10 menit, seluruh sesi 4 dalam 1 menit" in seen
    assert "3 kiriman diminta menunggu" in seen
    facilitator.submit(page + "/limits", {"limited": "no"})
    assert [send(app.test_client(), entry, 1).status_code for _ in range(9)] == [201] * 9


def test_processes_that_store_at_the_same_moment_share_one_allowance(make_app, monkeypatch):
    """Each with its own door, as processes have: both have read the allowance before either writes, if they can."""
    app = make_app(REACTIONS_PER_SITTING=3)
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        entry = make_submission(sitting, "Usulan yang disukai.")

    orders = [receiving.Order(sitting, entry, digest(f"ponsel {number}"), Stance.AGREE, str(uuid4()), 1, NOW,
                              is_known=True) for number in range(4)]
    outcomes = stored_by_two(app, orders, receiving.store,
                             lambda read: monkeypatch.setattr(receiving, "_sittings", read), receiving._sittings)
    assert sorted(type(one).__name__ for one in outcomes) == ["Answer"] * 3 + ["TooMany"]
    assert supporters(app) == 3
