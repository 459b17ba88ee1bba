"""What a file holds, read once from the database and then written in any format. Plain values only.

No field here can name a participant: no contact, no receipt code, no key, no digest.
"""
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forum.exports.issue_list import IssueList


@dataclass(frozen=True, slots=True)
class Sitting:
    title: str
    place: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where everything that was received is: the five parts add up to ``received``."""

    received: int
    in_themes: int
    unassigned: int
    waiting: int
    hidden: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The analysis that the themes started from, enough to repeat it."""

    id: int
    fingerprint: str
    settings: dict[str, Any]
    versions: dict[str, Any]
    n_documents: int
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted entry, anonymised: its texts are masked and of its time only the local day is kept.

    ``n_agree``, ``n_disagree`` and ``n_pass`` are the people who reacted so.
    ``answers`` go with the ``questions`` of the file, one by one; empty where nothing was answered.
    """

    submission_id: int
    issue_code: str | None
    kind: str
    approach: str | None
    text: str
    group: str
    area: str
    received_on: date
    n_agree: int
    n_disagree: int
    n_pass: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """``as_of`` is the moment of the last change that is in here, in the city's time, not the time of writing:
    the same state gives the same file."""

    consultation_id: int
    title: str
    city: str
    controller: str
    sittings: tuple[Sitting, ...]
    accounting: Accounting
    n_people: int
    people_by_group: dict[str, int]
    n_assessors: int
    as_of: datetime
    run: RunFacts | None
    issue_list: IssueList
    questions: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def n_ranked(self) -> int:
        return sum(row["rank"] is not None for row in self.issue_list.rows)
