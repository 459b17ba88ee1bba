"""Verbs of moderation: let through, hide with a reason, restore."""
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _

from forum import audit
from forum.consultations.models import Consultation
from forum.db import hold, writing
from forum.errors import ForumError, NotFound
from forum.moderation.models import ModerationEntry
from forum.submissions.models import Contact, Submission
from forum.submissions.retention import is_over
from forum.typed import clean_text

MAX_REASON_CHARACTERS = 300


class ReasonMissing(ForumError):
    """Hiding an entry needs a reason that its author can read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoContact(ForumError):
    """The entry has no contact, or has it no more."""

    status = HTTPStatus.NOT_FOUND


class NotInThisState(ForumError):
    """The entry is not in a state from which this can be done."""


def accept(*, submission_id: int, actor: audit.Actor, now: datetime) -> None:
    """Let a waiting entry through."""
    _change(submission_id, "accept", "waiting", "accepted", "", actor, now)


def hide(*, submission_id: int, reason: str, actor: audit.Actor, now: datetime) -> None:
    """Hide an entry everywhere; its author sees the reason on the receipt page."""
    reason = clean_text(reason)
    if not reason:
        raise ReasonMissing(_("Tulis alasannya: pengirim membacanya di halaman tanda terima."))
    if len(reason) > MAX_REASON_CHARACTERS:
        raise ReasonMissing(_("Alasan paling banyak %(count)s karakter.", count=MAX_REASON_CHARACTERS))
    _change(submission_id, "hide", ("waiting", "accepted"), "hidden", reason, actor, now)


def restore(*, submission_id: int, actor: audit.Actor, now: datetime) -> None:
    """Show a hidden entry again."""
    _change(submission_id, "restore", "hidden", "accepted", "", actor, now)


def see_contact(*, submission_id: int, actor: audit.Actor, now: datetime) -> Contact:
    """The contact that was left with an entry, while it may be kept; that it was looked at is written down."""
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        contact = session.get(Contact, submission_id)
        if contact is None or is_over(submission, session.get_one(Consultation, submission.consultation_id), now):
            raise NoContact(_("Masukan ini tidak punya kontak, atau pengirim sudah menghapusnya."))
        audit.record(actor=actor, action="moderation.see_contact", subject_type="submission",
                     subject_id=submission.id, consultation_id=submission.consultation_id, now=now)
        session.flush()
        session.expunge(contact)
        return contact


def _change(submission_id: int, action: str, expected: str | tuple[str, ...], state: str, reason: str,
            actor: audit.Actor, now: datetime) -> None:
    with writing() as session:
        submission = hold(Submission, submission_id)
        if submission is None:
            raise NotFound
        if submission.state not in (expected if isinstance(expected, tuple) else (expected,)):
            raise NotInThisState(_("Keadaan masukan ini sudah berubah. Muat ulang halaman untuk melihatnya."))
        submission.state = state
        session.add(ModerationEntry(submission_id=submission.id, action=action, reason=reason, actor_id=actor.id,
                                    actor_name=actor.name, created_at=now))
        audit.record(actor=actor, action=f"moderation.{action}", subject_type="submission",
                     subject_id=submission.id, consultation_id=submission.consultation_id, now=now)
