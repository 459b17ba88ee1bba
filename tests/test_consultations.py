"""A facilitator opens a consultation: facts and sittings; what was typed badly is named and stays."""
from datetime import UTC, datetime

import pytest
from builders import make_consultation, make_forum_session
from consulting import CREATE, FACTS, SITTING, actions, consultation_in, created_id, pack_in, stored
from sqlalchemy import select

from forum.consultations import queries
from forum.consultations.models import Consultation, ForumSession
from forum.db import db


@pytest.fixture
def pack_id(app):
    return pack_in(app)


@pytest.fixture
def consultation_id(app, pack_id):
    return consultation_in(app, pack_id)


class TestJourney:
    def test_from_nothing_to_an_open_sitting_and_back(self, app, as_facilitator, pack_id):
        consultation_id = created_id(as_facilitator.submit(CREATE, {**FACTS, "pack": pack_id}))
        page = as_facilitator.get(f"/staff/consultations/{consultation_id}").text
        assert "Forum untuk kota uji" in page
        assert "Belum ada sesi" in page

        answer = as_facilitator.submit(f"/staff/consultations/{consultation_id}/sessions/new", SITTING)
        sitting_id = created_id(answer)
        sitting = stored(app, ForumSession, sitting_id)
        assert sitting.state == "draft"
        assert sitting.starts_at == datetime(2027, 1, 20, 2, 0, tzinfo=UTC)  # 09.00 WIB
        page = as_facilitator.get(f"/staff/sessions/{sitting_id}").text
        assert "Rabu, 20 Januari 2027, 09.00 WIB" in page
        assert f"{sitting.join_code[:3]}-{sitting.join_code[3:]}" in page

        as_facilitator.submit(f"/staff/sessions/{sitting_id}/open")
        first_opened = stored(app, ForumSession, sitting_id).opened_at
        as_facilitator.submit(f"/staff/sessions/{sitting_id}/close")
        assert stored(app, ForumSession, sitting_id).closed_at >= first_opened
        as_facilitator.submit(f"/staff/sessions/{sitting_id}/open")

        sitting = stored(app, ForumSession, sitting_id)
        assert (sitting.state, sitting.opened_at, sitting.closed_at) == ("open", first_opened, None)
        assert actions(app, subject_type="forum_session", subject_id=sitting_id) == [
            "consultations.create_session", "consultations.open_session", "consultations.close_session",
            "consultations.open_session"]

    def test_closing_a_consultation_closes_its_sittings_and_no_others(self, app, as_facilitator, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id)

        as_facilitator.submit(f"/staff/consultations/{consultation_id}/close")

        assert stored(app, Consultation, consultation_id).state == "closed"
        assert stored(app, ForumSession, sitting_id).state == "closed"
        with app.app_context():
            assert queries.session_by_code("XYX777").is_open
        refused = as_facilitator.submit(f"/staff/sessions/{sitting_id}/open", follow_redirects=True)
        assert "Konsultasi ini sudah ditutup" in refused.text
        assert stored(app, ForumSession, sitting_id).state == "closed"

        as_facilitator.submit(f"/staff/consultations/{consultation_id}/reopen")
        as_facilitator.submit(f"/staff/sessions/{sitting_id}/open")
        assert stored(app, ForumSession, sitting_id).state == "open"

    def test_what_somebody_else_did_already_is_said_and_not_done_twice(self, app, as_facilitator, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id)

        answer = as_facilitator.submit(f"/staff/sessions/{sitting_id}/open", follow_redirects=True)

        assert "Sesi ini sudah terbuka." in answer.text
        assert actions(app, subject_type="forum_session") == []

    def test_a_closed_consultation_takes_no_new_sitting_and_the_typed_text_stays(self, app, as_facilitator,
                                                                                  consultation_id):
        as_facilitator.submit(f"/staff/consultations/{consultation_id}/close")

        answer = as_facilitator.submit(f"/staff/consultations/{consultation_id}/sessions/new", SITTING)

        assert answer.status_code == 409
        assert "sudah ditutup" in answer.text
        assert 'value="Aula uji"' in answer.text

    def test_the_list_shows_sittings_per_consultation_and_continues_by_key(self, app, as_planner, consultation_id):
        with app.app_context():
            make_forum_session(consultation_id)
            make_forum_session(consultation_id, join_code="FFF222", state="draft")
            ids = [make_consultation(title=f"Forum ke {number}.") for number in range(50)]

        first, second = as_planner.get("/staff/").text, as_planner.get(f"/staff/?before={ids[0]}").text

        assert "Forum ke 0." in first
        assert "Forum uji" not in first
        assert f"before={ids[0]}" in first
        assert "2 sesi, 1 sedang terbuka" in second
        assert "before=" not in second

    def test_the_next_consultation_suggests_who_answers_for_the_data(self, as_facilitator, consultation_id):
        page = as_facilitator.get(CREATE).text
        assert 'value="Dinas Uji"' in page
        assert 'value="Forum uji"' not in page

    def test_without_a_pack_the_page_says_what_to_do(self, as_facilitator):
        assert "forum pack FOLDER" in as_facilitator.get(CREATE).text
        assert "forum pack FOLDER" in as_facilitator.get("/staff/").text
        refused = as_facilitator.submit(CREATE, {**FACTS, "pack": "1"})
        assert refused.status_code == 422
        assert 'value="Forum untuk kota uji"' in refused.text


