"""Everything that is worked out about a grouping before it is told: after this nobody needs the vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from analysis.approach import Approach, approach_of
from analysis.claiming import FREE
from analysis.clustering import similarities
from analysis.contract import DocumentId, Settings
from analysis.grouping import Grouping
from analysis.labeling import label_clusters
from analysis.map_layout import lay_out
from analysis.meaning import concept_names, member_dimensions, sub_dimensions
from analysis.outcome import Quality, SubTheme
from analysis.progress import Progress, part, told, untold
from analysis.representing import Representer
from analysis.stability import cluster_stability
from analysis.sub_themes import sub_themes
from analysis.telling_words import telling_words

MAX_QUOTES = 3
QUOTE_WORDS = (5, 40)
"""Length of a telling quote in words: shorter ones lack the point, longer ones are not read on a card."""

MAX_EXPLAINED = 50_000
"""Documents with words and kind of answer: of a million the most typical of each cluster are enough to read."""

DIGITS = 4
"""Decimals of published numbers: beyond what a person reads, within what every machine agrees on."""


@dataclass(frozen=True, slots=True)
class FoundCluster:
    """What is known of one cluster beside its members' numbers; see ``Cluster``.

    ``rows`` are its documents, most typical first.
    """

    theme_key: str | None
    rows: np.ndarray
    label: str
    phrases: tuple[str, ...]
    quotes: tuple[DocumentId, ...]
    sub_themes: tuple[SubTheme, ...]
    dimensions: tuple[tuple[str, float], ...]
    stability: float
    centre: tuple[float, float]
    radius: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of documents, by row, and of clusters.

    Attributes
    ----------
    labels : int ndarray of shape (n_documents,)
        Negative for no cluster.
    own, confidence : ndarrays of shape (n_documents,)
        Cosine to the centre of the own cluster; ``Member.confidence``.
    words, approaches : mappings from row
        Of the documents that are explained.
    dimensions : sequence of length n_documents
        ``Member.dimension``.
    places : ndarray of shape (n_documents, 2)
    clusters : sequence of FoundCluster
        Those with members.
    quality : Quality
    n_wordless : int
        Documents without a word that carries a theme.
    """

    labels: np.ndarray
    own: np.ndarray
    confidence: np.ndarray
    words: Mapping[int, tuple[str, ...]]
    approaches: Mapping[int, Approach | None]
    dimensions: Sequence[tuple[str, float] | None]
    places: np.ndarray
    clusters: Sequence[FoundCluster]
    quality: Quality
    n_wordless: int


def find_out(
    grouping: Grouping, representer: Representer, settings: Settings, progress: Progress = untold
) -> Findings:
    """All that is told about a grouping."""
    centroids = grouping.centroids()
    own, other = similarities(grouping.vectors, centroids, grouping.labels, part(progress, 0.0, 0.05))
    confidence = np.where(grouping.owners == FREE, _confidence(own, other), 1.0)
    rows_of = [_surest_first(grouping, own, number) for number in range(len(centroids))]
    places, centres, radii = lay_out(grouping.vectors, centroids, rows_of)
    progress(0.1)
    explained = _explained_rows(rows_of, len(grouping.documents))
    stability = _stability(grouping, settings, part(progress, 0.1, 0.3))
    words = telling_words(grouping, representer, explained, part(progress, 0.3, 0.5))
    approaches = {
        row: approach_of(grouping.tokens[row]) for row in told(part(progress, 0.5, 0.55), explained.tolist())
    }
    of_members = member_dimensions(grouping.concepts, part(progress, 0.55, 0.6))
    dimensions = sub_dimensions(grouping.concepts, grouping.labels, len(centroids))
    # The largest cluster chooses its label first.
    filled = [number for number in range(len(centroids)) if len(rows_of[number])]
    filled.sort(key=lambda number: (-len(rows_of[number]), rows_of[number].min()))
    names = concept_names(grouping.concepts, grouping.labels, len(centroids))
    labels = label_clusters(
        [grouping.tokens.taken(rows_of[number]) for number in filled],
        [names[number] for number in filled],
        sureness=[confidence[rows_of[number]].tolist() for number in filled],
        progress=part(progress, 0.6, 0.7),
    )
    clusters = [
        FoundCluster(
            theme_key=grouping.theme_keys[number] if number < len(grouping.theme_keys) else None,
            rows=rows_of[number],
            label=label,
            phrases=phrases,
            quotes=tuple(grouping.documents[row].id for row in _telling(grouping, rows_of[number])),
            sub_themes=sub_themes(grouping, rows_of[number], label=label, random_state=settings.seed),
            dimensions=dimensions[number],
            stability=float(stability[number]),
            centre=(float(centres[number, 0]), float(centres[number, 1])),
            radius=float(radii[number]),
        )
        for number, (label, phrases) in told(part(progress, 0.7, 1.0), list(zip(filled, labels, strict=True)))
    ]
    return Findings(
        labels=grouping.labels,
        own=own,
        confidence=confidence,
        words=words,
        approaches=approaches,
        dimensions=of_members,
        places=places,
        clusters=clusters,
        quality=_quality(grouping.labels, own, other),
        n_wordless=int(np.count_nonzero(grouping.tokens.content_counts() == 0)),
    )


