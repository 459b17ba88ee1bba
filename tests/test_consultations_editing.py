"""Who may change a consultation, what a change leaves behind, and of two editors one wins."""
import re
import threading
from dataclasses import replace

import pytest
from builders import make_forum_session
from consulting import CREATE, FACTS, SITTING, actions, consultation_in, created_id, pack_in, stored
from sqlalchemy import select

from forum.audit import COMMAND_LINE
from forum.consultations import services
from forum.consultations.models import Consultation, ForumSession, Notice
from forum.consultations.notice import NoticeFacts, contact_words, items
from forum.db import db, utc_now


@pytest.fixture
def pack_id(app):
    return pack_in(app)


@pytest.fixture
def consultation_id(app, pack_id):
    return consultation_in(app, pack_id)


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
