"""The door of reactions: one entry at a time, three buttons."""
from flask import Blueprint, Flask, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forum.consultations.models import ForumSession
from forum.consultations.queries import consultation_or_404, session_by_code
from forum.db import utc_now
from forum.errors import ForumError, NotFound
from forum.reactions import queries, services
from forum.security import digest, new_participant_key, open_to, participant_key, remember_participant
from forum.typed import row_id

bp = Blueprint("reactions", __name__)
_VALUES = {"agree": services.AGREE, "disagree": services.DISAGREE, "pass": services.PASS}


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.route("/s/<code>/react", methods=["GET", "POST"])
@open_to("participant")
def statement(code: str) -> Response:
    """Participant: what others wrote, one at a time; agree, disagree or pass."""
    forum_session = session_by_code(code)
    if forum_session is None or forum_session.state == "draft":
        raise NotFound
    key = participant_key() or new_participant_key()
    if request.method == "POST":
        response: Response = _react(forum_session, key)
    else:
        response = make_response(_page(forum_session, key))
    remember_participant(response, key)
    return response


def _react(forum_session: ForumSession, key: str) -> Response:
    try:
        services.react(submission_id=request.form.get("submission", type=row_id) or 0,
                       consultation_id=forum_session.consultation_id, participant_digest=digest(key),
                       value=_VALUES.get(request.form.get("value", ""), 9), now=utc_now())
    except ForumError as refusal:
        if _wants_json():
            return make_response(jsonify(state="refused", message=str(refusal)), refusal.status)
        flash(str(refusal), "error")
    if _wants_json():
        return make_response(jsonify(state="stored", message=_("Dukungan Anda tercatat. Terima kasih.")))
    return redirect(url_for("reactions.statement", code=forum_session.join_code), 303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _page(forum_session: ForumSession, key: str) -> str:
    consultation = consultation_or_404(forum_session.consultation_id)
    found = queries.next_statement(consultation.id, digest(key)) if consultation.is_open else None
    return render_template(
        "reactions/statement.html", forum_session=forum_session, found=found, title=_("Tanggapi masukan lain"),
        n_answered=queries.n_answered(consultation.id, digest(key)), is_open=consultation.is_open)
