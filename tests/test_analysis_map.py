"""The map: clusters apart, the surest members in the middle, the same bytes for the same texts."""

import math

import numpy as np
import pytest
from analysis_texts import forum
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Document, analyze
from analysis.map_layout import lay_out


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def random_layout(sizes: list[int], n_outside: int = 0, seed: int = 0):
    random = np.random.default_rng(seed)
    n_documents = sum(sizes) + n_outside
    vectors = unit(random.normal(size=(n_documents, 8)))
    ends = np.cumsum(sizes)
    rows = [np.arange(end - size, end) for size, end in zip(sizes, ends, strict=True)]
    return (*lay_out(vectors, unit(random.normal(size=(len(sizes), 8))), rows), rows)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(0, 30), st.integers(0, 5))
def test_everything_is_on_the_map_and_nothing_on_top_of_another(sizes, n_outside, seed):
    places, centres, radii, rows = random_layout(sizes, n_outside, seed)

    assert np.abs(places).max() <= 1
    assert len({tuple(place) for place in places.tolist()}) == len(places)
    for own, centre, radius in zip(rows, centres, radii, strict=True):
        assert np.hypot(*(places[own] - centre).T).max() <= radius + 1e-3
        assert np.hypot(*centre) + radius <= 1 + 1e-3
    outside = places[sum(sizes) :]
    for centre, radius in zip(centres, radii, strict=True):
        assert all(np.hypot(*(outside - centre).T) > radius)


@pytest.mark.parametrize("n_clusters", [2, 3, 7, 20])
def test_circles_do_not_overlap(n_clusters):
    _, centres, radii, _ = random_layout([10 + number for number in range(n_clusters)])

    for one in range(n_clusters):
        for other in range(one):
            assert math.dist(centres[one], centres[other]) > radii[one] + radii[other]


def test_one_cluster_lies_in_the_middle_and_the_surest_in_its():
    places, centres, _, _ = random_layout([25])

    assert np.allclose(centres[0], 0)
    assert np.allclose(places[0], 0)


def test_without_clusters_the_documents_lie_around_the_middle():
    places, centres, radii = lay_out(unit(np.random.default_rng(0).normal(size=(9, 4))), np.zeros((0, 4)), [])

    assert centres.shape == (0, 2)
    assert radii.shape == (0,)
    assert np.abs(places).max() <= 1


def test_equal_centres_still_part():
    vectors = np.tile([1.0, 0.0], (8, 1))

    _, centres, radii = lay_out(vectors, vectors[:2], [np.arange(4), np.arange(4, 8)])

    assert math.dist(*centres) > radii.sum()


def test_clusters_alike_lie_nearer_than_clusters_unlike():
    centroids = unit(np.array([[1.0, 0.1, 0], [1.0, -0.1, 0], [-1.0, 0, 0.2], [0, 0, 1.0]]))
    vectors = np.repeat(centroids, 5, axis=0)

    _, centres, _ = lay_out(vectors, centroids, [np.arange(start, start + 5) for start in range(0, 20, 5)])

    assert math.dist(centres[0], centres[1]) < math.dist(centres[0], centres[2])


def test_the_map_of_a_forum_follows_its_clusters():
    result = analyze(forum())
    place = {key: (x, y) for key, x, y in result.positions}

    assert list(place) == sorted(place)
    for cluster in result.clusters:
        distances = [math.dist(place[member.id], cluster.position) for member in cluster.members]
        assert max(distances) <= cluster.radius


def test_the_order_of_texts_does_not_move_the_map():
    assert analyze(forum()).positions == analyze(forum()[::-1]).positions


def test_one_text_lies_in_the_middle():
    assert analyze([Document(1, "Lampu mati")]).positions == ((1, 0.0, 0.0),)
