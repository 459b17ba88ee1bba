"""Doors of submissions for those who have written: find a receipt, read it, correct it, withdraw it.

A receipt code is the whole right to an entry, so it is never logged, and a wrong one and an
unknown one are answered alike; all answers of this door leave on the grid of `forum.even_answers`.
"""
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from forum.consultations.models import Consultation
from forum.consultations.queries import consultation_or_404
from forum.consultations.questions import asked_of
from forum.db import db, utc_now
from forum.errors import StaleVersion
from forum.security import open_to
from forum.submissions import answering, contacting, photos, queries, services
from forum.submissions.facts import author_of, facts_of
from forum.submissions.forms import KIND_HINTS, KIND_ICONS, KIND_NAMES, STATE_NAMES, STATE_PILLS, CorrectionForm, asking
from forum.submissions.models import Submission, SubmissionVersion
from forum.submissions.storing import Content, content_of
from forum.write_lock import WriteTimeout

Answer = Response | str | tuple[str, int]

DOOR = "/r"
"""Where the paths of all doors begin that look a receipt up."""


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule(DOOR, view_func=find_receipt, methods=["GET", "POST"])
    bp.add_url_rule(DOOR + "/<receipt>", view_func=receipt, methods=["GET"])
    bp.add_url_rule(DOOR + "/<receipt>/photo", view_func=photo, methods=["GET"])
    bp.add_url_rule(DOOR + "/<receipt>/correct", view_func=correct, methods=["GET", "POST"])
    bp.add_url_rule(DOOR + "/<receipt>/contact/withdraw", view_func=withdraw_contact, methods=["POST"])
    bp.add_url_rule(DOOR + "/<receipt>/withdraw", view_func=withdraw, methods=["POST"])


@open_to("participant")
def find_receipt() -> Answer:
    """Anybody: type a receipt code."""
    if request.method == "GET":
        return render_template("submissions/find_receipt.html", code="", is_unknown=False)
    typed = request.form.get("receipt", "")
    submission = queries.submission_by_receipt(typed)
    if submission is None:
        return _unknown(typed)
    return redirect(url_for("submissions.receipt", receipt=submission.receipt_code), 303)


@open_to("participant")
def receipt(receipt: str) -> Answer:
    """Author: what was sent, what became of it."""
    submission = queries.submission_by_receipt(receipt)
    if submission is None:
        return _unknown(receipt)
    consultation = consultation_or_404(submission.consultation_id)
    is_withdrawn = submission.state == "withdrawn"
    return render_template(
        "submissions/receipt.html", submission=submission, shown=consultation, forum_session=submission.forum_session,
        versions=[] if is_withdrawn else _versions(submission),
        author=author_of(submission), parts=[] if is_withdrawn else _parts(submission), kind_names=KIND_NAMES,
        state_names=STATE_NAMES, state_pills=STATE_PILLS, was_just_sent="sent" in request.args,
        has_photo=photos.photo_of(submission.id) is not None, has_contact=contacting.has_contact(submission.id),
        is_correctable=services.is_correctable(submission, consultation))


@open_to("participant")
def photo(receipt: str) -> Answer:
    """Author: the photo that was sent."""
    submission = queries.submission_by_receipt(receipt)
    return _unknown(receipt) if submission is None else photos.answer(submission)


@open_to("participant")
def correct(receipt: str) -> Answer:
    """Author: write a corrected version; earlier ones stay."""
    submission = queries.submission_by_receipt(receipt)
    if submission is None:
        return _unknown(receipt)
    consultation = consultation_or_404(submission.consultation_id)
    form = asking(CorrectionForm, asked_of(consultation.id))()
    try:
        services.refuse_unless_correctable(submission, consultation)
        if request.method == "POST":
            return _receive_correction(submission, consultation, form)
    except services.NotCorrectable as refusal:
        page = render_template("submissions/not_correctable.html", submission=submission, message=str(refusal),
                               typed=form.typed())
        return page, refusal.status
    current = queries.versions_of(submission.id)[0]
    form.show(content_of(current))
    form.dimension.data = current.dimension.code if current.dimension else ""
    form.number.data = str(current.number)
    form.offer(queries.pack_choices(consultation.pack_id))
    return _correction_page(submission, form)


