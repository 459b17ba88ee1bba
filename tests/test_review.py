"""From proposed groups to themes: what people decide stands, whatever is analysed again, and nothing is lost."""
import re

import pytest
from analysis_texts import CLINIC, FLOOD, LIGHT, PARKING, WASTE
from review_forum import Forum
from sqlalchemy import func, select

from forum.consultations.models import Dimension
from forum.db import db
from forum.review import queries
from forum.review.models import RunMember, Theme


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.fixture
def forum(app, as_facilitator):
    return Forum(app, as_facilitator)


class TestJourney:
    def test_three_themes_confirmed_renamed_and_merged_survive_a_second_run_with_thirty_new_entries(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah menumpuk")
        flood = forum.confirm("flood", "Rob")
        light = forum.confirm("light", "Gang gelap")
        forum.do(f"/staff/themes/{flood}/rename", version=forum.theme("Rob").version, title="Rob dan tanggul")
        forum.do(f"{forum.board}/merge", theme_ids=[flood, light], title="Rob dan lampu")
        decided = forum.decided()
        survivor = forum.theme("Rob dan lampu").id
        assert set(decided.values()) == {waste, survivor}

        for name, texts in (("waste", WASTE), ("flood", FLOOD), ("light", LIGHT), ("clinic", CLINIC),
                            ("parking", PARKING)):
            forum.add(name, [f"{text} sekali lagi" for text in texts[4:10]])
        forum.run()

        assert forum.decided() == decided
        page = forum.get(forum.board).text
        assert "Rob dan lampu" in page
        assert "masukan yang belum diputuskan cocok" in page
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        assert len(set(suggested) & set(forum.entries["waste"][10:])) >= 4
        assert not set(suggested) & set(decided)

    def test_suggested_entries_join_with_one_tap(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:8]])
        forum.run()
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        before = forum.members(waste)

        stale = forum.do(f"/staff/themes/{waste}/accept", 409, n_shown=len(suggested) + 1)
        assert "berubah sejak halaman Anda dibuka" in stale.text
        forum.do(f"/staff/themes/{waste}/accept", n_shown=len(suggested), to="board")

        assert forum.members(waste) == before | set(suggested)

    def test_what_fits_a_theme_is_called_undecided_and_the_new_part_of_it_is_named(self, forum):
        forum.run()
        cluster_id, _size = forum.cluster_of("waste")
        forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked="1", title="Sampah",
                 submission_ids=forum.entries["waste"][:6])
        waste = forum.theme("Sampah").id
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:8]])
        forum.add("flood", [f"{text} sekali lagi" for text in FLOOD[2:4]])
        forum.run()

        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
            run = queries.latest_run(forum.id).id
        n_all, n_new = len(suggested), len(set(suggested) & set(forum.entries["waste"][10:]))
        assert 0 < n_new < n_all
        changes = text_of(forum.get(f"/staff/runs/{run}/changes"))
        assert "Masukan yang belum diputuskan untuk tema yang ada" in changes
        assert f"Sampah +{n_all} {n_new} baru" in changes
        assert (f"{n_new} dari {n_all} baru sejak analisis sebelumnya; yang lain sudah dibaca lebih dahulu dan belum "
                "diputuskan.") in changes
        assert f"{n_all} belum diputuskan, cocok dengan tema yang ada" in changes
        assert f"+{n_all} masukan yang belum diputuskan cocok, {n_new} baru" in text_of(forum.get(forum.board))
        answer = forum.get(f"/staff/themes/{waste}")
        theme = text_of(answer)
        assert f"Cocok, belum diputuskan {n_all}" in theme
        assert answer.text.count('<span class="pill info">baru</span>') == n_new, "each new one carries it"
        assert f"{n_new} di antaranya baru sejak analisis sebelumnya." in theme
        for page in (changes, theme, text_of(forum.get(forum.board))):
            assert "asukan baru" not in page.replace("masukan baru atau yang dikoreksi", "")

    @pytest.mark.parametrize(("rest", "added", "said"), [
        (4, 0, "Tidak ada yang baru: semuanya sudah dibaca lebih dahulu dan belum diputuskan."),
        (0, 6, "Semuanya baru sejak analisis sebelumnya.")])
    def test_nobody_is_told_of_others_where_all_or_none_are_new(self, forum, rest, added, said):
        forum.run()
        cluster_id, size = forum.cluster_of("waste")
        with forum.app.app_context():
            members = queries.undecided_members(cluster_id)
        forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked="1", title="Sampah",
                 submission_ids=members[:size - rest])
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:2 + added]])
        forum.run()
        with forum.app.app_context():
            run = queries.latest_run(forum.id).id
        page = text_of(forum.get(f"/staff/runs/{run}/changes"))
        assert said in page
        assert "yang lain sudah dibaca" not in page

    def test_after_a_first_analysis_nothing_is_called_new(self, forum):
        forum.do(f"{forum.board}/place", title="Sampah", submission_ids=forum.entries["waste"][:6])
        forum.run()
        assert re.search(r"\+\d+ masukan yang belum diputuskan cocok(?!,)", text_of(forum.get(forum.board)))
        with forum.app.app_context():
            run = queries.latest_run(forum.id).id
        assert "baru sejak analisis sebelumnya" not in text_of(forum.get(f"/staff/runs/{run}/changes"))

    def test_suggestions_follow_a_theme_into_the_one_it_was_merged_into(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:8]])
        forum.run()
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        assert suggested

        forum.do(f"/staff/themes/{waste}/merge", to_theme_id=light, version=forum.theme("Sampah").version)

        with forum.app.app_context():
            assert set(suggested) <= set(queries.suggested_members(db.session.get(Theme, light)))

    def test_some_entries_of_a_group_become_a_theme_and_the_rest_keeps_waiting(self, forum):
        forum.run()
        cluster_id, size = forum.cluster_of("clinic")
        with forum.app.app_context():
            chosen = queries.undecided_members(cluster_id)[:3]

        forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked=1, submission_ids=chosen, title="Antrean")

        assert forum.members(forum.theme("Antrean").id) == set(chosen)
        assert forum.check().in_themes == 3
        assert f"{size - 3}</b> belum diputuskan" in forum.get(f"/staff/clusters/{cluster_id}").text

    def test_split_move_and_dismiss_keep_every_entry(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        ids = sorted(forum.members(waste))

        forum.do(f"/staff/themes/{waste}/split", version=1, submission_ids=ids[:3], title="Bank sampah")
        forum.do(f"/staff/themes/{waste}/move", version=2, submission_ids=ids[3:5], to_theme_id=light)
        forum.do(f"/staff/themes/{waste}/move", version=3, submission_ids=ids[5:6], to_theme_id="aside",
                 reason="Bukan tentang sampah")
        bank = forum.theme("Bank sampah")
        forum.do(f"/staff/themes/{bank.id}/dismiss", version=bank.version, reason="Terlalu umum")

        assert forum.members(waste) == set(ids[6:])
        assert set(ids[3:5]) <= forum.members(light)
        decided = forum.decided()
        assert [decided[one] for one in (*ids[:3], ids[5])] == [None] * 4
        assert "Pembuatan" not in forum.get(f"/staff/themes/{bank.id}").text
        assert "sudah dibubarkan" in forum.get(f"/staff/themes/{bank.id}").text

    def test_a_group_that_is_no_theme_needs_a_reason_and_is_not_proposed_again(self, forum):
        forum.run()
        cluster_id, size = forum.cluster_of("parking")
        refused = forum.do(f"/staff/clusters/{cluster_id}/dismiss", 422, to="board")
        assert "Tulis alasannya" in refused.text

        forum.do(f"/staff/clusters/{cluster_id}/dismiss", reason="Di luar kewenangan kota", to="board")
        assert forum.check().unassigned >= size
        forum.run()

        with forum.app.app_context():
            set_aside = {entry for entry, theme_id in forum.decided().items() if theme_id is None}
            run = queries.latest_run(forum.id)
            clustered = set(db.session.scalars(select(RunMember.submission_id).where(
                RunMember.run_id == run.id, RunMember.cluster_id.is_not(None))))
        assert len(set_aside) == size
        assert not set_aside & clustered

    def test_unassigned_entries_find_a_place_by_hand(self, forum):
        forum.run()
        light = forum.confirm("light", "Lampu")
        cluster_id, _size = forum.cluster_of("parking")
        forum.do(f"/staff/clusters/{cluster_id}/dismiss", reason="Bukan tema")
        aside = sorted(entry for entry, theme_id in forum.decided().items() if theme_id is None)

        refused = forum.do(f"{forum.board}/place", 422, submission_ids=aside[:2], **{"for": "place"})
        assert re.search(rf'value="{aside[0]}" checked', refused.text)
        forum.do(f"{forum.board}/place", submission_ids=aside[:2], to_theme_id=light)
        forum.do(f"{forum.board}/place", submission_ids=aside[2:4], title="Karcis parkir")

        assert set(aside[:2]) <= forum.members(light)
        assert forum.members(forum.theme("Karcis parkir").id) == set(aside[2:4])

    def test_dimension_is_chosen_from_the_consultations_own_pack(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        with forum.app.app_context():
            packs = db.session.execute(select(Dimension.pack_id, func.min(Dimension.id), func.min(Dimension.name_id))
                                       .group_by(Dimension.pack_id).order_by(Dimension.pack_id)).all()
        forum.do(f"/staff/themes/{waste}/dimension", version=1, dimension_id=packs[0][1])
        forum.do(f"/staff/themes/{waste}/dimension", 422, version=2, dimension_id=packs[1][1])
        assert forum.theme("Sampah").dimension_id == packs[0][1]


class TestUndo:
    def test_the_last_decision_is_undone_from_the_board_in_words(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        before = forum.decided()
        forum.do(f"/staff/themes/{waste}/merge", to_theme_id=light, version=1)
        board = forum.get(forum.board).text
        assert "Menggabungkan “Sampah” ke tema “Lampu”." in board

        forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="board")

        assert forum.decided() == before
        assert forum.theme("Sampah").state == "confirmed"
        page = forum.get(forum.board).text
        assert "Baru saja diurungkan:" in page
        assert "Menetapkan tema “Lampu”" in page

    def test_what_was_undone_can_be_brought_back_and_undone_again(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah rumah")
        for expected in ("Sampah", "Limbah rumah", "Sampah"):
            forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="ledger")
            assert forum.theme(expected).id == waste

    def test_a_confirmation_that_is_undone_returns_its_entries_to_the_proposals(self, forum):
        forum.run()
        before = forum.check()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        assert forum.check() == before
        assert forum.decided() == {}
        assert "sudah diurungkan" in forum.get(f"/staff/themes/{waste}").text

        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        assert forum.theme("Sampah").state == "confirmed"
        assert len(forum.members(waste)) == forum.check().in_themes

    def test_an_older_decision_under_later_ones_is_refused_and_they_are_named(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        confirmation = forum.last_decision()
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah")

        refused = forum.do(f"/staff/decisions/{confirmation}/undo", 409, to="ledger")

        assert "Urungkan dahulu: Mengganti judul tema “Sampah” menjadi “Limbah”." in refused.text
        assert forum.theme("Limbah").state == "confirmed"

    def test_a_line_is_not_undone_twice(self, forum):
        forum.run()
        forum.confirm("waste", "Sampah")
        line = forum.last_decision()
        forum.do(f"/staff/decisions/{line}/undo")
        assert "sudah diurungkan" in forum.do(f"/staff/decisions/{line}/undo", 409).text

    def test_the_ledger_page_tells_everything_with_author(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah")
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="ledger")
        page = forum.get(f"/staff/consultations/{forum.id}/decisions").text
        assert "Mengurungkan: Mengganti judul tema “Sampah” menjadi “Limbah”." in page
        assert "Facilitator Uji" in page
        assert page.count("Urungkan</button>") == 1
        assert page.count("Kembalikan</button>") == 1
