"""Named reads of entries, and of what a city pack offers to choose from."""
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from forum.consultations import queries as consultations
from forum.consultations.models import Area, Dimension, Notice, StakeholderGroup
from forum.db import db
from forum.security import digest
from forum.submissions import receipt
from forum.submissions.models import Submission, SubmissionVersion

STATES = ("waiting", "accepted", "hidden", "withdrawn")
PERSON = func.coalesce(Submission.participant_digest, "entry " + cast(Submission.id, String))
"""Who stands behind an entry: one value for each person; an entry without a participant is a person of its own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the city pack that people can choose; ``name_*`` serve the ``localized`` filter.

    ``aliases`` are older names of an area that people still use; ``parent_id`` is the dimension of a sub-dimension.
    """

    id: int
    code: str
    name_id: str
    name_en: str
    aliases: tuple[str, ...] = ()
    parent_id: int | None = None


@dataclass(frozen=True)
class PackChoices:
    """What a city pack offers: groups and dimensions in order, villages by district; ids by code, made once."""

    groups: tuple[Choice, ...]
    districts: tuple[tuple[str, tuple[Choice, ...]], ...]
    dimensions: tuple[Choice, ...]
    sub_dimensions: tuple[Choice, ...]

    @cached_property
    def group_ids(self) -> dict[str, int]:
        return {choice.code: choice.id for choice in self.groups}

    @cached_property
    def area_ids(self) -> dict[str, int]:
        return {choice.code: choice.id for _, villages in self.districts for choice in villages}

    @cached_property
    def dimension_ids(self) -> dict[str, int]:
        return {choice.code: choice.id for choice in self.dimensions + self.sub_dimensions}


@dataclass(slots=True)
class People:
    """Who stands behind a theme: distinct people, in all and by group and area (id, or ``None`` = not said)."""

    n_entries: int = 0
    n_people: int = 0
    by_group: dict[int | None, int] = field(default_factory=dict)
    by_area: dict[int | None, int] = field(default_factory=dict)


def pack_choices(pack_id: int) -> PackChoices:
    """The choices of a pack, kept in memory: an edition of a pack never changes once it is in use."""
    kept: dict[int, PackChoices] = current_app.extensions.setdefault("forum_pack_choices", {})
    if pack_id not in kept:
        kept[pack_id] = _read_pack_choices(pack_id)
    return kept[pack_id]


def _read_pack_choices(pack_id: int) -> PackChoices:
    branches = consultations.dimensions(pack_id)
    by_district = groupby(consultations.areas(pack_id), key=lambda area: area.parent.name if area.parent else "")
    return PackChoices(
        groups=tuple(_choice(group) for group in consultations.groups(pack_id)),
        districts=tuple((district, tuple(_village(area) for area in villages)) for district, villages in by_district),
        dimensions=tuple(_choice(branch.dimension) for branch in branches),
        sub_dimensions=tuple(replace(_choice(part), parent_id=branch.dimension.id)
                             for branch in branches for part in branch.parts))


def _village(area: Area) -> Choice:
    return Choice(area.id, area.code, area.name, area.name, tuple(area.aliases))


def _choice(row: StakeholderGroup | Dimension) -> Choice:
    return Choice(row.id, row.code, row.name_id, row.name_en)


def notice_agreed_to(consultation_id: int, shown: str) -> int | None:
    """Id of the notice that the form showed (``shown``, as the form carries it), else of the current one."""
    ids = list(db.session.scalars(select(Notice.id).where(Notice.consultation_id == consultation_id)
                                  .order_by(Notice.number.desc())))
    return next((notice_id for notice_id in ids if str(notice_id) == shown), ids[0] if ids else None)


def submission_by_key(key: str) -> Submission | None:
    return db.session.scalar(select(Submission).where(Submission.key == key))


def submission_by_receipt(typed: str) -> Submission | None:
    """The entry that a receipt code names, however it is typed; ``None`` for a wrong or unknown code."""
    code = receipt.normalize(typed)
    if not receipt.is_valid(code):
        return None
    return db.session.scalar(
        select(Submission).where(Submission.receipt_digest == digest(code))
        .options(joinedload(Submission.forum_session), joinedload(Submission.group), joinedload(Submission.area)))


