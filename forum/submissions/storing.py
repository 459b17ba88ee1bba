"""Rows of one entry, built inside the caller's transaction: for the phone, the desk and imports alike.

This is the one door for writing that rooms to the right may use (intake stores paper cards and
files through it). Nothing here commits, and nothing here decides whether an entry is welcome.
"""
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, scoped_session

from forum.consultations.models import ForumSession
from forum.security import digest
from forum.submissions.models import Consent, Submission, SubmissionVersion

PURPOSES = ("forum",)


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody wrote, with the fields of its kind.

    ``kind`` is one of `KINDS`, ``approach`` one of `APPROACHES` or ``None`` (not known),
    ``dimension_id`` a row of the consultation's pack or ``None``, ``rating`` 1 to 5 for an
    evaluation. Texts are as typed, cleaned by `forum.typed.clean_text`; a text that does not apply is empty.
    """

    kind: str
    body: str
    approach: str | None = None
    dimension_id: int | None = None
    place: str = ""
    practice_where: str = ""
    practice_owner: str = ""
    programme: str = ""
    rating: int | None = None


FIELDS = tuple(Content.__dataclass_fields__)


def content_of(version: SubmissionVersion) -> Content:
    """The content of a stored version."""
    return Content(**{field: getattr(version, field) for field in FIELDS})


def add_submission(
    session: Session | scoped_session[Session], *, forum_session: ForumSession, key: str, receipt: str,
    content: Content, now: datetime, group_id: int | None = None, area_id: int | None = None,
    participant: str | None = None, notice_id: int | None = None, source: str = "phone",
) -> Submission:
    """Add an entry with its first version, flushed so that its id is known.

    Parameters
    ----------
    key : UUID that names the entry for good; a second one with the same key violates the unique index.
    receipt : normalized receipt code (`forum.submissions.receipt.new`).
    participant : random key of the participant's browser, of which only the digest is stored;
        ``None`` when unknown, then the entry counts as one person.
    notice_id : the notice to which the participant agreed; ``None`` stores no consent.
    source : one of `forum.submissions.models.SOURCES`.
    """
    consultation = forum_session.consultation
    submission = Submission(
        key=key, receipt_code=receipt, receipt_digest=digest(receipt), consultation_id=consultation.id,
        forum_session_id=forum_session.id, participant_digest=digest(participant) if participant else None,
        group_id=group_id, area_id=area_id, source=source, current_number=1, received_at=now,
        state="waiting" if consultation.moderation == "before" else "accepted")
    session.add(submission)
    session.flush()
    _add_version(session, submission, 1, content, now)
    if notice_id is not None:
        session.add(Consent(submission_id=submission.id, notice_id=notice_id, purposes=list(PURPOSES), given_at=now))
    session.flush()
    return submission


def add_version(session: Session | scoped_session[Session], *, submission: Submission, content: Content,
                now: datetime) -> int:
    """Add the next version of an entry and make it the current one; return its number."""
    submission.current_number += 1
    _add_version(session, submission, submission.current_number, content, now)
    session.flush()
    return submission.current_number


def _add_version(session: Session | scoped_session[Session], submission: Submission, number: int,
                 content: Content, now: datetime) -> None:
    session.add(SubmissionVersion(submission_id=submission.id, number=number, created_at=now,
                                  **{field: getattr(content, field) for field in FIELDS}))
