"""What notices promise to delete goes when its time is over; counts, decisions and receipts stay true."""
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aging import SECRET, age, consultation_of, everything_stored, purging, rows, send
from builders import make_submission
from phone import FORM, FROM_OUR_PAGE, JSON, change
from sqlalchemy import select
from test_submissions_photo import attached, picture

from forum import recent
from forum.audit import AuditEntry
from forum.consultations.models import Consultation
from forum.db import db, utc_now, writing
from forum.moderation import duplicates
from forum.review.queries import verify
from forum.submissions import queries, retention
from forum.submissions.models import Contact, Photo, Submission, SubmissionVersion
from forum.submissions.retention import ERASED_TEXT, cutoff

LEFT = {"contact": "0812 7777 3131", "contact_name": "Mbak Sekar", "contact_consent": "y"}


@pytest.fixture
def purge(app):
    return purging(app)


class TestCutoff:
    @pytest.mark.parametrize(("now", "months", "expected"), [
        ((2027, 1, 20), 24, (2025, 1, 20)), ((2027, 3, 31), 1, (2027, 2, 28)), ((2028, 3, 31), 1, (2028, 2, 29)),
        ((2027, 1, 31), 2, (2026, 11, 30)), ((2027, 12, 5), 120, (2017, 12, 5)), ((2027, 1, 1), 1, (2026, 12, 1))])
    def test_months_are_those_of_the_calendar(self, now, months, expected):
        assert cutoff(datetime(*now, 10, tzinfo=UTC), months) == datetime(*expected, 10, tzinfo=UTC)


class TestWhatGoes:
    def test_words_photo_and_contact_go_and_the_entry_stays_counted(self, app, client, sitting, purge):
        path, _fields = send(client, **LEFT, **attached(picture()))
        age(app, sitting)
        photo, = (Path(app.instance_path) / "uploads").glob("*")
        assert SECRET in everything_stored(app)

        printed = purge()

        consultation_id = consultation_of(app, sitting)
        assert f"konsultasi {consultation_id}: dihapus isi 1 masukan, 1 kontak, 1 foto" in printed
        after = everything_stored(app)
        for trace in ("Wiryo", "7777 3131", "Sekar"):
            assert trace not in after
        assert not photo.exists()
        assert (rows(app, Contact), rows(app, Photo)) == ([], [])
        with app.app_context():
            entry = db.session.scalars(select(Submission).filter_by(forum_session_id=sitting)).one()
            version = queries.version(entry.id, 1)
            assert (version.body, version.place, version.kind) == (ERASED_TEXT, "", "problem")
            assert (entry.state, entry.group.code, entry.area.code) == ("accepted", "resident", "99.01.1001")
            assert queries.count_by_state(consultation_id)["accepted"] == 1
            assert verify(consultation_id).holds
        page = client.get(path)
        assert "Masa simpan berakhir" in page.text
        assert "/correct" not in page.text
        assert client.get(path + "/correct").status_code == 409
        assert client.post(path + "/withdraw", headers=FROM_OUR_PAGE).status_code == 303

    @pytest.mark.parametrize(("state", "is_counted"), [("accepted", True), ("waiting", True), ("hidden", False),
                                                       ("withdrawn", False)])
    def test_the_receipt_promises_no_grouping_and_counts_only_what_is_counted(
            self, app, client, sitting, purge, state, is_counted):
        path, _fields = send(client)
        with app.app_context():
            entry = db.session.scalars(select(Submission).filter_by(forum_session_id=sitting)).one().id
        change(app, Submission, entry, state=state)
        age(app, sitting)
        assert "Masa simpan" not in client.get(path).text
        purge()
        page = client.get(path).text
        assert page.count("Masa simpan berakhir") == 1
        assert "ikut dikelompokkan" not in page.lower()
        assert ("Masukan ini tetap dihitung" in page) == is_counted
        assert ("tidak ikut dihitung" in page) != is_counted

    def test_every_version_and_every_free_answer_goes(self, app, sitting, purge):
        with app.app_context():
            entry = make_submission(sitting, SECRET, answers={"1": "Wiryo", "2": 3, "3": [0, 2]})
            with writing() as session:
                session.add(SubmissionVersion(submission_id=entry, number=2, kind="practice", body=SECRET + " lagi",
                                              practice_where="Gudang Wiryo", practice_owner="Wiryo",
                                              created_at=utc_now(), answers={}))
                session.get_one(Submission, entry).current_number = 2
        age(app, sitting)
        purge()
        with app.app_context():
            first, second = db.session.scalars(select(SubmissionVersion).filter_by(submission_id=entry).order_by(
                SubmissionVersion.number))
            assert first.answers == {"2": 3, "3": [0, 2]}
            assert (second.kind, second.body, second.practice_where, second.practice_owner) == (
                "practice", ERASED_TEXT, "", "")
        assert "Wiryo" not in everything_stored(app)

    @pytest.mark.parametrize("state", ["waiting", "hidden", "withdrawn"])
    def test_those_that_nobody_sees_go_too(self, app, sitting, purge, state):
        with app.app_context():
            make_submission(sitting, SECRET, state=state)
        age(app, sitting)
        purge()
        assert "Wiryo" not in everything_stored(app)
        with app.app_context():
            assert verify(consultation_of(app, sitting)).holds

    def test_a_late_repeat_from_a_phone_brings_nothing_back(self, app, client, sitting, purge):
        _path, fields = send(client)
        age(app, sitting)
        purge()
        assert client.post(FORM, data=fields, headers=JSON).status_code == 409
        assert "Wiryo" not in everything_stored(app)

    def test_a_contact_is_not_shown_after_its_time_even_before_the_purge(self, app, client, as_facilitator, sitting):
        send(client, **LEFT)
        age(app, sitting)
        entry = rows(app, Contact)[0].submission_id
        answer = as_facilitator.submit(f"/staff/submissions/{entry}/contact", follow_redirects=True)
        assert "7777 3131" not in answer.text
        assert "tidak punya kontak" in answer.text


