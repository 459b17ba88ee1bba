"""Writing the outcome of a run in small steps, so that phones never wait long for their turn to write.

Nothing of it shows before the last step turns the run to ``done``; whatever a crash leaves behind is
removed by the next attempt.
"""
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

import analysis
from forum import audit, jobs
from forum.db import db, hold, writing
from forum.jobs import Job
from forum.review.models import AnalysisRun, Cluster, RunMember, RunPlacer

_TARGET_SECONDS = 0.012  # a chunk may take twice this, and a busy machine twice that: 50 ms at most
_SMALLEST_CHUNK = 25
_FIRST_CHUNK = 200
_LARGEST_CHUNK = 2000

Report = Callable[[float], None]


class RunEnded(RuntimeError):
    """The run was ended by somebody else while this worker was still at it."""


def forget_half_written(run_id: int) -> None:
    """Remove every row of a run that is not done."""
    for model, key in ((RunMember, RunMember.submission_id), (Cluster, Cluster.id)):
        while ids := list(db.session.scalars(select(key).where(model.run_id == run_id).limit(_FIRST_CHUNK))):
            with writing() as session:
                _still_running(run_id)
                session.execute(delete(model).where(model.run_id == run_id, key.in_(ids)))


def store(run_id: int, result: analysis.Result, versions: Mapping[int, int], report: Report,
          earlier: Sequence[analysis.EarlierCluster] = ()) -> None:
    """Write clusters and members of a run; ``report`` is told the share written, 0 to 1.

    ``versions``: submission id → number of the version that was read; ``earlier``: groups of the run before.
    """
    cluster_ids = _store_clusters(run_id, result)
    rows = list(_member_rows(run_id, result, cluster_ids, versions, earlier))
    written = 0
    for chunk in _chunks_by_time(rows):
        with writing() as session:
            _still_running(run_id)
            session.execute(insert(RunMember), chunk)
        written += len(chunk)
        report(written / len(rows))


def finish(run_id: int, result: analysis.Result, placer: analysis.Placer, background: Mapping[str, object],
           now: datetime) -> None:
    """Turn the run to ``done``: from here on readers see it. Raises `jobs.Cancelled` when asked to stop.

    ``background``: which of the installation's own texts the run read besides, as a setting to remember.
    """
    numbers = {cluster.key: str(number) for number, cluster in enumerate(result.clusters, 1)}
    content = placer.renamed(numbers).to_bytes()
    with writing() as session:
        run = _still_running(run_id)
        if run.job_id is not None and session.get_one(Job, run.job_id).cancel_requested:
            raise jobs.Cancelled
        run.settings = {**run.settings, "seed": result.settings.seed,
                        "min_documents": result.settings.min_documents,
                        "n_place_names": len(result.settings.place_names), "background": dict(background)}
        run.versions, run.fingerprint = dict(result.versions), result.fingerprint
        run.quality = asdict(result.quality)
        run.warnings = [asdict(warning) for warning in result.warnings]
        run.n_documents = (sum(len(cluster.members) for cluster in result.clusters) + len(result.unassigned)
                           + len(result.set_aside))
        run.n_unassigned = len(result.unassigned)
        # Only the latest run places new entries.
        session.execute(delete(RunPlacer).where(RunPlacer.run_id.in_(
            select(AnalysisRun.id).where(AnalysisRun.consultation_id == run.consultation_id))))
        session.add(RunPlacer(run_id=run_id, content=content))
        run.state, run.finished_at = "done", now
        audit.record(actor=audit.Actor(None, run.actor_name), action="review.finish_run", subject_type="analysis_run",
                     subject_id=run.id, consultation_id=run.consultation_id, now=now)


def _still_running(run_id: int) -> AnalysisRun:
    run = hold(AnalysisRun, run_id)
    if run is None or run.state != "running":
        raise RunEnded(f"run {run_id} is {run.state if run else 'gone'}")
    return run


def _store_clusters(run_id: int, result: analysis.Result) -> dict[str, int]:
    """Cluster key → id of its row."""
    rows = [_cluster_row(run_id, number, cluster) for number, cluster in enumerate(result.clusters, 1)]
    for chunk in _chunks_by_time(rows):
        with writing() as session:
            _still_running(run_id)
            session.execute(insert(Cluster), chunk)
    ids = dict(db.session.execute(select(Cluster.number, Cluster.id).where(Cluster.run_id == run_id)).all())
    return {cluster.key: ids[number] for number, cluster in enumerate(result.clusters, 1)}


def _cluster_row(run_id: int, number: int, cluster: analysis.Cluster) -> dict[str, Any]:
    return {"run_id": run_id, "number": number, "label": cluster.label, "phrases": list(cluster.phrases),
            "theme_id": int(cluster.theme_key) if cluster.theme_key is not None else None,
            "quotes": list(cluster.quotes), "size": len(cluster.members), "cohesion": cluster.cohesion,
            "is_mixed": cluster.is_mixed, "key": cluster.key, "stability": cluster.stability,
            "sub_themes": [{"label": one.label, "members": list(one.members)} for one in cluster.sub_themes],
            "suggested": {"approach": cluster.approach, "dimensions": cluster.dimensions},
            "x": cluster.position[0], "y": cluster.position[1], "radius": cluster.radius}


def _member_rows(run_id: int, result: analysis.Result, cluster_ids: Mapping[str, int], versions: Mapping[int, int],
                 earlier: Sequence[analysis.EarlierCluster]) -> Iterator[dict[str, Any]]:
    """One row per entry that was read: in a cluster, or in none."""
    places = {submission_id: (x, y) for submission_id, x, y in result.positions}
    moved = {move.id: move for move in result.moved}
    labels = {cluster.key: cluster.label for cluster in earlier}

    def row(submission_id: int, cluster_id: int | None, member: analysis.Member | None) -> dict[str, Any]:
        x, y = places.get(submission_id, (None, None))
        move = moved.get(submission_id)
        return {"run_id": run_id, "submission_id": submission_id, "cluster_id": cluster_id,
                "version_number": versions[submission_id], "confidence": member.confidence if member else 0.0,
                "words": list(member.words) if member else [],
                "suggested": {"approach": member.approach, "dimension": member.dimension} if member else {},
                "x": x, "y": y, "moved_because": move.code if move else None,
                "moved_from": labels.get(move.before) if move else None}

    for cluster in result.clusters:
        for member in cluster.members:
            yield row(member.id, cluster_ids[cluster.key], member)
    for submission_id in (*result.unassigned, *result.set_aside):
        yield row(submission_id, None, None)


def _chunks_by_time(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Slices whose size follows what the last one took, consumer's work included."""
    size, start = _FIRST_CHUNK, 0
    while start < len(rows):
        chunk = list(rows[start:start + size])
        start += len(chunk)
        began = time.perf_counter()
        yield chunk
        taken = time.perf_counter() - began
        if taken > 2 * _TARGET_SECONDS:
            size = max(_SMALLEST_CHUNK, size // 2)
        elif taken < _TARGET_SECONDS:
            size = min(_LARGEST_CHUNK, size * 2)
