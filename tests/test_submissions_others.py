"""What a phone gets of others' ideas: masked, the latest ones, only of its consultation, and cheap to ask again."""
import gzip
import json
import threading

import pytest
from builders import make_submission
from phone import correct, open_sitting, sent
from sqlalchemy import func, select
from staff_client import sign_in_as

from analysis import similar_by_index
from forum import recent
from forum.db import db, utc_now
from forum.submissions import others
from forum.submissions.models import Submission
from forum.submissions.services import withdraw

IDEAS = "/s/KRM479/ideas"


def add(app, forum_session_id, *texts, **fields):
    with app.app_context():
        return [make_submission(forum_session_id, text, **fields) for text in texts]


def test_similar_ideas_are_found_in_what_the_phone_gets(app, client, sitting):
    drain, lamp = add(app, sitting, "Selokan depan rumah mampet sejak hujan.", "Lampu gang padam sejak kabel dicuri.")

    kept = client.get(IDEAS).get_json()

    assert [key for key, _ in similar_by_index("lampu di gang kami padam terus", kept["index"])] == [lamp]
    assert kept["texts"][str(drain)] == "Selokan depan rumah mampet sejak hujan."
    assert set(kept["texts"]) == {str(drain), str(lamp)}


def test_the_phone_knows_of_which_kind_each_idea_is(app, client, sitting):
    (lamp,) = add(app, sitting, "Lampu gang padam sejak kabel dicuri.")
    (bank,) = add(app, sitting, "Bank sampah di balai, buka tiap Minggu.", kind="practice")

    kept = client.get(IDEAS).get_json()

    kinds = [kept["kinds"][int(place)] for place in kept["kind_of"]]
    assert dict(zip(kept["index"]["ids"], kinds, strict=True)) == {lamp: "problem", bank: "practice"}


def test_only_what_everybody_may_read_is_there_and_people_are_masked(app, client, sitting):
    add(app, sitting, "Rahasia yang menunggu.", state="waiting")
    add(app, sitting, "Rahasia yang disembunyikan.", state="hidden")
    add(app, sitting, "Hubungi saya di 0812-3456-7890 soal selokan.")

    body = client.get(IDEAS).text

    assert "Rahasia" not in body
    assert "rahasia" not in body
    assert "7890" not in body
    assert "taman" not in body  # of another consultation


