"""The ranking as a calculation: what must hold for any sheets, and the numbers of small examples."""
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.priorities.ranking import Sheet, Yardstick, rank_themes

USG = (Yardstick("U"), Yardstick("S"), Yardstick("G"))
CODES = ("U", "S", "G")


def sheet(theme_id, assessor_id, u, s, g):
    return Sheet(theme_id, assessor_id, {"U": u, "S": s, "G": g})


def by_theme(sheets, yardsticks=USG):
    return {ranked.theme_id: ranked for ranked in rank_themes(sheets, yardsticks)}


values = st.integers(1, 5)
cells = st.dictionaries(st.tuples(st.integers(1, 8), st.integers(1, 4)), st.tuples(values, values, values),
                        min_size=1, max_size=24)
any_sheets = cells.map(lambda found: [sheet(theme, assessor, *usg) for (theme, assessor), usg in found.items()])
any_weights = st.lists(st.sampled_from([0.0, 0.1, 0.25, 1.0, 1.5, 20.0]), min_size=3, max_size=3).filter(any).map(
    lambda weights: tuple(Yardstick(code, weight) for code, weight in zip(CODES, weights, strict=True)))


class TestAnySheets:
    @given(any_sheets, any_weights, st.randoms(use_true_random=False))
    def test_the_order_of_the_sheets_does_not_matter(self, sheets, weights, shuffler: random.Random):
        shuffled = list(sheets)
        shuffler.shuffle(shuffled)
        assert rank_themes(shuffled, weights) == rank_themes(sheets, weights)

    @given(any_sheets, any_weights)
    def test_ranks_are_standard_competition_ranks(self, sheets, weights):
        ranked = rank_themes(sheets, weights)
        assert {one.theme_id for one in ranked} == {one.theme_id for one in sheets}
        assert ranked[0].rank == 1
        for one in ranked:
            assert one.rank == 1 + sum(other.rank < one.rank for other in ranked)
            assert one.is_tied == (sum(other.rank == one.rank for other in ranked) > 1)
        totals = [one.total for one in ranked]
        assert totals == sorted(totals, reverse=True)

    @given(any_sheets, any_weights)
    def test_the_interval_holds_the_rank_and_stays_within_the_list(self, sheets, weights):
        ranked = rank_themes(sheets, weights)
        for one in ranked:
            assert 1 <= one.best_rank <= one.rank <= one.worst_rank <= len(ranked)

    @given(any_sheets, any_weights, st.data())
    def test_a_higher_score_never_lowers_a_rank(self, sheets, weights, data):
        chosen = data.draw(st.sampled_from(range(len(sheets))))
        code = data.draw(st.sampled_from(CODES))
        before = by_theme(sheets, weights)
        raised = list(sheets)
        old = raised[chosen]
        raised[chosen] = Sheet(old.theme_id, old.assessor_id, {**old.values, code: old.values[code] + 1})

        after = by_theme(raised, weights)

        assert after[old.theme_id].rank <= before[old.theme_id].rank
        assert after[old.theme_id].best_rank <= before[old.theme_id].best_rank
        assert after[old.theme_id].worst_rank <= before[old.theme_id].worst_rank
        assert all(after[theme_id].rank >= ranked.rank for theme_id, ranked in before.items()
                   if theme_id != old.theme_id)

    @given(any_sheets)
    def test_spread_lies_around_the_total_and_is_zero_for_one_assessor(self, sheets):
        for one in rank_themes(sheets, USG):
            assert one.lowest <= one.total + 1e-9
            assert one.total <= one.highest + 1e-9
            assert 0 <= one.deviation <= (one.highest - one.lowest) / 2 + 1e-9
            if one.n_assessors == 1:
                assert (one.lowest, one.highest, one.deviation) == (one.total, one.total, 0.0)

    @given(any_sheets)
    def test_the_total_is_the_sum_of_the_three_means(self, sheets):
        for one in rank_themes(sheets, USG):
            assert one.total == pytest.approx(sum(one.means.values()))
            assert 3 <= one.total <= 15


