"""Verbs of reactions: react to what somebody else wrote."""
from datetime import datetime
from http import HTTPStatus
from math import ceil

from flask import current_app
from flask_babel import gettext as _

from forum.errors import ForumError
from forum.reactions.models import Stance
from forum.reactions.receiving import Answer, Order, Outcome
from forum.security import digest
from forum.submissions.fair import TooMany, is_known


class NotReactable(ForumError):
    """One's own entry, or no stance at all."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Gone(ForumError):
    """The entry is hidden or withdrawn, or was never one of this consultation."""

    status = HTTPStatus.GONE


class ConsultationClosed(ForumError):
    """Reactions end with the consultation."""


class ReactedTooOften(ForumError):
    """The phone or its sitting reacted more often than is fair; ``retry_after`` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, refusal: TooMany, now: datetime) -> None:
        self.retry_after = refusal.seconds(now)
        minutes = ceil(self.retry_after / 60)
        if refusal.is_phone:
            message = _("Dari ponsel ini sudah masuk %(limit)s tanggapan dalam %(window)s menit. Tunggu sekitar "
                        "%(minutes)s menit, lalu lanjutkan.", limit=refusal.limit,
                        window=refusal.window.seconds // 60, minutes=minutes)
        else:
            message = _("Terlalu banyak tanggapan tiba bersamaan di sesi ini. Tunggu sekitar %(minutes)s menit, lalu "
                        "lanjutkan, atau beri tahu fasilitator.", minutes=minutes)
        super().__init__(message)


def react(*, forum_session_id: int, submission_id: int, participant: str, stance: Stance | None, key: str,
          sequence: int | None, now: datetime) -> None:
    """Store what a participant thinks of an entry; a later reaction replaces an earlier one, whenever they arrive.

    A repeat, and one that was replaced since, count as success. Reactions that come at the same time are stored
    together (`forum.group_commit`).

    Parameters
    ----------
    forum_session_id : an existing sitting; the entry must belong to its consultation.
    participant : the random key of the participant's browser.
    stance : ``None`` is refused: nothing that was chosen.
    key : UUID that the phone made for this change.
    sequence : grows with every change of this phone (below 2^53); ``None`` for "just now".

    Raises
    ------
    NotReactable, Gone, ConsultationClosed, ReactedTooOften, WriteTimeout
    """
    if stance is None:
        raise NotReactable(_("Pilih setuju, tidak setuju, atau lewati."))
    order = Order(forum_session_id, submission_id, digest(participant), stance, key, sequence, now,
                  is_known(participant, now))
    outcome: Outcome = current_app.extensions["forum_reacting"].put(order)
    if isinstance(outcome, TooMany):
        raise ReactedTooOften(outcome, now)
    if outcome is Answer.GONE:
        raise Gone(_("Masukan ini sudah tidak ditampilkan."))
    if outcome is Answer.CLOSED:
        raise ConsultationClosed(_("Konsultasi ini sudah ditutup."))
    if outcome is Answer.OWN:
        raise NotReactable(_("Ini masukan Anda sendiri."))
