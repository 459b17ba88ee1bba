"""Named reads for files: everything that one holds, seen at one moment."""
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from sqlalchemy import func, select, union_all
from sqlalchemy.orm import aliased

import analysis
from forum.answers.forms import STATUS_NAMES
from forum.answers.models import Response
from forum.answers.queries import responses_by_theme
from forum.consultations.models import Area, Consultation, ForumSession, StakeholderGroup
from forum.consultations.queries import consultation_or_404
from forum.consultations.questions import Asked, asked_of
from forum.db import begin_snapshot, db
from forum.exports.contents import Accounting, Contents, Entry, RunFacts, Sitting
from forum.exports.issue_list import IssueList, Weight, build
from forum.exports.models import ExportRecord
from forum.moderation.models import ModerationEntry
from forum.priorities.issues import issue_code
from forum.priorities.models import Assessment
from forum.priorities.queries import criteria_of, ranked_issues, representation
from forum.reactions.models import Reaction
from forum.reactions.queries import Tally, tallies
from forum.review.models import AnalysisRun, Decision, Theme, ThemeMember
from forum.review.queries import accounting, latest_run
from forum.submissions.answering import text_of
from forum.submissions.models import Submission, SubmissionVersion

N_RECORDS = 50


def records_of(consultation_id: int) -> list[ExportRecord]:
    """The latest files that left the house, newest first."""
    return list(db.session.scalars(select(ExportRecord).where(ExportRecord.consultation_id == consultation_id)
                                   .order_by(ExportRecord.id.desc()).limit(N_RECORDS)))


def issue_list(consultation_id: int) -> IssueList:
    """The list as it stands now."""
    weights = [Weight(one.code, one.weight, one.name_id, one.scale_min, one.scale_max)
               for one in criteria_of(consultation_id)]
    with force_locale("id"):  # a document of the city, in every language of the page
        responses = {theme_id: str(STATUS_NAMES[response.status])
                     for theme_id, response in responses_by_theme(consultation_id).items()}
    return build(ranked_issues(consultation_id), weights, responses)


def contents(consultation_id: int) -> Contents:
    """Everything that a file holds, read in one snapshot of the database."""
    begin_snapshot()
    consultation = consultation_or_404(consultation_id)
    zone = ZoneInfo(consultation.pack.timezone)
    counted = accounting(consultation_id)
    questions = asked_of(consultation_id)
    people = representation(consultation_id, pack_id=consultation.pack_id)
    return Contents(
        consultation_id=consultation.id, title=consultation.title, city=consultation.pack.city_id,
        controller=consultation.controller, sittings=_sittings(consultation_id, zone),
        accounting=Accounting(received=counted.received, in_themes=counted.in_themes, unassigned=counted.unassigned,
                              waiting=counted.waiting, hidden=counted.hidden, withdrawn=counted.withdrawn),
        n_people=people.n_people,
        people_by_group={share.name.name_id: share.n_people for share in people.by_group if share.n_people},
        n_assessors=_n_assessors(consultation_id), as_of=_last_change(consultation).astimezone(zone),
        run=_last_run(consultation_id, zone), issue_list=issue_list(consultation_id),
        questions=tuple(one.text_id for one in questions), entries=_entries(consultation_id, zone, questions))


def _sittings(consultation_id: int, zone: ZoneInfo) -> tuple[Sitting, ...]:
    rows = db.session.execute(
        select(ForumSession.title, ForumSession.place, ForumSession.starts_at)
        .where(ForumSession.consultation_id == consultation_id).order_by(ForumSession.starts_at, ForumSession.id))
    return tuple(Sitting(title, place, starts_at.astimezone(zone).date()) for title, place, starts_at in rows)


def _n_assessors(consultation_id: int) -> int:
    return db.session.scalar(
        select(func.count(Assessment.account_id.distinct())).join(Theme, Theme.id == Assessment.theme_id)
        .where(Theme.consultation_id == consultation_id, Theme.state == "confirmed")) or 0


def _last_run(consultation_id: int, zone: ZoneInfo) -> RunFacts | None:
    run = latest_run(consultation_id)
    if run is None:
        return None
    return RunFacts(id=run.id, fingerprint=run.fingerprint, settings=run.settings, versions=run.versions,
                    n_documents=run.n_documents, finished_at=(run.finished_at or run.created_at).astimezone(zone))


def _last_change(consultation: Consultation) -> datetime:
    """When anything that a file shows last changed, from entries and reactions to scores and answers."""
    of_entry = Submission.consultation_id == consultation.id
    of_theme = Theme.consultation_id == consultation.id
    moments = union_all(
        select(func.max(SubmissionVersion.created_at).label("at")).join(Submission).where(of_entry),
        select(func.max(Submission.withdrawn_at)).where(of_entry),
        select(func.max(Reaction.changed_at)).join(Submission).where(of_entry),
        select(func.max(ModerationEntry.created_at)).join(Submission).where(of_entry),
        select(func.max(AnalysisRun.finished_at)).where(AnalysisRun.consultation_id == consultation.id),
        select(func.max(Decision.created_at)).where(Decision.consultation_id == consultation.id),
        select(func.max(Assessment.changed_at)).join(Theme).where(of_theme),
        select(func.max(Response.changed_at)).join(Theme).where(of_theme),
    )
    found = [moment for moment in db.session.scalars(moments) if moment]
    return max([consultation.created_at, *found])


def _entries(consultation_id: int, zone: ZoneInfo, questions: tuple[Asked, ...]) -> tuple[Entry, ...]:
    """Every accepted entry with its current text and answers, masked; the code of its issue if it has one."""
    theme = aliased(Theme, name="confirmed_theme")
    by_entry = tallies(consultation_id)
    rows = db.session.execute(
        select(Submission.id, theme.id, SubmissionVersion.kind, SubmissionVersion.approach, SubmissionVersion.body,
               StakeholderGroup.name_id, Area.name, Submission.received_at, SubmissionVersion.answers)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .outerjoin(ThemeMember, ThemeMember.submission_id == Submission.id)
        .outerjoin(theme, (theme.id == ThemeMember.theme_id) & (theme.state == "confirmed"))
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Submission.group_id)
        .outerjoin(Area, Area.id == Submission.area_id)
        .where(Submission.consultation_id == consultation_id, Submission.state == "accepted")
        .order_by(Submission.id))
    return tuple(
        _entry(by_entry.get(submission_id, Tally()), submission_id=submission_id,
               issue_code=issue_code(theme_id) if theme_id else None, kind=kind, approach=approach,
               text=analysis.mask(body), group=group or "", area=area or "",
               received_on=received_at.astimezone(zone).date(),
               answers=tuple(_answer(answers.get(str(one.id)), one) for one in questions))
        for submission_id, theme_id, kind, approach, body, group, area, received_at, answers in rows)


def _entry(tally: Tally, **fields: Any) -> Entry:
    return Entry(n_agree=tally.agree, n_disagree=tally.disagree, n_pass=tally.passed, **fields)


def _answer(answer: Any, question: Asked) -> str:
    """One answer in the language of the file; what somebody typed is masked."""
    if answer is None:
        return ""
    text = text_of(answer, question, language="id")
    return analysis.mask(text) if question.kind == "text" else text
