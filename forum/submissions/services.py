"""Verbs of submissions: send an idea exactly once, correct it, withdraw it."""
from collections import Counter
from datetime import datetime
from http import HTTPStatus
from math import ceil

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from forum import audit
from forum.consultations.models import Consultation
from forum.db import db, hold, let_go, writing, writing_rows
from forum.errors import ForumError, NotFound, StaleVersion
from forum.security import digest
from forum.submissions import photos, queries
from forum.submissions.fair import TooMany, foreseen, is_known, note_refused
from forum.submissions.models import Contact, Submission
from forum.submissions.receiving import Order, OtherContent, Outcome, Refusal, Stored
from forum.submissions.storing import Content, LeftContact, add_version, content_of


class SittingClosed(ForumError):
    """The sitting, or its consultation, takes no entries now."""


class AlreadySent(ForumError):
    """The same form came before, with other words. ``receipt`` names the stored entry."""

    def __init__(self, receipt: str) -> None:
        super().__init__(_("Formulir ini sudah terkirim sebelumnya, dengan isi yang lain."))
        self.receipt = receipt


class SentTooMany(ForumError):
    """The phone or its sitting sent more than is fair; ``retry_after`` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, refusal: TooMany, now: datetime) -> None:
        self.retry_after = refusal.seconds(now)
        minutes = ceil(self.retry_after / 60)
        if refusal.is_phone:
            message = _("Dari ponsel ini sudah masuk %(limit)s masukan dalam %(window)s menit. Isian Anda masih ada "
                        "di bawah: tunggu sekitar %(minutes)s menit, lalu tekan Kirim lagi.",
                        limit=refusal.limit, window=refusal.window.seconds // 60, minutes=minutes)
        else:
            message = _("Terlalu banyak masukan tiba bersamaan di sesi ini. Isian Anda masih ada di bawah: tunggu "
                        "sekitar %(minutes)s menit, lalu tekan Kirim lagi, atau beri tahu fasilitator.",
                        minutes=minutes)
        super().__init__(message)


class ReceiptTaken(ForumError):
    """Another entry has this receipt code already; send again with a fresh one."""


class UnknownChoice(ForumError):
    """A stakeholder group or an area that the city pack does not have."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotCorrectable(ForumError):
    """The entry is withdrawn or hidden, or its consultation is closed."""


def submit(*, forum_session_id: int, key: str, receipt: str, participant: str | None, content: Content,
           group_code: str | None, area_code: str | None, notice_id: int | None, source: str,
           now: datetime, photo: str | None = None, contact: LeftContact | None = None) -> Stored:
    """Store one idea, once: a repeat of the same key with the same content is answered as success.

    A repeat is answered also after the sitting closed, and with the stored receipt. Parameters are as
    in `forum.submissions.storing.Entry`, with ``participant`` the key itself; codes are those of the city pack, or
    ``None``. Ideas that come at the same time are stored together (`forum.group_commit`). A repeat never brings a
    contact back that its author took away since.

    Raises
    ------
    AlreadySent : this key is stored with other content.
    SentTooMany : the phone or the sitting must wait a little.
    SittingClosed, UnknownChoice, ReceiptTaken, NotFound, WriteTimeout
    """
    order = Order(forum_session_id, key, receipt, digest(receipt), digest(participant) if participant else None,
                  content, group_code, area_code, notice_id, source, now, photo, contact, is_known(participant, now))
    door = current_app.extensions["forum_receiving"]
    let_go()
    try:
        outcome: Outcome = door.put(order)
    except IntegrityError:
        # On PostgreSQL another process stored this key or receipt at the same moment; now it can be read.
        outcome = door.put(order)
    if isinstance(outcome, Stored):
        return outcome
    if isinstance(outcome, OtherContent):
        raise AlreadySent(outcome.receipt)
    if isinstance(outcome, TooMany):
        raise SentTooMany(outcome, now)
    raise _refusal(outcome)


def refuse_who_must_wait(*, forum_session_id: int, participant: str, now: datetime) -> None:
    """Raise `SentTooMany` when the limits would refuse an entry now; `submit` decides again, and for good.

    Raises
    ------
    SentTooMany, WriteTimeout
    """
    refused = foreseen(db.session.connection(), forum_session_id, digest(participant), is_known(participant, now), now)
    if refused is None:
        return
    with writing_rows() as connection:
        note_refused(connection, Counter({forum_session_id: 1}), now)
    raise SentTooMany(refused, now)