class TestExamples:
    def test_no_sheets_give_an_empty_list(self):
        assert rank_themes([], USG) == []

    def test_total_means_and_spread_of_two_assessors(self):
        only = by_theme([sheet(7, 1, 5, 4, 3), sheet(7, 2, 3, 4, 1)])[7]
        assert (only.total, only.means) == (10.0, {"U": 4.0, "S": 4.0, "G": 2.0})
        assert (only.lowest, only.highest, only.deviation, only.n_assessors) == (8.0, 12.0, 2.0, 2)

    def test_equal_totals_share_a_rank_and_the_next_is_left_out(self):
        ranked = rank_themes([sheet(1, 1, 5, 5, 5), sheet(2, 1, 4, 3, 2), sheet(3, 1, 2, 3, 4), sheet(4, 1, 1, 1, 1)],
                             USG)
        assert [(one.theme_id, one.rank, one.is_tied) for one in ranked] == [
            (1, 1, False), (2, 2, True), (3, 2, True), (4, 4, False)]

    def test_means_over_different_numbers_of_assessors_tie_exactly(self):
        thirds = [sheet(1, 1, 4, 4, 5), sheet(1, 2, 4, 4, 5), sheet(1, 3, 4, 5, 5)]
        sixths = [sheet(2, n, 4, 4, 5) for n in range(1, 5)] + [sheet(2, n, 4, 5, 5) for n in (5, 6)]
        assert [one.rank for one in rank_themes(thirds + sixths, USG)] == [1, 1]

    def test_decimal_weights_are_taken_as_written(self):
        weights = (Yardstick("U", 0.1), Yardstick("S", 0.2), Yardstick("G", 0.3))
        ranked = by_theme([sheet(1, 1, 1, 1, 2), sheet(2, 1, 2, 2, 1)], weights)
        assert ranked[1].total == 0.9
        assert ranked[1].rank == ranked[2].rank == 1

    def test_a_rank_that_hangs_on_one_assessor_has_a_wide_interval(self):
        sheets = [sheet(1, 1, 5, 5, 5), sheet(1, 2, 2, 2, 2), sheet(1, 3, 3, 3, 3),
                  sheet(2, 1, 3, 3, 3), sheet(2, 2, 3, 3, 3), sheet(2, 3, 3, 3, 3)]
        ranked = by_theme(sheets)
        assert (ranked[1].rank, ranked[1].best_rank, ranked[1].worst_rank) == (1, 1, 2)
        assert (ranked[2].rank, ranked[2].best_rank, ranked[2].worst_rank) == (2, 1, 2)

    def test_a_rank_that_hangs_on_a_weight_has_a_wide_interval_also_with_one_assessor(self):
        ranked = by_theme([sheet(1, 1, 5, 3, 3), sheet(2, 1, 3, 3, 5), sheet(3, 1, 1, 1, 1)])
        assert [(ranked[n].rank, ranked[n].best_rank, ranked[n].worst_rank) for n in (1, 2, 3)] == [
            (1, 1, 2), (1, 1, 2), (3, 3, 3)]

    def test_a_clear_lead_is_firm(self):
        ranked = by_theme([sheet(1, n, 5, 5, 5) for n in (1, 2, 3)] + [sheet(2, n, 1, 1, 2) for n in (1, 2, 3)])
        assert (ranked[1].best_rank, ranked[1].worst_rank) == (1, 1)
        assert (ranked[2].best_rank, ranked[2].worst_rank) == (2, 2)

    def test_a_theme_with_a_single_assessor_stays_in_the_comparison(self):
        sheets = [sheet(1, 1, 5, 5, 5), sheet(2, 2, 3, 3, 3), sheet(2, 3, 3, 3, 3)]
        ranked = by_theme(sheets)
        assert (ranked[2].best_rank, ranked[2].worst_rank) == (2, 2)


@pytest.mark.parametrize(("sheets", "yardsticks"), [
    ([], ()),
    ([], (Yardstick("U"), Yardstick("U"))),
    ([], (Yardstick("U", -1.0), Yardstick("S", 2.0))),
    ([], (Yardstick("U", 0.0),)),
    ([Sheet(1, 1, {"U": 3})], USG),
    ([sheet(1, 1, 3, 3, 3), sheet(1, 1, 4, 4, 4)], USG),
])
def test_what_cannot_be_ranked_is_refused(sheets, yardsticks):
    with pytest.raises(ValueError, match=r"."):
        rank_themes(sheets, yardsticks)
