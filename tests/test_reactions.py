"""Agree, disagree, pass: one at a time, never on one's own, never on what is hidden; changeable, fair, in any order."""
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from phone import FROM_OUR_PAGE, JSON
from phone import change as set_fields
from reacting import REACT, hide, react, send, shown, stored

from forum.consultations.models import Consultation
from forum.db import db, utc_now
from forum.reactions import queries, routes
from forum.reactions.models import Reaction, Stance
from forum.security import digest
from forum.submissions.models import Submission

MINE = REACT + "/mine"
STATEMENTS = "/s/KRM479/statements"


@pytest.fixture
def entries(app):
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        noise()
        return [make_submission(sitting, body) for body in (
            "Pasang sensor tinggi air di muara.", "Kerja bakti tiap Jumat di saluran kampung.")]


def test_an_unknown_sitting_is_said_to_be_unknown_and_trying_again_is_not_advised(client):
    answer = client.get("/s/ZZZZZZ/react")
    assert (answer.status_code, "Alamat ini tidak ada" in answer.text, "coba lagi" in answer.text) == (404, True, False)


class TestJourneyWithoutScripts:
    def test_every_entry_is_offered_once_and_then_thanks(self, client, entries):
        seen = []
        while (submission_id := shown(client)) is not None:
            seen.append(submission_id)
            answer = react(client, submission_id, "agree")
            assert (answer.status_code, answer.headers["Location"]) == (303, REACT)

        assert sorted(seen) == sorted(entries)
        page = client.get(REACT).text
        assert "Semua masukan sudah Anda tanggapi" in page
        assert MINE in page

    def test_the_last_one_can_be_changed_at_once(self, app, client, entries):
        first = shown(client)
        react(client, first, "agree")
        page = client.get(REACT).text
        link = unescape(re.search(r'href="([^"]*change=\d+)"', page)[1])
        assert "Tanggapan terakhir" in page

        again = client.get(link).text

        assert f'name="submission" value="{first}"' in again
        assert 'value="agree" data-swipe="right" aria-pressed="true"' in again
        react(client, first, "disagree")
        assert stored(app) == {first: -1}

    def test_all_earlier_reactions_are_listed_and_changeable(self, app, client, entries):
        for submission_id, value in zip(entries, ("agree", "pass"), strict=True):
            react(client, submission_id, value)
        page = client.get(MINE).text
        assert re.findall(r'name="submission" value="(\d+)"', page) == [str(one) for one in reversed(entries)]
        assert re.findall(r'value="(\w+)" data-swipe="\w+" aria-pressed="true"', page) == ["pass", "agree"]

        answer = react(client, entries[0], "disagree", **{"from": "mine"})

        assert answer.headers["Location"] == MINE
        assert stored(app) == {entries[0]: -1, entries[1]: 0}

    def test_a_long_list_has_pages(self, app, client, entries, monkeypatch):
        monkeypatch.setattr(routes, "PER_PAGE", 1)
        for submission_id in entries:
            react(client, submission_id, "agree")
        second = client.get(MINE + "?page=2").text
        assert "sensor tinggi air" in second
        assert "Kerja bakti" not in second
        assert "Yang lebih lama" in client.get(MINE).text
        assert "Yang lebih lama" not in second
        answer = react(client, entries[0], "pass", **{"from": "mine", "page": 2})
        assert answer.headers["Location"] == MINE + "?page=2"

    def test_a_refusal_is_told_on_the_page(self, app, client, entries):
        page = client.get(REACT).text
        first = int(re.search(r'name="submission" value="(\d+)"', page)[1])
        hide(app, first)
        assert react(client, first, "agree").status_code == 303
        assert "Masukan ini sudah tidak ditampilkan." in client.get(REACT).text
        assert "Pilih setuju, tidak setuju, atau lewati." in client.post(
            REACT, data={"submission": entries[1], "value": "love"}, headers=FROM_OUR_PAGE,
            follow_redirects=True).text
        assert stored(app) == {}

    def test_a_closed_consultation_shows_and_changes_nothing(self, app, client, entries):
        react(client, entries[0], "agree")
        with app.app_context():
            consultation_id = db.session.get(Submission, entries[0]).consultation_id
        set_fields(app, Consultation, consultation_id, state="closed")
        react(client, entries[0], "disagree")
        assert stored(app) == {entries[0]: 1}
        assert "Konsultasi ini sudah ditutup" in client.get(REACT).text
        mine = client.get(MINE).text
        assert "Setuju" in mine
        assert "<button" not in mine
        assert client.get(STATEMENTS).json["statements"] == []


