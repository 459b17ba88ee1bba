"""Named reads of criteria, sheets and ranked issues."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

import analysis
from forum.accounts.models import Account
from forum.consultations.models import Consultation
from forum.db import db
from forum.errors import NotFound
from forum.priorities.criteria import usg_criteria
from forum.priorities.issues import Issue, Name, Quote, Support, in_order
from forum.priorities.models import Assessment, Criterion, Score
from forum.priorities.ranking import Sheet, Yardstick, rank_themes
from forum.priorities.support import Representation, representation, support_by_theme
from forum.review.models import Theme, ThemeMember
from forum.review.queries import live_members_select, texts_of, themes_confirmed
from forum.submissions.queries import pack_choices

__all__ = ["Representation", "representation"]

N_QUOTES = 3


@dataclass(frozen=True, slots=True)
class AssessorSheet:
    """One assessor's sheet for a theme, for reading."""

    account_id: int
    name: str
    values: dict[str, int]
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many confirmed themes an assessor has scored."""

    account_id: int
    name: str
    n_scored: int


def stored_criteria(consultation_id: int) -> list[Criterion]:
    return list(db.session.scalars(select(Criterion).where(Criterion.consultation_id == consultation_id)
                                   .order_by(Criterion.position, Criterion.id)))


def criteria_of(consultation_id: int) -> list[Criterion]:
    """The criteria in order; before the first score the defaults, which are not stored yet."""
    return stored_criteria(consultation_id) or usg_criteria(consultation_id)


def assessment_of(*, theme_id: int, account_id: int) -> Assessment | None:
    return db.session.scalar(select(Assessment).where(Assessment.theme_id == theme_id,
                                                      Assessment.account_id == account_id))


def values_of(assessment: Assessment) -> dict[str, int]:
    """Criterion code → value, in the order of the criteria."""
    rows = db.session.execute(
        select(Criterion.code, Score.value).join(Score, Score.criterion_id == Criterion.id)
        .where(Score.assessment_id == assessment.id).order_by(Criterion.position, Criterion.id))
    return dict(rows.all())


def sheets_of(theme_id: int) -> list[AssessorSheet]:
    """Everybody's sheets for one theme, by name. Shown only to those whose own sheet is among them."""
    rows = db.session.execute(
        select(Assessment, Account.name, Criterion.code, Score.value)
        .join(Account, Account.id == Assessment.account_id)
        .join(Score, Score.assessment_id == Assessment.id).join(Criterion, Criterion.id == Score.criterion_id)
        .where(Assessment.theme_id == theme_id)
        .order_by(Account.name, Account.id, Criterion.position, Criterion.id))
    sheets: dict[int, AssessorSheet] = {}
    for assessment, name, code, value in rows:
        sheet = sheets.setdefault(assessment.account_id, AssessorSheet(
            assessment.account_id, name, {}, assessment.note, assessment.version))
        sheet.values[code] = value
    return list(sheets.values())


def progress(consultation_id: int) -> list[Progress]:
    """Every active planner, and everybody else who has scored, with the number of themes scored."""
    n_scored = (
        select(Assessment.account_id, func.count().label("n"))
        .join(Theme, Theme.id == Assessment.theme_id)
        .where(Theme.consultation_id == consultation_id, Theme.state == "confirmed")
        .group_by(Assessment.account_id).subquery())
    rows = db.session.execute(
        select(Account.id, Account.name, func.coalesce(n_scored.c.n, 0))
        .outerjoin(n_scored, n_scored.c.account_id == Account.id)
        .where(((Account.role == "planner") & Account.is_active) | (n_scored.c.n > 0))
        .order_by(Account.name, Account.id))
    return [Progress(*row) for row in rows]


def next_unscored(consultation_id: int, *, account_id: int, after: Theme | None = None) -> int | None:
    """The next confirmed theme, by title, that this account has not scored; from the top after the last.

    Themes of the plan of which nobody spoke come after the others.
    """
    scored = set(db.session.scalars(select(Assessment.theme_id).where(Assessment.account_id == account_id)))
    spoken_of = set(db.session.scalars(
        live_members_select(consultation_id).with_only_columns(ThemeMember.theme_id).distinct()))

    def place(theme: Theme) -> tuple[bool, str, int]:
        return theme.id not in spoken_of, theme.title.casefold(), theme.id

    waiting = sorted((theme for theme in themes_confirmed(consultation_id) if theme.id not in scored), key=place)
    if not waiting:
        return None
    return next((theme.id for theme in waiting if after is None or place(theme) > place(after)), waiting[0].id)


