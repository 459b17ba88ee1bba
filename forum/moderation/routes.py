"""Doors of moderation: the list of all entries, and what can be done with each."""
from collections.abc import Callable

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404, notice_or_404
from forum.consultations.questions import asked_of
from forum.db import utc_now
from forum.errors import ForumError
from forum.moderation import duplicates, queries, services
from forum.moderation.forms import STATE_NAMES, STATE_PILLS, USUAL_REASONS
from forum.security import open_to
from forum.submissions import contacting, photos
from forum.submissions.answering import lines_by_entry
from forum.submissions.models import KINDS, Submission
from forum.submissions.queries import count_by_state, version
from forum.typed import clean_line, row_id

bp = Blueprint("moderation", __name__, url_prefix="/staff")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.extensions.setdefault("forum_receipt_parts", []).append(receipt_part)


@bp.get("/consultations/<int:consultation_id>/submissions")
@open_to("facilitator", "planner")
def index(consultation_id: int) -> str:
    """Facilitator, planner: every entry, filtered by state, kind and words."""
    consultation = consultation_or_404(consultation_id)
    state = request.args.get("state", "")
    kind = request.args.get("kind", "")
    text = clean_line(request.args.get("text"))[:100]
    page = queries.entries_page(
        consultation, state=state if state in ("waiting", "accepted", "hidden") else None,
        kind=kind if kind in KINDS else None, text=text, before=request.args.get("before", type=row_id))
    listed = [submission.id for submission, _version in page.entries]
    return render_template("moderation/index.html", consultation=consultation, page=page, state=state, kind=kind,
                           answers=lines_by_entry(listed, asked_of(consultation_id)),
                           with_photo=photos.with_photo(listed), with_contact=contacting.with_contact(listed),
                           text=text, counts=count_by_state(consultation_id),
                           twins=duplicates.earlier_twins(consultation), state_names=STATE_NAMES,
                           state_pills=STATE_PILLS, usual_reasons=USUAL_REASONS)


@bp.get("/submissions/<int:submission_id>/photo")
@open_to("facilitator", "planner")
def photo(submission_id: int) -> Response:
    """Facilitator, planner: the photo that came with an entry."""
    return photos.answer(queries.submission_or_404(submission_id))


@bp.post("/submissions/<int:submission_id>/contact")
@open_to("facilitator")
def contact(submission_id: int) -> str | Response:
    """Facilitator: the contact that was left with an entry. A form, not a link: each look is written down."""
    submission = queries.submission_or_404(submission_id)
    try:
        seen = services.see_contact(submission_id=submission_id, actor=actor(), now=utc_now())
    except services.NoContact as refusal:
        flash(str(refusal), "warning")
        return _back_to_list(submission.consultation_id, submission_id)
    return render_template("moderation/contact.html", contact=seen, words=notice_or_404(seen.notice_id).contact_words,
                           consultation=consultation_or_404(submission.consultation_id),
                           submission=queries.submission_or_404(submission_id),
                           version=version(submission_id, submission.current_number))


@bp.post("/submissions/<int:submission_id>/accept")
@open_to("facilitator")
def accept(submission_id: int) -> Response:
    """Facilitator: let a waiting entry through."""
    return _act(submission_id, _("Masukan diterima."),
                lambda: services.accept(submission_id=submission_id, actor=actor(), now=utc_now()))


@bp.post("/submissions/<int:submission_id>/hide")
@open_to("facilitator")
def hide(submission_id: int) -> Response:
    """Facilitator: hide an entry, with a reason."""
    reason = request.form.get("reason_typed", "").strip() or request.form.get("reason", "")
    return _act(submission_id, _("Masukan disembunyikan. Pengirim dapat membaca alasannya."),
                lambda: services.hide(submission_id=submission_id, reason=reason, actor=actor(), now=utc_now()))


@bp.post("/submissions/<int:submission_id>/restore")
@open_to("facilitator")
def restore(submission_id: int) -> Response:
    """Facilitator: show a hidden entry again."""
    return _act(submission_id, _("Masukan ditampilkan kembali."),
                lambda: services.restore(submission_id=submission_id, actor=actor(), now=utc_now()))


def _act(submission_id: int, success: str, verb: Callable[[], None]) -> Response:
    """Run a verb and go back to the place in the list, with a word on how it went."""
    consultation_id = queries.submission_or_404(submission_id).consultation_id
    try:
        verb()
    except ForumError as refusal:
        flash(str(refusal), "error")
    else:
        flash(success, "success")
    return _back_to_list(consultation_id, submission_id)


def _back_to_list(consultation_id: int, submission_id: int) -> Response:
    return redirect(url_for("moderation.index", consultation_id=consultation_id, _anchor=f"m{submission_id}",
                            **{name: request.form[name] for name in ("state", "kind", "text", "before")
                               if request.form.get(name)}), 303)


def receipt_part(submission: Submission) -> dict[str, object] | None:
    """On the receipt of a hidden entry: the reason."""
    if submission.state != "hidden":
        return None
    return {"template": "moderation/_receipt.html", "reason": queries.last_reason(submission.id)}
