"""Named reads of reactions."""
from sqlalchemy import case, func, or_, select

from forum.db import db
from forum.reactions.models import Reaction
from forum.submissions.models import Submission, SubmissionVersion


def next_statement(consultation_id: int, participant_digest: str) -> tuple[Submission, SubmissionVersion] | None:
    """The entry that this participant should see next: not their own, not yet answered by them.

    The least answered comes first and among those the newest, so attention spreads evenly and what
    was written a minute ago is seen too.
    """
    answered = select(Reaction.submission_id).where(Reaction.participant_digest == participant_digest)
    counts = (select(Reaction.submission_id, func.count().label("n"))
              .join(Submission, Submission.id == Reaction.submission_id)
              .where(Submission.consultation_id == consultation_id)
              .group_by(Reaction.submission_id).subquery())
    row = db.session.execute(
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .outerjoin(counts, counts.c.submission_id == Submission.id)
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted",
               Submission.erased_at.is_(None),
               or_(Submission.participant_digest.is_(None), Submission.participant_digest != participant_digest),
               Submission.id.not_in(answered))
        .order_by(func.coalesce(counts.c.n, 0), Submission.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def n_answered(consultation_id: int, participant_digest: str) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Reaction).join(Submission, Submission.id == Reaction.submission_id)
        .where(Submission.consultation_id == consultation_id,
               Reaction.participant_digest == participant_digest)) or 0


def tallies(submission_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """(agree, disagree, pass) per entry; entries without a reaction are left out."""
    rows = db.session.execute(
        select(Reaction.submission_id,
               func.sum(case((Reaction.value == 1, 1), else_=0)),
               func.sum(case((Reaction.value == -1, 1), else_=0)),
               func.sum(case((Reaction.value == 0, 1), else_=0)))
        .where(Reaction.submission_id.in_(submission_ids)).group_by(Reaction.submission_id))
    return {submission_id: (int(agree), int(disagree), int(passed))
            for submission_id, agree, disagree, passed in rows}
