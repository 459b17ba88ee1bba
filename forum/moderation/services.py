"""Verbs of moderation: let through, hide with a reason, restore."""
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _

from forum import audit
from forum.db import hold, writing
from forum.errors import ForumError, NotFound
from forum.moderation.models import ModerationEntry
from forum.submissions.models import Submission
from forum.typed import clean_text

MAX_REASON_CHARACTERS = 300


class ReasonMissing(ForumError):
    """Hiding an entry needs a reason that its author can read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


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
