"""Doors of submissions for those who come to write: join, form, notice, privacy."""
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from forum.consultations.models import ForumSession
from forum.consultations.queries import current_notice, session_by_code
from forum.db import db, utc_now
from forum.errors import ForumError
from forum.security import new_participant_key, open_to, participant_key, remember_participant
from forum.submissions import queries, receipt, receipt_routes, services
from forum.submissions.forms import KIND_HINTS, KIND_ICONS, SubmissionForm
from forum.write_lock import WriteTimeout

bp = Blueprint("submissions", __name__)
receipt_routes.add_to(bp)

_PROFILE_COOKIE = "profile"
_PROFILE_SECONDS = 180 * 24 * 3600


def init_app(app: Flask) -> None:
    app.extensions.setdefault("forum_receipt_parts", [])
    app.register_blueprint(bp)


@bp.route("/", methods=["GET", "POST"])
@open_to("participant")
def join() -> BaseResponse | tuple[str, int] | str:
    """Anybody: the front door, a field for the join code."""
    if request.method == "GET":
        return render_template("submissions/join.html", code="", problem="", forum_session=None)
    code = request.form.get("code", "")
    forum_session = session_by_code(code)
    if forum_session is None or not forum_session.is_open:
        return _not_open(code, forum_session)
    return redirect(url_for("submissions.form", code=forum_session.join_code), 303)


@bp.route("/s/<code>", methods=["GET", "POST"])
@open_to("participant")
def form(code: str) -> BaseResponse | tuple[str, int]:
    """Participant: one page, one form, one idea."""
    forum_session = session_by_code(code)
    if forum_session is None:
        return _not_open(code, None)
    if request.method == "POST":
        return _receive(forum_session)
    if not forum_session.is_open:
        return _not_open(code, forum_session)
    idea = _idea_form(forum_session)
    idea.group.data, _separator, idea.area.data = request.cookies.get(_PROFILE_COOKIE, "").partition("|")
    response = make_response(_form_page(forum_session, idea))
    # Known from the first page on: a lost answer must not make two people of one.
    remember_participant(response, participant_key() or new_participant_key())
    return response


@bp.get("/s/<code>/notice")
@open_to("public")
def notice(code: str) -> str | tuple[str, int]:
    """Anybody: the privacy notice of a consultation in full."""
    forum_session = session_by_code(code)
    if forum_session is None:
        return _not_open(code, None)
    return render_template("submissions/notice.html", forum_session=forum_session, shown=forum_session.consultation,
                           notice=current_notice(forum_session.consultation_id))


@bp.get("/privacy")
@open_to("public")
def privacy() -> str:
    """Anybody: what this site keeps of participants, and how to see, correct and withdraw it."""
    return render_template("submissions/privacy.html")


def _not_open(code: str, forum_session: ForumSession | None) -> tuple[str, int]:
    """The front door again, with the reason why this code leads nowhere now."""
    if forum_session is None:
        problem = "unknown" if code.strip() else "empty"
    else:
        problem = "early" if forum_session.state == "draft" and forum_session.consultation.is_open else "closed"
    status = {"unknown": 404, "empty": 422, "early": 409, "closed": 409}[problem]
    page = render_template("submissions/join.html", code=code[:20], problem=problem, forum_session=forum_session)
    return page, status


def _receive(forum_session: ForumSession) -> BaseResponse | tuple[str, int]:
    """Check and store what was sent; whatever happens, what was typed is answered with."""
    idea = _idea_form(forum_session)
    key = _key(idea.key.data)
    if key is None:
        warning = _("Formulir ini perlu disegarkan. Isian Anda masih ada di bawah: periksa, lalu tekan Kirim lagi.")
        return _refused(_form_page(forum_session, idea, warning), 422, "invalid_key", idea)
    if not forum_session.is_open and queries.submission_by_key(key) is None:
        return _closed(forum_session, idea)
    if not idea.validate():
        return _refused(_form_page(forum_session, idea), 422, "invalid", idea)
    participant = participant_key() or new_participant_key()
    try:
        stored = _submit(forum_session, idea, key, participant)
    except services.SittingClosed:
        return _closed(forum_session, idea)
    except services.AlreadySent as refusal:
        page = render_template("submissions/already_sent.html", forum_session=forum_session, message=str(refusal),
                               receipt=refusal.receipt, typed=idea.typed())
        return _refused(page, 409, "already_sent", idea)
    except (WriteTimeout, OperationalError):
        warning = _("Server sedang melayani banyak kiriman, jadi masukan Anda belum tersimpan. Tunggu beberapa detik, "
                    "lalu tekan Kirim lagi: masukan tidak akan tercatat dua kali.")
        db.session.rollback()
        busy = make_response(_refused(_form_page(forum_session, idea, warning), 503, "busy", idea))
        busy.headers["Retry-After"] = "5"
        return busy
    except ForumError as refusal:
        idea.form_errors.append(str(refusal))
        return _refused(_form_page(forum_session, idea), int(refusal.status), "invalid", idea)
    response = _stored_answer(stored)
    remember_participant(response, participant)
    _remember_profile(response, idea)
    return response