@pytest.mark.parametrize(("button", "expected"), [
    ("agree", queries.Tally(agree=1)), ("disagree", queries.Tally(disagree=1)), ("pass", queries.Tally(passed=1))])
def test_the_sign_is_the_same_from_the_button_to_the_count(app, client, entries, button, expected):
    assert f'name="value" value="{button}"' in client.get(REACT).text
    react(client, entries[0], button)

    with app.app_context():
        assert queries.tallies(db.session.get(Submission, entries[0]).consultation_id) == {entries[0]: expected}
    assert stored(app) == {entries[0]: Stance.of_word(button)}


def test_the_sign_convention_is_what_every_reader_expects():
    assert {stance.word: int(stance) for stance in Stance} == {"agree": 1, "pass": 0, "disagree": -1}


class TestWhatIsOffered:
    def test_the_least_seen_comes_first(self, app, client, entries):
        for _ in range(2):
            other = app.test_client()
            other.get(REACT)
            react(other, entries[1], "agree")

        assert shown(client) == entries[0]

    def test_hidden_withdrawn_waiting_erased_and_own_are_not_offered(self, app, client, entries):
        client.get(REACT)
        key = client.get_cookie("participant").value
        with app.app_context():
            sitting = db.session.get(Submission, entries[0]).forum_session_id
            for state in ("hidden", "withdrawn", "waiting"):
                make_submission(sitting, state=state)
            make_submission(sitting, participant=key)
            make_submission(sitting, participant="somebody else")
            erased = make_submission(sitting)
        set_fields(app, Submission, erased, erased_at=utc_now())
        assert send(client, erased, "agree", 1).json["state"] == "gone"
        answer = client.get(STATEMENTS).json
        assert len(answer["statements"]) == 3
        assert {one["id"] for one in answer["statements"]} > set(entries)

    def test_what_was_passed_rests_and_returns_behind_everything_new(self, app, client, entries, monkeypatch):
        react(client, entries[1], "pass")
        assert [one["id"] for one in client.get(STATEMENTS).json["statements"]] == [entries[0]]
        later = utc_now() + queries.PASS_RESTS + timedelta(seconds=1)
        monkeypatch.setattr(routes, "utc_now", lambda: later)
        assert [one["id"] for one in client.get(STATEMENTS).json["statements"]] == entries
        react(client, entries[0], "disagree")
        assert [one["id"] for one in client.get(STATEMENTS).json["statements"]] == [entries[1]]

    def test_personal_data_is_masked(self, app, client, entries):
        with app.app_context():
            sitting = db.session.get(Submission, entries[0]).forum_session_id
            make_submission(sitting, "Hubungi saya di 081234567890 soal drainase.")
        texts = [one["text"] for one in client.get(STATEMENTS).json["statements"]]
        assert any("soal drainase" in text for text in texts)
        for page in (str(texts), client.get(REACT).text):
            assert "081234567890" not in page

    def test_two_phones_see_different_orders_and_one_phone_always_the_same(self, app, entries):
        with app.app_context():
            sitting = db.session.get(Submission, entries[0]).forum_session_id
            for number in range(30):
                make_submission(sitting, f"Nomor {number}: lampu jalan.")
        orders = []
        for _ in range(4):
            phone = app.test_client()
            phone.get(REACT)
            first, second = (tuple(one["id"] for one in phone.get(STATEMENTS).json["statements"]) for _ in range(2))
            assert first == second
            orders.append(first)
        assert len(set(orders)) == 4
        assert len({order[0] for order in orders}) > 1

    def test_another_sitting_is_another_world(self, client, entries):
        assert len(client.get("/s/XYX777/statements").json["statements"]) == 2
        assert {one["id"] for one in client.get("/s/XYX777/statements").json["statements"]}.isdisjoint(entries)


