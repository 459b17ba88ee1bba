"""Long work outside the request: a row that people can watch, and a queue that a worker empties.

The row is the truth (state, stage, share done, cancel); the queue only carries its id. A job whose
worker died is found by its silent heartbeat and started again, so handlers must be repeatable.
"""
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, MemoryHuey, SqliteHuey, crontab
from sqlalchemy import JSON, CheckConstraint, Float, String, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import CLOCK_AHEAD, Base, UtcDateTime, db, hold, utc_now, writing
from forum.failures import trace_without_values, without_values

STATES = ("queued", "running", "done", "failed", "cancelled")
_FINISHED = ("done", "failed", "cancelled")
_HEARTBEAT_LIMIT = timedelta(seconds=60)
_REPORT_INTERVAL_SECONDS = 0.3  # each report is a durable write; more would only heat the disk

logger = logging.getLogger(__name__)


class Job(Base):
    """One piece of long work."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("share >= 0 AND share <= 1", name="share_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    consultation_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String, default="queued", index=True)
    stage: Mapped[str] = mapped_column(String, default="")
    share: Mapped[float] = mapped_column(Float, default=0.0)
    message: Mapped[str] = mapped_column(String, default="")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_finished(self) -> bool:
        return self.state in _FINISHED


class Cancelled(Exception):
    """Somebody asked for the job to stop."""


class Handle:
    """What a handler is given: its job's id and payload, and the way to report progress."""

    def __init__(self, job_id: int, payload: dict[str, Any], actor_id: int | None, actor_name: str) -> None:
        self.job_id = job_id
        self.payload = payload
        self.actor_id = actor_id
        self.actor_name = actor_name
        self._reported_at = 0.0
        self._stage = ""

    def report(self, stage: str, share: float) -> None:
        """Store stage and share done (0 to 1); raise `Cancelled` when somebody asked for it."""
        moment = time.monotonic()
        if stage == self._stage and moment - self._reported_at < _REPORT_INTERVAL_SECONDS:
            return
        self._stage, self._reported_at = stage, moment
        with writing() as session:
            job = session.get_one(Job, self.job_id)
            if job.cancel_requested:
                raise Cancelled
            job.stage, job.share, job.heartbeat_at = stage, min(1.0, max(0.0, share)), utc_now()


Handler = Callable[[Handle], None]


def init_app(app: Flask) -> None:
    app.extensions["forum_job_handlers"] = {}
    url = app.config["QUEUE_URL"] or f"sqlite:///{Path(app.instance_path) / 'queue.db'}"
    huey = _queue(url)
    app.extensions["huey"] = huey

    @huey.task(name="run_job")
    def run_job(job_id: int) -> None:
        with app.app_context():
            _run(job_id)

    @huey.periodic_task(crontab(minute="*"), name="revive_orphans")
    def revive() -> None:
        with app.app_context():
            revive_orphans()

    app.extensions["forum_run_job"] = run_job


def _queue(url: str) -> Huey:
    if url == "inline":
        return MemoryHuey("forum", immediate=True)
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return SqliteHuey("forum", filename=url.removeprefix("sqlite:///"), fsync=True)
    if scheme == "redis":
        from huey import RedisHuey
        return RedisHuey("forum", url=url)
    if scheme.startswith("postgresql"):
        from huey import PostgresHuey
        return PostgresHuey("forum", dsn=url.replace("postgresql+psycopg", "postgresql"))
    raise ValueError(f"QUEUE_URL begins with {scheme!r}; use sqlite:///FILE, redis://, postgresql:// or inline")


def handler(app: Flask, kind: str, function: Handler) -> None:
    """Register what runs jobs of a kind; a room calls this when it is set up."""
    app.extensions["forum_job_handlers"][kind] = function


