"""The review board: everything on one page, in a number of queries that does not depend on the data."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from forum.consultations.models import Consultation, Dimension
from forum.db import db
from forum.jobs import Job
from forum.review import history, queries
from forum.review.accounting import Accounting, accounting, is_unassigned, with_places
from forum.review.history import Offer
from forum.review.models import AnalysisRun, Cluster, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission, SubmissionVersion

PROPOSALS_PER_PAGE = 24
UNASSIGNED_PER_PAGE = 50
_N_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, word for word."""

    submission_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A confirmed theme. ``n_suggested``: undecided entries that the latest run would add, ``n_new`` of them read
    for the first time."""

    theme: Theme
    n_members: int
    n_suggested: int
    n_new: int
    quotes: tuple[Quote, ...]
    dimension: Dimension | None


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A group that the latest run proposes; ``n_members`` of it are undecided, ``n_decided`` are not."""

    cluster: Cluster
    n_members: int
    n_decided: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class UnassignedEntry:
    """An entry in no theme and no group. ``by_people``: set aside by a decision, else fits nowhere."""

    submission_id: int
    text: str
    by_people: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What a facilitator sees. ``next_proposal`` and ``next_unassigned`` continue the long lists by key.

    ``dimensions``: those of the city pack, by code. ``warnings``: those of the run, as far as they still hold.
    """

    run: AnalysisRun | None
    attempt: AnalysisRun | None
    attempt_job: Job | None
    n_unread: int
    accounting: Accounting
    themes: tuple[ThemeCard, ...]
    proposals: tuple[ProposalCard, ...]
    n_proposals: int
    next_proposal: int | None
    unassigned: tuple[UnassignedEntry, ...]
    next_unassigned: int | None
    offers: tuple[Offer, ...]
    dimensions: Mapping[str, Dimension]
    warnings: tuple[dict[str, Any], ...]

    @property
    def is_running(self) -> bool:
        """Whether an analysis waits or works now."""
        return (self.attempt is not None and self.attempt.state in ("queued", "running")
                and self.attempt_job is not None and not self.attempt_job.is_finished)


def board(consultation: Consultation, *, after: int = 0, before: int | None = None) -> Board:
    """The board; proposals after cluster number ``after``, unassigned entries older than id ``before``."""
    attempt = queries.newest_attempt(consultation.id)
    run = attempt[0] if attempt and attempt[0].state == "done" else queries.latest_run(consultation.id)
    themes = list(db.session.scalars(select(Theme).where(Theme.consultation_id == consultation.id)))
    proposals, suggestions = _sort_out(undecided_clusters(run), themes)
    shown, next_proposal = _page_of(proposals, after)
    new = _new_undecided(run) if suggestions else {}
    confirmed = sorted((theme for theme in themes if theme.state == "confirmed"),
                       key=lambda theme: (theme.title.casefold(), theme.id))
    members = _member_counts(consultation.id)
    texts = queries.texts_of([*(quote for theme in confirmed for quote in theme.quotes),
                              *(first for _count, first in members.values()),
                              *(quote for cluster, *_rest in shown for quote in cluster.quotes)])
    in_theme = _quotes_still_inside(confirmed)
    dimensions = {one.id: one for one in queries.dimensions_of(consultation.pack_id)}
    unassigned, next_unassigned = _unassigned(consultation.id, before)
    return Board(
        run=run, attempt=attempt[0] if attempt else None, attempt_job=attempt[1] if attempt else None,
        n_unread=queries.unread_entries(consultation.id), accounting=accounting(consultation.id),
        themes=tuple(ThemeCard(
            theme, members.get(theme.id, (0, 0))[0],
            sum(undecided for _cluster, undecided in suggestions.get(theme.id, ())),
            sum(new.get(cluster.id, 0) for cluster, _undecided in suggestions.get(theme.id, ())),
            _quotes([*(quote for quote in theme.quotes if (theme.id, quote) in in_theme),
                     members.get(theme.id, (0, 0))[1]], texts),
            dimensions.get(theme.dimension_id)) for theme in confirmed),
        proposals=tuple(ProposalCard(cluster, undecided, cluster.size - undecided, _quotes(cluster.quotes, texts))
                        for cluster, undecided in shown),
        n_proposals=len(proposals), next_proposal=next_proposal, unassigned=unassigned,
        next_unassigned=next_unassigned, offers=history.offers(consultation.id),
        dimensions={one.code: one for one in dimensions.values()},
        warnings=_warnings_now(run, sum(cluster.is_mixed for cluster, _undecided in proposals)))


def _warnings_now(run: AnalysisRun | None, n_mixed: int) -> tuple[dict[str, Any], ...]:
    """What a run warned of; of mixed groups those that wait for a decision, for the others were looked at."""
    return tuple(one | {"count": n_mixed} if one["code"] == "mixed_clusters" else one
                 for one in (run.warnings if run else ()) if n_mixed or one["code"] != "mixed_clusters")


def undecided_clusters(run: AnalysisRun | None) -> list[tuple[Cluster, int]]:
    """Groups of a run with how many of their entries are accepted and undecided; those without any left out."""
    if run is None:
        return []
    undecided = (
        queries.undecided_select().with_only_columns(RunMember.cluster_id, func.count().label("n"))
        .where(RunMember.run_id == run.id).group_by(RunMember.cluster_id).subquery())
    rows = db.session.execute(select(Cluster, undecided.c.n).join(undecided, undecided.c.cluster_id == Cluster.id)
                              .where(Cluster.run_id == run.id).order_by(Cluster.number))
    return [(cluster, n) for cluster, n in rows]


def _new_undecided(run: AnalysisRun) -> dict[int, int]:
    """Group of a run → how many of its undecided entries the run before has not read."""
    rows = db.session.execute(
        queries.undecided_select().with_only_columns(RunMember.cluster_id, func.count())
        .where(RunMember.run_id == run.id, RunMember.cluster_id.is_not(None), queries.is_new_in(run))
        .group_by(RunMember.cluster_id))
    return dict(rows.all())


def _sort_out(clusters: list[tuple[Cluster, int]],
              themes: Iterable[Theme]) -> tuple[list[tuple[Cluster, int]], dict[int, list[tuple[Cluster, int]]]]:
    """Groups that continue a live theme are suggestions to it, by its id; all others are proposals."""
    by_id = {theme.id: theme for theme in themes}
    suggestions: dict[int, list[tuple[Cluster, int]]] = {}
    proposals = []
    for one in clusters:
        theme = survivor(by_id, one[0].theme_id)
        if theme is None:
            proposals.append(one)
        else:
            suggestions.setdefault(theme.id, []).append(one)
    return proposals, suggestions


def _page_of(proposals: list[tuple[Cluster, int]], after: int) -> tuple[list[tuple[Cluster, int]], int | None]:
    rest = [one for one in proposals if one[0].number > after]
    shown = rest[:PROPOSALS_PER_PAGE]
    return shown, shown[-1][0].number if len(rest) > len(shown) else None


def survivor(themes: dict[int, Theme], theme_id: int | None) -> Theme | None:
    """The confirmed theme in which a theme lives on: itself, or the one it was merged into."""
    theme = themes.get(theme_id) if theme_id is not None else None
    while theme is not None and theme.state == "merged":
        theme = themes.get(theme.merged_into_id)
    return theme if theme is not None and theme.state == "confirmed" else None


def _member_counts(consultation_id: int) -> dict[int, tuple[int, int]]:
    """Theme id → number of accepted members, and the oldest of them, quoted when no other quote is left."""
    members = queries.live_members_select(consultation_id).subquery()
    rows = db.session.execute(
        select(members.c.theme_id, func.count(), func.min(members.c.submission_id)).group_by(members.c.theme_id))
    return {theme_id: (n, first) for theme_id, n, first in rows}


def _quotes_still_inside(themes: Iterable[Theme]) -> set[tuple[int, int]]:
    """(theme id, submission id) of the chosen quotes whose entry has not left the theme since."""
    ids = {quote for theme in themes for quote in theme.quotes}
    rows = db.session.execute(select(ThemeMember.theme_id, ThemeMember.submission_id)
                              .where(ThemeMember.submission_id.in_(ids)))
    return {(theme_id, submission_id) for theme_id, submission_id in rows}


def _quotes(submission_ids: Iterable[int], texts: dict[int, str]) -> tuple[Quote, ...]:
    shown = [one for one in dict.fromkeys(submission_ids) if one in texts]
    return tuple(Quote(one, texts[one]) for one in shown[:_N_QUOTES])


def _unassigned(consultation_id: int, before: int | None) -> tuple[tuple[UnassignedEntry, ...], int | None]:
    query = with_places(
        select(Submission.id, SubmissionVersion.body, ThemeMember.submission_id.is_not(None))
        .select_from(Submission)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number)), consultation_id)
    query = query.where(Submission.state == "accepted", is_unassigned())
    if before:
        query = query.where(Submission.id < before)
    found = [UnassignedEntry(*row) for row in db.session.execute(
        query.order_by(Submission.id.desc()).limit(UNASSIGNED_PER_PAGE + 1))]
    shown = tuple(found[:UNASSIGNED_PER_PAGE])
    return shown, shown[-1].submission_id if len(found) > len(shown) else None