def _explained_rows(rows_of: Sequence[np.ndarray], n_documents: int) -> np.ndarray:
    """Rows whose words are looked at: all, or of many documents the most typical of each cluster."""
    most = n_documents if n_documents <= MAX_EXPLAINED else max(1, MAX_EXPLAINED // max(1, len(rows_of)))
    return np.sort(np.concatenate([np.zeros(0, dtype=int), *(rows[:most] for rows in rows_of)]))


def _stability(grouping: Grouping, settings: Settings, progress: Progress) -> np.ndarray:
    """0 for all where nothing was grouped: too few texts."""
    if not grouping.is_grouped:
        return np.zeros(int(grouping.labels.max(initial=-1)) + 1)
    return cluster_stability(
        grouping.vectors,
        grouping.tokens,
        grouping.labels,
        granularity=grouping.granularity,
        random_state=settings.seed,
        progress=progress,
    )


def _surest_first(grouping: Grouping, own: np.ndarray, number: int) -> np.ndarray:
    """Rows of one cluster, most typical first."""
    rows = np.flatnonzero(grouping.labels == number)
    return rows[np.argsort(-own[rows], kind="stable")]


def _confidence(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(own - next best) / own similarity, within 0..1; the own similarity where there is one cluster only."""
    margin = np.divide(own - other, own, out=np.zeros_like(own), where=own > 0)
    return np.clip(np.where(other == -1.0, own, margin), 0, 1)


def _telling(grouping: Grouping, rows: np.ndarray) -> list[int]:
    """Up to three rows with different words: the most typical of good length, then the most typical of any."""
    shortest, longest = QUOTE_WORDS
    good = (row for row in rows if shortest <= len(grouping.tokens[row]) <= longest)
    chosen: dict[tuple[str, ...], int] = {}
    for row in chain(good, rows):
        if len(chosen) == MAX_QUOTES:
            break
        if grouping.documents[row].text.strip():
            chosen.setdefault(tuple(token.surface for token in grouping.tokens[row]), row)
    return list(chosen.values())




def _quality(labels: np.ndarray, own: np.ndarray, other: np.ndarray) -> Quality:
    """Numbers on the whole grouping; all 0 when nothing is clustered."""
    placed = np.flatnonzero(labels >= 0)
    n_clusters = len(np.unique(labels[placed]))
    if not len(placed):
        return Quality(len(labels), 0, 0.0, 0.0, 0.0)
    own, other = own[placed], other[placed]
    separation = 0.0
    if n_clusters > 1:
        inside, outside = 1 - own, 1 - other
        widest = np.maximum(np.maximum(inside, outside), 1e-12)
        separation = float(((outside - inside) / widest).mean())
    return Quality(
        n_documents=len(labels),
        n_clusters=n_clusters,
        coverage=round(len(placed) / len(labels), DIGITS),
        cohesion=round(float(own.mean()), DIGITS),
        separation=round(separation, DIGITS),
    )