def _refusal(outcome: Refusal) -> ForumError:
    if outcome is Refusal.CLOSED:
        return SittingClosed(_("Sesi ini sudah ditutup."))
    if outcome is Refusal.UNKNOWN_CHOICE:
        return UnknownChoice(_("Pilihan ini tidak ada."))
    return ReceiptTaken() if outcome is Refusal.RECEIPT_TAKEN else NotFound()


def correct(*, submission_id: int, number: int, content: Content, now: datetime) -> int:
    """Add a corrected version; return its number. ``number`` is the version that the author read.

    The earlier versions stay. Where staff look first, a corrected entry waits for them again. The
    same content again changes nothing.

    Raises
    ------
    StaleVersion : it was corrected elsewhere since.
    NotCorrectable : it is withdrawn or hidden, or the consultation is closed.
    """
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        consultation = session.get_one(Consultation, submission.consultation_id)
        refuse_unless_correctable(submission, consultation)
        if content_of(queries.version(submission.id, submission.current_number)) == content:
            return submission.current_number
        if submission.current_number != number:
            raise StaleVersion(_("Masukan ini sudah diperbaiki dari halaman lain sejak Anda membukanya. "
                                 "Bandingkan keduanya, lalu simpan lagi bila tulisan Anda yang benar."))
        number = add_version(session, submission=submission, content=content, now=now)
        if consultation.moderation == "before":
            submission.state = "waiting"
        audit.record(actor=audit.PARTICIPANT, action="submissions.correct", subject_type="submission",
                     subject_id=submission.id, consultation_id=consultation.id, now=now, number=number)
        return number


def is_correctable(submission: Submission, consultation: Consultation) -> bool:
    """Whether its author can still correct an entry."""
    return submission.state in ("accepted", "waiting") and consultation.is_open and submission.erased_at is None


def refuse_unless_correctable(submission: Submission, consultation: Consultation) -> None:
    """Raise `NotCorrectable` with the reason in plain words when an entry can no longer be corrected."""
    if submission.state == "withdrawn":
        raise NotCorrectable(_("Masukan ini sudah Anda tarik, jadi tidak dapat diperbaiki lagi."))
    if submission.state == "hidden":
        raise NotCorrectable(_("Masukan ini disembunyikan petugas, jadi tidak dapat diperbaiki."))
    if submission.erased_at is not None:
        raise NotCorrectable(_("Masa simpan masukan ini berakhir dan tulisannya sudah dihapus, jadi tidak dapat "
                               "diperbaiki lagi."))
    if not is_correctable(submission, consultation):
        raise NotCorrectable(_("Konsultasi ini sudah ditutup, jadi masukan tidak dapat diperbaiki lagi. "
                               "Menariknya tetap bisa."))


def withdraw(*, submission_id: int, now: datetime) -> None:
    """Take an entry back with its photo and contact, at once and in any state; a second time changes nothing."""
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        if submission.state == "withdrawn":
            return
        audit.record(actor=audit.PARTICIPANT, action="submissions.withdraw", subject_type="submission",
                     subject_id=submission.id, consultation_id=submission.consultation_id, now=now,
                     state=submission.state)
        submission.state, submission.withdrawn_at = "withdrawn", now
        session.execute(delete(Contact).where(Contact.submission_id == submission.id))
        photo = photos.photo_of(submission.id)
        name = photo.name if photo else None
        if photo:
            session.delete(photo)
    photos.forget(name)  # after the commit: a photo that is still named must be there


def withdraw_contact(*, submission_id: int, now: datetime) -> None:
    """Forget the contact that was left with an entry, at once; the entry stays. A second time changes nothing."""
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        contact = session.get(Contact, submission_id)
        if contact is None:
            return
        session.delete(contact)
        audit.record(actor=audit.PARTICIPANT, action="submissions.withdraw_contact", subject_type="submission",
                     subject_id=submission.id, consultation_id=submission.consultation_id, now=now)
