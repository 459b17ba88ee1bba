"""Who takes a new key for every entry shares a part of the sitting's allowance; phones that are known keep the rest."""
import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from phone import FORM, JSON, PROBLEM, known_key, known_phone, open_sitting, stored

from forum.consultations.models import ForumSession
from forum.db import db
from forum.security import digest, given_out_at, new_participant_key
from forum.submissions import receipt as receipts
from forum.submissions import receiving, routes
from forum.submissions.fair import is_known
from forum.submissions.storing import Content

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of the form to so many seconds after `NOW`."""
    def at(seconds):
        monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(seconds=seconds))

    at(0)
    return at


@pytest.fixture
def hall(make_app, clock):
    """An application whose sittings take 9 entries a minute, 3 of them from newcomers."""
    app = make_app(ENTRIES_PER_SITTING=9)
    open_sitting(app)
    return app


def post(client, **changes):
    return client.post(FORM, data={**PROBLEM, "key": str(uuid4()), "receipt": receipts.new(), **changes}, headers=JSON)


def statuses(*clients):
    return [post(client).status_code for client in clients]


def with_key(app, key):
    phone = app.test_client()
    phone.set_cookie("participant", key)
    return phone


def used_up_by_newcomers(app):
    assert statuses(*[app.test_client() for _ in range(4)]) == [201] * 3 + [429]


def test_a_script_that_drops_its_cookie_leaves_the_hall_its_part(hall):
    script = [post(hall.test_client()) for _ in range(20)]

    assert [answer.status_code for answer in script] == [201] * 3 + [429] * 17
    assert script[-1].json["state"] == "too_many"
    assert script[-1].headers["Retry-After"] == "20", "a third of a minute for each of three"
    assert "tunggu sekitar 1 menit" in script[-1].json["message"]
    assert statuses(*[known_phone(hall) for _ in range(7)]) == [201] * 6 + [429]
    with hall.app_context():
        sitting = db.session.scalar(db.select(ForumSession).where(ForumSession.join_code == "KRM479"))
        assert sitting.n_held_back == 18


def test_what_newcomers_may_send_comes_back_with_time(hall, clock):
    used_up_by_newcomers(hall)
    clock(19)
    assert statuses(hall.test_client()) == [429]
    clock(20)
    assert statuses(hall.test_client(), hall.test_client()) == [201, 429]


@pytest.mark.parametrize("invent", [
    lambda key: secrets.token_hex(16), lambda key: "0" * 32, lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
    lambda key: "1" + key[1:]])
def test_a_key_that_a_script_invents_is_no_known_one(hall, invent):
    used_up_by_newcomers(hall)
    assert statuses(with_key(hall, invent(known_key(hall)))) == [429]


def test_a_phone_is_known_from_a_moment_after_it_opened_the_form(hall, clock):
    early, late = hall.test_client(), hall.test_client()
    for phone in (early, late):
        phone.get(FORM)
    used_up_by_newcomers(hall)
    clock(4)
    assert statuses(early) == [429]
    clock(5)
    assert statuses(late) == [201]


def test_a_phone_keeps_the_key_it_has_from_before_and_is_known_by_what_it_sent(hall, clock):
    old = secrets.token_hex(16)
    phone = with_key(hall, old)
    assert statuses(phone) == [201]
    assert phone.get_cookie("participant").value == old
    assert stored(hall)[0]["participant"] == digest(old)
    assert statuses(hall.test_client(), hall.test_client(), hall.test_client(), phone) == [201, 201, 429, 429]
    clock(5)
    assert statuses(hall.test_client(), phone) == [429, 201]


def test_a_key_is_32_letters_and_digits_and_never_the_same(hall):
    with hall.app_context():
        keys = {new_participant_key(NOW) for _ in range(1000)}
        assert len(keys) == 1000
        assert all(len(key) == 32 and key.isalnum() and key.isascii() for key in keys)
        assert {given_out_at(key) for key in keys} == {int(NOW.timestamp())}


def test_a_key_is_known_after_the_secret_was_changed(make_app):
    key = known_key(make_app(SECRET_KEY="the first"))
    changed = make_app(SECRET_KEY="the second", SECRET_KEY_FALLBACKS=["the first"])
    other = make_app(SECRET_KEY="the second")
    with changed.app_context():
        assert given_out_at(key) is not None
    with other.app_context():
        assert given_out_at(key) is None


@pytest.mark.parametrize(("seconds", "expected"), [(0, False), (4, False), (5, True), (86_400, True), (-1, False),
                                                   (-3600, True)])
def test_a_key_is_known_also_when_the_clock_was_set_back(context, seconds, expected):
    key = new_participant_key(NOW)
    assert is_known(key, NOW + timedelta(seconds=seconds)) is expected


def test_a_hall_of_a_thousand_phones_that_are_all_new_is_not_held_up(app):
    """All at once and all unknown: as the first minute would be at its worst, with the limits as they come."""
    open_sitting(app)
    with app.app_context():
        sitting = db.session.scalar(db.select(ForumSession.id).where(ForumSession.join_code == "KRM479"))
        content = Content(kind="problem", body=PROBLEM["body"])
        orders = [receiving.Order(sitting, str(uuid4()), receipts.new(), digest(f"kode {number}"),
                                  digest(f"ponsel {number}"), content, "resident", None, None, "phone", NOW)
                  for number in range(1001)]
        outcomes = [one for start in range(0, 1001, 128) for one in receiving.store(orders[start:start + 128])]
    assert [type(one).__name__ for one in outcomes] == ["Stored"] * 1000 + ["TooMany"]
    assert outcomes[-1].seconds(NOW) == 1
