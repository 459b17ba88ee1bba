"""Fair limits: a whole hall stands behind one address and must not be locked out; one phone must not flood it.

So nothing counts addresses. What counts is how much one phone (its participant key) and one sitting sent lately;
it is read in the transaction that stores, so that it holds over all processes and after a restart.
"""
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from flask import current_app
from sqlalchemy import Connection, bindparam, func, select, update

from forum.consultations.models import ForumSession
from forum.db import CLOCK_AHEAD
from forum.prepared import Prepared, one_of
from forum.submissions.models import Submission

PHONE_WINDOW = timedelta(minutes=10)
SITTING_WINDOW = timedelta(minutes=1)

_from_phones = Prepared(
    select(Submission.participant_digest, func.count(), func.min(Submission.received_at))
    .where(one_of(Submission.participant_digest, "digests"),
           Submission.received_at > bindparam("since"), Submission.received_at <= bindparam("until"))
    .group_by(Submission.participant_digest))
_write_down = Prepared(
    update(ForumSession.__table__).where(ForumSession.id == bindparam("sitting"))
    .values(allowance_used=bindparam("used"), allowance_at=bindparam("at")))


@dataclass(frozen=True, slots=True)
class TooMany:
    """An entry that must wait. ``limit`` entries in ``window`` are allowed; ``until`` is when the next one is."""

    is_phone: bool
    limit: int
    window: timedelta
    until: datetime

    def seconds(self, now: datetime) -> int:
        """How long to wait from ``now``, at least one second."""
        return max(1, ceil((self.until - now).total_seconds()))


class Allowance:
    """How much more the phones and sittings of a batch may send now; each admitted entry uses it up.

    A phone may send so many entries in any window: they are counted. A sitting has an allowance that entries use
    up and time gives back evenly (leaky bucket as a meter, ITU-T I.371): two numbers in its row, because to count
    the entries of a full hall for every batch costs more than to store them.

    Parameters
    ----------
    sittings : for each limited sitting what was used and when that was written down (``None``: nothing yet).
    """

    def __init__(self, connection: Connection, *, participants: Iterable[str],
                 sittings: Mapping[int, tuple[float, datetime | None]], now: datetime) -> None:
        self._connection = connection
        self._per_phone = current_app.config["ENTRIES_PER_PHONE"]
        self._per_sitting = current_app.config["ENTRIES_PER_SITTING"]
        self._now = now
        self._used = {sitting: max(0.0, used - max(now - at, timedelta()) / SITTING_WINDOW * self._per_sitting)
                      if at else 0.0 for sitting, (used, at) in sittings.items()}
        phones = _from_phones.rows(self._connection, {
            "digests": list(participants), "since": now - PHONE_WINDOW,
            "until": now + CLOCK_AHEAD}) if sittings else ()
        self._sent: Counter[str] = Counter()
        self._oldest: dict[str, datetime] = {}
        for name, count, oldest in phones:
            self._sent[name], self._oldest[name] = count, oldest

    def admit(self, participant: str | None, sitting: int) -> TooMany | None:
        """Use up the allowance of a phone (digest of its key) and its sitting, or say until when it must wait."""
        if sitting not in self._used:
            return None
        if participant is not None and self._sent[participant] >= self._per_phone:
            free_at = self._oldest.get(participant, self._now) + PHONE_WINDOW
            return TooMany(True, self._per_phone, PHONE_WINDOW, free_at)
        over = self._used[sitting] + 1 - self._per_sitting
        if over > 0:
            free_at = self._now + SITTING_WINDOW * (over / self._per_sitting)
            return TooMany(False, self._per_sitting, SITTING_WINDOW, free_at)
        self._used[sitting] += 1
        if participant is not None:
            self._sent[participant] += 1
        return None

    def write_down(self) -> None:
        """Keep what the sittings have used, for the next batch of whatever process."""
        if self._used:
            _write_down.run(self._connection, [{"sitting": sitting, "used": used, "at": self._now}
                                               for sitting, used in sorted(self._used.items())])


def note_refused(connection: Connection, refused: Counter[int], now: datetime) -> None:
    """Count for the facilitator how many entries of a sitting had to wait."""
    for sitting, count in refused.items():
        connection.execute(
            update(ForumSession.__table__).where(ForumSession.id == sitting)
            .values(n_held_back=ForumSession.n_held_back + count, held_back_at=now))
