"""What analysis runs keep of people's words, and its end with theirs."""
from datetime import datetime

from sqlalchemy import delete, null, select, update

from forum import audit
from forum.db import db, writing
from forum.review.accounting import latest_run_id
from forum.review.models import AnalysisRun, Cluster, RunMember, RunPlacer
from forum.submissions.models import Submission

_UNDER_WAY = ("queued", "running")


def runs_to_forget(consultation_id: int) -> list[int]:
    """Runs of a consultation besides the latest finished one, from which its counts come; none that is under way."""
    latest = db.session.scalar(latest_run_id(consultation_id)) or 0
    return list(db.session.scalars(select(AnalysisRun.id).where(
        AnalysisRun.consultation_id == consultation_id, AnalysisRun.state.not_in(_UNDER_WAY),
        AnalysisRun.id != latest)))


def forget_words(*, consultation_id: int) -> None:
    """Take the words of erased entries out of every run; where each entry lay stays."""
    erased = select(Submission.id).where(
        Submission.consultation_id == consultation_id, Submission.erased_at.is_not(None))
    with writing() as session:
        session.execute(update(RunMember).where(
            RunMember.submission_id.in_(erased), RunMember.words.is_not(null()) | RunMember.moved_from.is_not(None))
            .values(words=null(), moved_from=None))


def forget_runs(*, consultation_id: int, actor: audit.Actor, now: datetime) -> int:
    """Of a consultation whose words are all erased: delete what runs learnt, and every run but the latest.

    The latest one stays, without words, because the accounting counts by it. Returns the number of deleted runs.
    """
    with writing() as session:
        runs = runs_to_forget(consultation_id)
        everything = select(AnalysisRun.id).where(AnalysisRun.consultation_id == consultation_id)
        n_learnt = session.execute(delete(RunPlacer).where(RunPlacer.run_id.in_(everything))).rowcount
        for table in (RunMember, Cluster):
            session.execute(delete(table).where(table.run_id.in_(runs)))
        session.execute(delete(AnalysisRun).where(AnalysisRun.id.in_(runs)))
        if runs or n_learnt:
            audit.record(actor=actor, action="review.forget_runs", subject_type="consultation",
                         subject_id=consultation_id, consultation_id=consultation_id, now=now, n_runs=len(runs))
        return len(runs)
