"""Starting an analysis, and stopping it."""
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from forum import audit, jobs
from forum.consultations.models import Consultation
from forum.db import hold, writing
from forum.errors import ForumError, NotFound
from forum.jobs import Job
from forum.review.models import AnalysisRun

JOB_KIND = "analyze"
# How fine the groups are, as the analysis measures it: below 1 broader, above 1 finer.
BROAD, MIDDLE, FINE = 0.6, 1.0, 1.6
GRANULARITIES = (BROAD, MIDDLE, FINE)


class RunUnderWay(ForumError):
    """Another analysis of this consultation waits or works."""


def start_run(*, consultation_id: int, actor: audit.Actor, now: datetime, granularity: float = MIDDLE) -> int:
    """Queue an analysis of everything that is accepted now; return the id of the run.

    ``granularity``: above 0, one of `GRANULARITIES` as a rule. Raises `RunUnderWay`, `NotFound`.
    """
    with writing() as session:
        if hold(Consultation, consultation_id) is None:
            raise NotFound
        if _settle(session, consultation_id, now):
            raise RunUnderWay(_("Analisis sedang berjalan. Tunggu sampai selesai, atau batalkan dahulu."))
        run = AnalysisRun(consultation_id=consultation_id, settings={"granularity": granularity},
                          actor_name=actor.name, created_at=now)
        session.add(run)
        session.flush()
        job = jobs.add(kind=JOB_KIND, payload={"run_id": run.id}, consultation_id=consultation_id,
                       actor_id=actor.id, actor_name=actor.name, now=now)
        run.job_id = job.id
        audit.record(actor=actor, action="review.start_run", subject_type="analysis_run", subject_id=run.id,
                     consultation_id=consultation_id, now=now, granularity=granularity)
        run_id, job_id = run.id, job.id
    jobs.dispatch(job_id)
    return run_id


def cancel_job(*, job_id: int, actor: audit.Actor, now: datetime) -> None:
    """Ask a job of any kind to stop; an analysis that has not begun is cancelled at once."""
    jobs.request_cancel(job_id)
    with writing() as session:
        job = session.get_one(Job, job_id)
        if job.kind == JOB_KIND and job.consultation_id is not None:
            _settle(session, job.consultation_id, now)
        audit.record(actor=actor, action="jobs.cancel", subject_type="job", subject_id=job_id,
                     consultation_id=job.consultation_id, now=now)


def _settle(session: Session | scoped_session[Session], consultation_id: int, now: datetime) -> bool:
    """Give runs whose job has ended without them the job's outcome; whether one is still under way."""
    under_way = False
    rows = session.execute(
        select(AnalysisRun, Job).join(Job, Job.id == AnalysisRun.job_id)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state.in_(("queued", "running"))))
    for run, job in rows:
        if job.is_finished:
            run.state = "cancelled" if job.state == "cancelled" else "failed"
            run.finished_at = now
        else:
            under_way = True
    return under_way
