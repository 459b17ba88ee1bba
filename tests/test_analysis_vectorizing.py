"""Word vectors, neighbour graph and communities on small inputs with known answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claiming import FREE, after_claims, claim
from analysis.community import communities, neighbour_graph
from analysis.numerics import DIGITS, largest_of_rows
from analysis.vectorizing import CooccurrenceVectorizer

WATER = [["rob", "tanggul"], ["tanggul", "pompa"], ["pompa", "rob"], ["rob", "pasang"], ["pasang", "tanggul"]]
WASTE = [["sampah", "truk"], ["truk", "gerobak"], ["gerobak", "sampah"], ["sampah", "bau"], ["bau", "truk"]]


def test_words_that_share_company_come_near_without_meeting():
    vectorizer = CooccurrenceVectorizer(n_components=4).fit(WATER + WASTE)

    pump, tide, cart = vectorizer.transform([["pompa"], ["pasang"], ["gerobak"]])

    assert pump @ tide > 0.5
    assert abs(pump @ cart) < 0.2


def test_a_background_brings_words_together_that_never_met_here():
    documents = [*WATER, *WASTE, ["rob", "kasur"], ["sampah", "ember"]]

    def nearness(background):
        vectorizer = CooccurrenceVectorizer(n_components=4, background=background).fit(documents)
        mattress, pump = vectorizer.transform([["kasur"], ["pompa"]])
        assert vectorizer.vocabulary_.keys() == {term for terms in documents for term in terms}
        return mattress @ pump

    assert nearness([["kasur", "pompa", "asing"]] * 5) > nearness(())


def test_vectors_have_length_one_or_zero():
    vectorizer = CooccurrenceVectorizer().fit(WATER + WASTE)

    vectors = vectorizer.transform([*WATER, [], ["asing"]])

    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1] * len(WATER) + [0, 0], atol=1e-12)


@pytest.mark.parametrize("documents", [[], [[]], [["satu"]], [["satu"], ["satu"]], [["satu", "dua"]]])
def test_tiny_vocabularies_give_finite_vectors(documents):
    vectors = CooccurrenceVectorizer().fit(documents).transform(documents)

    assert vectors.shape[0] == len(documents)
    assert np.isfinite(vectors).all()


def test_idf_is_that_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    reference = TfidfVectorizer(analyzer=list).fit(WATER + WASTE)
    ours = CooccurrenceVectorizer().fit(WATER + WASTE)

    assert list(ours.vocabulary_) == list(reference.get_feature_names_out())
    np.testing.assert_allclose(ours.idf_, reference.idf_)


def test_one_very_long_document_does_not_blow_up_the_counts():
    long_document = [f"kata{number}" for number in range(5_000)]

    vectorizer = CooccurrenceVectorizer().fit([long_document, *WATER])

    assert vectorizer.term_vectors_.shape == (5_004, 60)


def two_cliques() -> np.ndarray:
    """Eight points on the plane: four near each axis."""
    angles = np.radians([0, 2, 4, 6, 84, 86, 88, 90])
    return np.column_stack([np.cos(angles), np.sin(angles)])


def test_the_neighbour_graph_is_symmetric_without_loops():
    graph = neighbour_graph(two_cliques(), 3, chunk_size=3).toarray()

    np.testing.assert_allclose(graph, graph.T)
    assert not graph.diagonal().any()
    assert not graph[:4, 4:].any()
    assert (graph[:4, :4] > 0).sum() == 12


def test_communities_find_the_two_groups_by_themselves():
    graph = neighbour_graph(two_cliques(), 3)

    found = communities(graph, resolution=1.0, random_state=0)

    assert found.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_theme_takes_over_the_group_where_it_is_strongest_and_others_that_are_surely_its_own():
    found = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, -1])
    nearness = np.array([0.9, 0.5, 0.7, 0.9, 0.8, 0.7, 0.6, 0.9, 0.8, 0.9, 0.8, 0.0])
    two_groups = np.array([0, 0, FREE, 0, 0, FREE, FREE, FREE, FREE, FREE, FREE, FREE])
    stray = np.array([0, 0, FREE, 0, FREE, FREE, FREE, FREE, FREE, FREE, FREE, FREE])
    contested = np.array([0, 1, FREE, FREE, FREE, FREE, FREE, FREE, FREE, FREE, FREE, 1])

    assert claim(found, nearness, two_groups, 1).tolist() == [0, 0, 3, 4]
    assert claim(found, nearness, stray, 1).tolist() == [0, 2, 3, 4]
    assert claim(found, nearness, contested, 2).tolist() == [0, 3, 4, 5]


def test_texts_follow_the_group_that_a_theme_took_over_and_decided_ones_that_lay_elsewhere_were_moved():
    found = np.array([0, 0, 1, 1, 1, -1, -1])
    owners = np.array([0, FREE, 0, 1, FREE, 1, FREE])

    labels, is_moved = after_claims(found, np.array([0, 3]), owners)

    assert labels.tolist() == [0, 0, 0, 1, 3, 1, -1]
    assert is_moved.tolist() == [False, False, True, True, False, True, False]


def test_a_graph_without_edges_leaves_every_node_alone():
    graph = neighbour_graph(np.zeros((4, 2)), 3)

    found = communities(graph, resolution=1.0, random_state=0)

    assert found.tolist() == [0, 1, 2, 3]

    nothing = neighbour_graph(np.zeros((0, 2)), 3)
    assert communities(nothing, resolution=1.0, random_state=0).size == 0


def test_modularity_is_as_good_as_exhaustive_search_on_a_small_graph():
    """Against every partition of a ring of three triangles."""
    from itertools import product

    from scipy import sparse

    edges = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (6, 7), (7, 8), (6, 8), (2, 3), (5, 6), (8, 0)]
    dense = np.zeros((9, 9))
    for first, second in edges:
        dense[first, second] = dense[second, first] = 1
    degree, total = dense.sum(axis=1), dense.sum()

    def modularity(labels) -> float:
        same = np.equal.outer(labels, labels)
        return float(((dense - np.outer(degree, degree) / total) * same).sum() / total)

    found = communities(sparse.csr_array(dense), resolution=1.0, random_state=0)

    best = max(modularity(np.array([0, *rest])) for rest in product(range(3), repeat=8))
    assert modularity(found) == pytest.approx(best)


@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=6, max_size=6), min_size=1, max_size=5),
    st.integers(1, 6),
)
def test_the_largest_cells_of_a_row_are_those_that_sorting_finds(values, limit):
    rows = np.array(values)

    found = largest_of_rows(rows, limit)

    for row, is_large in zip(rows, found, strict=True):
        assert np.flatnonzero(is_large).tolist() == sorted(np.argsort(-row, kind="stable")[:limit].tolist())


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.sampled_from([0, 1e-12, 3e-10, 2e-9, 1e-8, 1e-3]))
def test_the_largest_cells_of_long_rows_are_those_of_their_rounded_values(seed, limit, apart):
    """Many cells are equal, or differ by less than half-length numbers or the rounding can tell."""
    random = np.random.default_rng(seed)
    levels = random.choice([-0.5, 0.0, 0.25, 1 / 3, 0.999999999], size=5)
    rows = random.choice(levels, size=(4, 90)) + apart * random.integers(-2, 3, size=(4, 90))
    rows[0, seed % 90] = -np.inf  # as the similarity of a text to itself

    found = largest_of_rows(rows, limit)

    for row, is_large in zip(np.round(rows, DIGITS), found, strict=True):
        assert np.flatnonzero(is_large).tolist() == sorted(np.argsort(-row, kind="stable")[:limit].tolist())
