"""Fair limits: a whole hall stands behind one address and must not be locked out; one phone must not flood it.

So nothing counts addresses. What counts is how much one phone (its participant key) and one sitting sent lately,
read from the entries themselves, so that it holds over all processes and after a restart.
"""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, scoped_session

from forum.consultations.models import ForumSession
from forum.submissions.models import Submission

PHONE_WINDOW = timedelta(minutes=10)
SITTING_WINDOW = timedelta(minutes=1)

_FROM_PHONES = (
    select(Submission.participant_digest, func.count(), func.min(Submission.received_at))
    .where(Submission.participant_digest.in_(bindparam("digests", expanding=True)),
           Submission.received_at > bindparam("since"))
    .group_by(Submission.participant_digest))
_IN_SITTINGS = (
    select(Submission.forum_session_id, func.count(), func.min(Submission.received_at))
    .where(Submission.forum_session_id.in_(bindparam("ids", expanding=True)),
           Submission.received_at > bindparam("since"), Submission.source == "phone")
    .group_by(Submission.forum_session_id))


@dataclass(frozen=True, slots=True)
class TooMany:
    """An entry that must wait. ``limit`` entries in ``window`` are allowed; ``until`` is when the next one is."""

    is_phone: bool
    limit: int
    window: timedelta
    until: datetime


class Allowance:
    """How much more the phones and sittings of a batch may send now; each admitted entry uses it up."""

    def __init__(self, session: Session | scoped_session[Session], *, participants: Iterable[str],
                 sittings: Iterable[int], now: datetime) -> None:
        self._limits = (current_app.config["ENTRIES_PER_PHONE"], current_app.config["ENTRIES_PER_SITTING"])
        self._now = now
        connection = session.connection()
        phones = connection.execute(_FROM_PHONES, {"digests": list(participants), "since": now - PHONE_WINDOW})
        halls = connection.execute(_IN_SITTINGS, {"ids": list(sittings), "since": now - SITTING_WINDOW})
        self._sent: Counter[str | int] = Counter()
        self._oldest: dict[str | int, datetime] = {}
        for name, count, oldest in (*phones, *halls):
            self._sent[name], self._oldest[name] = count, oldest

    def admit(self, participant: str | None, sitting: int) -> TooMany | None:
        """Use up the allowance of a phone (digest of its key) and its sitting, or say until when it must wait."""
        per_phone, per_sitting = self._limits
        if participant is not None and self._sent[participant] >= per_phone:
            return TooMany(True, per_phone, PHONE_WINDOW, self._free_at(participant, PHONE_WINDOW))
        if self._sent[sitting] >= per_sitting:
            return TooMany(False, per_sitting, SITTING_WINDOW, self._free_at(sitting, SITTING_WINDOW))
        self._sent[sitting] += 1
        if participant is not None:
            self._sent[participant] += 1
        return None

    def _free_at(self, name: str | int, window: timedelta) -> datetime:
        return self._oldest.get(name, self._now) + window


def note_refused(session: Session | scoped_session[Session], refused: Counter[int], now: datetime) -> None:
    """Count for the facilitator how many entries of a sitting had to wait."""
    for sitting, count in refused.items():
        session.connection().execute(
            update(ForumSession.__table__).where(ForumSession.id == sitting)
            .values(n_held_back=ForumSession.n_held_back + count, held_back_at=now))
