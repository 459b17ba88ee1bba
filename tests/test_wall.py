"""The wall of the hall: who takes part, what they write, which themes grow; what is taken back is gone at once."""
import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from builders import make_forum_session, make_submission
from hall_wall import Hall
from phone import BODY, FROM_OUR_PAGE, change, correct, open_sitting, send, sent
from review_forum import Forum
from staff_client import sign_in_as

from forum.consultations.models import ForumSession
from forum.db import db, utc_now
from forum.submissions.models import Submission
from forum.submissions.services import withdraw
from forum.wall import routes

pytestmark = pytest.mark.usefixtures("fresh_answers")


@pytest.fixture
def hall(app):
    return Hall(app)


class TestWhatItShows:
    def test_people_ideas_and_state_as_they_change(self, app, hall):
        assert "0 orang ikut 0 masukan terkirim" in hall.text()
        assert "Belum ada yang tampil di sini." in hall.text()
        phone, other = app.test_client(), app.test_client()
        sent(phone, body="Lampu gang padam.")
        sent(phone, body="Selokan mampet.")
        sent(other, body="Trotoar sempit.")

        assert "2 orang ikut 3 masukan terkirim" in hall.text()
        assert hall.ideas() == ["Trotoar sempit.", "Selokan mampet.", "Lampu gang padam."]
        assert "Terbuka: silakan kirim masukan" in hall.text()
        hall.staff.submit(f"/staff/sessions/{hall.sitting}/close")
        assert "Sesi sudah ditutup" in hall.text()

    def test_only_what_everybody_may_read_of_this_sitting(self, app, hall):
        hall.add("Yang menunggu.", state="waiting")
        hall.add("Yang disembunyikan.", state="hidden")
        hall.add("Yang ditarik.", state="withdrawn")
        hall.add("Yang tampil.")
        with app.app_context():
            sitting = db.session.get(ForumSession, hall.sitting)
            make_submission(make_forum_session(sitting.consultation_id, join_code="KRM477"), "Yang di sesi lain.")

        assert hall.ideas() == ["Yang tampil."]
        assert "2 orang ikut 2 masukan terkirim" in hall.text()
        assert "1 menunggu petugas" in hall.text()

    def test_no_author_and_no_personal_data(self, hall):
        hall.add("Hubungi saya di 0812-3456-7890 soal selokan.", participant="seseorang")

        page = hall.staff.get(hall.page).text

        assert "soal selokan" in page
        for secret in ("7890", "Resident", "Pesisir", "seseorang"):
            assert secret not in page

    def test_long_and_hostile_texts_are_cut_and_inert(self, hall):
        hall.add("<script>alert(1)</script> " + "kata " * 300)
        (idea,) = hall.ideas()
        assert idea.startswith("&lt;script&gt;")
        assert idea.endswith("kata…")
        assert len(unescape(idea)) <= 200

    def test_the_latest_ones_come_first_and_few(self, hall):
        for number in range(12):
            hall.add(f"Usulan nomor {number}.")
        assert hall.ideas() == [f"Usulan nomor {number}." for number in range(11, 3, -1)]

    def test_the_latest_is_what_arrived_last_also_when_the_clock_was_set_back_meanwhile(self, hall):
        change(hall.app, Submission, hall.add("Dari sebelum jam diperbaiki."),
               received_at=utc_now() + timedelta(days=1))
        hall.add("Yang baru saja tiba.")
        assert hall.ideas() == ["Yang baru saja tiba.", "Dari sebelum jam diperbaiki."]

    def test_before_the_first_analysis_the_kinds_are_counted(self, hall):
        hall.add("Selokan mampet.")
        hall.add("Perlu bank sampah.", kind="proposal")
        hall.add("Perlu taman.", kind="proposal")
        text = hall.text()
        assert "Jenis masukan Masalah 1 Usulan 2 Praktik baik 0 Evaluasi program 0" in text
        assert "Tema muncul setelah analisis pertama." in text


