"""Fair limits: a whole hall stands behind one address and must not be locked out; one phone must not flood it.

So nothing counts addresses. What counts is how much one phone (its participant key) and one sitting sent lately;
it is read in the transaction that stores, so that it holds over all processes and after a restart. A script may take
another key for every entry: newcomers, whose key is of this moment or unknown, share a part of what a sitting takes.
"""
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from flask import current_app
from sqlalchemy import Connection, bindparam, func, select, update

from forum.consultations.models import ForumSession
from forum.db import CLOCK_AHEAD
from forum.prepared import Prepared, one_of
from forum.security import given_out_at
from forum.submissions.models import Submission

PHONE_WINDOW = timedelta(minutes=10)
SITTING_WINDOW = timedelta(minutes=1)
KNOWN_AFTER = timedelta(seconds=5)
"""Nobody reads the form and writes an idea, or reads somebody's entry and judges it, in less."""
NEWCOMERS_SHARE = 1 / 3
"""Of a sitting's entries: a thousand a minute, so that a hall whose phones are all unknown is not held up either."""
_JUST_NOW = (-CLOCK_AHEAD.total_seconds(), KNOWN_AFTER.total_seconds())

_from_phones = Prepared(
    select(Submission.participant_digest, func.count(), func.min(Submission.received_at))
    .where(one_of(Submission.participant_digest, "digests"),
           Submission.received_at > bindparam("since"), Submission.received_at <= bindparam("until"))
    .group_by(Submission.participant_digest))
_read_level = Prepared(
    select(ForumSession.id, ForumSession.is_limited, ForumSession.allowance_used, ForumSession.allowance_used_by_new,
           ForumSession.allowance_at).where(ForumSession.id == bindparam("sitting")))
_write_down = Prepared(
    update(ForumSession.__table__).where(ForumSession.id == bindparam("sitting"))
    .values(allowance_used=bindparam("used"), allowance_used_by_new=bindparam("by_new"), allowance_at=bindparam("at")))


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


@dataclass(frozen=True, slots=True)
class Level:
    """What of a bucket was used, by all and by newcomers, when it was written down ``at`` (``None``: never)."""

    used: float = 0.0
    used_by_new: float = 0.0
    at: datetime | None = None


class Bucket:
    """An allowance that entries use up and time gives back evenly (leaky bucket as a meter, ITU-T I.371).

    Numbers in the row of a sitting, because to count the entries of a full hall for every batch costs more than to
    store them. What newcomers use counts twice: in their share, and in the whole.
    """

    __slots__ = ("_limit", "_now", "_share", "used", "used_by_new")

    def __init__(self, limit: int, newcomers_share: float, level: Level, now: datetime) -> None:
        self._limit, self._share, self._now = limit, limit * newcomers_share, now
        windows = max(now - level.at, timedelta()) / SITTING_WINDOW if level.at else 0.0
        self.used = max(0.0, level.used - windows * limit)
        self.used_by_new = max(0.0, level.used_by_new - windows * self._share)

    def admit(self, *, is_known: bool) -> TooMany | None:
        """Use up one, or say until when to wait."""
        wait = (self.used + 1 - self._limit) / self._limit
        if not is_known:
            # However small a share is, one fits into an empty one.
            wait = max(wait, (self.used_by_new + 1 - max(1.0, self._share)) / self._share)
        if wait > 0:
            return TooMany(False, self._limit, SITTING_WINDOW, self._now + SITTING_WINDOW * wait)
        self.used += 1
        if not is_known:
            self.used_by_new += 1
        return None


def is_known(key: str | None, now: datetime) -> bool:
    """Whether we gave this participant's key out, and not just now.

    A key of a later moment is from before the server's clock was set back.
    """
    given_out = given_out_at(key) if key else None
    return given_out is not None and not _JUST_NOW[0] < now.timestamp() - given_out < _JUST_NOW[1]


class Allowance:
    """How much more the phones and sittings of a batch may send now; each admitted entry uses it up.

    A phone may send so many entries in any window: they are counted. A sitting has a `Bucket`.

    Parameters
    ----------
    sittings : for each limited sitting how full its bucket was.
    """

    def __init__(self, connection: Connection, *, participants: Iterable[str], sittings: Mapping[int, Level],
                 now: datetime) -> None:
        self._connection = connection
        self._per_phone, per_sitting = (current_app.config[name] for name in ("ENTRIES_PER_PHONE",
                                                                               "ENTRIES_PER_SITTING"))
        self._now = now
        self._buckets = {sitting: Bucket(per_sitting, NEWCOMERS_SHARE, level, now)
                         for sitting, level in sittings.items()}
        phones = _from_phones.rows(self._connection, {
            "digests": list(participants), "since": now - PHONE_WINDOW,
            "until": now + CLOCK_AHEAD}) if sittings else ()
        self._sent: Counter[str] = Counter()
        self._oldest: dict[str, datetime] = {}
        for name, count, oldest in phones:
            self._sent[name], self._oldest[name] = count, oldest

    def admit(self, participant: str | None, sitting: int, *, is_known: bool) -> TooMany | None:
        """Use up the allowance of a phone (digest of its key) and its sitting, or say until when it must wait.

        A phone that stored something a moment ago is known, whatever its key.
        """
        bucket = self._buckets.get(sitting)
        if bucket is None:
            return None
        if participant is not None and self._sent[participant] >= self._per_phone:
            free_at = self._oldest.get(participant, self._now) + PHONE_WINDOW
            return TooMany(True, self._per_phone, PHONE_WINDOW, free_at)
        is_known = is_known or (
            participant in self._oldest and self._oldest[participant] <= self._now - KNOWN_AFTER)
        if refused := bucket.admit(is_known=is_known):
            return refused
        if participant is not None:
            self._sent[participant] += 1
        return None

    def write_down(self) -> None:
        """Keep what the sittings have used, for the next batch of whatever process."""
        _write_down.run(self._connection, levels(self._buckets, self._now))


def levels(buckets: Mapping[int, Bucket], now: datetime) -> list[dict[str, Any]]:
    """How full the buckets of sittings are, to be written down; in one order everywhere, as sittings are held."""
    return [{"sitting": sitting, "used": bucket.used, "by_new": bucket.used_by_new, "at": now}
            for sitting, bucket in sorted(buckets.items())]


def foreseen(connection: Connection, sitting: int, participant: str, is_known: bool, now: datetime) -> TooMany | None:
    """What the limits would say to an entry of this phone (digest of its key) now; nothing is held or used up."""
    levels = {row_id: Level(*level) for row_id, is_limited, *level in _read_level.rows(
        connection, {"sitting": sitting}) if is_limited}
    return Allowance(connection, participants=[participant], sittings=levels, now=now).admit(
        participant, sitting, is_known=is_known)


def note_refused(connection: Connection, refused: Counter[int], now: datetime) -> None:
    """Count for the facilitator how many entries of a sitting had to wait."""
    for sitting, count in refused.items():
        connection.execute(
            update(ForumSession.__table__).where(ForumSession.id == sitting)
            .values(n_held_back=ForumSession.n_held_back + count, held_back_at=now))
