"""A facilitator opens a consultation: facts, notice, sittings, code and QR; others look on or are refused."""
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import segno
from builders import make_consultation, make_forum_session, make_pack, noise
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from staff_client import sign_in_as

from forum.audit import COMMAND_LINE, AuditEntry
from forum.consultations import join_code, queries, services
from forum.consultations.models import Consultation, ForumSession, Notice
from forum.consultations.notice import NoticeFacts, contact_words, items
from forum.db import db, utc_now

CREATE = "/staff/consultations/new"
FACTS = {
    "title": "Forum untuk kota uji", "purpose": "Mendengar masalah dan usulan sebagai bahan rencana kota.",
    "controller": "Dinas Uji Kota", "contact": "kantor@contoh.example", "privacy_officer": "Pejabat Data",
    "retention_months": "24", "moderation": "after", "asks_contact": "y",
}
SITTING = {"title": "Sesi pagi", "place": "Aula uji", "date": "2027-01-20", "time": "09:00"}


@pytest.fixture
def pack_id(app):
    with app.app_context():
        return make_pack()


@pytest.fixture
def consultation_id(app, pack_id):
    with app.app_context():
        first = make_consultation(pack_id=pack_id)
        noise()
        return first


def created_id(answer):
    assert answer.status_code == 303, answer.text
    return int(re.search(r"/(\d+)", answer.headers["Location"]).group(1))


def stored(app, model, row_id):
    with app.app_context():
        return db.session.get(model, row_id)


def actions(app, **filters):
    with app.app_context():
        return [entry.action for entry in db.session.scalars(select(AuditEntry).filter_by(**filters)
                                                             .order_by(AuditEntry.id))]


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