class TestThemes:
    @pytest.fixture
    def forum(self, app, as_facilitator):
        return Forum(app, as_facilitator)

    def rows(self, forum):
        """(title, number, reviewed) of each theme on the wall."""
        page = forum.get(f"/staff/sessions/{forum.sitting}/projector/live").text
        themes = page.partition('class="wall-themes"')[2]
        row = r'<li( class="reviewed")?><span class="wall-name">(?:<svg.*?</svg> )?(.*?)</span> <b>(\d+)</b>'
        found = re.findall(row, themes, re.DOTALL)
        return [(title, int(number), bool(reviewed)) for reviewed, title, number in found]

    def test_groups_then_themes_with_new_ideas_among_them(self, forum):
        forum.run()
        proposed = self.rows(forum)
        assert proposed
        assert [number for _title, number, _reviewed in proposed] == sorted(
            (number for _title, number, _reviewed in proposed), reverse=True)
        assert not any(reviewed for *_rest, reviewed in proposed)

        forum.confirm("waste", "Sampah kota")
        ((_title, before, _reviewed),) = [row for row in self.rows(forum) if row[2]]
        phone = forum.app.test_client()
        sent(phone, body="Truk sampah jarang datang, TPS meluber penuh sampah")
        ((title, after, _reviewed),) = [row for row in self.rows(forum) if row[2]]

        assert (title, after) == ("Sampah kota", before + 1)
        page = forum.get(f"/staff/sessions/{forum.sitting}/projector/live").text
        assert "baru masuk" in page
        assert "sudah ditinjau" in page

    def test_a_run_that_ends_shows_by_itself(self, forum):
        etag = forum.get(f"/staff/sessions/{forum.sitting}/projector/live").headers["ETag"]
        forum.run()
        answer = forum.client.get(f"/staff/sessions/{forum.sitting}/projector/live", headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert "Tema sejauh ini" in answer.text

    def test_a_dismissed_group_stays_gone_also_when_new_ideas_resemble_it(self, forum):
        forum.run()
        cluster_id, _size = forum.cluster_of("waste")
        label = re.search(r"<h1>(.*?)</h1>", forum.get(f"/staff/clusters/{cluster_id}").text)[1]
        assert label in [title for title, *_rest in self.rows(forum)]
        forum.do(f"/staff/clusters/{cluster_id}/dismiss", reason="Bukan tema forum ini.")
        sent(forum.app.test_client(), body="Truk sampah jarang datang, TPS meluber penuh sampah")
        assert label not in [title for title, *_rest in self.rows(forum)]


class TestWhatIsTakenBack:
    @pytest.fixture
    def receipt(self, client, hall):
        path = sent(client, body="Pak Bejo mengotori selokan.")
        assert hall.ideas() == ["Pak Bejo mengotori selokan."]
        return path

    def test_hidden_and_shown_again(self, hall, receipt):
        etag = hall.wall().headers["ETag"]
        (key,) = hall.keys()
        entry = key.partition(".")[0]
        hall.staff.submit(f"/staff/submissions/{entry}/hide", {"reason": "Menyebut nama orang."})
        answer = hall.wall(headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert "Bejo" not in answer.text
        hall.staff.submit(f"/staff/submissions/{entry}/restore")
        assert hall.ideas() == ["Pak Bejo mengotori selokan."]

    def test_withdrawn(self, client, hall, receipt):
        client.post(f"{receipt}/withdraw", headers=FROM_OUR_PAGE)
        assert hall.ideas() == []
        assert "0 orang ikut 0 masukan terkirim" in hall.text()

    def test_corrected(self, client, hall, receipt):
        correct(client, receipt, body="Selokan dikotori.")
        assert hall.ideas() == ["Selokan dikotori."]

    def test_a_wall_that_stands_still_loses_it_too(self, client, hall, receipt):
        sent(client, body="Lampu gang padam.")
        shown = ",".join(hall.keys())
        sent(client, body="Yang baru belum tampil.")

        def still():
            return re.findall(r"<p>(.*?)</p></li>", hall.staff.get(hall.page + "/live", query_string={
                "still": shown}).text)

        assert still() == ["Lampu gang padam.", "Pak Bejo mengotori selokan."]
        correct(client, receipt, body="Selokan dikotori.")
        assert still() == ["Lampu gang padam."]

    @pytest.mark.parametrize("still", ["", "x", "1", "1.1.1", "-1.1", "99999999999999999999.1", "1.1," * 500])
    def test_odd_lists_of_what_is_shown_name_nothing_more(self, hall, still):
        hall.add("Lampu gang padam.")
        answer = hall.staff.get(hall.page + "/live", query_string={"still": still})
        assert answer.status_code == 200

    def test_what_was_hidden_while_the_wall_was_made_is_seen(self, app, hall, receipt, monkeypatch):
        """The version must never be newer than what is read: else a hidden text would stay until the next change."""
        (key,) = hall.keys()
        version_of = routes.version_of

        def hide_meanwhile(consultation_id):
            def work():
                with app.app_context():
                    withdraw(submission_id=int(key.partition(".")[0]), now=utc_now())
                    versions.append(version_of(consultation_id))
                    db.session.remove()

            versions = []
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return versions[0]

        monkeypatch.setattr(routes, "version_of", hide_meanwhile)
        assert "Bejo" not in hall.wall().text


class TestChoice:
    def test_a_facilitator_keeps_ideas_off_the_wall(self, app, hall):
        hall.add("Lampu gang padam.")
        etag = hall.wall().headers["ETag"]
        path = f"/staff/sessions/{hall.sitting}/wall"
        assert "Masukan terbaru ikut ditampilkan" in hall.staff.get(f"/staff/sessions/{hall.sitting}").text

        assert hall.staff.submit(path, {"ideas": "no"}).status_code == 303

        answer = hall.wall(headers={"If-None-Match": etag})
        assert "Lampu" not in answer.text
        assert "Masukan terbaru" not in answer.text
        assert "1 orang ikut" in hall.text()
        assert "Masukan tidak ditampilkan" in hall.staff.get(f"/staff/sessions/{hall.sitting}").text
        hall.staff.submit(path, {"ideas": "yes"})
        assert hall.ideas() == ["Lampu gang padam."]
        assert sign_in_as(app, "planner").submit(path, {"ideas": "no"}).status_code == 403

    def test_who_is_not_signed_in_sees_no_wall(self, client, hall):
        for path in (hall.page, hall.page + "/live"):
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.headers["Location"].startswith("/staff/sign-in")
        assert hall.staff.get("/staff/sessions/99999/projector").status_code == 404
        assert hall.staff.get("/staff/sessions/99999/projector/live").status_code == 404


def test_where_staff_look_first_the_wall_says_how_many_wait(app, as_facilitator, client):
    sitting = open_sitting(app)
    with app.app_context():
        consultation = db.session.get(ForumSession, sitting).consultation_id
    as_facilitator.submit(f"/staff/consultations/{consultation}/edit", {
        "title": "Forum kota uji", "purpose": "Mendengar usulan untuk uji.", "controller": "Dinas Uji",
        "contact": "kontak@contoh.example", "privacy_officer": "Pejabat Uji", "retention_months": "24",
        "moderation": "before", "version": 1})
    assert send(client).status_code == 303
    live = f"/staff/sessions/{sitting}/projector/live"

    page = as_facilitator.get(live).text
    assert BODY not in page
    assert "1 menunggu petugas" in page
    with app.app_context():
        entry = db.session.scalar(db.select(db.func.max(Submission.id)))
    as_facilitator.submit(f"/staff/submissions/{entry}/accept")
    assert BODY in as_facilitator.get(live).text
