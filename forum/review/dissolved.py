"""Proposed groups of the run before that the new one does not propose any more, and where their entries are now."""
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from forum.db import db
from forum.review.board import survivor
from forum.review.models import AnalysisRun, Cluster, Decision, Theme, ThemeMember


@dataclass(frozen=True, slots=True)
class Destination:
    """So many entries are suggested for a theme now, or in a proposed group, or (neither) outside of all."""

    n_entries: int
    theme: Theme | None
    cluster: Cluster | None


@dataclass(frozen=True, slots=True)
class Dissolved:
    """A group that is gone, with the entries that nobody had decided on when the new run began."""

    label: str
    n_entries: int
    destinations: tuple[Destination, ...]


def dissolved(run: AnalysisRun, previous: AnalysisRun | None, before: Mapping[int, int | None],
              now: Mapping[int, int | None], themes: dict[int, Theme]) -> tuple[Dissolved, ...]:
    """``before`` and ``now``: accepted entry → its group in the run before and in this one.

    What people decide after the run changes nothing: the list tells what the run brought.
    """
    if previous is None:
        return ()
    clusters = {one.id: one for one in db.session.scalars(select(Cluster).where(Cluster.run_id == run.id))}
    keys = {one.key for one in clusters.values()}
    decided = set(db.session.scalars(
        select(ThemeMember.submission_id).join(Decision, Decision.id == ThemeMember.decision_id)
        .where(ThemeMember.consultation_id == run.consultation_id, Decision.created_at <= run.created_at)))
    members: dict[int, list[int]] = {}
    for entry in sorted(before.keys() & now.keys() - decided):
        members.setdefault(before[entry] or 0, []).append(entry)
    found = []
    for old in db.session.scalars(select(Cluster).where(Cluster.run_id == previous.id).order_by(Cluster.number)):
        # Without a key nobody knows what it became; what was added to a theme was never a proposal.
        is_gone = old.key is not None and old.key not in keys and survivor(themes, old.theme_id) is None
        if is_gone and old.id in members:
            groups = [clusters.get(now[entry] or 0) for entry in members[old.id]]
            found.append(Dissolved(old.label, len(groups), _destinations(groups, themes)))
    return tuple(found)


def _destinations(groups: list[Cluster | None], themes: dict[int, Theme]) -> tuple[Destination, ...]:
    """Most entries first; those outside of all groups last."""
    counts: Counter[tuple[int, int]] = Counter()
    clusters = {group.id: group for group in groups if group is not None}
    for group in groups:
        theme = survivor(themes, group.theme_id) if group else None
        counts[(theme.id, 0) if theme else (0, group.id if group else 0)] += 1
    return tuple(Destination(n, themes.get(theme_id), clusters.get(cluster_id)) for (theme_id, cluster_id), n in
                 sorted(counts.items(), key=lambda one: (one[0] == (0, 0), -one[1], one[0])))
