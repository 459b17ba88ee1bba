"""Verbs of submissions: send an idea exactly once, correct it, withdraw it."""
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from forum import audit
from forum.consultations.models import Consultation, ForumSession
from forum.db import hold, writing
from forum.errors import ForumError, NotFound, StaleVersion
from forum.submissions import queries
from forum.submissions.models import Submission
from forum.submissions.storing import Content, add_submission, add_version, content_of


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server holds: the receipt is the stored one, whatever the repeat carried."""

    submission_id: int
    key: str
    receipt: str
    is_new: bool


class SittingClosed(ForumError):
    """The sitting, or its consultation, takes no entries now."""


class AlreadySent(ForumError):
    """The same form came before, with other words. ``receipt`` names the stored entry."""

    def __init__(self, receipt: str) -> None:
        super().__init__(_("Formulir ini sudah terkirim sebelumnya, dengan isi yang lain."))
        self.receipt = receipt


class ReceiptTaken(ForumError):
    """Another entry has this receipt code already; send again with a fresh one."""


class UnknownChoice(ForumError):
    """A stakeholder group or an area that the city pack does not have."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotCorrectable(ForumError):
    """The entry is withdrawn or hidden, or its consultation is closed."""


def submit(*, forum_session_id: int, key: str, receipt: str, participant: str | None, content: Content,
           group_code: str | None, area_code: str | None, notice_id: int | None, source: str,
           now: datetime) -> Stored:
    """Store one idea, once: a repeat of the same key with the same content is answered as success.

    A repeat is answered also after the sitting closed, and with the stored receipt. Parameters are as
    in `forum.submissions.storing.add_submission`; codes are those of the city pack, or ``None``.

    Raises
    ------
    AlreadySent : this key is stored with other content.
    SittingClosed, UnknownChoice, ReceiptTaken, NotFound
    """
    try:
        with writing() as session:
            earlier = queries.submission_by_key(key)
            if earlier is not None:
                return _answer_repeat(earlier, forum_session_id, content)
            forum_session = session.get(ForumSession, forum_session_id)
            if forum_session is None:
                raise NotFound
            if not forum_session.is_open:
                raise SittingClosed(_("Sesi ini sudah ditutup."))
            choices = queries.pack_choices(forum_session.consultation.pack_id)
            submission = add_submission(
                session, forum_session=forum_session, key=key, receipt=receipt, participant=participant,
                content=content, group_id=_id_of(group_code, choices.group_ids()),
                area_id=_id_of(area_code, choices.area_ids()), notice_id=notice_id, source=source, now=now)
            audit.record(actor=audit.PARTICIPANT, action="submissions.submit", subject_type="submission",
                         subject_id=submission.id, consultation_id=submission.consultation_id, now=now,
                         kind=content.kind, source=source)
            return Stored(submission.id, key, receipt, True)
    except IntegrityError:
        # Of two simultaneous requests with one key, the database let the other one in.
        earlier = queries.submission_by_key(key)
        if earlier is None:
            raise ReceiptTaken from None
        return _answer_repeat(earlier, forum_session_id, content)


def _answer_repeat(earlier: Submission, forum_session_id: int, content: Content) -> Stored:
    # The first version: a late repeat of the original is no undoing of a correction.
    if earlier.forum_session_id != forum_session_id or content_of(queries.version(earlier.id, 1)) != content:
        raise AlreadySent(earlier.receipt_code)
    return Stored(earlier.id, earlier.key, earlier.receipt_code, False)


def _id_of(code: str | None, ids: dict[str, int]) -> int | None:
    if code is None:
        return None
    if code not in ids:
        raise UnknownChoice(_("Pilihan ini tidak ada."))
    return ids[code]


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
    return submission.state in ("accepted", "waiting") and consultation.is_open


def refuse_unless_correctable(submission: Submission, consultation: Consultation) -> None:
    """Raise `NotCorrectable` with the reason in plain words when an entry can no longer be corrected."""
    if submission.state == "withdrawn":
        raise NotCorrectable(_("Masukan ini sudah Anda tarik, jadi tidak dapat diperbaiki lagi."))
    if submission.state == "hidden":
        raise NotCorrectable(_("Masukan ini disembunyikan petugas, jadi tidak dapat diperbaiki."))
    if not is_correctable(submission, consultation):
        raise NotCorrectable(_("Konsultasi ini sudah ditutup, jadi masukan tidak dapat diperbaiki lagi. "
                               "Menariknya tetap bisa."))


def withdraw(*, submission_id: int, now: datetime) -> None:
    """Take an entry back, at once and in any state; a second time changes nothing."""
    with writing():
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        if submission.state == "withdrawn":
            return
        audit.record(actor=audit.PARTICIPANT, action="submissions.withdraw", subject_type="submission",
                     subject_id=submission.id, consultation_id=submission.consultation_id, now=now,
                     state=submission.state)
        submission.state, submission.withdrawn_at = "withdrawn", now
