"""Vectors in, clusters out: communities of the neighbour graph, small ones merged, then every text settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.claiming import FREE, after_claims
from analysis.community import communities, neighbour_graph
from analysis.estimator import Estimator
from analysis.mixture import CHUNK, MIN_SIMILARITY, MOVED_WEIGHT, N_ROUNDS, UNASSIGNED, settle
from analysis.numerics import unit_rows
from analysis.progress import Progress, part, told, untold
from analysis.titles import Titles, claim_by_titles, that_speak

RESOLUTION = 1.5
"""Of the modularity, at granularity 1. Agreement with people is flat between 1 and 2.5 (measured)."""

LEARNING_SIZE = 8_000
"""The clusters are found on at most this many vectors; the rest joins where it fits (measured: no loss)."""


def n_neighbours(n_documents: int) -> int:
    """clip(0.75 sqrt(n), 5, 25): fewer loses 2 to 3 AMI points, more gains nothing (measured)."""
    return int(np.clip(round(0.75 * n_documents**0.5), 5, 25))


class ThemeClusterer(Estimator):
    """Groups unit vectors without being told how many groups there are.

    Parameters
    ----------
    granularity : float above 0
        Multiplies the resolution of the community detection.
    max_clusters : int or None
    random_state : int
    n_rounds : int
        In which every text goes where it fits (`analysis.mixture.settle`).

    Attributes
    ----------
    labels_ : int ndarray of shape (n_documents,)
        Cluster of each document, or ``UNASSIGNED``. The clusters of owners come first: label i is owner i.
    centroids_ : ndarray of shape (n_clusters, n_components)
        Rows of length 1.
    """

    def __init__(
        self,
        granularity: float = 1.0,
        max_clusters: int | None = None,
        random_state: int = 0,
        n_rounds: int = N_ROUNDS,
    ) -> None:
        self.granularity = granularity
        self.max_clusters = max_clusters
        self.random_state = random_state
        self.n_rounds = n_rounds

    def fit(
        self,
        vectors: np.ndarray,
        y: object = None,
        *,
        words: sparse.csr_array | None = None,
        owners: np.ndarray | None = None,
        apart: Sequence[tuple[int, int]] = (),
        sizes: np.ndarray | None = None,
        titles: Titles | None = None,
        progress: Progress = untold,
    ) -> ThemeClusterer:
        """Group the rows of ``vectors``.

        Parameters
        ----------
        vectors : ndarray of shape (n_documents, n_components)
            Rows of length 1, or all zero for a document without known words (it stays unassigned).
        words : csr_array of shape (n_documents, n_words), optional
            Which words each document holds (`analysis.mixture.word_presence`); without, the vectors speak alone.
        owners : int ndarray of shape (n_documents,), optional
            Theme index, from 0 on, of documents that people decided; ``FREE`` for the others.
        apart : pairs of row numbers that must not share a cluster
        sizes : int ndarray of shape (n_documents,), optional
            How many equal documents each row stands for. It counts where the size of a cluster matters, not in
            its centre: thirty copies of one text are a group, but do not outvote thirty people.
        titles : Titles, optional
            What people call the themes of the owners, and of such as have no document yet; in the columns of ``words``.
        progress : Progress, optional
        """
        sizes = np.ones(len(vectors), dtype=int) if sizes is None else sizes
        owners = np.full(len(vectors), FREE) if owners is None else owners
        words = sparse.csr_array((len(vectors), 0)) if words is None else words
        silent = Titles.none(vectors.shape[1], words.shape[1])
        titles = silent if titles is None else titles
        n_owners = int(np.concatenate([owners, titles.owners]).max(initial=FREE)) + 1
        labels = np.full(len(vectors), UNASSIGNED)
        learned = self._learning_rows(vectors, owners)
        if len(learned):
            labels[learned] = self._first_partition(vectors[learned], sizes[learned], part(progress, 0.0, 0.7))
        texts = _Texts(vectors, words, sizes, learned, self.n_rounds)
        nothing = _Decided(np.full(len(vectors), FREE), np.zeros(len(vectors)), silent, 0)
        labels, centroids = _settled(texts, labels, nothing, part(progress, 0.7, 0.85))
        if n_owners:
            nearness = similarities(vectors, centroids, labels)[0]
            taken = claim_by_titles(labels, nearness, owners, centroids, titles, n_owners)
            labels, is_moved = after_claims(labels, taken, owners)
            if self.max_clusters is not None:
                placed = np.flatnonzero(labels >= 0)
                labels[placed] = self._merge_small(vectors[placed], labels[placed], n_owners, sizes[placed])
            weights = np.where(is_moved, MOVED_WEIGHT, 1.0)
            speaking = that_speak(titles, vectors, nearness, owners, taken, may_begin=self.max_clusters is None)
            decided = _Decided(owners, weights, speaking, n_owners)
            labels, centroids = _settled(texts, labels, decided, part(progress, 0.85, 1.0))
        self.labels_ = _keep_apart(vectors, labels, centroids, owners, apart)
        self.centroids_ = centroids
        return self

    def _learning_rows(self, vectors: np.ndarray, owners: np.ndarray) -> np.ndarray:
        usable = np.flatnonzero(vectors.any(axis=1))
        if len(usable) <= LEARNING_SIZE:
            return usable
        decided = usable[owners[usable] != FREE]
        free = usable[owners[usable] == FREE]
        size = max(LEARNING_SIZE - len(decided), LEARNING_SIZE // 2)
        random = np.random.default_rng(self.random_state)
        drawn = random.choice(free, min(size, len(free)), replace=False)
        return np.sort(np.concatenate([decided, drawn]))

    def _first_partition(self, vectors: np.ndarray, sizes: np.ndarray, progress: Progress) -> np.ndarray:
        """Communities as labels, small ones merged."""
        graph = neighbour_graph(vectors, n_neighbours(len(vectors)), progress=part(progress, 0.0, 0.5))
        found = communities(
            graph,
            resolution=RESOLUTION * self.granularity,
            random_state=self.random_state,
            progress=part(progress, 0.5, 1.0),
        )
        return self._merge_small(vectors, found, 0, sizes)

    def _merge_small(
        self, vectors: np.ndarray, labels: np.ndarray, n_owners: int, sizes: np.ndarray
    ) -> np.ndarray:
        """Join clusters below max(2, n / 60), and those above the limit, to the nearest one, smallest first."""
        least = max(2, sizes.sum() / (60 * self.granularity))
        while True:
            numbers = np.unique(labels)
            totals = np.bincount(np.searchsorted(numbers, labels), weights=sizes)
            too_many = self.max_clusters is not None and len(numbers) > self.max_clusters
            small = np.flatnonzero((numbers >= n_owners) & ((totals < least) | too_many))
            if not len(small) or len(numbers) < 2:
                return labels
            smallest = small[np.argmin(totals[small])]
            centroids = cluster_centroids(vectors, np.searchsorted(numbers, labels), len(numbers))
            similarity = np.round(centroids @ centroids[smallest], 9)
            similarity[smallest] = -np.inf
            target = int(np.argmax(similarity))
            labels = np.where(labels == numbers[smallest], numbers[target], labels)


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is grouped: ``learned`` are the rows on which groups are found in ``n_rounds``, the others join."""

    vectors: np.ndarray
    words: sparse.csr_array
    sizes: np.ndarray
    learned: np.ndarray
    n_rounds: int


