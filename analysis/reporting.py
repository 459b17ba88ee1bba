"""From a grouping to what people read: clusters with labels, quotes and confidence, quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.approach import Approach, approach_of, approach_of_cluster
from analysis.claiming import FREE
from analysis.clustering import similarities
from analysis.contract import DocumentId, Settings
from analysis.fingerprint import cluster_key, id_order
from analysis.grouping import Grouping
from analysis.labeling import label_clusters
from analysis.map_layout import lay_out
from analysis.meaning import concept_names, member_dimensions, sub_dimensions
from analysis.outcome import Cluster, Member, Quality
from analysis.representing import Representer
from analysis.stability import cluster_stability
from analysis.sub_themes import sub_themes
from analysis.telling_words import telling_words

MAX_QUOTES = 3
QUOTE_WORDS = (5, 40)
"""Length of a telling quote in words: shorter ones lack the point, longer ones are not read on a card."""

MIXED_BELOW = 0.6
"""Cohesion under which a cluster is called mixed: clusters that people would not accept as one theme lay below it
on labelled texts of three kinds. Revisit after the first real forums."""

MAX_EXPLAINED = 50_000
"""Documents with words and kind of answer: of a million the most typical of each cluster are enough to read."""

DIGITS = 4
"""Decimals of published numbers: beyond what a person reads, within what every machine agrees on."""


@dataclass(frozen=True, slots=True)
class Description:
    """What people read of a grouping: ``clusters`` and ``positions`` as in ``Result``."""

    clusters: tuple[Cluster, ...]
    positions: tuple[tuple[DocumentId, float, float], ...]


@dataclass(frozen=True, slots=True)
class _Explained:
    """What is known of documents and clusters beside the grouping: by row, and by cluster number."""

    own: np.ndarray
    confidence: np.ndarray
    words: Mapping[int, tuple[str, ...]]
    approaches: Mapping[int, Approach | None]
    member_dimensions: Sequence[tuple[str, float] | None]
    dimensions: Sequence[tuple[tuple[str, float], ...]]
    stability: np.ndarray
    centres: np.ndarray
    radii: np.ndarray


def describe(grouping: Grouping, representer: Representer, settings: Settings) -> Description:
    """All clusters with members, largest first, then by key; and the map."""
    centroids = grouping.centroids()
    own, other = similarities(grouping.vectors, centroids, grouping.labels)
    confidence = np.where(grouping.owners == FREE, _confidence(own, other), 1.0)
    rows_of = [_surest_first(grouping, own, number) for number in range(len(centroids))]
    places, centres, radii = lay_out(grouping.vectors, centroids, rows_of)
    explained = _explained_rows(rows_of, len(grouping.documents))
    known = _Explained(
        own=own,
        confidence=confidence,
        words=telling_words(grouping, representer, explained),
        approaches={row: approach_of(grouping.tokens[row]) for row in explained.tolist()},
        member_dimensions=member_dimensions(grouping.concepts),
        dimensions=sub_dimensions(grouping.concepts, grouping.labels, len(centroids)),
        stability=_stability(grouping, settings),
        centres=centres,
        radii=radii,
    )
    filled = [number for number in range(len(centroids)) if len(rows_of[number])]
    # The largest cluster chooses its label first.
    filled.sort(key=lambda number: (-len(rows_of[number]), rows_of[number].min()))
    names = concept_names(grouping.concepts, grouping.labels, len(centroids))
    labels = label_clusters(
        [[grouping.tokens[row] for row in rows_of[number]] for number in filled],
        [names[number] for number in filled],
    )
    clusters = [
        _describe(grouping, known, number, rows_of[number], label, phrases, settings)
        for number, (label, phrases) in zip(filled, labels, strict=True)
    ]
    positions = [
        (document.id, float(x), float(y)) for document, (x, y) in zip(grouping.documents, places, strict=True)
    ]
    return Description(
        tuple(sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.key))),
        tuple(sorted(positions, key=lambda position: id_order(position[0]))),
    )


def _explained_rows(rows_of: Sequence[np.ndarray], n_documents: int) -> np.ndarray:
    """Rows whose words are looked at: all, or of many documents the most typical of each cluster."""
    most = n_documents if n_documents <= MAX_EXPLAINED else max(1, MAX_EXPLAINED // max(1, len(rows_of)))
    return np.sort(np.concatenate([np.zeros(0, dtype=int), *(rows[:most] for rows in rows_of)]))


def _stability(grouping: Grouping, settings: Settings) -> np.ndarray:
    """0 for all where nothing was grouped: too few texts."""
    if not grouping.is_grouped:
        return np.zeros(int(grouping.labels.max(initial=-1)) + 1)
    return cluster_stability(
        grouping.vectors, grouping.labels, granularity=grouping.granularity, random_state=settings.seed
    )


def _surest_first(grouping: Grouping, own: np.ndarray, number: int) -> np.ndarray:
    """Rows of one cluster, most typical first."""
    rows = np.flatnonzero(grouping.labels == number)
    return rows[np.argsort(-own[rows], kind="stable")]


def _describe(
    grouping: Grouping,
    known: _Explained,
    number: int,
    rows: np.ndarray,
    label: str,
    phrases: tuple[str, ...],
    settings: Settings,
) -> Cluster:
    members = [
        Member(
            grouping.documents[row].id,
            round(float(known.confidence[row]), DIGITS),
            known.words.get(row, ()),
            known.approaches.get(row),
            known.member_dimensions[row],
        )
        for row in rows.tolist()
    ]
    members.sort(key=lambda member: (-member.confidence, id_order(member.id)))
    cohesion = round(float(known.own[rows].mean()), DIGITS)
    return Cluster(
        key=cluster_key(member.id for member in members),
        theme_key=grouping.theme_keys[number] if number < len(grouping.theme_keys) else None,
        members=tuple(members),
        label=label,
        phrases=phrases,
        quotes=tuple(grouping.documents[row].id for row in _telling(grouping, rows)),
        cohesion=cohesion,
        is_mixed=cohesion < MIXED_BELOW,
        dimensions=known.dimensions[number],
        stability=float(known.stability[number]),
        sub_themes=sub_themes(grouping, rows, label=label, random_state=settings.seed),
        approach=approach_of_cluster(known.approaches[row] for row in rows.tolist() if row in known.approaches),
        position=(float(known.centres[number, 0]), float(known.centres[number, 1])),
        radius=float(known.radii[number]),
    )


def _confidence(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(own - next best) / own similarity, within 0..1; the own similarity where there is one cluster only."""
    margin = np.divide(own - other, own, out=np.zeros_like(own), where=own > 0)
    return np.clip(np.where(other == -1.0, own, margin), 0, 1)