class TestEditing:
    def edit(self, client, consultation_id, version=1, **changes):
        return client.submit(f"/staff/consultations/{consultation_id}/edit", {
            **FACTS, "title": "Forum uji", "purpose": "Mendengar usulan untuk uji.", "version": version, **changes})

    def notices(self, app, consultation_id):
        with app.app_context():
            return list(db.session.scalars(select(Notice).filter_by(consultation_id=consultation_id)
                                           .order_by(Notice.number)))

    def test_a_change_of_the_facts_makes_a_new_notice_and_keeps_the_old(self, app, as_facilitator, pack_id):
        consultation_id = created_id(as_facilitator.submit(CREATE, {**FACTS, "pack": pack_id}))
        answer = as_facilitator.submit(f"/staff/consultations/{consultation_id}/edit",
                                       {**FACTS, "version": 1, "contact": "baru@contoh.example"})
        assert answer.status_code == 303

        first, second = self.notices(app, consultation_id)
        assert "kantor@contoh.example" in first.items[6]["text_id"]
        assert "baru@contoh.example" in second.items[6]["text_en"]
        assert "versi 2" in as_facilitator.get(f"/staff/consultations/{consultation_id}").text

    def test_asking_for_contacts_can_be_switched_off_and_the_notice_says_so(self, app, as_facilitator, pack_id):
        consultation_id = created_id(as_facilitator.submit(CREATE, {**FACTS, "pack": pack_id}))
        page = f"/staff/consultations/{consultation_id}"
        assert "boleh ditinggalkan" in as_facilitator.get(page).text
        without = {name: value for name, value in FACTS.items() if name != "asks_contact"}
        assert as_facilitator.submit(page + "/edit", {**without, "version": 1}).status_code == 303

        first, second = self.notices(app, consultation_id)
        assert "Dinas Uji Kota" in first.contact_words["id"]
        assert "Dinas Uji Kota" in first.contact_words["en"]
        assert "nomor telepon atau surel" in first.items[2]["text_id"]
        assert second.contact_words is None
        assert "kontak" not in " ".join(item["text_id"] for item in second.items).lower().replace("kantor@", "")
        assert "tidak ditanyakan" in as_facilitator.get(page).text
        late = as_facilitator.submit(page + "/edit", {**FACTS, "version": 1})
        assert late.status_code == 409
        assert "<dd>tidak</dd>" in late.text

    def test_when_entries_appear_is_no_matter_of_the_notice(self, app, as_facilitator, pack_id):
        consultation_id = created_id(as_facilitator.submit(CREATE, {**FACTS, "pack": pack_id}))
        as_facilitator.submit(f"/staff/consultations/{consultation_id}/edit",
                              {**FACTS, "version": 1, "moderation": "before"})
        assert stored(app, Consultation, consultation_id).moderation == "before"
        assert len(self.notices(app, consultation_id)) == 1

    def test_saving_without_a_change_leaves_no_trace(self, app, as_facilitator, pack_id):
        consultation_id = created_id(as_facilitator.submit(CREATE, {**FACTS, "pack": pack_id}))
        as_facilitator.submit(f"/staff/consultations/{consultation_id}/edit", {**FACTS, "version": 1})
        assert stored(app, Consultation, consultation_id).version == 1
        assert actions(app, subject_id=consultation_id, subject_type="consultation") == ["consultations.create"]

    def test_the_second_of_two_editors_sees_what_the_first_changed_and_loses_nothing(self, app, as_facilitator,
                                                                                       as_administrator,
                                                                                       consultation_id):
        self.edit(as_administrator, consultation_id, title="Judul dari rekan")

        late = self.edit(as_facilitator, consultation_id, contact="milik@saya.example")

        assert late.status_code == 409
        assert "Administrator Uji" in late.text
        assert "Judul dari rekan" in late.text
        assert 'value="milik@saya.example"' in late.text
        assert stored(app, Consultation, consultation_id).title == "Judul dari rekan"

        version = re.search(r'name="version"[^>]*value="(\d+)"', late.text).group(1)
        assert self.edit(as_facilitator, consultation_id, version=version, title="Judul dari rekan",
                         contact="milik@saya.example").status_code == 303
        both = stored(app, Consultation, consultation_id)
        assert (both.title, both.contact) == ("Judul dari rekan", "milik@saya.example")

    def test_of_editors_at_the_same_moment_exactly_one_wins(self, app, consultation_id):
        facts = NoticeFacts(title="Forum", purpose="Mendengar usulan.", controller="Dinas", contact="kantor",
                            privacy_officer="", retention_months=12)
        outcomes, together = [], threading.Barrier(6)

        def save(number):
            with app.app_context():
                together.wait()
                try:
                    services.edit_consultation(
                        consultation_id=consultation_id, moderation="after", version=1, actor=COMMAND_LINE,
                        facts=replace(facts, title=f"Forum {number}"), now=utc_now())
                    outcomes.append("saved")
                except services.ConsultationChanged:
                    outcomes.append("refused")

        threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["refused"] * 5 + ["saved"]
        assert stored(app, Consultation, consultation_id).version == 2


class TestRoles:
    def test_planners_look_but_do_not_touch(self, app, as_planner, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id)
        pages = ("/staff/", f"/staff/consultations/{consultation_id}", f"/staff/sessions/{sitting_id}",
                 f"/staff/sessions/{sitting_id}/projector", f"/staff/sessions/{sitting_id}/qr.svg")
        for path in pages:
            answer = as_planner.get(path)
            assert answer.status_code == 200
            assert "/close" not in answer.text
            assert "/edit" not in answer.text
        for path in (CREATE, f"/staff/consultations/{consultation_id}/edit",
                     f"/staff/consultations/{consultation_id}/sessions/new"):
            assert as_planner.get(path).status_code == 403
            assert as_planner.submit(path, {**FACTS, **SITTING}).status_code == 403
        for path in (f"/staff/consultations/{consultation_id}/close", f"/staff/consultations/{consultation_id}/reopen",
                     f"/staff/sessions/{sitting_id}/open", f"/staff/sessions/{sitting_id}/close"):
            assert as_planner.submit(path).status_code == 403
        assert stored(app, ForumSession, sitting_id).is_open

    def test_nobody_enters_without_signing_in(self, app, client, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id)
        for path in ("/staff/", CREATE, f"/staff/consultations/{consultation_id}", f"/staff/sessions/{sitting_id}",
                     f"/staff/sessions/{sitting_id}/projector", f"/staff/sessions/{sitting_id}/qr.svg"):
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.headers["Location"].startswith("/staff/sign-in")


