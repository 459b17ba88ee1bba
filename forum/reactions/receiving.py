"""A batch of reactions from phones in one transaction: what is decided about each, and the rows that follow.

A reaction may arrive late, twice, or after a later one. Its ``sequence`` decides, never the time of arrival:
the row keeps the greatest, in one statement that the database itself makes safe ("on conflict … where").
"""
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from flask import current_app
from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, scoped_session

from forum.consultations.models import Consultation, ForumSession
from forum.db import CLOCK_AHEAD, writing
from forum.prepared import Prepared
from forum.reactions.models import Reaction, Stance
from forum.submissions.fair import KNOWN_AFTER, PHONE_WINDOW, Bucket, Level, TooMany, levels, note_refused
from forum.submissions.models import Submission

NEWCOMERS_SHARE = 1 / 60
"""Of a sitting's reactions, 200 a minute: whoever takes another key for each becomes another supporter each time."""

_TABLE: Any = Reaction.__table__
_write_down = Prepared(
    update(ForumSession.__table__).where(ForumSession.id == bindparam("sitting"))
    .values(reactions_used=bindparam("used"), reactions_used_by_new=bindparam("by_new"), reactions_at=bindparam("at")))


@dataclass(frozen=True, slots=True)
class Order:
    """A reaction as a phone sends it. ``sequence`` is ``None`` for a plain form: it was chosen just now."""

    forum_session_id: int
    submission_id: int
    participant_digest: str
    stance: Stance
    key: str
    sequence: int | None
    now: datetime
    is_known: bool = False
    """Whether the participant's key was given out by us before (`forum.submissions.fair.is_known`)."""

    @property
    def pair(self) -> tuple[int, str]:
        return self.submission_id, self.participant_digest


class Answer(Enum):
    """What became of an order; `TooMany` is the fourth refusal."""

    STORED = "stored"
    GONE = "gone"
    OWN = "own"
    CLOSED = "closed"


Outcome = Answer | TooMany


@dataclass(frozen=True, slots=True)
class _Sitting:
    consultation_id: int
    is_open: bool
    bucket: Bucket | None
    """``None`` where the facilitator lifted the limits."""


@dataclass(slots=True)
class _Used:
    """How many reactions a phone gave lately, and when the oldest of those rows was touched."""

    count: int
    oldest: datetime


def store(orders: Sequence[Order]) -> list[Outcome]:
    """Store a batch and answer each order; what is stored already, or was replaced since, is answered as stored."""
    with writing() as session:
        batch = _Batch(session, orders)
        outcomes = [batch.decide(order) for order in orders]
        batch.write_down()
        return outcomes


class _Batch:
    """Everything that decides, read once inside the transaction, and the rows to write."""

    def __init__(self, session: Session | scoped_session[Session], orders: Sequence[Order]) -> None:
        self._session = session
        self._now = max(order.now for order in orders)
        self._limit = current_app.config["REACTIONS_PER_PHONE"]
        people = {order.participant_digest for order in orders}
        entry_ids = {order.submission_id for order in orders}
        self._sittings = _sittings(session, {order.forum_session_id for order in orders}, self._now)
        self._entries = _entries(session, entry_ids)
        self._known = _known_sequences(session, entry_ids, people)
        self._used = _used(session, people, self._now)
        self._profiles = _profiles(session, people)
        self._rows: dict[tuple[int, str], dict[str, Any]] = {}
        self._held_back: Counter[int] = Counter()

    def decide(self, order: Order) -> Outcome:
        known = self._known.get(order.pair)
        if known is not None and order.sequence is not None and order.sequence <= known:
            return Answer.STORED
        sitting, entry = self._sittings[order.forum_session_id], self._entries.get(order.submission_id)
        if entry is None or not entry.is_shown or entry.consultation_id != sitting.consultation_id:
            return Answer.GONE
        if not sitting.is_open:
            return Answer.CLOSED
        if entry.participant_digest == order.participant_digest:
            return Answer.OWN
        used = self._used.setdefault(order.participant_digest, _Used(0, self._now))
        if refused := self._too_many(order, sitting, used):
            self._held_back[order.forum_session_id] += 1
            return refused
        used.count += 1
        self._take(order, sitting, known or 0)
        return Answer.STORED

    def _too_many(self, order: Order, sitting: _Sitting, used: _Used) -> TooMany | None:
        """Use up the sitting's allowance, or say until when to wait. Who wrote or reacted before is known by that."""
        if sitting.bucket is None:
            return None
        if used.count >= self._limit:
            return TooMany(True, self._limit, PHONE_WINDOW, used.oldest + PHONE_WINDOW)
        is_known = (order.is_known or used.oldest <= self._now - KNOWN_AFTER
                    or (order.participant_digest, sitting.consultation_id) in self._profiles)
        return sitting.bucket.admit(is_known=is_known)

    def _take(self, order: Order, sitting: _Sitting, known: int) -> None:
        sequence = order.sequence or max(known + 1, milliseconds(order.now))
        group_id, area_id = self._profiles.get((order.participant_digest, sitting.consultation_id), (None, None))
        earlier = self._rows.get(order.pair)
        self._known[order.pair] = sequence
        self._rows[order.pair] = {
            "submission_id": order.submission_id, "participant_digest": order.participant_digest,
            "group_id": group_id, "area_id": area_id, "value": int(order.stance), "key": order.key,
            "sequence": sequence, "n_changes": (earlier["n_changes"] if earlier else 0) + 1,
            "created_at": order.now, "changed_at": order.now}

    def write_down(self) -> None:
        # In one order everywhere, so that two processes on PostgreSQL never wait for each other.
        rows = [self._rows[pair] for pair in sorted(self._rows)]
        if rows:
            self._session.connection().execute(_upsert(self._session.get_bind().dialect.name), rows)
        buckets = {sitting_id: one.bucket for sitting_id, one in self._sittings.items() if one.bucket}
        _write_down.run(self._session.connection(), levels(buckets, self._now))
        note_refused(self._session.connection(), self._held_back, self._now)


