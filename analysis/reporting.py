"""From findings to what people read: clusters with labels, quotes and confidence, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.approach import approach_of_cluster
from analysis.contract import Document, DocumentId
from analysis.findings import DIGITS, Findings, FoundCluster
from analysis.fingerprint import cluster_key, id_order
from analysis.outcome import Cluster, Member
from analysis.progress import Progress, part, told, untold

MIXED_BELOW = 0.6
"""Cohesion under which a cluster is called mixed: clusters that people would not accept as one theme lay below it
on labelled texts of three kinds. Revisit after the first real forums."""


@dataclass(frozen=True, slots=True)
class Description:
    """What people read of a grouping: ``clusters`` and ``positions`` as in ``Result``."""

    clusters: tuple[Cluster, ...]
    positions: tuple[tuple[DocumentId, float, float], ...]


def describe(documents: Sequence[Document], found: Findings, progress: Progress = untold) -> Description:
    """All clusters with members, largest first, then by key; and the map."""
    clusters = [_describe(documents, found, one) for one in told(part(progress, 0.0, 0.7), found.clusters)]
    progress(0.7)
    same: dict[float, float] = {}  # rounded numbers are few: equal ones are one object
    places = (found.places + 0.0).tolist()  # no -0.0, which is equal to 0.0 and is written differently
    positions = [
        (document.id, same.setdefault(x, x), same.setdefault(y, y))
        for document, (x, y) in zip(documents, places, strict=True)
    ]
    progress(0.9)
    positions.sort(key=lambda position: id_order(position[0]))
    return Description(
        tuple(sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.key))), tuple(positions)
    )


def _describe(documents: Sequence[Document], found: Findings, cluster: FoundCluster) -> Cluster:
    same: dict[float, float] = {}
    members = []
    for row in cluster.rows.tolist():
        confidence = round(float(found.confidence[row]), DIGITS)
        members.append(
            Member(
                documents[row].id,
                same.setdefault(confidence, confidence),
                found.words.get(row, ()),
                found.approaches.get(row),
                found.dimensions[row],
            )
        )
    members.sort(key=lambda member: (-member.confidence, id_order(member.id)))
    cohesion = round(float(found.own[cluster.rows].mean()), DIGITS)
    return Cluster(
        key=cluster_key(member.id for member in members),
        theme_key=cluster.theme_key,
        members=tuple(members),
        label=cluster.label,
        phrases=cluster.phrases,
        quotes=cluster.quotes,
        cohesion=cohesion,
        is_mixed=cohesion < MIXED_BELOW,
        dimensions=cluster.dimensions,
        stability=cluster.stability,
        sub_themes=cluster.sub_themes,
        approach=approach_of_cluster(
            found.approaches[row] for row in cluster.rows.tolist() if row in found.approaches
        ),
        position=cluster.centre,
        radius=cluster.radius,
    )
