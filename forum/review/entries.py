"""Entries of one theme or group with how sure the analysis is of each, for reading and choosing."""
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from forum.db import db
from forum.review import queries
from forum.review.models import AnalysisRun, Cluster, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission, SubmissionVersion

PAGE_SIZE = 50
MOST_ON_CLUSTER_PAGE = 500
WEAK_BELOW, SURE_FROM = 15, 40  # percent


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; ``confidence`` is 0 to 1, or ``None`` when no run has weighed it against other groups.

    ``words``: what of the text spoke for its group; ``suggested``: kind of answer and sub-dimension, by the analysis;
    ``is_new``: the run before has not read it.
    """

    submission_id: int
    text: str
    kind: str
    confidence: float | None
    words: list[str] | None = None
    suggested: dict[str, Any] | None = None
    theme_id: int | None = None
    is_decided: bool = False
    is_new: bool = False

    @property
    def percent(self) -> int | None:
        """The confidence as it is shown."""
        return None if self.confidence is None else round(100 * self.confidence)

    @property
    def strength(self) -> str:
        """``weak``, ``fair``, ``sure``, or '' when it was never weighed: the word for what is shown beside it."""
        if self.percent is None:
            return ""
        if self.percent < WEAK_BELOW:
            return "weak"
        return "sure" if self.percent >= SURE_FROM else "fair"


def members_weak_first(theme: Theme, *, after: tuple[float, int] | None = None) -> tuple[list[Entry], str | None]:
    """Members of a theme, the least sure first, and the key that the next page continues after.

    What people decided counts as certain in later runs; so each member shows the confidence of the latest run
    that still weighed it. Those that no run weighed come last.
    """
    weighed = (
        select(RunMember.submission_id, func.max(RunMember.run_id).label("run_id"))
        .join(AnalysisRun, AnalysisRun.id == RunMember.run_id)
        .where(AnalysisRun.consultation_id == theme.consultation_id, AnalysisRun.state == "done",
               RunMember.cluster_id.is_not(None), RunMember.confidence < 1)
        .group_by(RunMember.submission_id).subquery())
    rank = func.coalesce(RunMember.confidence, 2.0)
    query = (
        _with_text(select(Submission.id, SubmissionVersion.body, SubmissionVersion.kind, RunMember.confidence,
                          RunMember.words, RunMember.suggested))
        .join(ThemeMember, ThemeMember.submission_id == Submission.id)
        .outerjoin(weighed, weighed.c.submission_id == Submission.id)
        .outerjoin(RunMember, and_(RunMember.run_id == weighed.c.run_id, RunMember.submission_id == Submission.id))
        .where(ThemeMember.theme_id == theme.id))
    if after is not None:
        query = query.where((rank > after[0]) | ((rank == after[0]) & (Submission.id > after[1])))
    found = [Entry(*row, theme_id=theme.id, is_decided=True)
             for row in db.session.execute(query.order_by(rank, Submission.id).limit(PAGE_SIZE + 1))]
    shown = found[:PAGE_SIZE]
    if len(found) == len(shown):
        return shown, None
    last = shown[-1]
    return shown, f"{2.0 if last.confidence is None else last.confidence!r}_{last.submission_id}"


def suggestions(theme: Theme) -> tuple[list[Entry], int]:
    """Undecided entries that the latest run would add to a theme, surest first, and how many there are in all."""
    ids, run = queries.suggested_members(theme), queries.latest_run(theme.consultation_id)
    if run is None:
        return [], 0
    query = (
        _with_text(select(Submission.id, SubmissionVersion.body, SubmissionVersion.kind, RunMember.confidence,
                          RunMember.words, RunMember.suggested, queries.is_new_in(run)))
        .join(RunMember, and_(RunMember.submission_id == Submission.id, RunMember.run_id == run.id))
        .where(Submission.id.in_(ids)).order_by(RunMember.confidence.desc(), Submission.id).limit(PAGE_SIZE))
    return [Entry(*row, is_new=bool(is_new)) for *row, is_new in db.session.execute(query)], len(ids)


def of_cluster(cluster: Cluster) -> tuple[list[Entry], dict[int, str], int]:
    """Entries of a group, surest first, the titles of themes that decided ones are in, and their number."""
    query = (
        _with_text(select(Submission.id, SubmissionVersion.body, SubmissionVersion.kind, RunMember.confidence,
                          RunMember.words, RunMember.suggested, ThemeMember.theme_id,
                          ThemeMember.submission_id.is_not(None)))
        .join(RunMember, RunMember.submission_id == Submission.id)
        .outerjoin(ThemeMember, ThemeMember.submission_id == Submission.id)
        .where(RunMember.cluster_id == cluster.id)
        .order_by(ThemeMember.submission_id.is_not(None), RunMember.confidence.desc(), Submission.id))
    found = [Entry(*row) for row in db.session.execute(query.limit(MOST_ON_CLUSTER_PAGE))]
    themes = db.session.execute(select(Theme.id, Theme.title).where(
        Theme.id.in_({entry.theme_id for entry in found if entry.theme_id is not None})))
    n_entries = db.session.scalar(
        select(func.count()).select_from(RunMember).join(Submission, Submission.id == RunMember.submission_id)
        .where(RunMember.cluster_id == cluster.id, Submission.state == "accepted")) or 0
    return found, dict(themes.all()), n_entries


def _with_text(query: Select) -> Select:
    """Accepted entries with the text of their present version."""
    return query.select_from(Submission).join(
        SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                SubmissionVersion.number == Submission.current_number)
    ).where(Submission.state == "accepted")
