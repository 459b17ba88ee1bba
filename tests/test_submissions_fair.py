"""Fair limits: one phone cannot flood, a hall behind one address is not locked out, a facilitator may lift them."""
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from builders import make_submission
from phone import FORM, JSON, PROBLEM, hidden_fields, known_phone, open_sitting, send, stored
from racing import stored_by_two
from staff_client import sign_in_as

from forum.consultations.models import ForumSession
from forum.db import db, writing
from forum.security import digest
from forum.submissions import receipt as receipts
from forum.submissions import receiving, routes
from forum.submissions.models import Submission
from forum.submissions.storing import Content

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def hall(make_app):
    """An application whose phones may send 3 entries, whose sittings take 8."""
    app = make_app(ENTRIES_PER_PHONE=3, ENTRIES_PER_SITTING=8)
    open_sitting(app)
    return app


def post(client, **changes):
    fields = {**PROBLEM, "key": str(uuid4()), "receipt": receipts.new(), **changes}
    return client.post(FORM, data=fields, headers=JSON)


def many(client, count):
    return [post(client).status_code for _ in range(count)]


def test_one_phone_waits_after_its_share_and_is_told_until_when(hall, monkeypatch):
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    phone = known_phone(hall)
    assert many(phone, 3) == [201] * 3
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(minutes=4))

    answer = post(phone)
    page = send(phone, {**hidden_fields(phone.get(FORM).text), **PROBLEM})

    assert (answer.status_code, answer.json["state"]) == (429, "too_many")
    assert answer.headers["Retry-After"] == str(6 * 60)
    assert page.status_code == 429
    assert "3 masukan dalam 10 menit" in page.text
    assert "tunggu sekitar 6 menit" in page.text
    assert PROBLEM["body"] in page.text
    assert len(stored(hall)) == 3

    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(minutes=10, seconds=1))
    assert post(phone).status_code == 201


def test_a_repeat_of_what_is_stored_is_answered_also_beyond_the_limit(hall):
    phone = known_phone(hall)
    fields = {"key": str(uuid4()), "receipt": receipts.new()}
    post(phone, **fields)
    assert many(phone, 3) == [201, 201, 429]
    repeat = post(phone, **fields)
    assert repeat.status_code in {200, 201}
    assert repeat.json["receipt"] == fields["receipt"]


def test_a_hall_behind_one_address_is_not_locked_out_and_its_own_limit_is_for_all(hall):
    phones = [known_phone(hall) for _ in range(5)]
    answers = [post(phone) for _ in range(2) for phone in phones]

    assert [answer.status_code for answer in answers] == [201] * 8 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert len(stored(hall)) == 8


def test_processes_that_store_at_the_same_moment_share_one_allowance(hall, monkeypatch):
    """Each with its own door, as processes have: both have read what is stored before either writes, if they can."""

    with hall.app_context():
        sitting = db.session.scalar(db.select(ForumSession.id).where(ForumSession.join_code == "KRM479"))
    content = Content(kind="problem", body=PROBLEM["body"])
    orders = [receiving.Order(sitting, str(uuid4()), receipts.new(), digest(f"kode {number}"), digest("satu ponsel"),
                              content, "resident", None, None, "phone", NOW, is_known=True)
              for number in range(4)]
    outcomes = stored_by_two(hall, orders, receiving.store,
                             lambda read: monkeypatch.setattr(receiving, "_stored", read), receiving._stored)
    assert sorted(type(one).__name__ for one in outcomes) == ["Stored"] * 3 + ["TooMany"]
    assert len(stored(hall)) == 3


