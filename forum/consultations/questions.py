"""Questions of a consultation as its form asks them: plain values, and how they are read."""
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select

from forum.consultations.models import ForumSession, Question
from forum.db import db
from forum.errors import NotFound
from forum.formatting import localized

MAX_OPEN = 10
SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose; ``text_*`` serve the ``localized`` filter."""

    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; ``kind`` is one of `forum.consultations.models.QUESTION_KINDS`.

    An answer to a choice is the place of its option, from 0; one to a scale lies in `SCALE`. A closed question is
    asked no more, but answers to it stay, and one that is still on its way is taken.
    """

    id: int
    kind: str
    text_id: str
    text_en: str
    options: tuple[Option, ...]
    is_required: bool
    is_open: bool

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        return localized(self, "text")

    def option_texts(self) -> list[str]:
        return [localized(option, "text") for option in self.options]


def asked_of(consultation_id: int) -> tuple[Asked, ...]:
    """Every question of a consultation, closed ones too, in their order."""
    return tuple(Asked(row.id, row.kind, row.text_id, row.text_en,
                       tuple(Option(one["id"], one["en"]) for one in row.options), row.is_required, row.is_open)
                 for row in questions_of(consultation_id))


def questions_of(consultation_id: int) -> list[Question]:
    return list(db.session.scalars(select(Question).where(Question.consultation_id == consultation_id)
                                   .order_by(Question.position, Question.id)))


def question_or_404(question_id: int) -> Question:
    question = db.session.get(Question, question_id)
    if question is None:
        raise NotFound(_("Pertanyaan ini tidak ada."))
    return question


def was_shown(question: Question) -> bool:
    """Whether phones may have asked it: a sitting was open since it was written. Then its meaning is fixed."""
    return db.session.scalar(
        select(ForumSession.id).where(ForumSession.consultation_id == question.consultation_id, or_(
            ForumSession.state == "open", ForumSession.closed_at >= question.created_at)).limit(1)) is not None
