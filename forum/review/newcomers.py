"""Entries that came after the latest run, each with the group that fits best for now. Provisional, never a decision."""
from collections import Counter
from dataclasses import dataclass
from threading import Lock

from flask import current_app
from sqlalchemy import and_, func, select

import analysis
from forum.db import db
from forum.review.board import survivor
from forum.review.models import AnalysisRun, Cluster, RunMember, RunPlacer, Theme, ThemeMember
from forum.submissions.models import Submission, SubmissionVersion

SHOWN = 50
MOST_PLACED = 200  # the latest ones speak for all: placing them costs about 40 ms, once
MOST_COUNTED = 2_000
_KEPT_PLACERS, _MOST_REMEMBERED = 8, 4_000
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Memory:
    """The placer of a run, and what it said of texts so far."""

    placer: analysis.Placer | None
    placements: dict[str, analysis.Placement]


@dataclass(frozen=True, slots=True)
class Home:
    """Where new entries belong for now: the proposed group of a run, and the confirmed theme that it became, if any."""

    title: str
    cluster_id: int
    theme_id: int | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new entry. ``title``: of the theme or proposed group where it fits for now, '' when it fits nowhere."""

    submission_id: int
    text: str
    title: str
    is_theme: bool


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The latest new entries, newest first, how many there are, and whether a new analysis is worth while."""

    entries: tuple[Newcomer, ...] = ()
    n_entries: int = 0
    advice: analysis.RerunAdvice | None = None


def since(run: AnalysisRun | None) -> Newcomers:
    """What came after a finished run and nobody has decided on."""
    if run is None:
        return Newcomers()
    rows, n_entries = _latest(run, MOST_PLACED)
    if not rows:
        return Newcomers()
    placements = _placements(run.id, [text for _submission_id, text in rows])
    homes = _homes(run) if placements else {}
    found = [homes.get(one.key or "") for one in placements] or [None] * len(rows)
    entries = tuple(
        Newcomer(submission_id, text, home.title if home else "", home is not None and home.theme_id is not None)
        for (submission_id, text), home in list(zip(rows, found, strict=True))[:SHOWN])
    return Newcomers(entries, n_entries, analysis.advise_rerun(run.n_documents, placements, n_entries))


def counts(run: AnalysisRun) -> Counter[Home]:
    """How many of the latest `MOST_COUNTED` new entries belong where; those that fit nowhere are left out."""
    rows, _n_entries = _latest(run, MOST_COUNTED)
    if not rows:
        return Counter()
    homes = _homes(run)
    placements = _placements(run.id, [text for _submission_id, text in rows])
    return Counter(homes[one.key] for one in placements if one.key in homes)


def _latest(run: AnalysisRun, most: int) -> tuple[list[tuple[int, str]], int]:
    """Id and text of the latest ones, and the number of all."""
    new = (
        select(Submission.id, SubmissionVersion.body).select_from(Submission)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .outerjoin(RunMember, and_(RunMember.submission_id == Submission.id, RunMember.run_id == run.id))
        .outerjoin(ThemeMember, ThemeMember.submission_id == Submission.id)
        .where(Submission.consultation_id == run.consultation_id, Submission.state == "accepted",
               Submission.erased_at.is_(None),
               RunMember.submission_id.is_(None), ThemeMember.submission_id.is_(None)))
    rows = db.session.execute(new.order_by(Submission.id.desc()).limit(most)).all()
    n_entries = len(rows) if len(rows) < most else db.session.scalar(
        select(func.count()).select_from(new.subquery())) or 0
    return [(submission_id, text) for submission_id, text in rows], n_entries


def _placements(run_id: int, texts: list[str]) -> list[analysis.Placement]:
    """A place for each text, known ones from memory; none when another version of the analysis made the run."""
    kept: dict[int, _Memory] = current_app.extensions.setdefault("forum_placers", {})
    memory = kept.get(run_id) or _Memory(_read_placer(run_id), {})
    if memory.placer is None:
        return []
    known = dict(memory.placements)  # other requests change the shared one meanwhile
    unknown = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(unknown, memory.placer.place_all(unknown), strict=True))
    with _lock:
        if len(known) > _MOST_REMEMBERED:
            memory.placements.clear()
        memory.placements.update((text, known[text]) for text in texts)
        kept[run_id] = memory
        while len(kept) > _KEPT_PLACERS:
            kept.pop(next(iter(kept)))
    return [known[text] for text in texts]


def _read_placer(run_id: int) -> analysis.Placer | None:
    content = db.session.scalar(select(RunPlacer.content).where(RunPlacer.run_id == run_id))
    try:
        return analysis.Placer.from_bytes(content) if content else None
    except ValueError:
        return None


def _homes(run: AnalysisRun) -> dict[str, Home]:
    """Number of each group → the theme that it became or adds to, else the group itself."""
    themes = {theme.id: theme for theme in db.session.scalars(
        select(Theme).where(Theme.consultation_id == run.consultation_id))}
    most_decided = _theme_of_most_members(run.id)
    homes = {}
    for cluster in db.session.scalars(select(Cluster).where(Cluster.run_id == run.id)):
        theme = survivor(themes, cluster.theme_id) or themes.get(most_decided.get(cluster.id, 0))
        homes[str(cluster.number)] = Home(theme.title if theme else cluster.label, cluster.id,
                                          theme.id if theme else None)
    return homes


def _theme_of_most_members(run_id: int) -> dict[int, int]:
    """Group id → confirmed theme that holds at least half of its members by decision."""
    rows = db.session.execute(
        select(RunMember.cluster_id, ThemeMember.theme_id)
        .join(ThemeMember, ThemeMember.submission_id == RunMember.submission_id)
        .join(Theme, Theme.id == ThemeMember.theme_id).join(Cluster, Cluster.id == RunMember.cluster_id)
        .where(RunMember.run_id == run_id, Theme.state == "confirmed")
        .group_by(RunMember.cluster_id, ThemeMember.theme_id, Cluster.size)
        .having(2 * func.count() >= Cluster.size).order_by(func.count(), ThemeMember.theme_id.desc()))
    return dict(rows.all())
