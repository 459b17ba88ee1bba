"""Scores of agreement against known values."""

import pytest
from sklearn.metrics import adjusted_mutual_info_score

from analysis.evaluation import agreement


def test_a_perfect_grouping_scores_one():
    scores = agreement(["a", "a", "b", "b", "c"], [2, 2, 0, 0, 1])

    assert (scores.v_measure, scores.ami, scores.ari, scores.purity, scores.b_cubed_f1) == pytest.approx((1,) * 5)
    assert (scores.n_clusters, scores.coverage) == (3, 1.0)


def test_one_group_for_all_tells_nothing():
    scores = agreement(["a", "a", "b", "b"], [0, 0, 0, 0])

    assert scores.ami == pytest.approx(0)
    assert scores.purity == pytest.approx(0.5)
    assert scores.b_cubed_f1 == pytest.approx(2 * 0.5 * 1 / 1.5)


def test_unassigned_documents_are_one_more_group():
    truth, found = ["a", "a", "a", "b", "b", "b"], [0, 0, -1, 1, 1, -1]

    scores = agreement(truth, found)

    assert scores.ami == pytest.approx(adjusted_mutual_info_score(truth, found))
    assert (scores.n_clusters, scores.coverage) == (2, pytest.approx(4 / 6))
    assert scores.purity == pytest.approx(5 / 6)


@pytest.mark.parametrize(("truth", "found"), [([], []), (["a"], [0, 1])])
def test_nothing_to_compare_is_refused(truth, found):
    with pytest.raises(ValueError, match="length"):
        agreement(truth, found)
