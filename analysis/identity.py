"""The same cluster keeps its name from run to run, and documents that changed place are told with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.contract import DocumentId, EarlierRun, Guidance
from analysis.fingerprint import id_order
from analysis.outcome import Cluster, Move

LEAST_OVERLAP = 0.4
"""Dice similarity, over the documents that both runs read, from which a cluster continues an earlier one."""

DECIDED, NEW, TEXT_CHANGED, NO_LONGER_FITS = "decided", "new", "text_changed", "no_longer_fits"
JOINED_THEME, WAS_UNASSIGNED, DISSOLVED, NEARER = "joined_theme", "was_unassigned", "dissolved", "nearer"

NAMED_WORDS = 3
"""Words of the text in a reason."""


def carry_over(
    clusters: Sequence[Cluster], earlier: EarlierRun | None, present: Collection[DocumentId]
) -> tuple[Cluster, ...]:
    """Clusters under the keys of those earlier ones that they continue. ``present``: all documents of this run.

    A theme that people made continues itself. The others are paired one to one so that the overlap of all pairs
    together is largest (Kuhn 1955, "The Hungarian method"); pairs with little in common are no continuation.
    """
    if earlier is None or not earlier.clusters or not clusters:
        return tuple(clusters)
    before = sorted(earlier.clusters, key=lambda cluster: cluster.key)
    overlap = _overlap(clusters, [cluster.members for cluster in before], _read(earlier) & set(present))
    for row, cluster in enumerate(clusters):
        for column, old in enumerate(before):
            if cluster.theme_key is not None and cluster.theme_key == old.theme_key:
                overlap[row, column] = 2.0  # above every overlap of texts
    from scipy.optimize import linear_sum_assignment  # takes a tenth of a second, and first runs do without

    rows, columns = linear_sum_assignment(-np.round(overlap, 9))
    kept = {
        int(row): before[column].key
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] >= LEAST_OVERLAP
    }
    taken = set(kept.values()) | {old.key for old in before}
    renamed = []
    for row, cluster in enumerate(clusters):
        key = kept.get(row, cluster.key)
        while row not in kept and key in taken:  # its members were an earlier cluster that another one continues
            key += "b"
        renamed.append(replace(cluster, key=key))
    return tuple(sorted(renamed, key=lambda cluster: (-len(cluster.members), cluster.key)))


def _overlap(
    clusters: Sequence[Cluster], before: Sequence[Sequence[DocumentId]], in_both: set[DocumentId]
) -> np.ndarray:
    """Dice similarity of every new cluster with every earlier one, over documents that are in both runs."""
    now = [{member.id for member in cluster.members} & in_both for cluster in clusters]
    old_of = {key: column for column, members in enumerate(before) for key in members if key in in_both}
    shared = np.zeros((len(now), len(before)))
    for row, members in enumerate(now):
        for key in members:
            if key in old_of:
                shared[row, old_of[key]] += 1
    sizes = np.array([len(members) for members in now])
    old_sizes = np.bincount(list(old_of.values()), minlength=len(before)) if old_of else np.zeros(len(before))
    return 2 * shared / np.maximum(sizes[:, None] + old_sizes[None, :], 1)


def _read(earlier: EarlierRun) -> set[DocumentId]:
    return {key for cluster in earlier.clusters for key in cluster.members} | earlier.unassigned


def moves(clusters: Sequence[Cluster], unassigned: Sequence[DocumentId], guidance: Guidance) -> tuple[Move, ...]:
    """Documents that lie elsewhere than in ``guidance.earlier``, in the order of their ids; see ``Move``.

    ``clusters`` carry over the earlier keys already.
    """
    earlier = guidance.earlier
    if earlier is None:
        return ()
    old_of = {key: cluster.key for cluster in earlier.clusters for key in cluster.members}
    read = _read(earlier)
    decided = {key for theme in guidance.themes for key in theme.members}
    still_there = {cluster.key for cluster in clusters}
    labels = {cluster.key: cluster.label for cluster in earlier.clusters}
    labels |= {cluster.key: cluster.label for cluster in clusters}
    found = []
    for cluster in clusters:
        for member in cluster.members:
            before = old_of.get(member.id)
            if before == cluster.key:
                continue
            if member.id in decided:
                code = DECIDED
            elif member.id not in read:
                code = NEW
            elif member.id in earlier.changed:
                code = TEXT_CHANGED
            elif cluster.theme_key is not None:
                code = JOINED_THEME
            elif before is None:
                code = WAS_UNASSIGNED
            else:
                code = NEARER if before in still_there else DISSOLVED
            found.append(_move(member.id, before, cluster.key, code, member.words[:NAMED_WORDS], labels))
    for key in unassigned:
        if key not in read:
            found.append(_move(key, None, None, NEW, (), labels))
        elif key in old_of:
            code = TEXT_CHANGED if key in earlier.changed else NO_LONGER_FITS
            found.append(_move(key, old_of[key], None, code, (), labels))
    return tuple(sorted(found, key=lambda move: id_order(move.id)))


def _move(
    key: DocumentId, before: str | None, after: str | None, code: str, words: tuple[str, ...], labels: Mapping[str, str]
) -> Move:
    return Move(key, before, after, code, words, _reason(code, labels.get(before), labels.get(after), words))


def _reason(code: str, before: str | None, after: str | None, words: Sequence[str]) -> str:
    """The reason in plain Indonesian."""
    by_words = f" Kata yang menentukan: {', '.join(words)}." if words else ""
    place = f"Sekarang di “{after}”." if after else "Sekarang di luar semua kelompok."
    if code == DECIDED:
        return f"Ditempatkan dengan keputusan di “{after}”."
    if code == NEW:
        return f"Masukan baru. {place}{by_words}"
    if code == TEXT_CHANGED:
        return f"Isinya diubah pengirim. {place}{by_words}"
    if code == NO_LONGER_FITS:
        return f"Tidak lagi cukup mirip dengan “{before}”. {place}"
    if code == JOINED_THEME:
        return f"Tertarik ke tema “{after}” yang sudah ditetapkan.{by_words}"
    if code == WAS_UNASSIGNED:
        return f"Semula di luar semua kelompok. {place}{by_words}"
    if code == DISSOLVED:
        return f"Kelompok “{before}” tidak terbentuk lagi. {place}{by_words}"
    return f"Lebih dekat ke “{after}” daripada ke “{before}”.{by_words}"