def versions_of(submission_id: int) -> list[SubmissionVersion]:
    """All versions of an entry, the newest first."""
    return list(db.session.scalars(
        select(SubmissionVersion).where(SubmissionVersion.submission_id == submission_id)
        .options(joinedload(SubmissionVersion.dimension)).order_by(SubmissionVersion.number.desc())))


def version(submission_id: int, number: int) -> SubmissionVersion:
    return db.session.scalars(select(SubmissionVersion).where(
        SubmissionVersion.submission_id == submission_id, SubmissionVersion.number == number)).one()


def current_entries_select() -> Select[tuple[Submission, SubmissionVersion]]:
    """Entries joined with what they say now; the caller filters and orders."""
    return select(Submission, SubmissionVersion).join(
        SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
        & (SubmissionVersion.number == Submission.current_number))


def entries(consultation_id: int, *, state: str = "accepted", after_id: int = 0,
            limit: int | None = None) -> list[tuple[Submission, SubmissionVersion]]:
    """Entries of a consultation in one state with their current version, by id; pages continue after an id."""
    query = (current_entries_select()
             .where(Submission.consultation_id == consultation_id, Submission.state == state, Submission.id > after_id)
             .options(joinedload(Submission.group), joinedload(Submission.area)).order_by(Submission.id).limit(limit))
    return [(submission, current) for submission, current in db.session.execute(query)]


def texts_for_analysis(consultation_id: int) -> list[tuple[int, str, int]]:
    """(submission id, text, version number) of every accepted entry that still has its words, by id.

    The text is what was written, then each filled field that names a thing or a place (programme,
    practice, its owner, place), one per line.
    """
    current = SubmissionVersion
    rows = db.session.execute(
        select(Submission.id, current.number, current.body, current.programme, current.practice_where,
               current.practice_owner, current.place)
        .join(current, (current.submission_id == Submission.id) & (current.number == Submission.current_number))
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted",
               Submission.erased_at.is_(None))
        .order_by(Submission.id))
    return [(submission_id, "\n".join(part for part in parts if part), number)
            for submission_id, number, *parts in rows]


def count_by_state(consultation_id: int) -> dict[str, int]:
    """Number of entries in each state; every state is in it."""
    counts = dict.fromkeys(STATES, 0)
    for state, count in db.session.execute(select(Submission.state, func.count()).where(
            Submission.consultation_id == consultation_id).group_by(Submission.state)):
        counts[state] = count
    return counts


def people_by(members: Select[Any]) -> dict[Any, People]:
    """Distinct people behind each theme, in one statement.

    ``members`` selects two columns: a theme (or anything to group by) and a submission id. A person
    is one participant digest; an entry without one is a person of its own. Who wrote for two groups
    counts once in all and once in each. Only accepted entries count.
    """
    pairs = members.subquery()
    theme_column, submission_column = pairs.columns
    found = (select(theme_column.label("theme"), PERSON.label("person"), Submission.group_id, Submission.area_id)
             .join(Submission, Submission.id == submission_column)
             .where(Submission.state == "accepted").cte("found"))
    n_people = func.count(found.c.person.distinct())
    rows = db.session.execute(union_all(
        select(found.c.theme, literal("all").label("part"), literal(None, Integer).label("part_id"),
               n_people, func.count()).group_by(found.c.theme),
        select(found.c.theme, literal("group"), found.c.group_id, n_people, func.count())
        .group_by(found.c.theme, found.c.group_id),
        select(found.c.theme, literal("area"), found.c.area_id, n_people, func.count())
        .group_by(found.c.theme, found.c.area_id)))
    return _people(rows)


def _people(rows: Iterable[Any]) -> dict[Any, People]:
    themes: dict[Any, People] = {}
    for theme, part, part_id, n_people, n_entries in rows:
        people = themes.setdefault(theme, People())
        if part == "all":
            people.n_people, people.n_entries = n_people, n_entries
        else:
            (people.by_group if part == "group" else people.by_area)[part_id] = n_people
    return themes