def test_staff_see_what_was_held_back_and_lift_the_limits(hall):
    phone = known_phone(hall)
    many(phone, 5)
    with hall.app_context():
        sitting = db.session.scalar(db.select(ForumSession).where(ForumSession.join_code == "KRM479"))
        assert sitting.n_held_back == 2
        page = f"/staff/sessions/{sitting.id}"
    facilitator = sign_in_as(hall, "facilitator")

    assert "2 kiriman diminta menunggu" in facilitator.get(page).text
    assert facilitator.submit(page + "/limits", {"limited": "no"}).status_code == 303
    assert "Batas dilonggarkan" in facilitator.get(page).text
    assert many(phone, 10) == [201] * 10
    facilitator.submit(page + "/limits", {"limited": "yes"})
    assert post(phone).status_code == 429


def test_entries_of_files_do_not_use_up_the_limit_of_phones(hall):
    with hall.app_context():
        sitting = db.session.scalar(db.select(ForumSession.id).where(ForumSession.join_code == "KRM479"))
    with hall.app_context():
        for number in range(9):
            entry = make_submission(sitting, f"Dari berkas nomor {number}.")
            with writing() as session:
                session.get(Submission, entry).source = "import"
    phone = known_phone(hall)
    assert many(phone, 2) == [201, 201]


def test_time_gives_a_sitting_its_allowance_back_evenly(hall, monkeypatch):
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    assert [post(known_phone(hall)).status_code for _ in range(9)] == [201] * 8 + [429]
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(seconds=15))
    assert [post(known_phone(hall)).status_code for _ in range(3)] == [201] * 2 + [429]
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + timedelta(hours=1))
    assert [post(known_phone(hall)).status_code for _ in range(9)] == [201] * 8 + [429]


@pytest.mark.parametrize("step", [timedelta(days=-1), timedelta(hours=-1), timedelta(days=1)])
def test_a_server_clock_that_is_set_right_keeps_nobody_waiting(hall, monkeypatch, step):
    """A laptop whose battery was flat starts in another year; the clock is mended in the middle of a sitting."""
    monkeypatch.setattr(routes, "utc_now", lambda: NOW)
    phones = [known_phone(hall) for _ in range(3)]
    assert [post(phone).status_code for phone in phones for _ in range(3)] == [201] * 8 + [429]
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + step)
    waited = post(phones[0])
    if waited.status_code == 429:
        assert int(waited.headers["Retry-After"]) <= 60
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + step + timedelta(minutes=1))
    assert post(phones[0]).status_code == 201
    monkeypatch.setattr(routes, "utc_now", lambda: NOW + step + timedelta(minutes=3))
    assert 429 in many(phones[0], 3), "the limit of a phone still holds"


def test_a_photo_of_who_must_wait_is_not_even_looked_at(hall):
    """To read and write a photo anew costs more than all the rest: this one is none, and nobody notices."""
    def no_photo():
        return {"photo": (BytesIO(b"bukan foto"), "foto.jpg")}

    phone, first = known_phone(hall), {"key": str(uuid4()), "receipt": receipts.new()}
    assert post(phone, **first).status_code == 201
    assert post(phone, **no_photo()).status_code == 422
    assert many(phone, 2) == [201] * 2
    refused = post(phone, **no_photo())
    repeat = post(phone, **first, **no_photo())

    assert (refused.status_code, refused.json["state"]) == (429, "too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 601
    assert "Pilih lagi foto Anda" in refused.json["errors"]["photo"][0]
    assert repeat.status_code == 201, "what is stored is stored, with the photo that came first"
    with hall.app_context():
        sitting = db.session.scalar(db.select(ForumSession).where(ForumSession.join_code == "KRM479"))
        assert sitting.n_held_back == 1
        page = f"/staff/sessions/{sitting.id}"
    sign_in_as(hall, "facilitator").submit(page + "/limits", {"limited": "no"})
    assert post(phone, **no_photo()).status_code == 422


def test_a_photo_is_not_looked_at_when_newcomers_have_used_their_share(hall):
    assert [post(hall.test_client()).status_code for _ in range(3)] == [201, 201, 429]
    answer = post(hall.test_client(), photo=(BytesIO(b"bukan foto"), "foto.jpg"))
    assert answer.status_code == 429
