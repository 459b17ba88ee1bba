"""What a cluster means by the thesaurus: the concept that names it, the sub-dimensions that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from analysis.concept_index import concept_index
from analysis.progress import Progress, told, untold

MEANT_FROM = 0.15
"""Weight (of a row of length 1) from which a text counts as meaning a concept."""

MIN_COVERAGE = 0.2
"""Share of the members that must mean a concept before it may name their cluster."""

GENERAL = 0.7
"""Factor on the score of a sub-dimension: its name ("pariwisata") says less than that of a concept."""

MAX_NAMES = 3
MAX_DIMENSIONS = 3
MIN_CONFIDENCE = 0.1
"""A sub-dimension below is not worth a planner's look."""

DIGITS = 4

CHUNK = 10_000
"""Documents looked at once; bounds memory."""

SUMMED_AT_ONCE = 100_000
"""Documents whose weights are copied at once."""


def concept_names(meant: sparse.csr_array, labels: np.ndarray, n_clusters: int) -> list[tuple[str, ...]]:
    """Names for each cluster in Indonesian, best first, up to ``MAX_NAMES``; none where no concept is agreed on.

    The score is the concept's mean weight in the members * sqrt(P(cluster | concept)): a name for most members goes
    before one that is peculiar to a few. Sub-dimensions step back, dimensions name nothing.

    Parameters
    ----------
    meant : csr_array of shape (n_documents, n_concepts)
    labels : int ndarray of shape (n_documents,)
        Cluster of each document, -1 for none.
    """
    listed = concept_index().concepts
    depth = np.array([concept.id.count(".") for concept in listed], dtype=int)
    preference = np.where(depth >= 2, 1.0, np.where(depth == 1, GENERAL, 0.0))
    counts = _sums(meant, labels, n_clusters, lambda weights: (weights >= MEANT_FROM).astype(float))
    sizes = np.maximum(np.bincount(labels[labels >= 0], minlength=n_clusters), 1)
    coverage = counts / sizes[:, None]
    precision = counts / (counts.sum(axis=0) + 1)
    strength = _sums(meant, labels, n_clusters, lambda weights: weights) / sizes[:, None]
    score = np.where(coverage >= MIN_COVERAGE, strength * np.sqrt(precision) * preference, 0.0)
    names = []
    for row in score:
        best = np.argsort(-np.round(row, 9), kind="stable")[:MAX_NAMES]
        names.append(tuple(listed[number].name_id for number in best if row[number] > 0))
    return names


def sub_dimensions(
    meant: sparse.csr_array, labels: np.ndarray, n_clusters: int
) -> list[tuple[tuple[str, float], ...]]:
    """Codes of sub-dimensions for each cluster with a confidence in 0..1, best first, up to ``MAX_DIMENSIONS``.

    The confidence is the mean over the members of the share of their meaning (squared weights of concepts) that
    lies in the sub-dimension; members that mean nothing known lower it.
    """
    codes, columns = _sub_dimension_columns([concept.sub_dimension for concept in concept_index().concepts])
    sizes = np.maximum(np.bincount(labels[labels >= 0], minlength=n_clusters), 1)
    confidence = np.round(_sums(meant, labels, n_clusters, np.square) @ columns / sizes[:, None], DIGITS)
    suggested = []
    for row in confidence:
        best = [number for number in np.argsort(-row, kind="stable") if "." in codes[number]][:MAX_DIMENSIONS]
        suggested.append(tuple((codes[number], float(row[number])) for number in best if row[number] >= MIN_CONFIDENCE))
    return suggested


def member_dimensions(meant: sparse.csr_array, progress: Progress = untold) -> list[tuple[str, float] | None]:
    """For each document the sub-dimension in which most of its meaning lies, with that share (0..1); None below
    ``MIN_CONFIDENCE``."""
    codes, columns = _sub_dimension_columns([concept.sub_dimension for concept in concept_index().concepts])
    is_sub = np.array(["." in code for code in codes])
    found: list[tuple[str, float] | None] = []
    one_of: dict[tuple[str, float], tuple[str, float]] = {}  # equal ones are one object: there may be a million
    for start in told(progress, range(0, meant.shape[0], CHUNK)):
        share = meant[start : start + CHUNK].copy()
        share.data **= 2
        confidence = np.round((share @ columns).toarray(), DIGITS) * is_sub
        best = confidence.argmax(axis=1)
        for number, sure in zip(best.tolist(), confidence.max(axis=1).tolist(), strict=True):
            suggestion = (codes[number], round(sure, DIGITS))
            found.append(one_of.setdefault(suggestion, suggestion) if sure >= MIN_CONFIDENCE else None)
    return found


def _sums(
    meant: sparse.csr_array, labels: np.ndarray, n_clusters: int, of_weights: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Sum of a function of the weights over each cluster's documents, shape (n_clusters, n_concepts)."""
    sums = np.zeros((n_clusters, meant.shape[1]))
    for start in range(0, len(labels), SUMMED_AT_ONCE):
        piece = meant[start : start + SUMMED_AT_ONCE]
        piece.data = of_weights(piece.data)
        sums += (_members(labels[start : start + SUMMED_AT_ONCE], n_clusters) @ piece).toarray()
    return sums


def _members(labels: np.ndarray, n_clusters: int) -> sparse.csr_array:
    """Cluster → documents, 0/1."""
    placed = np.flatnonzero(labels >= 0)
    return sparse.csr_array((np.ones(len(placed)), (labels[placed], placed)), shape=(n_clusters, len(labels)))


def _sub_dimension_columns(of_concept: Sequence[str]) -> tuple[list[str], sparse.csr_array]:
    codes = sorted(set(of_concept))
    place = {code: number for number, code in enumerate(codes)}
    columns = [place[code] for code in of_concept]
    ones = np.ones(len(columns))
    return codes, sparse.csr_array((ones, (np.arange(len(columns)), columns)), shape=(len(columns), len(codes)))
