"""From a grouping to what people read: clusters with labels, quotes and confidence, quality, plain warnings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.clustering import similarities
from analysis.community import FREE
from analysis.contract import Cluster, Guidance, Member, Quality, Settings, Warning_
from analysis.fingerprint import cluster_key, id_order
from analysis.grouping import Grouping
from analysis.labeling import label_clusters
from analysis.meaning import concept_names, sub_dimensions

MAX_QUOTES = 3
QUOTE_WORDS = (5, 40)
"""Length of a telling quote in words: shorter ones lack the point, longer ones are not read on a card."""

MIXED_BELOW = 0.6
"""Cohesion under which a cluster is called mixed: clusters that people would not accept as one theme lay below it
on labelled texts of three kinds. Revisit after the first real forums."""

MANY_UNASSIGNED = 0.25
"""Share of unassigned texts from which a person is told."""

DIGITS = 4
"""Decimals of published numbers: beyond what a person reads, within what every machine agrees on."""


def describe_clusters(grouping: Grouping) -> tuple[Cluster, ...]:
    """All clusters with members, largest first, then by key."""
    centroids = grouping.centroids()
    own, other = similarities(grouping.vectors, centroids, grouping.labels)
    confidence = np.where(grouping.owners == FREE, _confidence(own, other), 1.0)
    rows_of = [_surest_first(grouping, own, number) for number in range(len(centroids))]
    filled = [number for number in range(len(centroids)) if len(rows_of[number])]
    # The largest cluster chooses its label first.
    filled.sort(key=lambda number: (-len(rows_of[number]), rows_of[number].min()))
    names = concept_names(grouping.concepts, grouping.labels, len(centroids))
    dimensions = sub_dimensions(grouping.concepts, grouping.labels, len(centroids))
    labels = label_clusters(
        [[grouping.tokens[row] for row in rows_of[number]] for number in filled],
        [names[number] for number in filled],
    )
    clusters = [
        _describe(grouping, own, confidence, number, rows_of[number], label, phrases, dimensions[number])
        for number, (label, phrases) in zip(filled, labels, strict=True)
    ]
    return tuple(sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.key)))


def _surest_first(grouping: Grouping, own: np.ndarray, number: int) -> np.ndarray:
    """Rows of one cluster, most typical first."""
    rows = np.flatnonzero(grouping.labels == number)
    return rows[np.argsort(-own[rows], kind="stable")]


def _describe(
    grouping: Grouping,
    own: np.ndarray,
    confidence: np.ndarray,
    number: int,
    rows: np.ndarray,
    label: str,
    phrases: tuple[str, ...],
    dimensions: tuple[tuple[str, float], ...],
) -> Cluster:
    members = [Member(grouping.documents[row].id, round(float(confidence[row]), DIGITS)) for row in rows]
    members.sort(key=lambda member: (-member.confidence, id_order(member.id)))
    cohesion = round(float(own[rows].mean()), DIGITS)
    return Cluster(
        key=cluster_key(member.id for member in members),
        theme_key=grouping.theme_keys[number] if number < len(grouping.theme_keys) else None,
        members=tuple(members),
        label=label,
        phrases=phrases,
        quotes=tuple(grouping.documents[row].id for row in _telling(grouping, rows)),
        cohesion=cohesion,
        is_mixed=cohesion < MIXED_BELOW,
        dimensions=dimensions,
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
        words = tuple(token.surface for token in grouping.tokens[row])
        if len(chosen) < MAX_QUOTES and grouping.documents[row].text.strip():
            chosen.setdefault(words, row)
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


def plain_warnings(
    grouping: Grouping, clusters: Sequence[Cluster], quality: Quality, settings: Settings, guidance: Guidance
) -> tuple[Warning_, ...]:
    """What a person should know before trusting the result, in Indonesian."""
    n_documents = quality.n_documents
    with_words = sum(any(token.stem for token in words) for words in grouping.tokens)
    found = []
    if n_documents == 0:
        found.append(Warning_("no_documents", "Belum ada masukan untuk dianalisis."))
    elif with_words < settings.min_documents:
        message = (
            f"Masukan yang dapat dibaca baru {with_words}; pengelompokan dimulai dari {settings.min_documents}. "
            "Bacalah satu per satu."
        )
        found.append(Warning_("too_few_documents", message, with_words))
    elif n_documents - quality.coverage * n_documents >= MANY_UNASSIGNED * n_documents:
        share = round(100 * (1 - quality.coverage))
        found.append(Warning_("many_unassigned", f"{share}% masukan tidak cocok ke kelompok mana pun.", share))
    if n_documents > with_words:
        n_wordless = n_documents - with_words
        message = f"{n_wordless} masukan tidak memuat kata yang bermakna (kosong, emoji, atau salam saja)."
        found.append(Warning_("without_words", message, n_wordless))
    n_mixed = sum(cluster.is_mixed for cluster in clusters)
    if n_mixed:
        message = f"{n_mixed} kelompok usulan isinya campuran; periksa lebih dulu."
        found.append(Warning_("mixed_clusters", message, n_mixed))
    n_conflicts = _conflicts(guidance)
    if n_conflicts:
        message = f"{n_conflicts} pasang masukan diminta terpisah tetapi sudah diputuskan berada dalam satu tema."
        found.append(Warning_("apart_conflict", message, n_conflicts))
    return tuple(found)


def _conflicts(guidance: Guidance) -> int:
    theme_of = {member: theme.key for theme in guidance.themes for member in theme.members}
    return sum(a in theme_of and theme_of[a] == theme_of.get(b) for a, b in guidance.apart)
