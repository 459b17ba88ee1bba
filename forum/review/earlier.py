"""What the finished run before proposed, in the words of the analysis: so that groups keep their names."""
from collections.abc import Mapping

from sqlalchemy import select

import analysis
from forum.db import db
from forum.review import queries
from forum.review.models import Cluster, RunMember


def earlier_run(consultation_id: int, versions: Mapping[int, int]) -> analysis.EarlierRun | None:
    """The latest finished run of a consultation; ``None`` before the first, and for one without keys of groups.

    ``versions``: submission id → number of the version that is read now.
    """
    run = queries.latest_run(consultation_id)
    if run is None:
        return None
    clusters = {row.id: row for row in db.session.execute(
        select(Cluster.id, Cluster.key, Cluster.label, Cluster.theme_id).where(Cluster.run_id == run.id))}
    if any(cluster.key is None for cluster in clusters.values()):
        return None
    members: dict[int | None, list[int]] = {cluster_id: [] for cluster_id in clusters}
    changed = set()
    for submission_id, cluster_id, version in db.session.execute(
            select(RunMember.submission_id, RunMember.cluster_id, RunMember.version_number)
            .where(RunMember.run_id == run.id).order_by(RunMember.submission_id)):
        members.setdefault(cluster_id, []).append(submission_id)
        if versions.get(submission_id, version) != version:
            changed.add(submission_id)
    return analysis.EarlierRun(
        tuple(analysis.EarlierCluster(cluster.key, cluster.label, tuple(members[cluster.id]),
                                      str(cluster.theme_id) if cluster.theme_id is not None else None)
              for cluster in clusters.values()),
        frozenset(members.get(None, ())), frozenset(changed))
