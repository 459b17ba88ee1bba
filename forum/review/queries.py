"""Named reads of runs, groups, themes and the ledger."""
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from forum.consultations.models import Dimension
from forum.db import db
from forum.errors import NotFound
from forum.jobs import Job
from forum.review.accounting import Accounting, Verification, accounting, latest_run_id, verify
from forum.review.models import AnalysisRun, Cluster, Decision, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission, SubmissionVersion

__all__ = ["Accounting", "Verification", "accounting", "verify"]


def theme_or_404(theme_id: int) -> Theme:
    theme = db.session.get(Theme, theme_id)
    if theme is None:
        raise NotFound(_("Tema ini tidak ada."))
    return theme


def cluster_or_404(cluster_id: int) -> Cluster:
    """A proposed group of a finished run: groups of a run under way are not there yet for readers."""
    cluster = db.session.scalar(
        select(Cluster).join(AnalysisRun, AnalysisRun.id == Cluster.run_id)
        .where(Cluster.id == cluster_id, AnalysisRun.state == "done"))
    if cluster is None:
        raise NotFound(_("Kelompok usulan ini tidak ada."))
    return cluster


def run_or_404(run_id: int) -> AnalysisRun:
    run = db.session.get(AnalysisRun, run_id)
    if run is None:
        raise NotFound(_("Analisis ini tidak ada."))
    return run


def decision_or_404(decision_id: int) -> Decision:
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise NotFound(_("Keputusan ini tidak ada."))
    return decision


def job_or_404(job_id: int) -> Job:
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFound(_("Pekerjaan ini tidak ada."))
    return job


def run_of_cluster(cluster_id: int) -> AnalysisRun:
    return run_or_404(cluster_or_404(cluster_id).run_id)


def latest_run(consultation_id: int) -> AnalysisRun | None:
    """The latest finished run."""
    return db.session.scalar(select(AnalysisRun).where(
        AnalysisRun.id == latest_run_id(consultation_id).scalar_subquery()))


def previous_run(run: AnalysisRun) -> AnalysisRun | None:
    """The finished run before this one."""
    return db.session.scalar(select(AnalysisRun).where(AnalysisRun.id == _previous_run_id(run).scalar_subquery()))


def _previous_run_id(run: AnalysisRun) -> Select[tuple[int]]:
    return latest_run_id(run.consultation_id).where(AnalysisRun.id < run.id)