def _receive_correction(submission: Submission, consultation: Consultation, form: CorrectionForm) -> Answer:
    form.offer(queries.pack_choices(consultation.pack_id))
    if not form.validate():
        return _correction_page(submission, form), 422
    try:
        services.correct(submission_id=submission.id, number=_number(form.number.data), now=utc_now(),
                         content=_with_earlier_answers(form, submission))
    except StaleVersion as refusal:
        stored = queries.versions_of(submission.id)[0]
        form.number.data = str(stored.number)  # having seen both, the author may save over it
        return _correction_page(submission, form, stored, str(refusal)), refusal.status
    except (WriteTimeout, OperationalError):
        db.session.rollback()
        form.form_errors.append(_("Server sedang melayani banyak kiriman.") + " " + _(
            "Isian Anda belum terkirim. Tunggu beberapa detik, lalu kirim lagi: masukan tidak akan tercatat dua kali."))
        busy = make_response(_correction_page(submission, form), 503)
        busy.headers["Retry-After"] = "5"
        return busy
    flash(_("Perbaikan tersimpan."), "success")
    return redirect(url_for("submissions.receipt", receipt=submission.receipt_code), 303)


def _with_earlier_answers(form: CorrectionForm, submission: Submission) -> Content:
    content = form.content()
    earlier = queries.versions_of(submission.id)[0].answers
    return replace(content, answers=answering.kept(earlier, form.questions) | content.answers)


def _correction_page(submission: Submission, form: CorrectionForm, stored: SubmissionVersion | None = None,
                     problem: str = "") -> str:
    return render_template(
        "submissions/correct.html", submission=submission, form=form, problem=problem, stored=stored,
        stored_facts=facts_of(stored) + answering.lines(stored.answers, form.questions) if stored else [],
        kind_names=KIND_NAMES, kind_hints=KIND_HINTS,
        kind_icons=KIND_ICONS, max_characters=current_app.config["MAX_TEXT_CHARACTERS"])


@open_to("participant")
def withdraw(receipt: str) -> Answer:
    """Author: take the entry back, at once."""
    return _take_back(receipt, services.withdraw, _("Masukan sudah ditarik kembali."))


@open_to("participant")
def withdraw_contact(receipt: str) -> Answer:
    """Author: have the contact forgotten, at once; the idea stays."""
    return _take_back(receipt, services.withdraw_contact, _("Kontak Anda sudah dihapus. Masukan tetap tersimpan."))


def _take_back(receipt: str, verb: Callable[..., None], done: str) -> Answer:
    submission = queries.submission_by_receipt(receipt)
    if submission is None:
        return _unknown(receipt)
    verb(submission_id=submission.id, now=utc_now())
    flash(done, "success")
    return redirect(url_for("submissions.receipt", receipt=submission.receipt_code), 303)


def _unknown(typed: str) -> tuple[str, int]:
    return render_template("submissions/find_receipt.html", code=typed[:40], is_unknown=True), 404


def _versions(submission: Submission) -> list[tuple[SubmissionVersion, list[tuple[str, str]]]]:
    questions = asked_of(submission.consultation_id)
    return [(version, facts_of(version) + answering.lines(version.answers, questions))
            for version in queries.versions_of(submission.id)]


def _number(text: str | None) -> int:
    """The version number that a form carries; 0, which no version has, when it carries none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


def _parts(submission: Submission) -> list[dict[str, object]]:
    """What later rooms know of this entry, in the order in which they registered."""
    found = (provider(submission) for provider in current_app.extensions["forum_receipt_parts"])
    return [part for part in found if part is not None]