class TestWhatAPhoneSends:
    def test_only_the_same_key_comes_back_and_a_repeat_changes_nothing(self, app, client, entries):
        client.get(REACT)
        key = str(uuid4())
        for _ in range(3):
            answer = send(client, entries[0], "agree", 100, key)
            assert answer.status_code == 201
            assert answer.json == {"key": key, "state": "stored"}
        with app.app_context():
            row = db.session.scalars(db.select(Reaction)).one()
            assert (row.value, row.key, row.sequence, row.n_changes) == (1, key, 100, 1)

    def test_what_was_chosen_last_wins_however_late_the_other_arrives(self, app, client, entries):
        client.get(REACT)
        assert send(client, entries[0], "disagree", 102).status_code == 201
        assert send(client, entries[0], "agree", 101).status_code == 201
        assert stored(app) == {entries[0]: -1}
        send(client, entries[0], "pass", 103)
        assert stored(app) == {entries[0]: 0}

    def test_a_plain_form_is_later_than_everything_also_with_a_clock_of_the_future(self, app, client, entries):
        client.get(REACT)
        send(client, entries[0], "disagree", 2**53 - 1)
        react(client, entries[0], "agree")
        assert stored(app) == {entries[0]: 1}

    def test_the_phone_learns_how_far_it_had_come(self, client, entries):
        client.get(REACT)
        assert client.get(STATEMENTS).json["sequence"] == 0
        send(client, entries[0], "agree", 4711)
        assert client.get(STATEMENTS).json["sequence"] == 4711

    def test_what_is_hidden_meanwhile_is_said_to_be_gone(self, app, client, entries):
        client.get(REACT)
        hide(app, entries[0])
        key = str(uuid4())
        answer = send(client, entries[0], "agree", 1, key)
        assert answer.status_code == 410
        assert answer.json == {"key": key, "state": "gone", "message": "Masukan ini sudah tidak ditampilkan."}

    def test_a_repeat_of_what_was_stored_before_it_was_hidden_is_still_stored(self, app, client, entries):
        client.get(REACT)
        key = str(uuid4())
        send(client, entries[0], "agree", 7, key)
        hide(app, entries[0])
        assert send(client, entries[0], "agree", 7, key).json["state"] == "stored"

    @pytest.mark.parametrize("fields", [
        {"value": "love"}, {"value": ""}, {"key": "not a key"}, {"submission": "x"}, {"submission": "99999999"}])
    def test_nonsense_is_refused_with_the_key_that_came(self, app, client, entries, fields):
        sound = {"submission": entries[0], "value": "agree", "sequence": 1, "key": str(uuid4())}
        answer = client.post(REACT, data={**sound, **fields}, headers=JSON)
        assert answer.status_code in {410, 422}
        assert answer.json["key"] == {**sound, **fields}["key"]
        assert answer.json["message"]
        assert stored(app) == {}

    def test_closed_meanwhile_is_told(self, app, client, entries):
        client.get(REACT)
        with app.app_context():
            consultation_id = db.session.get(Submission, entries[0]).consultation_id
        set_fields(app, Consultation, consultation_id, state="closed")
        answer = send(client, entries[0], "agree", 1)
        assert (answer.status_code, answer.json["state"]) == (409, "closed")


def test_hidden_and_foreign_entries_and_unknown_values_are_refused(app, client, entries):
    with app.app_context():
        sitting = db.session.get(Submission, entries[0]).forum_session_id
        hidden = make_submission(sitting, state="hidden")
        foreign = make_submission(make_forum_session(make_consultation(), join_code="HHH777"))
    for submission_id, value in ((hidden, "agree"), (foreign, "agree"), (999_999, "agree"), (entries[0], "love")):
        react(client, submission_id, value)

    assert stored(app) == {}


def test_ones_own_entry_is_neither_offered_nor_counted(app, client, entries):
    client.get(REACT)
    key = client.get_cookie("participant").value
    with app.app_context():
        own = make_submission(make_forum_session(make_consultation(), join_code="EEE777"), participant=key)
    assert f'value="{own}"' not in client.get(f"/s/EEE777/react?change={own}").text

    client.post("/s/EEE777/react", data={"submission": own, "value": "agree"}, headers=FROM_OUR_PAGE)

    assert stored(app) == {}


def test_group_and_area_are_those_of_the_persons_latest_entry(app, client, entries):
    client.get(REACT)
    key = client.get_cookie("participant").value
    with app.app_context():
        sitting = db.session.get(Submission, entries[0]).forum_session_id
        make_submission(sitting, participant=key, group="academic", area=None)
        own = db.session.get(Submission, make_submission(sitting, participant=key, area="99.01.1002"))
        expected = (own.group_id, own.area_id)
    react(client, entries[0], "agree")
    with app.app_context():
        row = db.session.scalars(db.select(Reaction)).one()
        assert (row.group_id, row.area_id, row.participant_digest) == (*expected, digest(key))


def test_a_form_of_another_site_is_refused(client, entries):
    answer = client.post(REACT, data={"submission": entries[0], "value": "agree"},
                         headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
