"""Themes of the plan under revision: on the board before anybody wrote, filled by the analysis, told truly."""
import pytest
from review_forum import Forum
from sqlalchemy import select

from forum.consultations.queries import consultation_or_404
from forum.db import db
from forum.review import board, planning
from forum.review.deciding import UnusableDecision
from forum.review.ledger import Line, replay
from forum.review.models import Theme

PASTED = """1. Antrean dan obat di puskesmas
2)  Sampah menumpuk

• Bandar udara
sampah MENUMPUK
"""


@pytest.fixture
def forum(app, as_facilitator):
    return Forum(app, as_facilitator)


def plan(forum, titles, status=303):
    return forum.do(f"{forum.board}/plan", status, titles=titles, **{"for": "plan"})


def tap(forum, decision_id, status=303):
    """The button that takes back, or brings back, all that one act wrote."""
    return forum.do(f"/staff/decisions/{decision_id}/undo", status, whole="yes")


def rename(forum, before, after):
    theme = forum.theme(before)
    forum.do(f"/staff/themes/{theme.id}/rename", version=theme.version, title=after)


def cards(forum):
    with forum.app.app_context():
        return {card.theme.title: card for card in board.board(consultation_or_404(forum.id)).themes}


class TestTitles:
    def test_a_pasted_list_gives_each_title_once_without_bullets_and_numbers(self):
        assert planning.titles_in(PASTED) == ["Antrean dan obat di puskesmas", "Sampah menumpuk", "Bandar udara"]

    @pytest.mark.parametrize(("typed", "title"), [
        ("- rob", "rob"), ("a) rob", "rob"), ("(3) rob", "rob"), ("12. rob", "rob"), ("– rob", "rob"),
        ("2030 bebas rob", "2030 bebas rob"), ("3R: kurangi sampah", "3R: kurangi sampah"), ("K-pop", "K-pop"),
        ("a", "a"), ("  rob \t pasang ", "rob pasang")])
    def test_what_belongs_to_a_title_stays(self, typed, title):
        assert planning.titles_in(typed) == [title]

    @pytest.mark.parametrize("typed", ["", "  \n\t\n", "\x00"])
    def test_nothing_is_refused(self, app, typed):
        with app.test_request_context(), pytest.raises(UnusableDecision, match="satu judul per baris"):
            planning.titles_in(typed)

    def test_too_long_and_too_many_are_refused_with_what_to_do(self, app):
        with app.test_request_context():
            with pytest.raises(UnusableDecision, match="Terlalu panjang: “Xx"):
                planning.titles_in("Rob\nX" + "x" * 120)
            with pytest.raises(UnusableDecision, match="ini ada 101"):
                planning.titles_in("\n".join(f"Tema {number}" for number in range(101)))


