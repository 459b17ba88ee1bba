"""A batch of entries from phones in one transaction: what is decided about each, and the rows of the welcome ones.

Everything that decides is read inside the transaction, once for the whole batch: which sittings are open, which
keys and receipts are stored already.
"""
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection, or_, select

from forum import audit
from forum.consultations.models import Consultation, ForumSession
from forum.db import writing_rows
from forum.prepared import Prepared, one_of
from forum.submissions import queries
from forum.submissions.fair import Allowance, Level, TooMany, note_refused
from forum.submissions.models import Submission, SubmissionVersion
from forum.submissions.storing import FIELDS, Content, Entry, LeftContact, add_entries, first_state


@dataclass(frozen=True, slots=True)
class Order:
    """An entry as a phone sends it; ``group_code`` and ``area_code`` are those of the city pack, or ``None``."""

    forum_session_id: int
    key: str
    receipt: str
    receipt_digest: str
    participant_digest: str | None
    content: Content
    group_code: str | None
    area_code: str | None
    notice_id: int | None
    source: str
    now: datetime
    photo: str | None = None
    contact: LeftContact | None = None
    is_known: bool = False
    """Whether the participant's key was given out by us before (`forum.submissions.fair.is_known`)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server holds: the receipt is the stored one, whatever the repeat carried."""

    key: str
    receipt: str
    is_new: bool
    id: int | None = None


class Refusal(Enum):
    """Why an order was not stored."""

    NO_SITTING = "no sitting"
    CLOSED = "closed"
    UNKNOWN_CHOICE = "unknown choice"
    RECEIPT_TAKEN = "receipt taken"


@dataclass(frozen=True, slots=True)
class OtherContent:
    """The key is stored with other content (or in another sitting); ``receipt`` names what is stored."""

    receipt: str