@dataclass(frozen=True, slots=True)
class _Decided:
    """What people decided: ``owners`` and their ``weights`` by row, titles, and how many owners there are in all."""

    owners: np.ndarray
    weights: np.ndarray
    titles: Titles
    n_owners: int


def _settled(
    texts: _Texts, labels: np.ndarray, decided: _Decided, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Labels and centroids after every text went where it fits best; found on the learned rows, decided ones stay."""
    owners, titles = decided.owners, decided.titles
    numbers = np.union1d(np.arange(decided.n_owners), labels[labels >= 0])
    if not len(numbers):
        return labels, np.zeros((0, texts.vectors.shape[1]))
    labels = np.where(labels >= 0, np.searchsorted(numbers, labels), UNASSIGNED)
    rows = np.union1d(texts.learned, np.flatnonzero(owners != FREE))
    mixture = settle(
        np.vstack([texts.vectors[rows], titles.vectors]),
        sparse.vstack([texts.words[rows], titles.words], format="csr"),
        np.concatenate([labels[rows], titles.owners]),
        np.concatenate([owners[rows], titles.owners]),
        np.concatenate([decided.weights[rows], np.full(len(titles.owners), MOVED_WEIGHT)]),
        texts.n_rounds,
        part(progress, 0.0, 0.8),
    )
    labels = np.where(owners != FREE, owners, mixture.predict(texts.vectors, texts.words, part(progress, 0.8, 1.0)))
    centroids = cluster_centroids(texts.vectors, labels, len(mixture.directions))
    return _drop_empty(labels, centroids, decided.n_owners, texts.sizes)


def cluster_centroids(vectors: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Unit mean vectors, shape (n_clusters, n_components); zero for a cluster without members."""
    placed = np.flatnonzero(labels >= 0)
    ones = np.ones(len(placed), dtype=vectors.dtype)
    belongs = sparse.csr_array((ones, (labels[placed], placed)), shape=(n_clusters, len(vectors)))
    return unit_rows((belongs @ vectors).astype(float))


def nearest_centroids(vectors: np.ndarray, centroids: np.ndarray, progress: Progress = untold) -> np.ndarray:
    """Number of the nearest centroid of each row, of equal ones the first; `UNASSIGNED` below `MIN_SIMILARITY`."""
    nearest = np.full(len(vectors), UNASSIGNED)
    for start in told(progress, range(0, len(vectors) if len(centroids) else 0, CHUNK)):
        similarity = np.round(vectors[start : start + CHUNK] @ centroids.T, 9)
        best = similarity.argmax(axis=1)
        fits = similarity.max(axis=1) >= MIN_SIMILARITY
        nearest[start : start + CHUNK] = np.where(fits, best, UNASSIGNED)
    return nearest


def similarities(
    vectors: np.ndarray, centroids: np.ndarray, labels: np.ndarray, progress: Progress = untold
) -> tuple[np.ndarray, np.ndarray]:
    """Cosine similarity of each row to its own centroid and to the nearest other one.

    Returns
    -------
    own, other : ndarrays of shape (n_documents,)
        0 for a row without cluster; ``other`` is -1 where there is one cluster only.
    """
    own, other = np.zeros(len(vectors)), np.full(len(vectors), -1.0)
    for start in told(progress, range(0, len(vectors) if len(centroids) else 0, CHUNK)):
        chunk = slice(start, start + CHUNK)
        similarity = np.round(vectors[chunk] @ centroids.T, 9)
        placed = np.flatnonzero(labels[chunk] >= 0)
        cells = placed, labels[chunk][placed]
        own[start + placed] = similarity[cells]
        similarity[cells] = -1.0
        if len(centroids) > 1:
            other[chunk] = similarity.max(axis=1)
    return own, other


def _drop_empty(
    labels: np.ndarray, centroids: np.ndarray, n_owners: int, sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Renumber so that free clusters without members, or with a single document, are gone."""
    placed = labels >= 0
    totals = np.bincount(labels[placed], weights=sizes[placed], minlength=len(centroids))
    kept = np.flatnonzero((totals >= 2) | (np.arange(len(centroids)) < n_owners))
    new_number = np.full(len(centroids) + 1, UNASSIGNED)
    new_number[kept] = np.arange(len(kept))
    return new_number[labels], centroids[kept]


def _keep_apart(
    vectors: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    owners: np.ndarray,
    apart: Sequence[tuple[int, int]],
) -> np.ndarray:
    """Where a pair shares a cluster, the undecided and less typical one goes to its next best cluster."""
    labels = labels.copy()
    forbidden: dict[int, set[int]] = {}
    for first, second in apart:
        forbidden.setdefault(first, set()).add(second)
        forbidden.setdefault(second, set()).add(first)
    for first, second in sorted(tuple(sorted(pair)) for pair in apart):
        free = [row for row in (first, second) if owners[row] == FREE]
        if labels[first] != labels[second] or labels[first] == UNASSIGNED or not free:
            continue
        row = min(free, key=lambda row: (round(float(vectors[row] @ centroids[labels[row]]), 9), row))
        labels[row] = _best_allowed(vectors[row] @ centroids.T, {int(labels[other]) for other in forbidden[row]})
    return labels


def _best_allowed(similarity: np.ndarray, excluded: set[int]) -> int:
    for cluster in np.argsort(-np.round(similarity, 9), kind="stable"):
        if similarity[cluster] < MIN_SIMILARITY:
            return UNASSIGNED
        if int(cluster) not in excluded:
            return int(cluster)
    return UNASSIGNED
