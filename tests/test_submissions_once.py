"""Exactly once: repeats, races and late answers leave one entry and one receipt; what is kept of a person."""
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session
from phone import (
    BODY,
    FORM,
    FROM_OUR_PAGE,
    JSON,
    PROBLEM,
    close_sitting,
    correct,
    hidden_fields,
    send,
    sent,
    stored,
)

from forum.audit import AuditEntry
from forum.consultations.models import ForumSession, Notice
from forum.db import db, utc_now, writing
from forum.security import digest
from forum.submissions import receipt as receipts
from forum.submissions.models import Consent


class TestExactlyOnce:
    def test_a_repeat_is_answered_with_the_stored_receipt(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        first = send(client, fields)
        repeat = send(client, fields, receipt=receipts.new())

        assert first.status_code == repeat.status_code == 303
        assert repeat.headers["Location"] == first.headers["Location"]
        assert fields["receipt"] in first.headers["Location"]
        assert len(stored(app)) == 1

    def test_scripts_get_the_key_and_receipt_back(self, app, client, sitting):
        fields = {**PROBLEM, "key": str(uuid4()), "receipt": receipts.new()}
        first, repeat = (client.post(FORM, data=fields, headers=JSON) for _ in range(2))

        assert (first.status_code, repeat.status_code) == (201, 201)
        (entry,) = stored(app)
        assert first.json == repeat.json == {
            "key": fields["key"], "receipt": fields["receipt"], "id": entry["submission_id"], "state": "stored"}

    def test_scripts_get_the_mistakes_by_field(self, client, sitting):
        answer = client.post(FORM, data={**PROBLEM, "key": str(uuid4()), "body": ""}, headers=JSON)
        assert answer.status_code == 422
        assert answer.json == {"state": "invalid", "message": "", "errors": {"body": ["Tulis masukan Anda."]}}

    def test_scripts_get_the_reason_of_a_refusal_in_words(self, app, client, sitting):
        fields = {**PROBLEM, "key": str(uuid4()), "receipt": receipts.new()}
        client.post(FORM, data=fields, headers=JSON)
        other = client.post(FORM, data={**fields, "body": "Isi yang sama sekali lain."}, headers=JSON)
        close_sitting(app, sitting)
        late = client.post(FORM, data={**fields, "key": str(uuid4())}, headers=JSON)

        assert (other.status_code, other.json["state"]) == (409, "already_sent")
        assert other.json["message"].endswith("Yang tersimpan tidak diubah.")
        assert (late.status_code, late.json["state"]) == (409, "closed")
        assert "belum tersimpan di server" in late.json["message"]

    def test_a_repeat_is_answered_after_the_sitting_closed(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        first = send(client, fields)
        close_sitting(app, sitting)

        repeat = send(client, fields)

        assert repeat.status_code == 303
        assert repeat.headers["Location"] == first.headers["Location"]

    def test_a_late_repeat_does_not_undo_a_correction(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        path = send(client, fields).headers["Location"].partition("?")[0]
        correct(client, path, body="Selokan sudah dibersihkan, kini pompa mati.")

        assert send(client, fields).status_code == 303
        assert [row["number"] for row in stored(app)] == [1, 2]

    @pytest.mark.parametrize("changes", [{"body": "Isi yang sama sekali lain."}, {"place": "Gang 9"},
                                         {"kind": "proposal"}])
    def test_the_same_key_with_other_content_overwrites_nothing(self, app, client, sitting, changes):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        path = send(client, fields).headers["Location"].partition("?")[0]

        answer = send(client, fields, **changes)

        assert answer.status_code == 409
        assert "sudah terkirim" in answer.text
        assert f'href="{path}"' in answer.text
        assert f'href="{path}/correct"' in answer.text
        assert unescape(changes.get("body", BODY)) in answer.text
        assert [row["body"] for row in stored(app)] == [BODY]

    def test_the_same_key_in_another_sitting_is_no_repeat(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        send(client, fields)
        with app.app_context():
            consultation_id = db.session.get(ForumSession, sitting).consultation_id
            make_forum_session(consultation_id, join_code="KRM777")
        assert client.post("/s/KRM777", data=fields, headers=FROM_OUR_PAGE).status_code == 409

    def test_a_bad_receipt_is_replaced_and_a_taken_one_too(self, app, client, sitting):
        first = sent(client).rpartition("/")[2]
        second = sent(client, receipt=first, body="Lampu jalan di gang kami padam.")
        third = sent(client, receipt="bukan kode", body="Trotoar dipakai parkir setiap sore.")

        codes = {first, second.rpartition("/")[2], third.rpartition("/")[2]}
        assert len(codes) == 3
        assert all(receipts.is_valid(code) for code in codes)
        assert len(stored(app)) == 3

    def test_two_hundred_sends_of_one_key_from_twenty_threads_are_one_entry(self, app, sitting):
        fields = {**PROBLEM, "key": str(uuid4()), "receipt": receipts.new()}

        def ten(_thread):
            client = app.test_client()
            return [client.post(FORM, data=fields, headers=JSON) for _ in range(10)]

        with ThreadPoolExecutor(20) as threads:
            answers = [answer for batch in threads.map(ten, range(20)) for answer in batch]

        assert sorted(answer.status_code for answer in answers) == [201] * 200
        assert {answer.json["receipt"] for answer in answers} == {fields["receipt"]}
        assert len(stored(app)) == 1
        with app.app_context():
            assert db.session.query(AuditEntry).filter_by(action="submissions.submit").count() == 1
            assert db.session.query(Consent).filter_by(submission_id=stored(app)[0]["entry"]).count() == 1


class TestWhatIsKept:
    def test_only_the_digest_of_the_phone_is_kept_and_one_phone_is_one_person(self, app, client, sitting):
        sent(client)
        sent(client, body="Lampu jalan di gang kami padam.")
        key = client.get_cookie("participant").value

        assert {row["participant"] for row in stored(app)} == {digest(key)}

    def test_the_consent_names_the_notice_that_was_shown(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        with app.app_context(), writing() as session:
            consultation_id = session.get(ForumSession, sitting).consultation_id
            session.add(Notice(consultation_id=consultation_id, number=2, items=[], created_at=utc_now()))
        send(client, fields)
        sent(client, body="Lampu jalan di gang kami padam.")
        sent(client, body="Trotoar dipakai parkir setiap sore.", notice="99999999999999999999")

        with app.app_context():
            rows = db.session.execute(db.select(Notice.number, Consent.purposes).join(
                Consent, Consent.notice_id == Notice.id).where(
                Consent.submission_id.in_([row["entry"] for row in stored(app)])).order_by(Consent.submission_id))
            assert [tuple(row) for row in rows] == [(1, ["forum"]), (2, ["forum"]), (2, ["forum"])]

    def test_consent_to_an_old_notice_is_asked_again_when_the_form_comes_back(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, "body": ""}
        with app.app_context(), writing() as session:
            consultation_id = session.get(ForumSession, sitting).consultation_id
            session.add(Notice(consultation_id=consultation_id, number=2, items=[], created_at=utc_now()))
        page = send(client, fields).text
        assert "checked" not in re.search(r'<input[^>]*name="consent"[^>]*>', page)[0]

    def test_the_audit_log_holds_no_words_of_participants(self, app, client, sitting):
        path = sent(client)
        correct(client, path, body="Kata lain sama sekali di sini.")
        client.post(path + "/withdraw", headers=FROM_OUR_PAGE)

        with app.app_context():
            lines = db.session.query(AuditEntry).filter(AuditEntry.action.startswith("submissions.")).all()
            assert [line.action for line in lines] == [
                "submissions.submit", "submissions.correct", "submissions.withdraw"]
            assert all(line.actor_name == "participant" for line in lines)
            assert not any("Kata" in str(line.detail) or "Selokan" in str(line.detail) for line in lines)

    def test_an_entry_waits_where_staff_look_first(self, app, client):
        with app.app_context():
            make_forum_session(make_consultation(moderation="before"))
        path = sent(client)
        assert [row["state"] for row in stored(app)] == ["waiting"]
        assert "Menunggu pemeriksaan petugas" in client.get(path).text
