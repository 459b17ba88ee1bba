"""A cluster that comes back without a fifth of the texts stands firm; one that noise made does not. Sub-themes."""

import numpy as np
from analysis_texts import forum

from analysis import Document, Guidance, Settings, Theme, analyze
from analysis.stability import cluster_stability
from analysis.token_rows import TokenRows


def blobs(n_each: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    centres = np.eye(20)[:4]
    points = np.repeat(centres, n_each, axis=0) + spread * random.normal(size=(4 * n_each, 20))
    return points / np.linalg.norm(points, axis=1, keepdims=True), np.repeat(np.arange(4), n_each)


def without_words(vectors: np.ndarray) -> TokenRows:
    return TokenRows.of([()] * len(vectors))


def test_separate_groups_come_back_whole():
    vectors, labels = blobs(20, 0.02)

    firm = cluster_stability(vectors, without_words(vectors), labels, granularity=1.0, random_state=0)

    assert firm.tolist() == [1.0] * 4


def test_groups_drawn_by_lot_do_not():
    vectors, _ = blobs(20, 0.02)
    by_lot = np.random.default_rng(0).integers(0, 4, size=80)

    assert cluster_stability(vectors, without_words(vectors), by_lot, granularity=1.0, random_state=0).max() < 0.5


def test_many_texts_are_sampled_with_the_same_answer():
    vectors, labels = blobs(600, 0.02)

    assert cluster_stability(vectors, without_words(vectors), labels, granularity=1.0, random_state=0).min() > 0.9


def test_nothing_placed_has_no_stability():
    vectors, nowhere = np.zeros((5, 3)), np.full(5, -1)

    assert cluster_stability(vectors, without_words(vectors), nowhere, granularity=1.0, random_state=0).shape == (0,)


def test_clear_themes_are_firm_and_a_theme_by_lot_is_not():
    clear = analyze(forum())
    by_lot = analyze(forum(), guidance=Guidance(themes=(Theme("lot", tuple(d.id for d in forum()[::7])),)))

    assert min(cluster.stability for cluster in clear.clusters) > 0.6
    assert next(one for one in by_lot.clusters if one.theme_key == "lot").stability < 0.5


def test_where_nothing_was_grouped_nothing_is_firm():
    guidance = Guidance(themes=(Theme("lampu", (0, 1)),))

    (cluster,) = analyze([Document(0, "Lampu mati"), Document(1, "Lampu padam")], guidance=guidance).clusters

    assert cluster.stability == 0
    assert cluster.sub_themes == ()


def test_a_broad_cluster_falls_into_what_it_was_made_of():
    result = analyze(forum(), Settings(granularity=0.05, max_clusters=2))

    broad = max(result.clusters, key=lambda cluster: len(cluster.members))
    assert len(broad.sub_themes) >= 2
    for part in broad.sub_themes:
        themes = [member.split("-")[0] for member in part.members]
        assert max(map(themes.count, themes)) >= 0.8 * len(themes)


def test_sub_themes_part_the_members_and_have_names_of_their_own():
    result = analyze(forum(), Settings(granularity=0.05, max_clusters=2))

    for cluster in result.clusters:
        inside = [member for part in cluster.sub_themes for member in part.members]
        assert len(set(inside)) == len(inside)
        assert set(inside) <= {member.id for member in cluster.members}
        labels = [part.label.casefold() for part in cluster.sub_themes]
        assert len({*labels, cluster.label.casefold()}) == len(labels) + 1
        assert all(len(part.members) >= 3 for part in cluster.sub_themes)


def test_small_clusters_have_no_second_level():
    assert all(cluster.sub_themes == () for cluster in analyze(forum()).clusters if len(cluster.members) < 15)
