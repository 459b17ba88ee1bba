"""The second level: what the members of one cluster share that its other members do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.clustering import RESOLUTION, ThemeClusterer, nearest_centroids
from analysis.fingerprint import cluster_key, id_order
from analysis.grouping import Grouping
from analysis.labeling import label_clusters
from analysis.meaning import concept_names
from analysis.mixture import FEW_ROUNDS, word_presence
from analysis.outcome import SubTheme

SUB_RESOLUTION = 0.75
"""Of the modularity within a cluster: two to four parts of a cluster of 25. At 3 the same texts fall
into pieces of three that agree less with people (on 378 forum ideas AMI 41 instead of 51)."""

MIN_CLUSTER = 15
"""Members of a cluster that is worth a second level: fewer are read in a minute."""

MIN_MEMBERS = 3

MAX_LEARNING = 1_000
"""Members, the most typical first, on which the parts are found; the others join the nearest."""


def sub_themes(
    grouping: Grouping, rows: np.ndarray, *, label: str, random_state: int
) -> tuple[SubTheme, ...]:
    """Sub-themes of the cluster whose documents are ``rows`` (most typical first), largest first; none where it is
    small or does not fall into two parts. ``label`` is that of the cluster; no part repeats it. How fine the
    clusters themselves are does not matter here."""
    if len(rows) < MIN_CLUSTER:
        return ()
    clusterer = ThemeClusterer(SUB_RESOLUTION / RESOLUTION, None, random_state, FEW_ROUNDS)
    read = rows[:MAX_LEARNING]
    words = word_presence(grouping.tokens.taken(read))
    parts = clusterer.fit(grouping.vectors[read].astype(float, copy=False), words=words).labels_
    if len(rows) > MAX_LEARNING:
        parts = np.concatenate([parts, nearest_centroids(grouping.vectors[rows[MAX_LEARNING:]], clusterer.centroids_)])
    found = [rows[parts == number] for number in range(int(parts.max(initial=-1)) + 1)]
    found = sorted((part for part in found if len(part) >= MIN_MEMBERS), key=lambda part: (-len(part), part.min()))
    if len(found) < 2:
        return ()
    labels = _labels(grouping, found, label)
    themes = [_sub_theme(grouping, part, name) for part, name in zip(found, labels, strict=True)]
    return tuple(sorted(themes, key=lambda theme: (-len(theme.members), theme.key)))


def _labels(grouping: Grouping, parts: Sequence[np.ndarray], label: str) -> list[str]:
    """Names of concepts where there are any: few texts share few words, and one word of theirs tells little."""
    parts = [part[:MAX_LEARNING] for part in parts]
    members = np.concatenate(parts)
    own = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    names = concept_names(grouping.concepts[members], own, len(parts))
    taken = [label]
    labels: list[str | None] = []
    for offered in names:
        free = [name for name in offered if name.casefold() not in {one.casefold() for one in taken}]
        labels.append(free[0][:1].upper() + free[0][1:] if free else None)
        taken += free[:1]
    nameless = [number for number, one in enumerate(labels) if one is None]
    tokens = [[grouping.tokens[row] for row in parts[number]] for number in nameless]
    for number, (by_words, _) in zip(nameless, label_clusters(tokens, taken=taken), strict=True):
        labels[number] = by_words
    return labels


def _sub_theme(grouping: Grouping, part: np.ndarray, label: str) -> SubTheme:
    members = tuple(sorted((grouping.documents[row].id for row in part), key=id_order))
    return SubTheme(cluster_key(members), label, members)
