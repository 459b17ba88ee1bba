"""The receipt: find it, read it, correct the entry, withdraw it."""
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from builders import make_consultation, make_forum_session
from phone import (
    BODY,
    FROM_OUR_PAGE,
    PROBLEM,
    change,
    close_consultation,
    close_sitting,
    correct,
    hidden_fields,
    open_sitting,
    sent,
    stored,
)

from forum.audit import AuditEntry
from forum.consultations.models import Dimension
from forum.db import db
from forum.submissions import receipt as receipts
from forum.submissions.models import Submission, SubmissionVersion


class TestReceipt:
    def test_it_shows_the_code_and_the_entry_as_sent(self, client, sitting):
        path = sent(client, kind="evaluation", programme="Angkutan sekolah", rating="4", body="Bus <kuning>\nbagus.")
        code = path.rpartition("/")[2]
        page = client.get(path, headers={"Referer": "/"})

        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        shown = re.sub(r"<[^>]+>", "", page.text)
        assert f"{code[:4]}-{code[4:9]}-{code[9:]}" in shown
        for words in ("Simpan kode ini", "Evaluasi program", "Angkutan sekolah", "4, baik", "Resident", "Pesisir",
                      "WIB", "Diterima"):
            assert words in shown
        assert "Bus <kuning>\nbagus." in unescape(shown)

    def test_the_code_is_found_however_it_is_typed(self, client, sitting):
        code = sent(client).rpartition("/")[2]
        spoken = f" {code[:4].lower()}-{code[4:9]} {code[9:]} ".replace("0", "o").replace("1", "l")

        answer = client.post("/r", data={"receipt": spoken}, headers=FROM_OUR_PAGE)

        assert answer.headers["Location"] == f"/r/{code}"
        assert client.get(f"/r/{spoken.strip()}").status_code == 200

    def test_a_wrong_and_an_unknown_code_are_answered_alike(self, client, sitting):
        code = sent(client).rpartition("/")[2]
        misread = code[:-1] + ("A" if code[-1] != "A" else "B")
        unknown = receipts.new()
        pages = []
        for typed in (misread, unknown, "x", "%00", "é" * 50):
            answers = [client.post("/r", data={"receipt": typed}, headers=FROM_OUR_PAGE), client.get(f"/r/{typed}"),
                       client.get(f"/r/{typed}/correct"), client.post(f"/r/{typed}/withdraw", headers=FROM_OUR_PAGE)]
            assert {answer.status_code for answer in answers} == {404}
            assert all("Tidak ada masukan dengan kode ini" in answer.text for answer in answers)
            pages.append(answers[1].text.replace(typed, ""))
        assert pages[0] == pages[1]

    def test_codes_are_not_logged(self, app, client, sitting, caplog):
        code = sent(client).rpartition("/")[2]
        with caplog.at_level("DEBUG"):
            client.get(f"/r/{code}")
            client.post("/r", data={"receipt": code}, headers=FROM_OUR_PAGE)
        assert code not in caplog.text

    def test_later_rooms_add_their_parts_in_order(self, app, client, sitting):
        path = sent(client)
        seen = []
        app.extensions["forum_receipt_parts"][:] = [
            lambda submission: seen.append(submission.state),
            lambda submission: {"template": "moderation/_receipt.html", "reason": "bagian pertama"},
            lambda submission: {"template": "moderation/_receipt.html", "reason": "bagian kedua"}]

        page = client.get(path).text

        assert seen == ["accepted"]
        assert 0 < page.index("bagian pertama") < page.index("bagian kedua")

    def test_a_hidden_entry_says_so_and_cannot_be_corrected(self, app, client, sitting):
        path = sent(client)
        change(app, Submission, stored(app)[0]["entry"], state="hidden")

        assert "Disembunyikan petugas" in client.get(path).text
        assert client.get(path + "/correct").status_code == 409
        refused = client.post(path + "/correct", data={**PROBLEM, "number": 1, "body": "Tulisan yang baru saja."},
                              headers=FROM_OUR_PAGE)
        assert refused.status_code == 409
        assert "Tulisan yang baru saja." in refused.text
        assert len(stored(app)) == 1


