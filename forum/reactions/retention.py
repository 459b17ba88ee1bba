"""The end of the time for which people are told apart by the key on their phone."""
import secrets
from datetime import datetime

from sqlalchemy import select, union, update

from forum import audit
from forum.db import writing
from forum.reactions.models import Reaction
from forum.security import digest
from forum.submissions.models import Submission

_UNLINKED = "unlinked "
"""Begins what stands in the place of a digest that no phone leads to any more."""


def unlink_people(*, consultation_id: int, actor: audit.Actor, now: datetime) -> int:
    """Replace the digests of phones in one consultation by others that lead nowhere; return how many people these were.

    Whoever wrote and reacted stays one person, so that every count of people stays as it is. The random value that
    the new digests are made with is forgotten at once.
    """
    salt = secrets.token_hex(32)
    of_consultation = Submission.consultation_id == consultation_id
    entries = select(Submission.id).where(of_consultation)
    with writing() as session:
        known = session.scalars(union(
            select(Submission.participant_digest).where(of_consultation, Submission.participant_digest.is_not(None)),
            select(Reaction.participant_digest).where(Reaction.submission_id.in_(entries))))
        linked = [one for one in known if not one.startswith(_UNLINKED)]
        for one in linked:
            new = _UNLINKED + digest(salt + one)
            session.execute(update(Submission).where(of_consultation, Submission.participant_digest == one)
                            .values(participant_digest=new).execution_options(synchronize_session=False))
            session.execute(update(Reaction).where(Reaction.submission_id.in_(entries),
                                                   Reaction.participant_digest == one)
                            .values(participant_digest=new).execution_options(synchronize_session=False))
        if linked:
            audit.record(actor=actor, action="reactions.unlink_people", subject_type="consultation",
                         subject_id=consultation_id, consultation_id=consultation_id, now=now, n_people=len(linked))
        return len(linked)