def newest_attempt(consultation_id: int) -> tuple[AnalysisRun, Job] | None:
    """The run that was started last, whatever became of it, with its job."""
    row = db.session.execute(
        select(AnalysisRun, Job).join(Job, Job.id == AnalysisRun.job_id)
        .where(AnalysisRun.consultation_id == consultation_id).order_by(AnalysisRun.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def themes_confirmed(consultation_id: int) -> list[Theme]:
    """The themes that stand, by title."""
    themes = db.session.scalars(select(Theme).where(Theme.consultation_id == consultation_id,
                                                    Theme.state == "confirmed"))
    return sorted(themes, key=lambda theme: (theme.title.casefold(), theme.id))


def live_members_select(consultation_id: int) -> Select[tuple[int, int]]:
    """Columns theme_id, submission_id: accepted entries in confirmed themes."""
    return (
        select(ThemeMember.theme_id, ThemeMember.submission_id)
        .join(Theme, Theme.id == ThemeMember.theme_id)
        .join(Submission, Submission.id == ThemeMember.submission_id)
        .where(Theme.consultation_id == consultation_id, Theme.state == "confirmed",
               Submission.state == "accepted"))


def members_of_themes(consultation_id: int) -> dict[int, tuple[int, ...]]:
    """Theme id → ids of its accepted entries, ascending; confirmed themes without any are not in it."""
    members: dict[int, list[int]] = {}
    for theme_id, submission_id in db.session.execute(
            live_members_select(consultation_id).order_by(ThemeMember.submission_id)):
        members.setdefault(theme_id, []).append(submission_id)
    return {theme_id: tuple(ids) for theme_id, ids in members.items()}


def undecided_members(cluster_id: int) -> list[int]:
    """Accepted entries of a group on which nobody has decided, ascending."""
    return list(db.session.scalars(undecided_select().where(RunMember.cluster_id == cluster_id)
                                   .order_by(RunMember.submission_id)))


def members_of_cluster(cluster_id: int) -> list[int]:
    """All entries that the run put into a group, decided or not, ascending."""
    return list(db.session.scalars(select(RunMember.submission_id).where(RunMember.cluster_id == cluster_id)
                                   .order_by(RunMember.submission_id)))


def undecided_select() -> Select[tuple[int]]:
    """Rows of runs about accepted entries on which nobody has decided; column submission_id."""
    return (
        select(RunMember.submission_id)
        .join(Submission, Submission.id == RunMember.submission_id)
        .outerjoin(ThemeMember, ThemeMember.submission_id == RunMember.submission_id)
        .where(Submission.state == "accepted", ThemeMember.submission_id.is_(None)))


def suggested_members(theme: Theme) -> list[int]:
    """Undecided entries that the latest run would add to a theme, or to one merged into it, ascending."""
    return list(db.session.scalars(_suggested_select(theme).order_by(RunMember.submission_id)))


def n_new_suggested(theme: Theme) -> int:
    """How many of `suggested_members` the latest run has read as the first one."""
    run = latest_run(theme.consultation_id)
    if run is None:
        return 0
    new = _suggested_select(theme).where(is_new_in(run)).subquery()
    return db.session.scalar(select(func.count()).select_from(new)) or 0


def is_new_in(run: AnalysisRun) -> ColumnElement[bool]:
    """Of a row of a run: the finished run before has not read its entry. In the first run nothing is called new."""
    before = _previous_run_id(run).scalar_subquery()
    read = aliased(RunMember)
    return and_(before.is_not(None),
                RunMember.submission_id.not_in(select(read.submission_id).where(read.run_id == before)))


def _suggested_select(theme: Theme) -> Select[tuple[int]]:
    return undecided_select().join(Cluster, Cluster.id == RunMember.cluster_id).where(
        Cluster.run_id == latest_run_id(theme.consultation_id).scalar_subquery(),
        Cluster.theme_id.in_(_merged_into(theme)))


def _merged_into(theme: Theme) -> set[int]:
    """The theme and all that were merged into it, directly or by way of another."""
    rows = db.session.execute(select(Theme.id, Theme.merged_into_id).where(
        Theme.consultation_id == theme.consultation_id, Theme.state == "merged")).all()
    found, before = {theme.id}, 0
    while len(found) > before:
        before = len(found)
        found |= {theme_id for theme_id, survivor in rows if survivor in found}
    return found


def texts_of(submission_ids: Iterable[int]) -> dict[int, str]:
    """What people wrote, by id, of accepted entries: hidden and withdrawn texts are not shown here."""
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.body)
        .join(SubmissionVersion, and_(SubmissionVersion.submission_id == Submission.id,
                                      SubmissionVersion.number == Submission.current_number))
        .where(Submission.id.in_(set(submission_ids)), Submission.state == "accepted"))
    return dict(rows.all())


def dimensions_of(pack_id: int) -> list[Dimension]:
    """Dimensions, each followed by its sub-dimensions."""
    rows = list(db.session.scalars(select(Dimension).where(Dimension.pack_id == pack_id)
                                   .order_by(Dimension.position, Dimension.id)))
    parts: dict[int, list[Dimension]] = {}
    for row in rows:
        if row.parent_id is not None:
            parts.setdefault(row.parent_id, []).append(row)
    return [one for row in rows if row.parent_id is None for one in (row, *parts.get(row.id, ()))]


def place_of(submission_id: int) -> tuple[Theme | None, Decision] | None:
    """Where people put an entry (``None``: set aside) and the line that did it; nothing when undecided."""
    row = db.session.execute(
        select(Theme, Decision).select_from(ThemeMember).join(Decision, Decision.id == ThemeMember.decision_id)
        .outerjoin(Theme, Theme.id == ThemeMember.theme_id)
        .where(ThemeMember.submission_id == submission_id)).first()
    return (row[0], row[1]) if row else None


def unread_entries(consultation_id: int) -> int:
    """Accepted entries that the latest finished run has not read, or not in their present version."""
    run_id = latest_run_id(consultation_id).scalar_subquery()
    query = (
        select(func.count()).select_from(Submission)
        .outerjoin(RunMember, and_(RunMember.submission_id == Submission.id, RunMember.run_id == run_id))
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted",
               or_(RunMember.submission_id.is_(None), RunMember.version_number != Submission.current_number)))
    return db.session.scalar(query) or 0
