"""A server whose clock was wrong and is set right: nobody is kept out, nothing stays open, receipts still lead.

A laptop whose battery was flat starts in another year. What was written down while it was there is dated in the future.
"""
from datetime import UTC, datetime, timedelta

import pytest
from phone import FORM, FROM_OUR_PAGE, correct, open_sitting, sent, stored
from staff_client import PASSWORD, make_account

from forum import jobs
from forum.accounts import routes as account_routes
from forum.db import CLOCK_AHEAD, db, utc_now, writing
from forum.jobs import Job
from forum.submissions import receipt_routes, routes

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 16, 59, tzinfo=UTC)
AHEAD = pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1), timedelta(days=3650)], ids=str)


@pytest.fixture
def clock(monkeypatch):
    """A function that sets the clock of the server by which phones and staff are judged."""
    now = [NOW]
    for place in (account_routes, routes, receipt_routes):
        monkeypatch.setattr(place, "utc_now", lambda: now[0])
    monkeypatch.setattr("forum.accounts.signed_in.utc_now", lambda: now[0])

    def set_to(moment):
        now[0] = moment

    return set_to


@pytest.fixture
def staff(app, clock):
    """A browser in front of an account named fasil."""
    with app.app_context():
        make_account("facilitator", "fasil")
    return app.test_client()


def sign_in(client, password=PASSWORD):
    return client.submit("/staff/sign-in", {"username": "fasil", "password": password}).status_code


class TestSignIns:
    @AHEAD
    def test_one_from_before_the_clock_was_set_back_ends_then(self, staff, clock, ahead):
        """It would live until that wrong day comes."""
        clock(NOW + ahead)
        assert sign_in(staff) == 303
        assert staff.get("/staff/").status_code == 200
        clock(NOW)
        assert staff.get("/staff/").status_code == 303
        assert sign_in(staff) == 303
        assert staff.get("/staff/").status_code == 200

    def test_one_lives_on_when_the_clock_is_only_trimmed(self, staff, clock):
        clock(NOW + CLOCK_AHEAD)
        assert sign_in(staff) == 303
        clock(NOW)
        assert staff.get("/staff/").status_code == 200

    @pytest.mark.parametrize("days", [1, 3650])
    def test_one_ends_when_the_clock_is_set_forward(self, staff, clock, days):
        assert sign_in(staff) == 303
        clock(NOW + timedelta(days=days))
        assert staff.get("/staff/").status_code == 303

    @AHEAD
    def test_guesses_from_before_the_clock_was_set_back_keep_nobody_out(self, staff, clock, ahead):
        """They would count until that wrong day comes."""
        clock(NOW + ahead)
        assert [sign_in(staff, "tebakan") for _ in range(11)] == [422] * 10 + [429]
        clock(NOW)
        assert sign_in(staff) == 303

    def test_guesses_are_counted_after_it_was_set_back(self, staff, clock):
        clock(NOW + timedelta(days=1))
        assert [sign_in(staff, "tebakan") for _ in range(5)] == [422] * 5
        clock(NOW)
        assert [sign_in(staff, "tebakan") for _ in range(11)] == [422] * 10 + [429]
        assert sign_in(staff) == 429


class TestEntries:
    @pytest.mark.parametrize("moments", [
        (NOW + timedelta(days=1), NOW), (NOW, NOW + timedelta(days=1)), (NOW + timedelta(days=3650), NOW),
        (LEAP_DAY, LEAP_DAY + timedelta(minutes=2))], ids=["a day back", "a day on", "ten years back", "leap day"])
    def test_receipts_lead_to_them_and_corrections_and_withdrawals_are_taken(self, app, clock, moments):
        open_sitting(app)
        phone = app.test_client()
        clock(moments[0])
        first = sent(phone, body="Dari sebelum jam diperbaiki.")
        clock(moments[1])
        second = sent(phone, body="Dari sesudah jam diperbaiki.")

        for path, words in ((first, "Dari sebelum jam diperbaiki."), (second, "Dari sesudah jam diperbaiki.")):
            assert words in phone.get(path).text
        assert correct(phone, first, body="Diperbaiki sesudahnya.").status_code == 303
        assert "Diperbaiki sesudahnya." in phone.get(first).text
        assert [row["body"] for row in stored(app)] == [
            "Dari sebelum jam diperbaiki.", "Diperbaiki sesudahnya.", "Dari sesudah jam diperbaiki."]
        assert phone.post(second + "/withdraw", headers=FROM_OUR_PAGE).status_code == 303
        assert "Dari sesudah" not in phone.get(second).text

    def test_a_sitting_is_open_by_what_its_facilitator_says_not_by_the_clock(self, app, clock):
        open_sitting(app)
        for moment in (NOW - timedelta(days=3650), NOW + timedelta(days=3650)):
            clock(moment)
            assert app.test_client().get(FORM).status_code == 200
            sent(app.test_client())


def test_a_job_whose_worker_died_before_the_clock_was_set_back_is_found(app, monkeypatch):
    monkeypatch.setattr(jobs, "dispatch", lambda _job_id: None)
    with app.app_context():
        with writing():
            job_id = jobs.add(kind="count", payload={}, consultation_id=None, actor_id=None, actor_name="x",
                              now=utc_now()).id
            job = db.session.get_one(Job, job_id)
            job.state, job.heartbeat_at = "running", utc_now() + timedelta(days=1)
        assert jobs.revive_orphans() == [], "its worker may be alive: it is given the time of a heartbeat"
        later = utc_now() + timedelta(minutes=2)
        monkeypatch.setattr(jobs, "utc_now", lambda: later)
        assert jobs.revive_orphans() == [job_id]