def _telling(grouping: Grouping, rows: Sequence[int]) -> list[int]:
    """Up to three rows with different words: the most typical of good length, then the most typical of any."""
    shortest, longest = QUOTE_WORDS
    good = [row for row in rows if shortest <= len(grouping.tokens[row]) <= longest]
    chosen: dict[tuple[str, ...], int] = {}
    for row in [*good, *rows]:
        if len(chosen) == MAX_QUOTES:
            break
        if grouping.documents[row].text.strip():
            chosen.setdefault(tuple(token.surface for token in grouping.tokens[row]), row)
    return list(chosen.values())


def measure(grouping: Grouping) -> Quality:
    """Numbers on the whole grouping; all 0 when nothing is clustered."""
    n_documents = len(grouping.documents)
    placed = np.flatnonzero(grouping.labels >= 0)
    n_clusters = len(np.unique(grouping.labels[placed]))
    if not len(placed):
        return Quality(n_documents, 0, 0.0, 0.0, 0.0)
    own, other = (found[placed] for found in similarities(grouping.vectors, grouping.centroids(), grouping.labels))
    separation = 0.0
    if n_clusters > 1:
        inside, outside = 1 - own, 1 - other
        widest = np.maximum(np.maximum(inside, outside), 1e-12)
        separation = float(((outside - inside) / widest).mean())
    return Quality(
        n_documents=n_documents,
        n_clusters=n_clusters,
        coverage=round(len(placed) / n_documents, DIGITS),
        cohesion=round(float(own.mean()), DIGITS),
        separation=round(separation, DIGITS),
    )