def test_a_phone_that_has_it_gets_an_empty_answer(app, client, sitting):
    add(app, sitting, "Selokan mampet.")
    first = client.get(IDEAS)

    again = client.get(IDEAS, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    packed = client.get(IDEAS, headers={"Accept-Encoding": "gzip", "If-None-Match": f"W/{first.headers['ETag']}"})
    assert packed.status_code == 304


def test_a_busy_hall_makes_the_index_anew_only_now_and_then(app, client, sitting, monkeypatch):
    with app.app_context():
        before = client.get(IDEAS).get_json()["texts"]
    (entry,) = add(app, sitting, "Selokan mampet.")
    assert client.get(IDEAS).get_json()["texts"] == before

    monkeypatch.setattr(others, "KEPT_SECONDS", -1.0)
    monkeypatch.setattr("forum.recent.KEPT_SECONDS", -1.0)
    client.post("/s/KRM479/react", data={"submission": entry, "value": "agree"},
                headers={"Sec-Fetch-Site": "same-origin"})
    app.extensions["forum_others"].clear()
    assert str(entry) in client.get(IDEAS).get_json()["texts"]


class TestWhatIsTakenBack:
    """Whatever is hidden, withdrawn or corrected is out at the next question, also when the index was made just now."""

    @pytest.fixture
    def entry(self, app, client, monkeypatch):
        """The receipt path of an entry that a phone has seen."""
        monkeypatch.setattr(recent, "KEPT_SECONDS", 0.0)
        open_sitting(app)
        path = sent(client, body="Pak Bejo mengotori selokan.")
        kept = client.get(IDEAS)
        assert "Bejo" in kept.text
        assert kept.get_json()["corrected"] == {}
        return path

    def test_hidden(self, app, client, entry):
        etag = client.get(IDEAS).headers["ETag"]
        facilitator = sign_in_as(app, "facilitator")
        (shown,) = client.get(IDEAS).get_json()["texts"]

        facilitator.submit(f"/staff/submissions/{shown}/hide", {"reason": "Menyebut nama orang."})

        answer = client.get(IDEAS, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert answer.get_json()["texts"] == {}

    def test_withdrawn(self, client, entry):
        client.post(f"{entry}/withdraw", headers={"Sec-Fetch-Site": "same-origin"})
        assert client.get(IDEAS).get_json()["texts"] == {}

    def test_corrected(self, client, entry):
        assert correct(client, entry, body="Selokan dikotori.").status_code == 303
        kept = client.get(IDEAS).get_json()
        ((number, text),) = kept["texts"].items()
        assert (text, kept["corrected"]) == ("Selokan dikotori.", {number: 2})

    def test_what_is_withdrawn_while_the_index_is_made_is_seen(self, app, client, entry, monkeypatch):
        """The version must never be newer than what is read: else the text would stay until the next change."""
        (shown,) = client.get(IDEAS).get_json()["texts"]
        pulse_of = others.pulse_of

        def withdraw_meanwhile(hall):
            def work():
                with app.app_context():
                    withdraw(submission_id=int(shown), now=utc_now())
                    found.append(pulse_of(hall))

            db.session.scalar(select(func.count()).select_from(Submission))  # this request has begun to read
            found = []
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return found[0]

        monkeypatch.setattr(others, "pulse_of", withdraw_meanwhile)
        assert client.get(IDEAS).get_json()["texts"] == {}

    def test_one_look_for_each_change(self, app, client, entry, monkeypatch):
        looks = []
        still_true = others._still_true
        monkeypatch.setattr(others, "_still_true", lambda entries: looks.append(1) or still_true(entries))
        sent(client)
        assert [client.get(IDEAS).status_code for _ in range(3)] == [200] * 3
        assert len(looks) == 1


def test_the_latest_are_kept_and_long_ones_cut(app, client, sitting, monkeypatch):
    monkeypatch.setattr(others, "MOST_IDEAS", 2)
    _old, long, new = add(app, sitting, "Yang lama.", "Selokan mampet " * 60, "Lampu padam.")

    texts = client.get(IDEAS).get_json()["texts"]

    assert set(texts) == {str(long), str(new)}
    assert len(texts[str(long)]) <= others.SNIPPET_CHARACTERS
    assert texts[str(long)].endswith("…")


def test_unknown_sittings_have_no_ideas(client, sitting):
    assert client.get("/s/XXXXXX/ideas").status_code == 404


def test_as_many_ideas_as_phones_keep_stay_small(app, client, sitting):
    words = [f"{first}{last}" for first in ("selok", "lamp", "pas", "kal", "gang", "pomp") for last in
             ("an", "ur", "ik", "ot", "eng", "us", "ap", "il", "om", "er")]
    add(app, sitting, *(" ".join(words[(number * step) % 60] for step in range(1, 18))
                       for number in range(others.MOST_IDEAS + 10)))

    index = client.get(IDEAS).get_json()
    assert len(index["texts"]) == others.MOST_IDEAS
    assert len(gzip.compress(json.dumps(index).encode())) < 36_000


class TestSupport:
    def support(self, client, submission_id):
        return client.post("/s/KRM479/react", data={"submission": submission_id, "value": "agree"},
                           headers={"Sec-Fetch-Site": "same-origin", "Accept": "application/json"})

    def test_a_script_is_told_that_it_is_stored(self, app, client, sitting):
        (entry,) = add(app, sitting, "Selokan mampet.")
        answer = self.support(client, entry)
        assert (answer.status_code, answer.get_json()["state"]) == (201, "stored")

    def test_a_script_is_told_plainly_why_not(self, app, client, sitting):
        (entry,) = add(app, sitting, "Selokan mampet.", state="hidden")
        answer = self.support(client, entry)
        assert answer.status_code == 410
        assert answer.get_json() == {"key": None, "state": "gone", "message": "Masukan ini sudah tidak ditampilkan."}
