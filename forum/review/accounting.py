"""Where every entry is: received = in themes + unassigned + waiting + hidden + withdrawn."""
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from forum.db import begin_snapshot, db
from forum.review import projection
from forum.review.models import AnalysisRun, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Accounting:
    """Entries of one consultation, each bucket counted by itself.

    in_themes: accepted and in a confirmed theme. unassigned: accepted and set aside by people, or in no group
    of the latest run. waiting: for moderation, for a run that reads it, or for a decision on its group.
    """

    received: int
    in_themes: int
    unassigned: int
    waiting: int
    hidden: int
    withdrawn: int

    @property
    def holds(self) -> bool:
        """Whether no entry is lost or counted twice."""
        return self.received == self.in_themes + self.unassigned + self.waiting + self.hidden + self.withdrawn


@dataclass(frozen=True, slots=True)
class Verification:
    """The accounting, and where the stored themes differ from a fresh replay of the ledger (ids)."""

    accounting: Accounting
    wrong_themes: tuple[int, ...]
    wrong_members: tuple[int, ...]
    inapplicable_decisions: tuple[int, ...]

    @property
    def holds(self) -> bool:
        return (self.accounting.holds and not self.wrong_themes and not self.wrong_members
                and not self.inapplicable_decisions)


def accounting(consultation_id: int) -> Accounting:
    """Count every bucket on its own, in one statement, so that all see the same moment.

    No bucket is what the others leave over: an entry that falls between them makes the sum differ.
    """
    counts = {
        "received": _in_state(consultation_id),
        "in_themes": _placed(consultation_id, Submission.state == "accepted", Theme.state == "confirmed"),
        "unassigned": _placed(consultation_id, Submission.state == "accepted", is_unassigned()),
        "waiting": _placed(consultation_id, or_(
            Submission.state == "waiting", and_(Submission.state == "accepted", _awaits_a_decision()))),
        "hidden": _in_state(consultation_id, "hidden"),
        "withdrawn": _in_state(consultation_id, "withdrawn"),
    }
    row = db.session.execute(select(*(query.scalar_subquery().label(name) for name, query in counts.items()))).one()
    return Accounting(**row._mapping)


def verify(consultation_id: int) -> Verification:
    """The accounting, and the comparison of what is stored with a fresh replay of the ledger."""
    begin_snapshot()
    outcome = projection.replayed(db.session, consultation_id)
    differs = projection.difference(db.session, consultation_id, outcome)
    return Verification(accounting(consultation_id), tuple(sorted(differs.themes)), tuple(sorted(differs.members)),
                        tuple(one.line_id for one in outcome.inapplicable))


def latest_run_id(consultation_id: int) -> Select[tuple[int]]:
    """The latest finished run, as a select; runs under way are not seen by readers."""
    return select(func.max(AnalysisRun.id)).where(
        AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == "done")


def with_places(query: Select, consultation_id: int) -> Select:
    """Join entries with where people and the latest run put them, each at most once."""
    return (
        query.outerjoin(ThemeMember, ThemeMember.submission_id == Submission.id)
        .outerjoin(Theme, Theme.id == ThemeMember.theme_id)
        .outerjoin(RunMember, and_(RunMember.submission_id == Submission.id,
                                   RunMember.run_id == latest_run_id(consultation_id).scalar_subquery()))
        .where(Submission.consultation_id == consultation_id))


def is_unassigned() -> ColumnElement[bool]:
    """Of an accepted entry, after `with_places`: set aside by people, or fits nowhere."""
    set_aside = and_(ThemeMember.submission_id.is_not(None), ThemeMember.theme_id.is_(None))
    fits_nowhere = and_(ThemeMember.submission_id.is_(None), RunMember.submission_id.is_not(None),
                        RunMember.cluster_id.is_(None))
    return or_(set_aside, fits_nowhere)


def _awaits_a_decision() -> ColumnElement[bool]:
    return and_(ThemeMember.submission_id.is_(None),
                or_(RunMember.submission_id.is_(None), RunMember.cluster_id.is_not(None)))


def _in_state(consultation_id: int, *states: str) -> Select[tuple[int]]:
    query = select(func.count()).select_from(Submission).where(Submission.consultation_id == consultation_id)
    return query.where(Submission.state.in_(states)) if states else query


def _placed(consultation_id: int, *conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    return with_places(select(func.count()).select_from(Submission), consultation_id).where(*conditions)
