"""The phone: join, see who asks, write one idea of one of four kinds; every mistake says what to do."""
import re
from datetime import UTC, datetime

import pytest
from builders import make_consultation, make_forum_session
from phone import (
    BODY,
    FORM,
    FROM_OUR_PAGE,
    PROBLEM,
    bytes_on_the_wire,
    close_consultation,
    close_sitting,
    hidden_fields,
    sent,
    stored,
)

from forum.consultations.models import Area
from forum.db import writing
from forum.security import digest


class TestJoin:
    @pytest.mark.parametrize("typed", ["KRM479", "krm479", "  krm-479 ", "k r m 4 7 9", "KRM–479"])
    def test_case_spaces_and_hyphens_of_the_code_do_not_matter(self, client, sitting, typed):
        answer = client.post("/", data={"code": typed}, headers=FROM_OUR_PAGE)

        assert answer.status_code == 303
        assert answer.headers["Location"] == FORM

    @pytest.mark.parametrize("typed", ["QQQ999", "<b>x</b>", "\0", "9" * 400])
    def test_an_unknown_code_is_explained_and_kept_in_the_field(self, client, sitting, typed):
        answer = client.post("/", data={"code": typed}, headers=FROM_OUR_PAGE)

        assert answer.status_code == 404
        assert "tidak dikenal" in answer.text
        assert "<b>x</b>" not in answer.text
        assert client.get(f"/s/{typed.strip(chr(0)) or 'x'}".replace("/b", "b")).status_code == 404

    def test_an_empty_code_is_asked_for(self, client, sitting):
        answer = client.post("/", data={"code": " "}, headers=FROM_OUR_PAGE)
        assert answer.status_code == 422
        assert "Ketik kode sesi" in answer.text

    def test_a_sitting_that_is_not_open_yet_says_when_it_starts(self, app, client):
        with app.app_context():
            make_forum_session(make_consultation(), state="draft", starts_at=datetime(2031, 3, 4, 2, 30, tzinfo=UTC))

        for answer in (client.post("/", data={"code": "KRM479"}, headers=FROM_OUR_PAGE), client.get(FORM)):
            assert answer.status_code == 409
            assert "belum dibuka" in answer.text
            assert "Selasa, 4 Maret 2031, 09.30 WIB" in answer.text

    def test_a_closed_sitting_says_so_and_that_receipts_stay_readable(self, app, client, sitting):
        close_sitting(app, sitting)

        for answer in (client.post("/", data={"code": "KRM479"}, headers=FROM_OUR_PAGE), client.get(FORM)):
            assert answer.status_code == 409
            assert "sudah ditutup" in answer.text
            assert 'href="/r"' in answer.text

    def test_a_closed_consultation_closes_its_open_sittings(self, app, client, sitting):
        close_consultation(app, sitting)
        assert client.get(FORM).status_code == 409

    def test_the_front_door_leads_to_receipts(self, client):
        page = client.get("/").text
        assert "Sudah punya kode tanda terima?" in page
        assert 'href="/r"' in page


