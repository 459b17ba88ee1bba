"""Verbs of priorities: set up the criteria, score a theme, withdraw a score."""
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import delete

from forum import audit
from forum.consultations.models import Consultation
from forum.db import db, hold, writing
from forum.errors import ForumError, NotFound, StaleVersion
from forum.priorities import queries
from forum.priorities.criteria import usg_criteria
from forum.priorities.models import Assessment, Criterion, Score
from forum.review.models import Theme
from forum.review.queries import theme_or_404
from forum.typed import clean_text

MAX_NOTE_CHARACTERS = 1000


class UnusableScore(ForumError):
    """A criterion without a value, a value outside its scale, or a note that is too long."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ThemeNotConfirmed(ForumError):
    """The theme was dismissed, merged or undone and is not scored any more."""

    def __init__(self) -> None:
        super().__init__(_("Tema ini tidak lagi ditetapkan, jadi tidak dinilai. Kembali ke daftar prioritas."))


class NoAssessor(ForumError):
    """Scores are given by a person with an account, not by the command line."""

    status = HTTPStatus.FORBIDDEN


def ensure_criteria(*, consultation_id: int, actor: audit.Actor, now: datetime) -> tuple[int, ...]:
    """Give a consultation the default criteria unless it has some; return the ids in order."""
    with writing():
        return tuple(criterion.id for criterion in _ensure_criteria(consultation_id, actor, now))


def score_theme(*, theme_id: int, values: Mapping[str, int], note: str, version: int, actor: audit.Actor,
                now: datetime) -> int:
    """Store the actor's sheet for a theme, new or changed; return the assessment id.

    ``values`` gives a whole number for every criterion code of the consultation. ``version`` is that of
    the sheet that the actor saw: 0 when there was none.

    Raises `UnusableScore`, `ThemeNotConfirmed`, `NoAssessor`, `StaleVersion` (the message says what is
    stored now), `NotFound`.
    """
    account_id = _assessor_id(actor)
    note = clean_text(note)
    if len(note) > MAX_NOTE_CHARACTERS:
        raise UnusableScore(_("Catatan paling banyak %(count)s karakter.", count=MAX_NOTE_CHARACTERS))
    with writing() as session:
        criteria = _ensure_criteria(theme_or_404(theme_id).consultation_id, actor, now)
        theme = _held_theme(theme_id)
        if theme.state != "confirmed":
            raise ThemeNotConfirmed
        _check(values, criteria)
        assessment = queries.assessment_of(theme_id=theme_id, account_id=account_id)
        before = queries.values_of(assessment) if assessment else {}
        if (assessment.version if assessment else 0) != version:
            raise StaleVersion(_stale(before))
        if assessment is None:
            assessment = Assessment(theme_id=theme_id, account_id=account_id, note=note, created_at=now,
                                    changed_at=now)
            session.add(assessment)
        else:
            assessment.note, assessment.changed_at = note, now
            assessment.version += 1
        session.flush()
        session.execute(delete(Score).where(Score.assessment_id == assessment.id))
        after = {criterion.code: values[criterion.code] for criterion in criteria}
        session.add_all(Score(assessment_id=assessment.id, criterion_id=criterion.id, value=after[criterion.code])
                        for criterion in criteria)
        audit.record(actor=actor, action="priorities.score", subject_type="theme", subject_id=theme_id, now=now,
                     consultation_id=theme.consultation_id, before=before, after=after)
        return assessment.id


def withdraw_assessment(*, theme_id: int, version: int, actor: audit.Actor, now: datetime) -> None:
    """Take back the actor's own sheet for a theme; the audit log keeps its values.

    Raises `NoAssessor`, `NotFound` when there is none, `StaleVersion` when it has changed meanwhile.
    """
    account_id = _assessor_id(actor)
    with writing() as session:
        theme = _held_theme(theme_id)
        assessment = queries.assessment_of(theme_id=theme_id, account_id=account_id)
        if assessment is None:
            raise NotFound(_("Anda belum menilai tema ini."))
        before = queries.values_of(assessment)
        if assessment.version != version:
            raise StaleVersion(_stale(before))
        session.execute(delete(Score).where(Score.assessment_id == assessment.id))
        session.delete(assessment)
        audit.record(actor=actor, action="priorities.withdraw_assessment", subject_type="theme",
                     subject_id=theme_id, now=now, consultation_id=theme.consultation_id, before=before, after={})


def _assessor_id(actor: audit.Actor) -> int:
    if actor.id is None:
        raise NoAssessor(_("Penilaian diberikan oleh perencana yang masuk dengan akunnya."))
    return actor.id


def _held_theme(theme_id: int) -> Theme:
    """The theme, held until the transaction ends: two sheets of one assessor cannot both be the first."""
    theme = hold(Theme, theme_id)
    if theme is None:
        raise NotFound(_("Tema ini tidak ada."))
    return theme


def _ensure_criteria(consultation_id: int, actor: audit.Actor, now: datetime) -> list[Criterion]:
    stored = queries.stored_criteria(consultation_id)
    if stored:
        return stored
    if hold(Consultation, consultation_id) is None:
        raise NotFound(_("Konsultasi ini tidak ada."))
    stored = queries.stored_criteria(consultation_id)  # another assessor may have been first
    if not stored:
        stored = usg_criteria(consultation_id)
        db.session.add_all(stored)
        db.session.flush()
        audit.record(actor=actor, action="priorities.ensure_criteria", subject_type="consultation",
                     subject_id=consultation_id, now=now, consultation_id=consultation_id,
                     codes=[criterion.code for criterion in stored])
    return stored


def _check(values: Mapping[str, int], criteria: list[Criterion]) -> None:
    unknown = sorted(set(values) - {criterion.code for criterion in criteria})
    if unknown:
        raise UnusableScore(_("Kriteria tidak dikenal: %(codes)s.", codes=", ".join(unknown)))
    for criterion in criteria:
        value = values.get(criterion.code)
        if not isinstance(value, int) or not criterion.scale_min <= value <= criterion.scale_max:
            raise UnusableScore(_("Nilai %(code)s harus bilangan bulat dari %(low)s sampai %(high)s.",
                                  code=criterion.code, low=criterion.scale_min, high=criterion.scale_max))


def _stale(stored: Mapping[str, int]) -> str:
    if not stored:
        return _("Penilaian Anda untuk tema ini sudah ditarik di tempat lain. Periksa, lalu simpan lagi bila perlu.")
    return _("Penilaian Anda untuk tema ini sudah diubah di tempat lain. Yang tersimpan sekarang: %(values)s. "
             "Periksa, lalu simpan lagi bila perlu.",
             values=", ".join(f"{code} {value}" for code, value in stored.items()))
