"""Named reads of every entry, for staff."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.consultations.models import Consultation
from forum.db import db
from forum.errors import NotFound
from forum.moderation.models import ModerationEntry
from forum.submissions.models import Submission, SubmissionVersion

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of entries, newest first, and the id that the next page continues before."""

    entries: list[tuple[Submission, SubmissionVersion]]
    reasons: dict[int, str]
    next_before: int | None


def submission_or_404(submission_id: int) -> Submission:
    submission = db.session.get(Submission, submission_id)
    if submission is None:
        raise NotFound
    return submission


def entries_page(consultation: Consultation, *, state: str | None = None, kind: str | None = None,
                 text: str = "", before: int | None = None) -> EntryPage:
    """Entries of a consultation in one state (or all), newest first; withdrawn texts are not read.

    Pages continue by key, not by offset, so that the last page costs what the first one does.
    """
    query = (
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .where(Submission.consultation_id == consultation.id)
        .options(joinedload(Submission.group), joinedload(Submission.area),
                 joinedload(Submission.forum_session))
        .order_by(Submission.id.desc()).limit(PAGE_SIZE + 1)
    )
    query = query.where(Submission.state == state) if state else query.where(Submission.state != "withdrawn")
    if kind:
        query = query.where(SubmissionVersion.kind == kind)
    if text:
        query = query.where(SubmissionVersion.body.icontains(text, autoescape=True))
    if before:
        query = query.where(Submission.id < before)
    found = db.session.execute(query).all()
    shown = found[:PAGE_SIZE]
    return EntryPage(list(shown), _reasons([submission.id for submission, _ in shown if submission.state == "hidden"]),
                     shown[-1][0].id if len(found) > PAGE_SIZE else None)


def last_reason(submission_id: int) -> str:
    """Why an entry is hidden, in the words of the one who hid it."""
    return _reasons([submission_id]).get(submission_id, "")


def _reasons(submission_ids: list[int]) -> dict[int, str]:
    if not submission_ids:
        return {}
    rows = db.session.execute(
        select(ModerationEntry.submission_id, ModerationEntry.reason)
        .where(ModerationEntry.submission_id.in_(submission_ids), ModerationEntry.action == "hide")
        .order_by(ModerationEntry.id))
    return dict(rows.all())  # of several, the last one wins