def add(*, kind: str, payload: dict[str, Any], consultation_id: int | None, actor_id: int | None,
        actor_name: str, now: datetime) -> Job:
    """Add a queued job to the open transaction; call `dispatch` with its id after the commit."""
    job = Job(kind=kind, payload=payload, consultation_id=consultation_id, actor_id=actor_id,
              actor_name=actor_name, created_at=now)
    db.session.add(job)
    db.session.flush()
    return job


def dispatch(job_id: int) -> None:
    """Hand a committed job to the worker."""
    current_app.extensions["forum_run_job"](job_id)


def run_here(job_id: int) -> None:
    """Run a queued job in this process; does nothing when a worker has taken it already."""
    _run(job_id)


def pause() -> None:
    """Wait a moment before looking again at a job that runs elsewhere."""
    time.sleep(0.5)


def request_cancel(job_id: int) -> None:
    """Ask a job to stop; one that has not begun stops at once."""
    with writing():
        job = hold(Job, job_id)
        if job is None or job.is_finished:
            return
        job.cancel_requested = True
        if job.state == "queued":
            job.state, job.finished_at = "cancelled", utc_now()


def revive_orphans() -> list[int]:
    """Queue again the jobs whose worker went silent; return their ids."""
    now = utc_now()
    with writing() as session:
        # Queued ones too: the process may have died between the commit and the queue.
        unfinished = session.scalars(
            select(Job).where(Job.state.in_(("queued", "running"))).with_for_update(skip_locked=True))
        orphans = []
        for job in unfinished:
            beat = job.heartbeat_at or job.created_at
            if beat > now + CLOCK_AHEAD:
                job.heartbeat_at = now  # of a clock that was set back: whether its worker lives will show
            elif beat < now - _HEARTBEAT_LIMIT:
                job.state, job.heartbeat_at = "queued", now
                orphans.append(job)
        ids = [job.id for job in orphans]
    for job_id in ids:
        dispatch(job_id)
    return ids


def _run(job_id: int) -> None:
    with writing() as session:
        job = hold(Job, job_id)
        if job is None or job.state != "queued":
            return  # cancelled before it began, or delivered twice
        job.state, job.started_at, job.heartbeat_at = "running", utc_now(), utc_now()
        handle = Handle(job.id, dict(job.payload), job.actor_id, job.actor_name)
        function = current_app.extensions["forum_job_handlers"].get(job.kind)
    failure: Exception | None = None
    try:
        if function is None:
            raise LookupError(f"no handler for jobs of kind {job.kind!r}")
        with _heartbeat(current_app._get_current_object(), job_id):
            function(handle)
        outcome, message = "done", ""
    except Cancelled:
        outcome, message = "cancelled", ""
    except Exception as error:
        logger.error("job %s failed\n%s", job_id, trace_without_values(error))
        outcome, message, failure = "failed", without_values(error)[:500], error
    with writing() as session:
        job = session.get_one(Job, job_id)
        job.state, job.message, job.finished_at = outcome, message, utc_now()
        if outcome == "done":
            job.share = 1.0
    if failure and current_app.config.get("PROPAGATE_JOB_ERRORS"):
        raise failure  # in tests a broken handler must not pass as a failed job


@contextmanager
def _heartbeat(app: Flask, job_id: int) -> Iterator[None]:
    """Keep the heartbeat fresh while a handler computes without reporting."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(_HEARTBEAT_LIMIT.total_seconds() / 4):
            try:
                with app.app_context(), writing() as session:
                    session.get_one(Job, job_id).heartbeat_at = utc_now()
            except Exception as error:  # a busy moment must not end the beat: the job would count as an orphan
                logger.warning("heartbeat of job %s missed: %s", job_id, without_values(error))

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def work(app: Flask) -> None:
    """Be the worker: empty the queue until told to stop."""
    with app.app_context():
        revived = revive_orphans()
    if revived:
        logger.warning("started again after an interruption: jobs %s", revived)
    consumer = app.extensions["huey"].create_consumer(workers=1, periodic=True, initial_delay=0.1,
                                                      max_delay=1.0, check_worker_health=False)
    logger.info("worker %s ready", os.getpid())
    consumer.run()