class TestForm:
    def test_it_says_who_asks_what_for_and_where_emergencies_belong(self, client, sitting):
        page = client.get(FORM).text
        for words in ("Forum kota uji", "Dinas Uji", "Mendengar usulan untuk uji", "24 bulan", "112",
                      "bukan saluran pengaduan", "17 tahun ke atas, atau didampingi orang tua/wali",
                      "/s/KRM479/notice", '<optgroup label="Utara">', "Pesisir"):
            assert words in page
        assert "checked" not in re.search(r'<input[^>]*name="consent"[^>]*>', page)[0]

    def test_a_village_carries_its_old_names(self, client, sitting):
        assert ">Pesisir (Pesisir Lor)</option>" in client.get(FORM).text

    def test_it_needs_no_script(self, client, sitting):
        assert sent(client).startswith("/r/")

    def test_it_is_light_enough_for_one_breath(self, app, client, sitting):
        weights = bytes_on_the_wire(client, FORM)

        assert {path.partition("?")[0] for path in weights} >= {FORM, "/static/phone.css"}
        assert len(weights) <= 4
        assert sum(weights.values()) <= 14_000

    def test_it_is_light_enough_for_a_city_with_sixty_areas(self, app, client, sitting):

        with app.app_context(), writing() as session:
            village = session.query(Area).filter_by(code="99.01.1001").order_by(Area.id).first()
            for number in range(60):
                session.add(Area(pack_id=village.pack_id, parent_id=village.parent_id, code=f"99.01.{2000 + number}",
                                 kind="village", name=f"{digest(str(number))[:12].capitalize()} Wetan"))

        assert client.get(FORM).text.count("Wetan") == 60
        assert sum(bytes_on_the_wire(client, FORM).values()) <= 14_000

    def test_the_notice_page_shows_the_whole_notice(self, client, sitting):
        page = client.get(FORM + "/notice")
        assert page.status_code == 200
        for words in ("Tujuan", "Untuk uji.", "Dinas Uji", "Pejabat Uji", "24 bulan"):
            assert words in page.text
        assert client.get("/s/QQQ999/notice").status_code == 404
        assert "cookie" in client.get("/privacy").text

    def test_group_and_area_are_remembered_for_the_next_idea(self, client, sitting):
        sent(client, group="academic", area="99.01.1002")

        page = client.get(FORM).text

        assert re.search(r'<input checked[^>]*value="academic"', page)
        assert re.search(r'<option selected value="99.01.1002">', page)
        cookie = client.get_cookie("profile")
        assert cookie.http_only
        assert cookie.same_site == "Lax"

    @pytest.mark.parametrize("value", ["zzz|zzz", "|", "", "a|b|c", '"<script>'])
    def test_a_strange_memory_is_ignored(self, client, sitting, value):
        client.set_cookie("profile", value)
        page = client.get(FORM)
        assert page.status_code == 200
        assert "<script>" not in page.text

    def test_a_form_of_another_site_is_refused(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        assert client.post(FORM, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert stored(app) == []


class TestKinds:
    def test_a_problem_keeps_its_place_and_dimension(self, app, client, sitting):
        sent(client, place="Gang 3", dimension="environment")

        entry, = stored(app)
        assert (entry["kind"], entry["body"], entry["place"]) == ("problem", BODY, "Gang 3")
        assert (entry["group"], entry["area"], entry["state"]) == ("resident", "99.01.1001", "accepted")
        assert entry["dimension_id"] is not None

    def test_a_proposal_keeps_its_approach(self, app, client, sitting):
        sent(client, kind="proposal", approach="combined", dimension="")
        assert [(row["kind"], row["approach"], row["dimension_id"]) for row in stored(app)] == [
            ("proposal", "combined", None)]

    def test_a_practice_keeps_where_it_works_and_who_runs_it(self, app, client, sitting):
        sent(client, kind="practice", practice_where="RW 5", practice_owner="Bank sampah melati")
        assert [(row["practice_where"], row["practice_owner"]) for row in stored(app)] == [
            ("RW 5", "Bank sampah melati")]

    def test_an_evaluation_keeps_programme_and_rating(self, app, client, sitting):
        sent(client, kind="evaluation", programme="Angkutan sekolah", rating="4")
        assert [(row["programme"], row["rating"]) for row in stored(app)] == [("Angkutan sekolah", 4)]

    def test_fields_of_another_kind_are_not_stored(self, app, client, sitting):
        sent(client, rating="5", programme="Angkutan", practice_where="RW 5", approach="combined", place="Gang 3")
        entry, = stored(app)
        assert (entry["rating"], entry["programme"], entry["practice_where"], entry["approach"]) == (None, "", "", None)
        assert entry["place"] == "Gang 3"

    @pytest.mark.parametrize("area", ["", "-", None])
    def test_the_area_may_stay_unsaid(self, app, client, sitting, area):
        sent(client, area=area)
        assert [row["area"] for row in stored(app)] == [None]