def milliseconds(moment: datetime) -> int:
    """Since 1970: how phones and plain forms number what they send."""
    return int(moment.timestamp() * 1000)


def _upsert(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_TABLE)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["submission_id", "participant_digest"],
        set_={**{name: new[name] for name in ("value", "key", "sequence", "changed_at")},
              "n_changes": _TABLE.c.n_changes + new.n_changes},
        where=new.sequence > _TABLE.c.sequence)


def _sittings(session: Session | scoped_session[Session], ids: Iterable[int], now: datetime) -> dict[int, _Sitting]:
    """The sittings, kept from other processes that would use up the same allowance; in order of id, as everywhere."""
    limit = current_app.config["REACTIONS_PER_SITTING"]
    rows = session.execute(
        select(ForumSession.id, ForumSession.consultation_id, Consultation.state, ForumSession.is_limited,
               ForumSession.reactions_used, ForumSession.reactions_used_by_new, ForumSession.reactions_at)
        .join(Consultation, Consultation.id == ForumSession.consultation_id).where(ForumSession.id.in_(ids))
        .order_by(ForumSession.id).with_for_update(of=ForumSession, key_share=True))
    return {row_id: _Sitting(consultation_id, state == "open",
                             Bucket(limit, NEWCOMERS_SHARE, Level(*level), now) if is_limited else None)
            for row_id, consultation_id, state, is_limited, *level in rows}


def _entries(session: Session | scoped_session[Session], ids: Iterable[int]) -> dict[int, Any]:
    """The entries, kept from being hidden or withdrawn until the transaction ends."""
    rows = session.execute(
        select(Submission.id, Submission.consultation_id, Submission.participant_digest,
               and_(Submission.state == "accepted", Submission.erased_at.is_(None)).label("is_shown"))
        .where(Submission.id.in_(ids)).order_by(Submission.id).with_for_update(read=True))
    return {row.id: row for row in rows}


def _known_sequences(session: Session | scoped_session[Session], entry_ids: Iterable[int],
                     people: Iterable[str]) -> dict[tuple[int, str], int]:
    rows = session.execute(
        select(Reaction.submission_id, Reaction.participant_digest, Reaction.sequence)
        .where(Reaction.submission_id.in_(entry_ids), Reaction.participant_digest.in_(people)))
    return {(submission_id, person): sequence for submission_id, person, sequence in rows}


def _used(session: Session | scoped_session[Session], people: Iterable[str], now: datetime) -> dict[str, _Used]:
    """What each phone used lately; rows dated beyond `CLOCK_AHEAD` are from before the server's clock was set back."""
    rows = session.execute(
        select(Reaction.participant_digest, func.sum(Reaction.n_changes), func.min(Reaction.changed_at))
        .where(Reaction.participant_digest.in_(people), Reaction.changed_at > now - PHONE_WINDOW,
               Reaction.changed_at <= now + CLOCK_AHEAD)
        .group_by(Reaction.participant_digest))
    return {person: _Used(int(count), oldest) for person, count, oldest in rows}


def _profiles(session: Session | scoped_session[Session],
              people: Iterable[str]) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    """Group and area of each person: those of the person's latest entry in the consultation."""
    rows = session.execute(
        select(Submission.participant_digest, Submission.consultation_id, Submission.group_id, Submission.area_id)
        .where(Submission.participant_digest.in_(people)).order_by(Submission.id))
    return {(person, consultation_id): (group_id, area_id) for person, consultation_id, group_id, area_id in rows}
