"""The end of the time for which a notice promised to keep what people sent: their words go, their number stays.

Of an entry stay its row (so that every count and the ledger of decisions stay true), its kind, dimension, rating
and chosen answers. Gone are the text in every version, whatever else was typed, the photo and the contact.
Entries of a sample were invented and stay.
"""
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from forum import audit
from forum.consultations.models import Consultation
from forum.consultations.queries import consultation_or_404
from forum.db import db, writing
from forum.submissions import photos
from forum.submissions.models import Contact, Photo, Submission, SubmissionVersion

ERASED_TEXT = "(tulisan dihapus: masa simpan berakhir)"
CHUNK = 500
"""Entries erased in one transaction: other writers must not wait long."""

_TYPED = ("place", "practice_where", "practice_owner", "programme")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was, or is to be, erased."""

    n_entries: int = 0
    n_contacts: int = 0
    n_photos: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.n_entries + other.n_entries, self.n_contacts + other.n_contacts,
                      self.n_photos + other.n_photos)


def cutoff(now: datetime, months: int) -> datetime:
    """What came at this moment or before has been kept for ``months`` calendar months.

    A month later than 31 January is the last day of February, so a cutoff on a day that its month lacks is that
    month's last day.
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def is_over(submission: Submission, consultation: Consultation, now: datetime) -> bool:
    return submission.received_at <= cutoff(now, consultation.retention_months)


def overdue(consultation: Consultation, now: datetime) -> Erased:
    """What `erase` would erase now."""
    late = _late(consultation, now)
    return Erased(*(db.session.scalar(select(func.count()).select_from(late_ones.subquery())) or 0 for late_ones in (
        late, select(Contact.submission_id).where(Contact.submission_id.in_(late)),
        select(Photo.submission_id).where(Photo.submission_id.in_(late)))))


def erase(*, consultation_id: int, actor: audit.Actor, now: datetime) -> Erased:
    """Erase the words, photos and contacts of every entry whose time is over; a second time changes nothing."""
    total = Erased()
    while (part := _erase_some(consultation_id, actor, now)).n_entries:
        total += part
    return total


def is_finished(consultation_id: int) -> bool:
    """Whether entries came and the words of all of them are erased."""
    n_entries, n_erased = db.session.execute(
        select(func.count(), func.count(Submission.erased_at))
        .where(Submission.consultation_id == consultation_id)).one()
    return 0 < n_entries == n_erased


def _late(consultation: Consultation, now: datetime) -> Select[tuple[int]]:
    return select(Submission.id).where(
        Submission.consultation_id == consultation.id, Submission.erased_at.is_(None), Submission.source != "sample",
        Submission.received_at <= cutoff(now, consultation.retention_months))


def _erase_some(consultation_id: int, actor: audit.Actor, now: datetime) -> Erased:
    with writing() as session:
        consultation = consultation_or_404(consultation_id)
        late = _late(consultation, now).order_by(Submission.id).limit(CHUNK).with_for_update()
        entries = list(session.scalars(select(Submission).where(Submission.id.in_(list(session.scalars(late))))))
        ids = [entry.id for entry in entries]
        if not ids:
            return Erased()
        for version in session.scalars(select(SubmissionVersion).where(_of(SubmissionVersion, ids))):
            version.body = ERASED_TEXT
            for name in _TYPED:
                setattr(version, name, "")
            version.answers = {key: answer for key, answer in version.answers.items() if not isinstance(answer, str)}
        names = list(session.scalars(select(Photo.name).where(_of(Photo, ids))))
        n_contacts = len(list(session.scalars(select(Contact.submission_id).where(_of(Contact, ids)))))
        for table in (Photo, Contact):
            session.execute(delete(table).where(_of(table, ids)))
        for entry in entries:
            entry.erased_at = now
        erased = Erased(len(ids), n_contacts, len(names))
        audit.record(actor=actor, action="submissions.erase", subject_type="consultation", subject_id=consultation_id,
                     consultation_id=consultation_id, now=now, n_entries=erased.n_entries,
                     n_contacts=erased.n_contacts, n_photos=erased.n_photos)
    for name in names:  # after the commit: a photo that is still named must be there
        photos.forget(name)
    return erased


def _of(table: Any, ids: list[int]) -> ColumnElement[bool]:
    return table.submission_id.in_(ids)