class TestBoard:
    def test_themes_of_a_plan_stand_on_the_board_before_the_first_analysis(self, forum):
        assert "Tambahkan tema dari rencana yang ada" in forum.get(forum.board).text
        answer = forum.get(plan(forum, PASTED).location)
        assert "3 tema ditambahkan" in answer.text
        assert {title: (card.n_members, card.n_suggested) for title, card in cards(forum).items()} == dict.fromkeys(
            ("Antrean dan obat di puskesmas", "Sampah menumpuk", "Bandar udara"), (0, 0))

    def test_the_analysis_suggests_entries_for_them_and_leaves_empty_what_nobody_speaks_of(self, forum):
        plan(forum, PASTED)
        forum.run()
        n_suggested = {title: card.n_suggested for title, card in cards(forum).items()}
        assert n_suggested["Bandar udara"] == 0
        assert min(n_suggested["Sampah menumpuk"], n_suggested["Antrean dan obat di puskesmas"]) >= 10
        assert forum.check().in_themes == 0

        waste = forum.theme("Sampah menumpuk")
        forum.do(f"/staff/themes/{waste.id}/accept", version=waste.version)
        assert cards(forum)["Sampah menumpuk"].n_members == n_suggested["Sampah menumpuk"]

    def test_what_is_there_is_told_and_not_made_twice(self, forum):
        plan(forum, "Sampah menumpuk")
        answer = forum.get(plan(forum, PASTED).location)
        assert "2 tema ditambahkan" in answer.text
        assert "Sudah ada, jadi tidak ditambahkan lagi: “Sampah menumpuk”." in answer.text
        again = plan(forum, PASTED, 409)
        assert "Semua judul ini sudah menjadi tema." in again.text
        assert "• Bandar udara" in again.text, "what was typed is kept"
        with forum.app.app_context():
            assert db.session.scalars(select(Theme.title)).all().count("Sampah menumpuk") == 1

    def test_a_refused_list_makes_nothing_and_is_kept(self, forum):
        answer = plan(forum, "Rob\n" + "x" * 121, 422)
        assert "Terlalu panjang" in answer.text
        assert "x" * 121 in answer.text
        assert not cards(forum)

    def test_each_can_be_undone_until_something_stands_on_it(self, forum):
        plan(forum, "Rob\nSampah menumpuk")
        second = forum.last_decision()
        first = second - 1
        forum.do(f"/staff/decisions/{first}/undo")
        assert list(cards(forum)) == ["Sampah menumpuk"]
        forum.run()
        waste = forum.theme("Sampah menumpuk")
        forum.do(f"/staff/themes/{waste.id}/accept", version=waste.version)
        answer = forum.do(f"/staff/decisions/{second}/undo", 409)
        assert "Urungkan dahulu" in answer.text

    def test_a_wrong_list_is_taken_back_and_brought_back_with_one_tap(self, forum):
        plan(forum, "Pelabuhan\nPendidikan")
        plan(forum, PASTED)
        kept = ["Pelabuhan", "Pendidikan"]
        offer = forum.get(forum.board).text
        assert "Menambahkan 3 tema dari rencana yang ada." in offer
        answer = forum.get(tap(forum, forum.last_decision()).location)
        assert "3 keputusan diurungkan." in answer.text
        assert sorted(cards(forum)) == kept
        assert "Baru saja diurungkan:" in answer.text

        answer = forum.get(tap(forum, forum.last_decision()).location)
        assert "3 keputusan dikembalikan." in answer.text
        assert len(cards(forum)) == 5
        tap(forum, forum.last_decision())
        assert sorted(cards(forum)) == kept

    def test_what_was_undone_before_is_passed_over_and_what_others_stand_on_is_named(self, forum):
        plan(forum, PASTED)
        newest = forum.last_decision()
        forum.do(f"/staff/decisions/{newest - 1}/undo")
        ledger = f"/staff/consultations/{forum.id}/decisions"
        assert "Urungkan 2 sekaligus" in forum.get(ledger).text
        rename(forum, "Bandar udara", "Bandara")
        answer = tap(forum, newest, 409)
        assert "Urungkan dahulu: Mengganti judul tema “Bandar udara” menjadi “Bandara”." in answer.text
        assert len(cards(forum)) == 2, "all or nothing"
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        tap(forum, newest)
        assert not cards(forum)
        assert "sudah diurungkan" in tap(forum, newest, 409).text
        assert "Kembalikan 2 sekaligus" in forum.get(ledger).text

    def test_a_decision_of_its_own_takes_no_other_with_it(self, forum):
        plan(forum, "Rob")
        plan(forum, "Sampah menumpuk")
        assert "sekaligus" not in forum.get(f"/staff/consultations/{forum.id}/decisions").text
        tap(forum, forum.last_decision())
        assert list(cards(forum)) == ["Rob"]

    def test_the_ledger_says_where_it_comes_from(self, forum):
        plan(forum, "Rob")
        ledger = forum.get(f"/staff/consultations/{forum.id}/decisions").text
        assert "Menambahkan tema “Rob” dari rencana yang ada." in ledger

    def test_only_a_facilitator_sees_and_sends_the_form(self, forum, as_planner):
        forum.run()
        assert "plan-titles" not in as_planner.get(forum.board).text
        assert as_planner.submit(f"{forum.board}/plan", {"titles": "Rob"}).status_code == 403


def test_a_theme_without_entries_needs_a_plan_behind_it():
    outcome = replay([Line(1, "confirm", 7, {"title": "A", "members": []}),
                      Line(2, "confirm", 8, {"title": "B", "members": [], "planned": True}),
                      Line(3, "split", 9, {"from": 8, "members": [], "title": "C", "planned": True})])
    assert [(one.line_id, one.why) for one in outcome.inapplicable] == [(1, "no_members"), (3, "no_members")]
    assert list(outcome.themes) == [8]


def test_an_empty_theme_can_be_merged_renamed_and_dissolved(forum):
    plan(forum, "Rob\nBanjir rob\nBandar udara")
    rob, flood, airport = (forum.theme(title).id for title in ("Rob", "Banjir rob", "Bandar udara"))
    forum.do(f"/staff/themes/{rob}/merge", to_theme_id=flood, version=1)
    forum.do(f"/staff/themes/{flood}/rename", version=forum.theme("Banjir rob").version, title="Rob pesisir")
    forum.do(f"/staff/themes/{airport}/dismiss", version=1, reason="Tidak dibahas")
    assert list(cards(forum)) == ["Rob pesisir"]
