"""Verbs of reactions: react to what somebody else wrote."""
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import select

from forum.db import hold, writing
from forum.errors import ForumError, NotFound
from forum.reactions.models import Reaction
from forum.submissions.models import Submission

AGREE, PASS, DISAGREE = 1, 0, -1


class NotReactable(ForumError):
    """One's own entry, or a value that is none."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ConsultationClosed(ForumError):
    """Reactions end with the consultation."""


def react(*, submission_id: int, consultation_id: int, participant_digest: str, value: int, now: datetime) -> None:
    """Store what a participant thinks of an entry; a second reaction replaces the first.

    ``value``: +1 agree, 0 pass, -1 disagree. An entry that is hidden, withdrawn or of another
    consultation is not found; one's own is refused.
    """
    if value not in (AGREE, PASS, DISAGREE):
        raise NotReactable(_("Pilih setuju, tidak setuju, atau lewati."))
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None or submission.state != "accepted" or submission.consultation_id != consultation_id:
            raise NotFound(_("Masukan ini sudah tidak ditampilkan."))
        if not submission.forum_session.consultation.is_open:
            raise ConsultationClosed(_("Konsultasi ini sudah ditutup."))
        if submission.participant_digest == participant_digest:
            raise NotReactable(_("Ini masukan Anda sendiri."))
        reaction = session.scalar(select(Reaction).where(
            Reaction.submission_id == submission_id, Reaction.participant_digest == participant_digest))
        if reaction is None:
            # Group and kelurahan of the person are those of the person's latest entry, where there is one.
            own = session.scalar(select(Submission).where(
                Submission.participant_digest == participant_digest,
                Submission.consultation_id == consultation_id).order_by(Submission.id.desc()).limit(1))
            session.add(Reaction(submission_id=submission_id, participant_digest=participant_digest, value=value,
                                 group_id=own.group_id if own else None, area_id=own.area_id if own else None,
                                 created_at=now, changed_at=now))
        else:
            reaction.value, reaction.changed_at = value, now
