"""How firmly a cluster stands: does it come back when a part of the texts had not been written?

Cluster-wise stability by resampling (Hennig 2007, "Cluster-wise assessment of cluster stability"): the texts are
grouped anew without a fifth of them, several times; each time the cluster is compared with the one most like it by
the Jaccard similarity (shared members / members of either). The mean is its stability. Hennig calls clusters of 0.75
and more stable, those below 0.6 not to be trusted.
"""

from __future__ import annotations

import numpy as np

from analysis.clustering import ThemeClusterer
from analysis.mixture import FEW_ROUNDS, word_presence
from analysis.progress import Progress, told, untold
from analysis.token_rows import TokenRows

N_ROUNDS = 10

KEPT = 0.8
"""Share of the texts in a round."""

SAMPLE_PER_CLUSTER, LEAST_SAMPLE, MAX_SAMPLE = 20, 200, 2_000
"""Texts looked at: enough of each cluster, and a bounded number of all."""

DIGITS = 4


def cluster_stability(
    vectors: np.ndarray,
    tokens: TokenRows,
    labels: np.ndarray,
    *,
    granularity: float,
    random_state: int,
    progress: Progress = untold,
) -> np.ndarray:
    """Mean best Jaccard similarity of each cluster over ``N_ROUNDS`` groupings of parts of the texts.

    People's decisions are left out on purpose: the number tells what the texts say by themselves.

    Parameters
    ----------
    vectors : ndarray of shape (n_documents, n_components)
        Rows of length 1 or 0.
    tokens : TokenRows of length n_documents
    labels : int ndarray of shape (n_documents,)
        Cluster of each document from 0 on, -1 for none.
    granularity : float
        That of the clustering under test.

    Returns
    -------
    ndarray of shape (n_clusters,)
        0..1; 0 for a cluster of which no text was drawn.
    """
    n_clusters = int(labels.max(initial=-1)) + 1
    if not n_clusters:
        return np.zeros(0)
    random = np.random.default_rng(random_state)
    size = int(np.clip(SAMPLE_PER_CLUSTER * n_clusters, LEAST_SAMPLE, MAX_SAMPLE))
    rows = np.arange(len(labels))
    if len(rows) > size:
        rows = np.sort(random.choice(rows, size, replace=False))
    words = word_presence(tokens.taken(rows))
    totals, n_seen = np.zeros(n_clusters), np.zeros(n_clusters)
    for _ in told(progress, range(N_ROUNDS)):
        chosen = np.sort(random.permutation(len(rows))[: max(2, round(KEPT * len(rows)))])
        kept = rows[chosen]
        clusterer = ThemeClusterer(granularity, None, random_state, FEW_ROUNDS)
        again = clusterer.fit(vectors[kept].astype(float, copy=False), words=words[chosen]).labels_
        similarity, is_there = _best_jaccard(labels[kept], again, n_clusters)
        totals += similarity
        n_seen += is_there
    return np.round(totals / np.maximum(n_seen, 1), DIGITS)


def _best_jaccard(labels: np.ndarray, again: np.ndarray, n_clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """For each cluster its largest Jaccard similarity to a new one, and whether it has members here at all."""
    n_again = int(again.max(initial=-1)) + 1
    cells = np.zeros((n_clusters + 1, n_again + 1))
    np.add.at(cells, (labels, again), 1)  # -1 is the last row or column
    sizes, new_sizes = cells.sum(axis=1)[:-1], cells.sum(axis=0)[:-1]
    shared = cells[:-1, :-1]
    either = sizes[:, None] + new_sizes[None, :] - shared
    best = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1, initial=0.0)
    return best, sizes > 0