class TestCorrect:
    def test_it_adds_a_version_and_shows_the_earlier_one(self, app, client, sitting):
        path = sent(client, place="Gang 3", dimension="living")
        page = client.get(path + "/correct").text
        assert BODY in page
        assert 'value="Gang 3"' in page
        assert '<option selected value="living">' in page

        answer = correct(client, path, kind="proposal", body="Pasang pompa di ujung gang.", approach="technology")

        assert answer.status_code == 303
        assert [(row["number"], row["kind"], row["body"]) for row in stored(app)] == [
            (1, "problem", BODY), (2, "proposal", "Pasang pompa di ujung gang.")]
        shown = client.get(path).text
        assert shown.index("Pasang pompa") < shown.index(BODY)
        assert "Gang 3" in shown

    def test_a_narrower_dimension_survives_a_correction(self, app, client, sitting):
        path = sent(client)
        with app.app_context():
            part = db.session.query(Dimension).filter_by(code="living.mobility").first().id
        change(app, SubmissionVersion, stored(app)[0]["id"], dimension_id=part)
        page = client.get(path + "/correct").text
        assert '<option selected value="living.mobility">' in page

        correct(client, path, body="Jalan menuju sekolah berlubang.", dimension="living.mobility")

        assert [row["dimension_id"] for row in stored(app)] == [part, part]

    def test_the_same_words_again_change_nothing(self, app, client, sitting):
        path = sent(client)
        assert correct(client, path).status_code == 303
        assert correct(client, path, body="Kini pompa mati juga.").status_code == 303
        assert correct(client, path, number=1, body="Kini pompa mati juga.").status_code == 303
        assert len(stored(app)) == 2

    def test_the_second_of_two_editors_sees_both_texts_and_decides(self, app, client, sitting):
        path = sent(client)
        correct(client, path, body="Perbaikan dari ponsel pertama.")

        stale = correct(client, path, number=1, body="Perbaikan dari ponsel kedua.")

        assert stale.status_code == 409
        assert "Perbaikan dari ponsel pertama." in stale.text
        assert "Perbaikan dari ponsel kedua." in stale.text
        assert len(stored(app)) == 2
        again = client.post(path + "/correct", headers=FROM_OUR_PAGE, data={
            **PROBLEM, **hidden_fields(stale.text), "body": "Perbaikan dari ponsel kedua."})
        assert again.status_code == 303
        assert [row["body"] for row in stored(app)][2:] == ["Perbaikan dari ponsel kedua."]

    @pytest.mark.parametrize("number", ["", "x", "9" * 40, "-1", "²"])
    def test_a_strange_number_is_stale(self, app, client, sitting, number):
        path = sent(client)
        assert correct(client, path, number=number, body="Tulisan lain dari tadi.").status_code == 409
        assert len(stored(app)) == 1

    def test_mistakes_keep_the_text(self, app, client, sitting):
        path = sent(client)
        answer = correct(client, path, kind="evaluation", body="Bus sekolah membantu.")
        assert answer.status_code == 422
        assert "Bus sekolah membantu." in answer.text
        assert "Tulis nama program" in answer.text
        assert len(stored(app)) == 1

    def test_a_closed_sitting_still_lets_correct_a_closed_consultation_does_not(self, app, client, sitting):
        path = sent(client)
        close_sitting(app, sitting)
        assert correct(client, path, body="Sesudah sesi ditutup.").status_code == 303
        close_consultation(app, sitting)
        assert correct(client, path, body="Sesudah konsultasi ditutup.").status_code == 409
        assert "Perbaiki" not in client.get(path).text
        assert len(stored(app)) == 2

    def test_a_corrected_entry_waits_again_where_staff_look_first(self, app, client):
        with app.app_context():
            make_forum_session(make_consultation(moderation="before"))
        path = sent(client)
        change(app, Submission, stored(app)[0]["entry"], state="accepted")

        correct(client, path, body="Kini dengan kata yang lain.")

        assert {row["state"] for row in stored(app)} == {"waiting"}

    def test_simultaneous_corrections_lose_nothing_silently(self, app, sitting):
        path = sent(app.test_client())

        def one(number):
            return correct(app.test_client(), path, number=1, body=f"Perbaikan bersamaan nomor {number}.").status_code

        with ThreadPoolExecutor(6) as threads:
            statuses = sorted(threads.map(one, range(6)))

        assert statuses == [303] + [409] * 5
        assert len(stored(app)) == 2


    @pytest.mark.sqlite_only
    def test_a_busy_database_is_said_with_the_text_kept(self, make_app):
        app = make_app(WRITE_TIMEOUT_SECONDS=0.2)
        open_sitting(app)
        path = sent(app.test_client())

        with ThreadPoolExecutor(1) as elsewhere, app.extensions["forum_write_lock"].held():
            answer = elsewhere.submit(correct, app.test_client(), path, body="Pompa sudah menyala lagi.").result()

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "belum terkirim" in answer.text
        assert "Pompa sudah menyala lagi." in answer.text
        assert len(stored(app)) == 1


class TestWithdraw:
    def test_it_works_at_once_and_the_text_is_gone_from_the_page(self, app, client, sitting):
        path = sent(client)
        assert "Ya, tarik kembali" in client.get(path).text

        for _ in range(2):
            assert client.post(path + "/withdraw", headers=FROM_OUR_PAGE).status_code == 303

        assert [row["state"] for row in stored(app)] == ["withdrawn"]
        page = client.get(path).text
        assert "Ditarik kembali" in page
        assert BODY not in page
        assert "Ya, tarik kembali" not in page
        assert correct(client, path).status_code == 409
        with app.app_context():
            assert db.session.query(AuditEntry).filter_by(action="submissions.withdraw").count() == 1
            assert db.session.get(Submission, stored(app)[0]["entry"]).withdrawn_at is not None

    @pytest.mark.parametrize("state", ["hidden", "waiting"])
    def test_it_works_in_every_state_and_after_the_consultation_closed(self, app, client, sitting, state):
        path = sent(client)
        change(app, Submission, stored(app)[0]["entry"], state=state)
        close_consultation(app, sitting)
        client.post(path + "/withdraw", headers=FROM_OUR_PAGE)
        assert [row["state"] for row in stored(app)] == ["withdrawn"]

    def test_a_link_alone_withdraws_nothing(self, app, client, sitting):
        path = sent(client)
        assert client.get(path + "/withdraw").status_code == 405
        assert client.post(path + "/withdraw", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert [row["state"] for row in stored(app)] == ["accepted"]