Outcome = Stored | Refusal | OtherContent | TooMany


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The first version of an entry: a late repeat of the original is no undoing of a correction."""

    forum_session_id: int
    receipt: str
    content: Content
    id: int | None = None

    def answer(self, order: Order) -> Outcome:
        if self.forum_session_id != order.forum_session_id or self.content != order.content:
            return OtherContent(self.receipt)
        return Stored(order.key, self.receipt, False, self.id)


@dataclass(frozen=True, slots=True)
class _Sitting:
    consultation_id: int
    pack_id: int
    is_open: bool
    moderation: str
    is_limited: bool
    level: Level


_read_sittings = Prepared(
    select(ForumSession.id, ForumSession.state, Consultation.id.label("consultation_id"),
           Consultation.state.label("consultation_state"), Consultation.pack_id, Consultation.moderation,
           ForumSession.is_limited, ForumSession.allowance_used, ForumSession.allowance_used_by_new,
           ForumSession.allowance_at)
    .join(Consultation, Consultation.id == ForumSession.consultation_id)
    .where(one_of(ForumSession.id, "ids"))
    # Two processes that store for one sitting use up one allowance. In order of id: nobody waits in a circle.
    .order_by(ForumSession.id).with_for_update(of=ForumSession, key_share=True))
# One question for both: each costs a batch as much as an entry does.
_read_stored = Prepared(
    select(Submission.key, Submission.id, Submission.receipt_digest, Submission.forum_session_id,
           Submission.receipt_code, *(getattr(SubmissionVersion, field) for field in FIELDS))
    .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id) & (SubmissionVersion.number == 1))
    .where(or_(one_of(Submission.key, "keys"), one_of(Submission.receipt_digest, "digests"))))


def store(orders: Sequence[Order]) -> list[Outcome]:
    """Store a batch and answer each order; a repeat of a stored key with the same content is answered as success."""
    with writing_rows() as connection:
        sittings = _sittings(connection, {order.forum_session_id for order in orders})
        earlier, taken = _stored(connection, orders)
        allowance = _allowance(connection, orders, sittings)
        outcomes: list[Outcome] = []
        welcome: list[Entry] = []
        held_back: Counter[int] = Counter()
        for order in orders:
            known = earlier.get(order.key)
            sitting = sittings.get(order.forum_session_id)
            decided = known.answer(order) if known else _entry(order, sitting, taken)
            if isinstance(decided, Entry):
                decided = allowance.admit(order.participant_digest, order.forum_session_id,
                                          is_known=order.is_known) or decided
            if isinstance(decided, TooMany):
                held_back[order.forum_session_id] += 1
            if isinstance(decided, Entry):
                welcome.append(decided)
                taken.add(order.receipt_digest)
                earlier[order.key] = _Earlier(order.forum_session_id, order.receipt, order.content)
                decided = Stored(order.key, order.receipt, True)
            outcomes.append(decided)
        new_ids = _write_down(connection, welcome)
        allowance.write_down()
        note_refused(connection, held_back, orders[0].now)
        return [replace(one, id=new_ids[one.key]) if isinstance(one, Stored) and one.id is None else one
                for one in outcomes]


def _allowance(connection: Connection, orders: Sequence[Order], sittings: dict[int, _Sitting]) -> Allowance:
    limited = {key: one.level for key, one in sittings.items() if one.is_limited}
    return Allowance(connection, participants={order.participant_digest for order in orders} - {None},
                     sittings=limited, now=max(order.now for order in orders))


def _entry(order: Order, sitting: _Sitting | None, taken: set[str]) -> Entry | Refusal:
    if sitting is None:
        return Refusal.NO_SITTING
    if not sitting.is_open:
        return Refusal.CLOSED
    choices = queries.pack_choices(sitting.pack_id)
    groups, areas = choices.group_ids, choices.area_ids
    if order.group_code not in (None, *groups) or order.area_code not in (None, *areas):
        return Refusal.UNKNOWN_CHOICE
    if order.receipt_digest in taken:
        return Refusal.RECEIPT_TAKEN
    return Entry(order.forum_session_id, sitting.consultation_id, first_state(sitting.moderation), order.key,
                 order.receipt, order.content, order.now, groups.get(order.group_code), areas.get(order.area_code),
                 order.participant_digest, order.notice_id, order.source, order.photo, order.contact)


def _write_down(connection: Connection, entries: Sequence[Entry]) -> dict[str, int]:
    """Store them; return their ids by key."""
    ids = add_entries(connection, entries)
    audit.record_all(connection, [
        audit.line(actor=audit.PARTICIPANT, action="submissions.submit", subject_type="submission",
                   subject_id=submission_id, consultation_id=entry.consultation_id, now=entry.received_at,
                   kind=entry.content.kind, source=entry.source)
        for submission_id, entry in zip(ids, entries, strict=True)])
    return {entry.key: submission_id for submission_id, entry in zip(ids, entries, strict=True)}


def _sittings(connection: Connection, ids: Iterable[int]) -> dict[int, _Sitting]:
    return {sitting_id: _Sitting(consultation_id, pack_id, state == consultation_state == "open", moderation,
                                 is_limited, Level(*level))
            for sitting_id, state, consultation_id, consultation_state, pack_id, moderation, is_limited, *level
            in _read_sittings.rows(connection, {"ids": list(ids)})}


def _stored(connection: Connection, orders: Sequence[Order]) -> tuple[dict[str, _Earlier], set[str]]:
    """Entries that carry a key or a receipt of these orders: each by its key, and the digests of their receipts."""
    rows = _read_stored.rows(connection, {
        "keys": [order.key for order in orders], "digests": [order.receipt_digest for order in orders]})
    earlier = {key: _Earlier(sitting_id, receipt, Content(*content), submission_id)
               for key, submission_id, _, sitting_id, receipt, *content in rows}
    return earlier, {receipt_digest for _key, _id, receipt_digest, *_rest in rows}