class TestInput:
    @pytest.mark.parametrize(("field", "value", "message"), [
        ("title", "ab", "Judul 3 sampai 150 karakter."),
        ("title", "a" * 151, "Judul 3 sampai 150 karakter."),
        ("title", "\x00\x01\x02 \x03", "Judul 3 sampai 150 karakter."),
        ("purpose", "pendek", "Tujuan 10 sampai 1.000 karakter."),
        ("purpose", "x" * 1001, "Tujuan 10 sampai 1.000 karakter."),
        ("controller", "", "Tulis instansi"),
        ("contact", "", "Tulis kontak"),
        ("retention_months", "0", "Masa simpan 1 sampai 120 bulan."),
        ("retention_months", "121", "Masa simpan 1 sampai 120 bulan."),
        ("retention_months", "dua tahun", "Tulis masa simpan dalam angka bulat"),
        ("moderation", "kapan saja", "Pilih kapan masukan tampil."),
        ("pack", "999999999999999999999", "Paket kota"),
        ("pack", "kota", "Paket kota"),
    ])
    def test_a_bad_field_is_named_and_everything_typed_stays(self, app, as_facilitator, pack_id, field, value, message):
        typed = {**FACTS, "pack": pack_id, "privacy_officer": "Nama <b>aneh</b>", field: value}

        answer = as_facilitator.submit(CREATE, typed)

        assert answer.status_code == 422
        assert message in answer.text
        assert "Nama &lt;b&gt;aneh&lt;/b&gt;" in answer.text
        assert field == "purpose" or FACTS["purpose"] in answer.text
        with app.app_context():
            assert db.session.scalar(select(Consultation)) is None

    @pytest.mark.parametrize(("field", "value", "message"), [
        ("title", "", "Tulis nama sesi."), ("place", "", "Tulis tempatnya"), ("date", "", "Pilih tanggal."),
        ("date", "30-02-2027", "Tulis tanggal"), ("date", "2027-02-30", "Tulis tanggal"),
        ("date", "0001-01-01", "Tahun antara"), ("date", "9999-12-31", "Tahun antara"),
        ("time", "25:00", "Tulis jam"), ("time", "", "Tulis jam"),
    ])
    def test_a_sitting_needs_a_name_a_place_a_day_and_a_time(self, as_facilitator, consultation_id, field, value,
                                                             message):
        answer = as_facilitator.submit(f"/staff/consultations/{consultation_id}/sessions/new",
                                       {**SITTING, "title": "Sesi yang diketik", field: value})
        assert answer.status_code == 422
        assert message in answer.text
        assert field == "title" or 'value="Sesi yang diketik"' in answer.text

    def test_local_time_follows_the_zone_of_the_citys_pack(self, app, as_facilitator, consultation_id):
        with app.app_context():
            queries.consultation_or_404(consultation_id).pack.timezone = "Asia/Jayapura"
            db.session.commit()

        sitting_id = created_id(as_facilitator.submit(f"/staff/consultations/{consultation_id}/sessions/new", SITTING))

        assert stored(app, ForumSession, sitting_id).starts_at == datetime(2027, 1, 20, 0, 0, tzinfo=UTC)
        assert "09.00 WIT<" in as_facilitator.get(f"/staff/sessions/{sitting_id}").text

    def test_an_unknown_or_absurd_number_is_not_found(self, as_planner):
        for path in ("consultations/77", "consultations/99999999999999999999", "sessions/77",
                     "sessions/99999999999999999999", "sessions/99999999999999999999/qr.svg"):
            assert as_planner.get(f"/staff/{path}").status_code == 404
