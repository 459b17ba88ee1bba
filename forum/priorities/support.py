"""Reads of who stands behind each theme, and behind the consultation as a whole."""
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Integer, literal, select

from forum.db import db
from forum.priorities.issues import Name, Share, Support
from forum.reactions.queries import Backing, backing_by
from forum.review.queries import live_members_select
from forum.submissions.models import KINDS, Submission, SubmissionVersion
from forum.submissions.queries import Choice, People, pack_choices, people_by

NOT_STATED = Name("", "tidak disebut", "not stated")


@dataclass(frozen=True, slots=True)
class Representation:
    """Who takes part in a consultation: people per stakeholder group, groups without anybody included."""

    n_people: int
    n_entries: int
    by_group: tuple[Share, ...]


@dataclass(slots=True)
class _Members:
    """What the entries of one theme are, while they are counted."""

    submission_ids: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    approaches: Counter[str] = field(default_factory=Counter)


def support_by_theme(consultation_id: int, *, pack_id: int) -> dict[int, tuple[Support, tuple[int, ...]]]:
    """Theme id → its support and the ids of its live members, ascending.

    The number of database queries does not depend on the number of themes.
    """
    groups, areas = _names(pack_id)
    people = people_by(live_members_select(consultation_id))
    backing = backing_by(live_members_select(consultation_id))
    nobody, nothing = People(), Backing()
    return {theme_id: (_support(members, people.get(theme_id, nobody), backing.get(theme_id, nothing), groups, areas),
                       tuple(members.submission_ids))
            for theme_id, members in _members(consultation_id).items()}


def representation(consultation_id: int, *, pack_id: int) -> Representation:
    """People and accepted entries of the whole consultation, in or out of themes."""
    everybody = people_by(select(literal(0, Integer), Submission.id).where(
        Submission.consultation_id == consultation_id, Submission.state == "accepted")).get(0, People())
    groups, _areas = _names(pack_id)
    shares = [Share(name, everybody.by_group.get(group_id, 0)) for group_id, name in groups.items()]
    if None in everybody.by_group:
        shares.append(Share(NOT_STATED, everybody.by_group[None]))
    return Representation(everybody.n_people, everybody.n_entries, tuple(shares))


def _members(consultation_id: int) -> dict[int, _Members]:
    pairs = live_members_select(consultation_id).subquery()
    theme_column, submission_column = pairs.columns
    rows = db.session.execute(
        select(theme_column, Submission.id, SubmissionVersion.kind, SubmissionVersion.approach)
        .join(Submission, Submission.id == submission_column)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .order_by(Submission.id))
    found: dict[int, _Members] = {}
    for theme_id, submission_id, kind, approach in rows:
        members = found.setdefault(theme_id, _Members())
        members.submission_ids.append(submission_id)
        members.kinds[kind] += 1
        members.approaches[approach or ""] += 1
    return found


def _support(members: _Members, people: People, backing: Backing, groups: dict[int, Name],
             areas: dict[int, Name]) -> Support:
    return Support(n_people=people.n_people, n_entries=people.n_entries, by_group=_shares(people.by_group, groups),
                   by_area=_shares(people.by_area, areas),
                   kinds={kind: members.kinds[kind] for kind in KINDS if members.kinds[kind]},
                   approaches=dict(sorted(members.approaches.items())), n_supporters=backing.n_supporters,
                   n_agree=backing.reactions.agree, n_disagree=backing.reactions.disagree,
                   n_pass=backing.reactions.passed)


def _shares(n_people: dict[int | None, int], names: dict[int, Name]) -> tuple[Share, ...]:
    """Most people first; equal ones in the city pack's order; last those that did not say."""
    stated = sorted((row_id for row_id in names if row_id in n_people), key=lambda row_id: -n_people[row_id])
    shares = [Share(names[row_id], n_people[row_id]) for row_id in stated]
    if None in n_people:
        shares.append(Share(NOT_STATED, n_people[None]))
    return tuple(shares)


def _names(pack_id: int) -> tuple[dict[int, Name], dict[int, Name]]:
    """Stakeholder groups and villages of a city pack by id, in its order."""
    choices = pack_choices(pack_id)
    villages = (village for _district, of_district in choices.districts for village in of_district)
    return {one.id: _name(one) for one in choices.groups}, {one.id: _name(one) for one in villages}


def _name(choice: Choice) -> Name:
    return Name(choice.code, choice.name_id, choice.name_en)
