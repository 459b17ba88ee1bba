"""The map of a run: where its groups and entries lie, ready to be drawn."""
from dataclasses import dataclass

from sqlalchemy import func, select

from forum.db import db
from forum.review.models import AnalysisRun, Cluster, RunMember
from forum.submissions.models import Submission

MOST_DOTS = 4000  # more would be a grey cloud, and a heavy page


@dataclass(frozen=True, slots=True)
class Dot:
    """An entry at its place, in hundredths of the map's reach; ``cluster_id`` is ``None`` outside all groups."""

    x: float
    y: float
    cluster_id: int | None


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """Groups with a place, largest first, and the entries, unless there are more than can be drawn."""

    clusters: tuple[Cluster, ...]
    dots: tuple[Dot, ...]
    n_entries: int
    n_outside: int


def theme_map(run: AnalysisRun) -> ThemeMap:
    """The map of a finished run; without groups for one that was made before maps were."""
    clusters = tuple(db.session.scalars(select(Cluster).where(
        Cluster.run_id == run.id, Cluster.x.is_not(None)).order_by(Cluster.number)))
    placed = (
        select(RunMember.x, RunMember.y, RunMember.cluster_id)
        .join(Submission, Submission.id == RunMember.submission_id)
        .where(RunMember.run_id == run.id, RunMember.x.is_not(None), Submission.state == "accepted"))
    counted = placed.subquery()
    n_entries, n_inside = db.session.execute(
        select(func.count(), func.count(counted.c.cluster_id)).select_from(counted)).one()
    rows = db.session.execute(placed.order_by(RunMember.submission_id)) if n_entries <= MOST_DOTS else ()
    dots = tuple(Dot(round(100 * x, 1), round(-100 * y, 1), cluster_id) for x, y, cluster_id in rows)
    return ThemeMap(clusters, dots, n_entries, n_entries - n_inside)