class TestQr:
    def modules(self, svg):
        """Dark modules of the drawing as a set of (row, column), read from the path itself."""
        root = ElementTree.fromstring(svg)
        path = root.findall("{http://www.w3.org/2000/svg}path")[-1].get("d")
        x, y, dark = 0.0, 0.0, set()
        for command, numbers in re.findall(r"([MmhH])([^MmhH]*)", path):
            values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
            if command == "M":
                x, y = values
            elif command == "m":
                x, y = x + values[0], y + values[1]
            else:
                dark |= {(int(y), int(x) + step) for step in range(int(values[0]))}
                x += values[0]
        return dark

    def expected(self, address):
        matrix = segno.make(address, error="m", micro=False).matrix
        return {(row + 4, column + 4) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark}

    @pytest.mark.parametrize(("public_url", "base_url", "expected"), [
        (None, "http://192.168.1.5:8000/", "http://192.168.1.5:8000/s/KRM479"),
        ("https://forum.contoh.example", "http://localhost/", "https://forum.contoh.example/s/KRM479"),
        ("https://contoh.example/forum/", "http://localhost/forum/", "https://contoh.example/forum/s/KRM479"),
    ])
    def test_the_qr_holds_the_address_of_the_phone_form(self, make_app, public_url, base_url, expected):
        app = make_app(PUBLIC_URL=public_url)
        planner = sign_in_as(app, "planner")
        with app.app_context():
            sitting_id = make_forum_session(make_consultation())

        planner.set_cookie("session", planner.get_cookie("session").value, domain=urlsplit(base_url).hostname)

        answer = planner.get(f"/staff/sessions/{sitting_id}/qr.svg", base_url=base_url)

        assert answer.mimetype == "image/svg+xml"
        assert self.modules(answer.text) == self.expected(expected)
        assert self.modules(answer.text) != self.expected(expected.replace("KRM479", "KRM477"))
        assert "style" not in answer.text

    def test_the_projector_shows_code_and_address_to_type_and_the_state(self, make_app):
        app = make_app(PUBLIC_URL="https://forum.contoh.example")
        facilitator = sign_in_as(app, "facilitator")
        with app.app_context():
            sitting_id = make_forum_session(make_consultation(), state="draft")
        path = f"/staff/sessions/{sitting_id}/projector"

        before = unescape(facilitator.get(path).text)
        facilitator.submit(f"/staff/sessions/{sitting_id}/open")
        after = facilitator.get(path).text

        assert "KRM-479" in before
        assert 'class="qr-address">forum.contoh.example</b>' in before.replace("<wbr>", "")
        assert "Belum dibuka" in before
        assert "Terbuka: silakan kirim masukan" in after


