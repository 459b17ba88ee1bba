"""Answers to the questions of a consultation: as typed, what is wrong with them, as stored, and as read.

An answer is a line of text, the place of an option (from 0), a list of places, or a number of the scale. Answers are
kept in each version of an entry, so that a correction never loses what was said before.
"""
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from forum.consultations.questions import SCALE, Asked
from forum.db import db
from forum.formatting import number
from forum.submissions.models import Submission, SubmissionVersion
from forum.typed import clean_line

MAX_LINE_CHARACTERS = 200
SHOWN = "asked"
"""Hidden field with the questions that a form showed: one that came later is not missed in it."""

Typed = Mapping[str, str]
Answers = Mapping[str, Any]


def name_of(question: Asked) -> str:
    """Name of its field."""
    return f"q{question.id}"


def read(form: MultiDict[str, str], questions: Sequence[Asked]) -> dict[str, str]:
    """What was typed or chosen, one text per question; several choices stand on lines of their own."""
    if not questions:
        return {}
    typed = {name_of(one): "\n".join(clean_line(value) for value in form.getlist(name_of(one))) for one in questions}
    return typed | {SHOWN: form.get(SHOWN, "")}


def mistakes(typed: Typed, questions: Sequence[Asked]) -> dict[str, str]:
    """What is wrong with the answers to open questions, by field."""
    found = ((name_of(one), _mistake(typed, one)) for one in questions if one.is_open)
    return {name: message for name, message in found if message}


def values(typed: Typed, questions: Sequence[Asked]) -> dict[str, Any]:
    """The answers as they are stored; what was left open is absent."""
    found = ((str(one.id), _value(typed.get(name_of(one), ""), one)) for one in questions)
    return {key: value for key, value in found if value is not None}


def kept(answers: Answers, questions: Sequence[Asked]) -> dict[str, Any]:
    """Earlier answers to questions that a correction does not ask again."""
    asked_again = {str(one.id) for one in questions if one.is_open}
    return {key: value for key, value in answers.items() if key not in asked_again}


def fields(questions: Sequence[Asked]) -> dict[str, Field]:
    """Form fields of the open questions, in the reader's language."""
    shown = [one for one in questions if one.is_open]
    return {**{name_of(one): _field(one) for one in shown},
            SHOWN: HiddenField(default=",".join(str(one.id) for one in shown))}


def names(questions: Sequence[Asked]) -> list[str]:
    """Names of `fields`."""
    return [*(name_of(one) for one in questions if one.is_open), SHOWN] if questions else []


def as_typed(answers: Answers, questions: Sequence[Asked]) -> dict[str, Any]:
    """Stored answers as data of `fields`."""
    return {name_of(one): [str(place) for place in answer] if isinstance(answer, list) else str(answer)
            for one in questions if one.is_open and (answer := answers.get(str(one.id))) is not None}


def lines(answers: Answers, questions: Iterable[Asked]) -> list[tuple[str, str]]:
    """Question and answer to read, in the order of the questions; only what was answered."""
    return [(one.label, text_of(answers[str(one.id)], one)) for one in questions if str(one.id) in answers]


def text_of(answer: Any, question: Asked, *, language: str = "") -> str:
    """One answer in words; ``language`` is that of the reader unless it is named (a file is always Indonesian)."""
    if question.kind in ("choice", "choices"):
        texts = [option.text_id for option in question.options] if language == "id" else question.option_texts()
        return "; ".join(texts[place] for place in (answer if isinstance(answer, list) else [answer]))
    return str(answer)


def lines_by_entry(submission_ids: Sequence[int], questions: Sequence[Asked]) -> dict[int, list[tuple[str, str]]]:
    """`lines` of the present version of each entry that answered anything."""
    if not questions or not submission_ids:
        return {}
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.answers)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .where(Submission.id.in_(submission_ids)))
    return {submission_id: lines(answers, questions) for submission_id, answers in rows if answers}


def _mistake(typed: Typed, question: Asked) -> str | None:
    value = typed.get(name_of(question), "")
    if not value:
        is_missed = question.is_required and str(question.id) in typed.get(SHOWN, "").split(",")
        return _("Jawab pertanyaan “%(question)s”.", question=question.label) if is_missed else None
    if question.kind == "text" and len(value) > MAX_LINE_CHARACTERS:
        return _("Isian ini %(length)s karakter, paling banyak %(limit)s.",
                 length=number(len(value)), limit=number(MAX_LINE_CHARACTERS))
    return _("Pilih jawaban dari daftar.") if _value(value, question) is None else None


def _value(typed: str, question: Asked) -> Any:
    """The stored form of an answer, ``None`` for what is none."""
    if question.kind == "text":
        return typed.replace("\n", " ")[:MAX_LINE_CHARACTERS] or None
    offered = {str(place): place for place in (
        SCALE if question.kind == "scale" else range(len(question.options)))}
    if question.kind == "choices":
        places = typed.split("\n")
        return sorted({offered[place] for place in places}) if all(place in offered for place in places) else None
    return offered.get(typed)


def _field(question: Asked) -> Field:
    if question.kind == "text":
        return StringField(question.label, filters=[clean_line], render_kw={"data-most": MAX_LINE_CHARACTERS})
    places = [(str(place), text) for place, text in enumerate(question.option_texts())]
    if question.kind == "choices":
        return SelectMultipleField(question.label, choices=[SelectChoice(*place) for place in places],
                                   validate_choice=False)
    if question.kind == "scale":
        places = [(str(step), str(step)) for step in SCALE]
    if not question.is_required:
        places.append(("", _("Tidak ingin menjawab")))
    return RadioField(question.label, choices=[SelectChoice(*place) for place in places], validate_choice=False)