class TestWhatStays:
    def test_what_is_younger_or_was_invented_stays(self, app, client, sitting, purge):
        send(client, **LEFT, **attached(picture()))
        age(app, sitting, months=23)
        with app.app_context(), writing() as session:
            sample = session.scalars(select(Submission).where(Submission.forum_session_id != sitting)).all()
            for entry in sample:
                entry.source, entry.received_at = "sample", cutoff(utc_now(), 200)
        before = everything_stored(app)
        printed = purge()
        assert everything_stored(app) == before
        assert "dihapus isi 1" not in printed

    def test_a_dry_run_says_the_same_and_changes_nothing(self, app, client, sitting, purge):
        send(client, **LEFT, **attached(picture()))
        age(app, sitting)
        before = everything_stored(app)
        said = purge("--dry-run")
        assert everything_stored(app) == before
        assert len(list((Path(app.instance_path) / "uploads").glob("*"))) == 1
        assert said.replace("akan dihapus", "dihapus") == purge()

    def test_a_second_time_changes_nothing(self, app, client, sitting, purge):
        send(client, **LEFT)
        age(app, sitting)
        purge()
        before = everything_stored(app)
        assert "dihapus isi 1" not in purge()
        assert everything_stored(app) == before

    def test_the_log_says_how_much_and_no_word_of_it(self, app, client, sitting, purge):
        send(client, **LEFT, **attached(picture()))
        age(app, sitting)
        purge()
        line, = [one for one in rows(app, AuditEntry) if one.action == "submissions.erase"]
        assert (line.actor_name, line.consultation_id) == ("command line", consultation_of(app, sitting))
        assert line.detail == {"n_entries": 1, "n_contacts": 1, "n_photos": 1}

    @pytest.mark.sqlite_only
    def test_not_even_the_pages_of_the_file_and_its_log_hold_a_word(self, app, client, sitting, purge):
        send(client, **LEFT)
        age(app, sitting)
        files = list(Path(app.instance_path).glob("forum.db*"))
        assert any(b"Wiryo" in path.read_bytes() for path in files)
        purge()
        for trace in (b"Wiryo", b"7777 3131"):
            assert not any(trace in path.read_bytes() for path in files)

    def test_more_than_one_piece_is_erased(self, app, sitting, purge, monkeypatch):
        monkeypatch.setattr(retention, "CHUNK", 2)
        with app.app_context():
            for number in range(5):
                make_submission(sitting, f"{SECRET} {number}")
        age(app, sitting)
        assert "dihapus isi 5 masukan" in purge()
        assert "Wiryo" not in everything_stored(app)
        assert len([one for one in rows(app, AuditEntry) if one.action == "submissions.erase"]) == 3

    def test_the_doctor_tells_what_is_due(self, app, client, sitting, purge):
        send(client)
        age(app, sitting)
        doctor = app.test_cli_runner()
        assert "PERLU  masukan yang masa simpannya berakhir: 1 " in doctor.invoke(args=["doctor"]).output
        purge()
        assert "ok     masukan yang masa simpannya berakhir: 0 " in doctor.invoke(args=["doctor"]).output


class TestReadersOfWords:
    def test_nothing_reads_what_was_put_in_the_place_of_words(self, app, client, as_facilitator, sitting, purge,
                                                                     monkeypatch):
        for _ in range(2):
            send(client)
        age(app, sitting)
        assert "Gudang" in client.get(FORM + "/ideas").text
        purge()
        consultation_id = consultation_of(app, sitting)
        with app.app_context():
            assert queries.texts_for_analysis(consultation_id) == []
            assert duplicates.earlier_twins(db.session.get_one(Consultation, consultation_id)) == {}
        other = app.test_client()
        monkeypatch.setattr(recent, "KEPT_SECONDS", 0.0)
        for address in (FORM + "/ideas", FORM + "/react"):
            page = other.get(address).text
            assert "Gudang" not in page
            assert ERASED_TEXT not in page
        assert ERASED_TEXT in as_facilitator.get(f"/staff/consultations/{consultation_id}/submissions").text


class TestFilesWithoutAnOwner:
    def test_old_ones_go_and_those_on_their_way_and_owned_ones_stay(self, app, client, sitting, purge):
        send(client, **attached(picture()))
        folder = Path(app.instance_path) / "uploads"
        owned, = folder.glob("*")
        old, fresh = folder / f"{'a' * 32}.jpg", folder / f"{'b' * 32}.jpg"
        for path in (old, fresh):
            path.write_bytes(picture())
        long_ago = (utc_now() - timedelta(days=2)).timestamp()
        for path in (owned, old):
            os.utime(path, (long_ago, long_ago))
        assert "akan dihapus 1" in purge("--dry-run")
        assert old.exists()
        assert "berkas foto tanpa pemilik: dihapus 1" in purge()
        assert sorted(folder.glob("*")) == sorted([owned, fresh])