class TestNotice:
    FACTS = NoticeFacts(title="Forum", purpose="Untuk apa?", controller="Dinas", contact="kantor.",
                        privacy_officer="", retention_months=1)

    def test_it_has_the_seven_items_of_the_law_in_both_languages(self):
        seven = items(self.FACTS)
        assert [item["heading_id"] for item in seven] == [
            "Dasar hukum", "Tujuan", "Jenis dan relevansi data", "Masa simpan dokumen",
            "Rincian informasi yang dikumpulkan", "Jangka waktu pemrosesan", "Hak Anda"]
        assert all(item[key] for item in seven for key in ("heading_id", "text_id", "heading_en", "text_en"))

    def test_it_names_the_contact_only_where_one_is_asked_for(self):
        asking, silent = items(self.FACTS), items(replace(self.FACTS, asks_contact=False))
        changed = [one["heading_id"] for one, other in zip(asking, silent, strict=True) if one != other]
        assert changed == ["Jenis dan relevansi data", "Masa simpan dokumen", "Rincian informasi yang dikumpulkan",
                           "Hak Anda"]
        assert contact_words(replace(self.FACTS, asks_contact=False)) is None
        assert "hanya untuk bertanya" in contact_words(self.FACTS)["id"]

    def test_it_says_what_was_entered(self):
        text_id = " ".join(item["text_id"] for item in items(self.FACTS))
        text_en = " ".join(item["text_en"] for item in items(self.FACTS))
        assert "“Forum”. Untuk apa? Tidak dipakai" in text_id
        assert "1 bulan sejak dikirim" in text_id
        assert "1 month after" in text_en
        assert text_id.endswith("kantor.")
        assert "Pejabat" not in text_id


class TestJoinCode:
    def test_made_codes_differ_and_keep_to_the_alphabet(self):
        codes = [join_code.make() for _ in range(200)]
        assert len(set(codes)) > 195
        assert all(re.fullmatch(f"[{join_code.ALPHABET}]{{{join_code.LENGTH}}}", code) for code in codes)

    @given(st.text(join_code.ALPHABET, min_size=6, max_size=6))
    def test_a_code_reads_back_as_itself_however_it_is_typed(self, code):
        for typed in (code, code.lower(), f" {code[:3]} - {code[3:]} ", "-".join(code), f"{code[:3]}–{code[3:]}"):
            assert join_code.normalize(typed) == code

    @given(st.text())
    def test_any_text_becomes_plain_capitals_and_twice_is_as_once(self, typed):
        once = join_code.normalize(typed)
        assert re.fullmatch(r"[A-Z0-9]*", once)
        assert join_code.normalize(once) == once

    @given(st.text(join_code.ALPHABET, min_size=6, max_size=6), st.data())
    def test_misread_and_misheard_characters_are_mended(self, code, data):
        mistaken = {"T": "BDGPT", "J": "CJ", "K": "HK", "M": "MN", "F": "FS", "R": "LR", "W": "VW", "2": "2Z",
                    "7": "71", "9": "98"}
        typed = "".join(data.draw(st.sampled_from(mistaken.get(character, character))) for character in code)
        assert join_code.normalize(typed) == code

    def test_no_two_characters_of_the_alphabet_look_or_sound_alike(self):
        families = ("0OQD", "1IL7", "2Z", "5S", "6G", "8B", "UVW", "BDGPTE", "CJ", "AHK", "MN", "FS", "LR", "89")
        for family in families:
            assert len(set(family) & set(join_code.ALPHABET)) <= 1, family
        assert not set("AEIOU") & set(join_code.ALPHABET)

    def test_a_sitting_is_found_by_a_code_typed_in_any_way(self, app, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id, state="closed")
            for typed in ("KRM479", "krm-479", " k r m 4 7 9 ", "HLN419"):
                assert queries.session_by_code(typed).id == sitting_id
            for typed in ("", "KRM47", "KRM4799", "\x00KRM", "ＫＲＭ", "' OR 1=1 --", "9" * 10_000):
                assert queries.session_by_code(typed) is None

    def test_every_sitting_gets_a_code_of_its_own(self, app, consultation_id, monkeypatch):
        drawn = iter(["KRM479", "KRM479", "FJ2233"])
        monkeypatch.setattr(join_code, "make", lambda: next(drawn))
        with app.app_context():
            for expected in ("KRM479", "FJ2233"):
                sitting_id = services.create_session(consultation_id=consultation_id, title="Sesi", place="Aula",
                                                     starts_at=utc_now(), actor=COMMAND_LINE, now=utc_now())
                assert db.session.get(ForumSession, sitting_id).join_code == expected
