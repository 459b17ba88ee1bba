"""What a run brought: set beside the finished run before it, and beside what people decided."""
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from forum.db import db
from forum.review import queries
from forum.review.board import survivor
from forum.review.dissolved import Dissolved, dissolved
from forum.review.models import AnalysisRun, Cluster, Decision, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission, SubmissionVersion

_LISTED = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Undecided entries that the run would add to a theme; ``n_new`` of them the run before has not read."""

    theme: Theme
    n_entries: int
    n_new: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """A decided entry whose author changed the text after the decision: is its place still right?"""

    submission_id: int
    text: str
    theme: Theme | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An undecided entry that lies elsewhere than in the run before, with the reason of the analysis (a code).

    ``origin``: label of its group before, ``None`` for none; ``words`` spoke for its ``cluster`` now.
    """

    submission_id: int
    text: str
    because: str
    origin: str | None
    cluster: Cluster
    words: list[str] | None
    suggested: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Differences to the run before; ``previous`` is ``None`` for the first run.

    ``moved``: undecided entries that were in another group or none before, at most 50 of ``n_moved``.
    ``no_longer_fit``: undecided entries that were in a group and now fit nowhere, as (id, text), at most 50 of
    ``n_no_longer_fit``. ``dissolved``: groups of the run before that are not proposed any more.
    ``n_decided``: decided memberships, none of which a run can change.
    """

    previous: AnalysisRun | None
    n_new_entries: int
    new_proposals: tuple[Cluster, ...]
    n_known_proposals: int
    suggestions: tuple[Suggestion, ...]
    n_moved: int
    moved: tuple[Moved, ...]
    n_no_longer_fit: int
    no_longer_fit: tuple[tuple[int, str], ...]
    dissolved: tuple[Dissolved, ...]
    corrected: tuple[Corrected, ...]
    n_decided: int


def changes(run: AnalysisRun) -> Changes:
    """Compare a finished run with the one before."""
    previous = queries.previous_run(run)
    now = _groups(run.id)
    before = _groups(previous.id) if previous else {}
    decided = set(db.session.scalars(select(ThemeMember.submission_id).where(
        ThemeMember.consultation_id == run.consultation_id)))
    same = _same_groups(run, previous)
    clusters = list(db.session.scalars(select(Cluster).where(Cluster.run_id == run.id).order_by(Cluster.number)))
    undecided = Counter(group for entry, group in now.items() if group is not None and entry not in decided)
    new = Counter(now[entry] for entry in now.keys() - before.keys() - decided) if previous else Counter()
    themes = {theme.id: theme for theme in db.session.scalars(
        select(Theme).where(Theme.consultation_id == run.consultation_id))}
    proposals = [one for one in clusters if undecided[one.id] and survivor(themes, one.theme_id) is None]
    moved, n_moved = _moved(run) if previous else ([], 0)
    free = [entry for entry in now.keys() & before.keys() if entry not in decided and before[entry] is not None]
    lost = sorted(entry for entry in free if now[entry] is None)
    texts = queries.texts_of(lost[:_LISTED])
    return Changes(
        previous=previous, n_new_entries=len(now.keys() - before.keys()),
        new_proposals=tuple(one for one in proposals if one.id not in same),
        n_known_proposals=sum(one.id in same for one in proposals),
        suggestions=_suggestions(clusters, undecided, new, themes),
        n_moved=n_moved, moved=tuple(moved),
        n_no_longer_fit=len(lost), no_longer_fit=tuple((entry, texts[entry]) for entry in lost if entry in texts),
        dissolved=dissolved(run, previous, before, now, themes), corrected=_corrected(run.consultation_id),
        n_decided=len(decided))


def _same_groups(run: AnalysisRun, previous: AnalysisRun | None) -> dict[int, int]:
    """Group now → the group before that it continues: the analysis carried its key over."""
    if previous is None:
        return {}
    before, now = aliased(Cluster), aliased(Cluster)
    rows = db.session.execute(select(now.id, before.id).join(before, before.key == now.key).where(
        now.run_id == run.id, before.run_id == previous.id))
    return dict(rows.all())


def _moved(run: AnalysisRun) -> tuple[list[Moved], int]:
    """Undecided entries that lie elsewhere than in the run before, at most `_LISTED` of how many."""
    query = (
        select(Submission.id, SubmissionVersion.body, RunMember.moved_because, RunMember.moved_from, Cluster,
               RunMember.words, RunMember.suggested)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .join(RunMember, RunMember.submission_id == Submission.id)
        .join(Cluster, Cluster.id == RunMember.cluster_id)
        .outerjoin(ThemeMember, ThemeMember.submission_id == Submission.id)
        .where(RunMember.run_id == run.id, Submission.state == "accepted", ThemeMember.submission_id.is_(None),
               RunMember.moved_because.is_not(None), RunMember.moved_because != "new"))
    rows = db.session.execute(query.order_by(Cluster.number, Submission.id).limit(_LISTED))
    n_moved = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return [Moved(*row) for row in rows], n_moved


def _groups(run_id: int) -> dict[int, int | None]:
    rows = db.session.execute(select(RunMember.submission_id, RunMember.cluster_id)
                              .join(Submission, Submission.id == RunMember.submission_id)
                              .where(RunMember.run_id == run_id, Submission.state == "accepted"))
    return dict(rows.all())


def _suggestions(clusters: list[Cluster], undecided: Counter[int], new: Counter[int | None],
                 themes: dict[int, Theme]) -> tuple[Suggestion, ...]:
    counts: Counter[int] = Counter()
    of_them_new: Counter[int] = Counter()
    for cluster in clusters:
        theme = survivor(themes, cluster.theme_id)
        if theme is not None and undecided[cluster.id]:
            counts[theme.id] += undecided[cluster.id]
            of_them_new[theme.id] += new[cluster.id]
    return tuple(Suggestion(themes[theme_id], n, of_them_new[theme_id]) for theme_id, n in
                 sorted(counts.items(), key=lambda one: (-one[1], themes[one[0]].title.casefold())))


def _corrected(consultation_id: int) -> tuple[Corrected, ...]:
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.body, Theme)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .join(ThemeMember, ThemeMember.submission_id == Submission.id)
        .join(Decision, Decision.id == ThemeMember.decision_id)
        .outerjoin(Theme, Theme.id == ThemeMember.theme_id)
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted",
               SubmissionVersion.number > 1, SubmissionVersion.created_at > Decision.created_at)
        .order_by(Submission.id).limit(_LISTED))
    return tuple(Corrected(*row) for row in rows)
