"""Verbs of questions: add, change, remove, move, close. What participants have seen keeps its meaning."""
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from forum import audit
from forum.consultations.models import Consultation, Question
from forum.consultations.questions import MAX_OPEN, question_or_404, questions_of, was_shown
from forum.db import hold, writing
from forum.errors import ForumError, NotFound


class TooManyQuestions(ForumError):
    """A form with more questions than `MAX_OPEN` is not filled in by anybody."""


class AlreadyShown(ForumError):
    """Participants may have answered this question; it can be closed, but not changed."""


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What a question says; ``options`` are pairs of Indonesian and English, empty unless one chooses."""

    kind: str
    text_id: str
    text_en: str
    options: tuple[tuple[str, str], ...]
    is_required: bool


def add_question(*, consultation_id: int, facts: QuestionFacts, actor: audit.Actor, now: datetime) -> int:
    """Add a question at the end of the form; return its id. Raises `TooManyQuestions`."""
    with writing() as session:
        if hold(Consultation, consultation_id) is None:
            raise NotFound(_("Konsultasi ini tidak ada."))
        others = questions_of(consultation_id)
        _refuse_one_too_many(others)
        question = Question(consultation_id=consultation_id, position=len(others), is_open=True, created_at=now)
        _fill(question, facts)
        session.add(question)
        session.flush()
        _record("add", question, actor, now)
        return question.id


def edit_question(*, question_id: int, facts: QuestionFacts, actor: audit.Actor, now: datetime) -> None:
    """Change a question that nobody has seen. Raises `AlreadyShown`."""
    with writing():
        question = _held(question_id)
        _refuse_if_shown(question)
        _fill(question, facts)
        _record("edit", question, actor, now)


def remove_question(*, question_id: int, actor: audit.Actor, now: datetime) -> None:
    """Remove a question that nobody has seen. Raises `AlreadyShown`."""
    with writing() as session:
        question = _held(question_id)
        _refuse_if_shown(question)
        _record("remove", question, actor, now)
        session.delete(question)


def move_question(*, question_id: int, actor: audit.Actor, now: datetime) -> None:
    """Ask a question before the one that it follows; the first one stays."""
    with writing():
        question = _held(question_id)
        rows = questions_of(question.consultation_id)
        place = rows.index(question)
        if place == 0:
            return
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
        for position, row in enumerate(rows):
            row.position = position
        _record("move", question, actor, now)


def close_question(*, question_id: int, is_open: bool, actor: audit.Actor, now: datetime) -> None:
    """Ask a question no more, or again; answers stay. Raises `TooManyQuestions`."""
    with writing():
        question = _held(question_id)
        if question.is_open == is_open:
            return
        if is_open:
            _refuse_one_too_many(questions_of(question.consultation_id))
        question.is_open = is_open
        _record("reopen" if is_open else "close", question, actor, now)


def _held(question_id: int) -> Question:
    """The question as it is now; its consultation is held, so that of two staff one waits."""
    hold(Consultation, question_or_404(question_id).consultation_id)
    return hold(Question, question_id) or question_or_404(question_id)


def _fill(question: Question, facts: QuestionFacts) -> None:
    question.kind, question.is_required = facts.kind, facts.is_required
    question.text_id, question.text_en = facts.text_id, facts.text_en
    question.options = [{"id": indonesian, "en": english} for indonesian, english in facts.options]


def _refuse_one_too_many(rows: list[Question]) -> None:
    if sum(row.is_open for row in rows) >= MAX_OPEN:
        raise TooManyQuestions(_("Paling banyak %(count)s pertanyaan sekaligus. Tutup satu dahulu.", count=MAX_OPEN))


def _refuse_if_shown(question: Question) -> None:
    if was_shown(question):
        raise AlreadyShown(_("Pertanyaan ini sudah tampil di ponsel peserta, jadi artinya tidak boleh berubah. "
                             "Tutup pertanyaan ini, lalu buat yang baru."))


def _record(verb: str, question: Question, actor: audit.Actor, now: datetime) -> None:
    audit.record(actor=actor, action=f"consultations.{verb}_question", subject_type="question",
                 subject_id=question.id, consultation_id=question.consultation_id, now=now)