def place_among(consultation_id: int, *, account_id: int) -> tuple[int, int]:
    """How many of the confirmed themes this account has scored, and how many there are."""
    n_themes, n_scored = db.session.execute(
        select(func.count(), func.count(Assessment.id)).select_from(Theme)
        .outerjoin(Assessment, (Assessment.theme_id == Theme.id) & (Assessment.account_id == account_id))
        .where(Theme.consultation_id == consultation_id, Theme.state == "confirmed")).one()
    return n_scored, n_themes


def ranked_issues(consultation_id: int) -> list[Issue]:
    """All confirmed themes with rank, support and masked quotes: ranked ones first, then those not scored.

    Ties are in order of title. The number of database queries does not depend on the number of themes.
    """
    themes = themes_confirmed(consultation_id)
    if not themes:
        return []
    criteria = criteria_of(consultation_id)
    yardsticks = [Yardstick(criterion.code, criterion.weight) for criterion in criteria]
    ranked = {one.theme_id: one for one in rank_themes(_sheets(consultation_id, criteria), yardsticks)}
    pack_id = db.session.scalars(select(Consultation.pack_id).where(Consultation.id == consultation_id)).one()
    support = support_by_theme(consultation_id, pack_id=pack_id)
    quotes = _quotes(themes, {theme_id: ids for theme_id, (_, ids) in support.items()})
    dimensions = _dimension_names(pack_id)
    nobody: tuple[Support, tuple[int, ...]] = (Support(0, 0, (), (), {}, {}), ())
    issues = []
    for theme in themes:
        behind, submission_ids = support.get(theme.id, nobody)
        dimension, sub_dimension = dimensions.get(theme.dimension_id, (None, None))
        issues.append(Issue(
            theme_id=theme.id, title=theme.title, phrases=tuple(analysis.mask(phrase) for phrase in theme.phrases),
            dimension=dimension, sub_dimension=sub_dimension, ranked=ranked.get(theme.id), support=behind,
            quotes=quotes[theme.id], submission_ids=submission_ids))
    return in_order(issues)


def issue_of(theme: Theme) -> Issue:
    """One confirmed theme among all: its rank depends on the others."""
    issue = next((issue for issue in ranked_issues(theme.consultation_id) if issue.theme_id == theme.id), None)
    if issue is None:
        raise NotFound
    return issue


def _sheets(consultation_id: int, criteria: Sequence[Criterion]) -> list[Sheet]:
    """Every complete sheet for a confirmed theme; one that lacks a criterion added later waits for its assessor."""
    rows = db.session.execute(
        select(Assessment.theme_id, Assessment.account_id, Criterion.code, Score.value)
        .join(Theme, Theme.id == Assessment.theme_id).join(Score, Score.assessment_id == Assessment.id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Theme.consultation_id == consultation_id, Theme.state == "confirmed"))
    values: dict[tuple[int, int], dict[str, int]] = {}
    for theme_id, account_id, code, value in rows:
        values.setdefault((theme_id, account_id), {})[code] = value
    codes = {criterion.code for criterion in criteria}
    return [Sheet(theme_id, account_id, of_sheet) for (theme_id, account_id), of_sheet in values.items()
            if codes <= of_sheet.keys()]


def _quotes(themes: Sequence[Theme], members: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[Quote, ...]]:
    """Up to three per theme: those that its people chose and that are still in it, else its oldest entries."""
    chosen: dict[int, list[int]] = {}
    for theme in themes:
        inside = dict.fromkeys(members.get(theme.id, ()))
        chosen[theme.id] = ([one for one in theme.quotes if one in inside] or list(inside))[:N_QUOTES]
    texts = texts_of([one for ids in chosen.values() for one in ids])
    return {theme_id: tuple(Quote(one, analysis.mask(texts[one])) for one in ids if one in texts)
            for theme_id, ids in chosen.items()}


def _dimension_names(pack_id: int) -> dict[int | None, tuple[Name, Name | None]]:
    """Dimension id → its dimension and, when it is a part of one, its sub-dimension."""
    choices = pack_choices(pack_id)
    names = {one.id: Name(one.code, one.name_id, one.name_en) for one in choices.dimensions + choices.sub_dimensions}
    return {**{one.id: (names[one.id], None) for one in choices.dimensions},
            **{one.id: (names[one.parent_id], names[one.id]) for one in choices.sub_dimensions}}
