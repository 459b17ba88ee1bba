"""Named reads of reactions: what a participant is offered, what they said, how an entry is received."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

import analysis
from forum.db import db
from forum.reactions.models import Reaction, Stance
from forum.security import digest
from forum.submissions.models import Submission, SubmissionVersion

N_AHEAD = 20
"""Entries that a phone keeps ahead, to go on without a network."""
PASS_RESTS = timedelta(minutes=30)
"""How long an entry that was passed is left alone before it may come back, after everything new."""
_PRIME = 2**31 - 1
_OLDEST_BEHIND = 0.25
"""The newest of the equally seen entries is ``(1 + x) / x`` = 5 times as likely to come first as the oldest."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody else wrote, personal data masked, and what this participant thinks of it so far."""

    id: int
    number: int
    """Of the version that was read."""
    kind: str
    text: str
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Distinct people by what they think."""

    agree: int = 0
    disagree: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Backing:
    """What reactions add to a theme. ``n_supporters``: distinct people who wrote one of its entries or agree with one.

    Somebody who agrees with one entry of the theme and disagrees with another counts in both.
    """

    n_supporters: int = 0
    reactions: Tally = Tally()


def offered(consultation_id: int, participant_digest: str, *, now: datetime, limit: int = N_AHEAD) -> list[Statement]:
    """What this participant should see next, first things first; never their own, hidden, or answered entries.

    The rule: entries with the fewest reactions come first. Among equals the order is a draw without
    replacement in which newer ones are likelier to be early (sequential Poisson sampling, Ohlsson 1998: ascending
    ``u / weight``). ``u`` is a number between 0 and 1 made of the participant and the entry, so one phone always
    sees the same order and two phones different ones; ``1 / weight`` grows from 0.25 for the newest to 1.25 for
    the oldest. Entries that were passed at least `PASS_RESTS` ago follow at the end.
    """
    random = int(digest(participant_digest)[:16], 16)
    rows = db.session.execute(_offering(), {
        "consultation": consultation_id, "person": participant_digest, "rested_since": now - PASS_RESTS,
        "factor": random % (_PRIME - 1) + 1, "shift": random // _PRIME % _PRIME, "limit": limit})
    return _statements(rows)


@cache
def _offering() -> Any:
    """The statement of `offered`: put together anew for every phone, it would cost as much as a page."""
    mine, other = aliased(Reaction), aliased(Submission)
    consultation, person = bindparam("consultation", type_=Integer), bindparam("person", type_=String)
    newest, oldest = (select(end(other.id)).where(other.consultation_id == consultation,
                                                  other.state == "accepted").scalar_subquery()
                      for end in (func.max, func.min))
    age = cast(newest - Submission.id, Float) / (newest - oldest + 1)
    candidates = (
        select(Submission.id, Submission.current_number, mine.value,
               case((mine.id.is_(None), 0), else_=1).label("was_passed"),
               select(func.count()).where(Reaction.submission_id == Submission.id).scalar_subquery().label("n_seen"),
               (_draw() * (_OLDEST_BEHIND + age)).label("draw"))
        .outerjoin(mine, and_(mine.submission_id == Submission.id, mine.participant_digest == person))
        .where(_shown_to(consultation, person),
               or_(mine.id.is_(None), and_(mine.value == Stance.PASS, mine.changed_at < bindparam("rested_since"))))
        .subquery())
    first = (select(candidates).order_by("was_passed", "n_seen", "draw", "id")
             .limit(bindparam("limit", type_=Integer)).subquery())
    return (
        select(first.c.id, SubmissionVersion.number, SubmissionVersion.kind, SubmissionVersion.body, first.c.value)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == first.c.id,
                                      SubmissionVersion.number == first.c.current_number))
        .order_by(first.c.was_passed, first.c.n_seen, first.c.draw, first.c.id))


def _draw() -> Any:
    """A number in 0..1 of the participant and each entry: ``(factor × id + shift) mod p``, pairwise independent."""
    mixed = cast(Submission.id, BigInteger) * bindparam("factor", type_=BigInteger)
    return cast((mixed + bindparam("shift", type_=BigInteger)) % _PRIME, Float) / _PRIME


def _shown_to(consultation_id: Any, participant_digest: Any) -> Any:
    """Entries that everybody may see, that somebody else wrote, and whose words are still kept."""
    return and_(Submission.consultation_id == consultation_id, Submission.state == "accepted",
                Submission.erased_at.is_(None),
                or_(Submission.participant_digest.is_(None), Submission.participant_digest != participant_digest))


def standing(versions: Mapping[int, int | None], consultation_id: int) -> list[int]:
    """Of these entries (id → number of the version, ``None`` for whichever) those that everybody may still see so."""
    rows = db.session.execute(select(Submission.id, Submission.current_number).where(
        Submission.id.in_(versions), Submission.consultation_id == consultation_id, Submission.state == "accepted",
        Submission.erased_at.is_(None)).order_by(Submission.id))
    return [submission_id for submission_id, number in rows if versions[submission_id] in (number, None)]


def answered(consultation_id: int, participant_digest: str, *, limit: int, offset: int = 0) -> list[Statement]:
    """What this participant reacted to and is still shown, the latest first."""
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.number, SubmissionVersion.kind, SubmissionVersion.body, Reaction.value)
        .join(Reaction, Reaction.submission_id == Submission.id)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .where(Reaction.participant_digest == participant_digest, _shown_to(consultation_id, participant_digest))
        .order_by(Reaction.changed_at.desc(), Reaction.id.desc()).limit(limit).offset(offset))
    return _statements(rows)


def statement(submission_id: int, consultation_id: int, participant_digest: str) -> Statement | None:
    """One entry that this participant may react to, or ``None``."""
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.number, SubmissionVersion.kind, SubmissionVersion.body, Reaction.value)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .outerjoin(Reaction, and_(Reaction.submission_id == Submission.id,
                                  Reaction.participant_digest == participant_digest))
        .where(Submission.id == submission_id, _shown_to(consultation_id, participant_digest)))
    return next(iter(_statements(rows)), None)


def _statements(rows: Iterable[Any]) -> list[Statement]:
    return [Statement(submission_id, number, kind, analysis.mask(text), None if value is None else Stance(value))
            for submission_id, number, kind, text, value in rows]


def latest_sequence(consultation_id: int, participant_digest: str) -> int:
    """The greatest sequence that the server holds of a participant in a consultation, 0 for none."""
    return db.session.scalar(
        select(func.max(Reaction.sequence)).join(Submission, Submission.id == Reaction.submission_id)
        .where(Submission.consultation_id == consultation_id,
               Reaction.participant_digest == participant_digest)) or 0


def tallies(consultation_id: int) -> dict[int, Tally]:
    """Reactions to each accepted entry by its id; entries without any are left out."""
    rows = db.session.execute(
        select(Reaction.submission_id, *(func.count(case((Reaction.value == stance, 1))) for stance in Stance))
        .join(Submission, Submission.id == Reaction.submission_id)
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted")
        .group_by(Reaction.submission_id))
    return {submission_id: _tally(counts) for submission_id, *counts in rows}


def backing_by(members: Select[Any]) -> dict[Any, Backing]:
    """What reactions add to each theme, in one statement.

    ``members`` selects two columns: a theme (or anything to group by) and a submission id. A person is one
    participant digest; an entry without one is a person of its own. Only accepted entries count.
    """
    pairs = members.subquery()
    theme_column, submission_column = pairs.columns
    writer = func.coalesce(Submission.participant_digest, "entry " + cast(Submission.id, String))
    accepted = Submission.state == "accepted"
    voices = union_all(
        select(theme_column.label("theme"), writer.label("person"), literal(None, Reaction.value.type).label("value"))
        .join(Submission, Submission.id == submission_column).where(accepted),
        select(theme_column, Reaction.participant_digest, Reaction.value)
        .join(Submission, Submission.id == submission_column).where(accepted)
        .join(Reaction, Reaction.submission_id == Submission.id)).subquery()
    supports = or_(voices.c.value.is_(None), voices.c.value == Stance.AGREE)
    rows = db.session.execute(
        select(voices.c.theme, func.count(case((supports, voices.c.person)).distinct()),
               *(func.count(case((voices.c.value == stance, voices.c.person)).distinct()) for stance in Stance))
        .group_by(voices.c.theme))
    return {theme: Backing(n_supporters, _tally(counts)) for theme, n_supporters, *counts in rows}


def _tally(counts: Iterable[int]) -> Tally:
    by_stance = dict(zip(Stance, counts, strict=True))
    return Tally(by_stance[Stance.AGREE], by_stance[Stance.DISAGREE], by_stance[Stance.PASS])