def _submit(forum_session: ForumSession, idea: SubmissionForm, key: str, participant: str) -> services.Stored:
    """Store with the receipt that the form carries; a bad or taken one is replaced by a fresh one."""
    arguments: dict[str, Any] = {
        "forum_session_id": forum_session.id, "key": key, "participant": participant, "content": idea.content(),
        "group_code": idea.group.data, "area_code": idea.area_code, "source": "phone", "now": utc_now(),
        "notice_id": queries.notice_agreed_to(forum_session.consultation_id, idea.notice.data or "")}
    code = receipt.normalize(idea.receipt.data or "")
    try:
        return services.submit(receipt=code if receipt.is_valid(code) else receipt.new(), **arguments)
    except services.ReceiptTaken:
        return services.submit(receipt=receipt.new(), **arguments)


def _stored_answer(stored: services.Stored) -> Response:
    if _wants_json():
        return make_response(jsonify(key=stored.key, receipt=stored.receipt, state="stored"),
                             201 if stored.is_new else 200)
    return make_response(redirect(url_for("submissions.receipt", receipt=stored.receipt, sent=1), 303))


def _closed(forum_session: ForumSession, idea: SubmissionForm) -> BaseResponse | tuple[str, int]:
    page = render_template("submissions/closed.html", forum_session=forum_session,
                           shown=forum_session.consultation, typed=idea.typed())
    return _refused(page, 409, "closed", idea)


def _refused(page: str, status: int, state: str, idea: SubmissionForm) -> BaseResponse | tuple[str, int]:
    """The page, or for a script the state and the errors by field."""
    if _wants_json():
        return make_response(jsonify(state=state, errors={
            name or "form": [str(error) for error in errors] for name, errors in idea.errors.items()}), status)
    return page, status


def _idea_form(forum_session: ForumSession) -> SubmissionForm:
    idea = SubmissionForm()
    choices = queries.pack_choices(forum_session.consultation.pack_id)
    idea.offer(choices)
    idea.offer_groups(choices)
    return idea


def _form_page(forum_session: ForumSession, idea: SubmissionForm, warning: str = "") -> str:
    """The form as filled so far; a form without a usable key gets a fresh key and receipt."""
    consultation = forum_session.consultation
    if _key(idea.key.data) is None:
        idea.key.data, idea.receipt.data = str(uuid4()), receipt.new()
    notice_id = str(current_notice(consultation.id).id)
    if idea.notice.data != notice_id:
        idea.notice.data, idea.consent.data = notice_id, False  # nobody has agreed to this one yet
    return render_template(
        "submissions/form.html", forum_session=forum_session, shown=consultation, form=idea, warning=warning,
        channels=consultation.pack.channels, kind_hints=KIND_HINTS, kind_icons=KIND_ICONS,
        max_characters=current_app.config["MAX_TEXT_CHARACTERS"])


def _key(text: str | None) -> str | None:
    """The key of an entry, a random UUID in its usual spelling, or ``None``."""
    try:
        key = UUID(text or "")
    except ValueError:
        return None
    return str(key) if key.version == 4 else None


def _remember_profile(response: Response, idea: SubmissionForm) -> None:
    """Keep group and area on the phone, for the next idea."""
    response.set_cookie(_PROFILE_COOKIE, f"{idea.group.data}|{idea.area.data}", max_age=_PROFILE_SECONDS,
                        httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
