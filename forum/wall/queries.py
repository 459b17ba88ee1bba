"""What the wall of a hall shows now."""
from dataclasses import dataclass

from sqlalchemy import func, select

import analysis
from forum.consultations.models import ForumSession
from forum.db import db
from forum.formatting import beginning
from forum.review.live import LiveTheme, live_themes
from forum.submissions.models import KINDS, Submission, SubmissionVersion
from forum.submissions.queries import PERSON, current_entries_select

MOST_IDEAS = 8
MOST_THEMES = 10
IDEA_CHARACTERS = 200

Shown = dict[int, int]
"""Ids of entries that a wall shows, with the number of the version."""


@dataclass(frozen=True, slots=True)
class Idea:
    """What somebody wrote, without the author, personal data masked, cut; ``key`` changes with the version."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Wall:
    """Of the sitting: distinct people, entries (also those that wait for staff), the latest accepted ones, newest
    first, and how many there are of each kind. Of the whole consultation: the largest themes."""

    n_people: int
    n_entries: int
    n_waiting: int
    ideas: tuple[Idea, ...]
    themes: tuple[LiveTheme, ...]
    kinds: tuple[tuple[str, int], ...]


def wall_of(forum_session: ForumSession) -> Wall:
    """Everything on the wall of a sitting."""
    n_people, n_entries, n_waiting = _figures(forum_session.id)
    return Wall(n_people, n_entries, n_waiting, latest_ideas(forum_session),
                tuple(live_themes(forum_session.consultation_id)[:MOST_THEMES]), _kinds(forum_session.id))


def latest_ideas(forum_session: ForumSession, still: Shown | None = None) -> tuple[Idea, ...]:
    """The latest accepted entries of a sitting, newest first; of ``still`` only those that are still to be shown."""
    if not forum_session.wall_shows_ideas:
        return ()
    query = current_entries_select().where(Submission.forum_session_id == forum_session.id,
                                           Submission.state == "accepted", Submission.erased_at.is_(None))
    if still is not None:
        query = query.where(Submission.id.in_(still))
    rows = db.session.execute(query.order_by(Submission.id.desc()).limit(MOST_IDEAS))
    return tuple(_idea(submission, version) for submission, version in rows
                 if still is None or still[submission.id] == version.number)


def _idea(submission: Submission, version: SubmissionVersion) -> Idea:
    return Idea(f"{submission.id}.{version.number}", version.kind,
                beginning(analysis.mask(version.body), IDEA_CHARACTERS))


def _figures(forum_session_id: int) -> tuple[int, int, int]:
    """People, entries, and how many of these wait for staff."""
    n_waiting = func.count().filter(Submission.state == "waiting")
    row = db.session.execute(select(func.count(PERSON.distinct()), func.count(), n_waiting).where(
        Submission.forum_session_id == forum_session_id, Submission.state.in_(("accepted", "waiting")))).one()
    return row[0], row[1], row[2]


def _kinds(forum_session_id: int) -> tuple[tuple[str, int], ...]:
    """Accepted entries by kind, in the order of the form."""
    rows = dict(db.session.execute(
        select(SubmissionVersion.kind, func.count()).join(Submission, SubmissionVersion.submission_id == Submission.id)
        .where(Submission.forum_session_id == forum_session_id, Submission.state == "accepted",
               SubmissionVersion.number == Submission.current_number).group_by(SubmissionVersion.kind)).all())
    return tuple((kind, rows.get(kind, 0)) for kind in KINDS)
