"""A forum that is analysed, and what a run stored."""
from analysis_texts import FLOOD, LIGHT, WASTE
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import select

from forum import audit, jobs
from forum.db import db, utc_now, writing
from forum.jobs import Job
from forum.review import services
from forum.review.models import AnalysisRun, Cluster, RunMember

ACTOR = audit.Actor(None, "Fasilitator Uji")


def make_forum():
    """A consultation with thirty entries of three themes: (consultation id, sitting id)."""
    consultation_id = make_consultation()
    sitting = make_forum_session(consultation_id)
    noise()
    for text in (*WASTE[:10], *FLOOD[:10], *LIGHT[:10]):
        make_submission(sitting, text)
    return consultation_id, sitting


def start(consultation_id, **options):
    return services.start_run(consultation_id=consultation_id, actor=ACTOR, now=utc_now(), **options)


def rows_of(run_id):
    """What a run stored, without the ids that the database gave."""
    clusters = db.session.execute(
        select(Cluster.number, Cluster.label, Cluster.phrases, Cluster.quotes, Cluster.size, Cluster.cohesion)
        .where(Cluster.run_id == run_id).order_by(Cluster.number)).all()
    members = db.session.execute(
        select(RunMember.submission_id, Cluster.number, RunMember.version_number, RunMember.confidence)
        .outerjoin(Cluster, Cluster.id == RunMember.cluster_id)
        .where(RunMember.run_id == run_id).order_by(RunMember.submission_id)).all()
    return clusters, members


def state_of(run_id):
    db.session.rollback()
    return db.session.get_one(AnalysisRun, run_id).state


def begin_again(run_id):
    """What happens to a job whose worker went silent: it is queued and run once more."""
    with writing() as session:
        session.get_one(Job, session.get_one(AnalysisRun, run_id).job_id).state = "queued"
    job_id = db.session.scalar(select(AnalysisRun.job_id).where(AnalysisRun.id == run_id))
    jobs.dispatch(job_id)
