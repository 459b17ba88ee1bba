"""Doors of questions: what a consultation asks besides the idea."""
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from forum.accounts.signed_in import actor
from forum.consultations import asking
from forum.consultations.queries import consultation_or_404
from forum.consultations.question_forms import KIND_NAMES, QuestionForm
from forum.consultations.questions import MAX_OPEN, asked_of, question_or_404, questions_of, was_shown
from forum.db import utc_now
from forum.errors import ForumError
from forum.security import open_to

Answer = Response | tuple[str, int]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/consultations/<int:consultation_id>/questions", view_func=questions, methods=["GET", "POST"])
    bp.add_url_rule("/questions/<int:question_id>/edit", view_func=edit_question, methods=["GET", "POST"])
    for view in (remove_question, move_question, close_question, reopen_question):
        bp.add_url_rule(f"/questions/<int:question_id>/{view.__name__.removesuffix('_question')}", view_func=view,
                        methods=["POST"])


@open_to("facilitator")
def questions(consultation_id: int) -> Answer:
    """Facilitator: all questions in their order, and a new one."""
    consultation = consultation_or_404(consultation_id)
    form, status = QuestionForm(), HTTPStatus.OK
    if form.validate_on_submit():
        try:
            asking.add_question(consultation_id=consultation_id, facts=form.facts(), actor=actor(), now=utc_now())
        except asking.TooManyQuestions as refusal:
            form.form_errors.append(str(refusal))
            status = HTTPStatus(refusal.status)
        else:
            return _back(consultation_id, _("Pertanyaan ditambahkan."))
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    shown = {row.id for row in questions_of(consultation_id) if was_shown(row)}
    return render_template("consultations/questions.html", consultation=consultation, form=form, shown=shown,
                           questions=asked_of(consultation_id), kind_names=KIND_NAMES, most=MAX_OPEN), status


@open_to("facilitator")
def edit_question(question_id: int) -> Answer:
    """Facilitator: change a question that nobody has seen."""
    question = question_or_404(question_id)
    consultation = consultation_or_404(question.consultation_id)
    form, status = QuestionForm.of(question), HTTPStatus.OK
    if form.validate_on_submit():
        try:
            asking.edit_question(question_id=question_id, facts=form.facts(), actor=actor(), now=utc_now())
        except asking.AlreadyShown as refusal:
            form.form_errors.append(str(refusal))
            status = HTTPStatus(refusal.status)
        else:
            return _back(consultation.id, _("Perubahan tersimpan."))
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("consultations/edit_question.html", consultation=consultation, form=form), status


@open_to("facilitator")
def remove_question(question_id: int) -> Response:
    """Facilitator: remove a question that nobody has seen."""
    return _change(question_id, _("Pertanyaan dihapus."), asking.remove_question)


@open_to("facilitator")
def move_question(question_id: int) -> Response:
    """Facilitator: ask a question earlier."""
    return _change(question_id, _("Urutan tersimpan."), asking.move_question)


@open_to("facilitator")
def close_question(question_id: int) -> Response:
    """Facilitator: ask a question no more; answers stay."""
    return _change(question_id, _("Pertanyaan ditutup. Jawaban yang sudah ada tetap tersimpan."),
                   asking.close_question, is_open=False)


@open_to("facilitator")
def reopen_question(question_id: int) -> Response:
    """Facilitator: ask a closed question again."""
    return _change(question_id, _("Pertanyaan dibuka kembali."), asking.close_question, is_open=True)


def _change(question_id: int, success: str, verb: Callable[..., None], **more: object) -> Response:
    consultation_id = question_or_404(question_id).consultation_id
    try:
        verb(question_id=question_id, actor=actor(), now=utc_now(), **more)
    except ForumError as refusal:
        return _back(consultation_id, str(refusal), "error")
    return _back(consultation_id, success)


def _back(consultation_id: int, message: str, category: str = "success") -> Response:
    flash(message, category)
    return redirect(url_for("consultations.questions", consultation_id=consultation_id), 303)
