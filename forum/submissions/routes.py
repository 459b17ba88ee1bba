"""Doors of submissions for those who come to write: join, form, notice, privacy."""
import json
from collections.abc import Sequence
from typing import Any

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

from forum.consultations.halls import Hall, hall_by_code
from forum.consultations.models import ForumSession
from forum.consultations.queries import current_notice, session_by_code
from forum.db import db, utc_now
from forum.errors import ForumError, NotFound
from forum.even_answers import EvenAnswers
from forum.group_commit import GroupCommit
from forum.negotiation import if_unchanged, wants_json
from forum.security import new_participant_key, open_to, participant_key, remember_participant
from forum.submissions import (
    contacting,
    form_page,
    others,
    photos,
    queries,
    receipt,
    receipt_routes,
    receiving,
    rules,
    services,
)
from forum.submissions.forms import SubmissionForm
from forum.submissions.pictures import UnusablePhoto
from forum.submissions.pulse import pulse_of
from forum.submissions.storing import Content
from forum.write_lock import WriteTimeout

bp = Blueprint("submissions", __name__)
receipt_routes.add_to(bp)

_PROFILE_COOKIE = "profile"
_PROFILE_SECONDS = 180 * 24 * 3600


def init_app(app: Flask) -> None:
    app.extensions.setdefault("forum_receipt_parts", [])

    def store(orders: Sequence[receiving.Order]) -> list[receiving.Outcome]:
        with app.app_context():  # whoever stores for others need not be inside a request
            return receiving.store(orders)

    app.extensions["forum_receiving"] = GroupCommit(
        store, app.config["WRITE_TIMEOUT_SECONDS"], hopeless=(OperationalError,))
    app.register_blueprint(bp)
    app.wsgi_app = EvenAnswers(  # type: ignore[method-assign]
        app.wsgi_app, receipt_routes.DOOR, places=max(1, app.config["WEB_THREADS"] // 2))


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
    hall = hall_by_code(code)
    if hall is None:
        return _not_open(code, None)
    if request.method == "POST":
        request.max_content_length = photos.MAX_REQUEST_BYTES
        return _receive(hall)
    if not hall.is_open:
        return _not_open(code, form_page.sitting(hall))
    group, _separator, area = request.cookies.get(_PROFILE_COOKIE, "").partition("|")
    response = form_page.fresh(hall, group, area)
    # Known from the first page on: a lost answer must not make two people of one.
    remember_participant(response, participant_key() or new_participant_key(utc_now()))
    return response


@bp.get("/s/<code>/state")
@open_to("public")
def state(code: str) -> Response:
    """Anybody: whether the sitting is open, and a number that grows with whatever happens in it."""
    hall = hall_by_code(code)
    if hall is None:
        return make_response(jsonify(state="unknown"), 404)  # in words of ours: a phone stops trying
    pulse = pulse_of(hall)
    headers = {"ETag": pulse.etag, "Cache-Control": "no-cache"}
    return if_unchanged(headers) or Response(
        json.dumps({"open": pulse.is_open, "version": pulse.version}), mimetype="application/json", headers=headers)


@bp.get("/s/<code>/ideas")
@open_to("participant")
def ideas(code: str) -> Response:
    """Participant: what others wrote, for the phone to find similar ideas in."""
    hall = hall_by_code(code)
    if hall is None:
        raise NotFound
    body, etag = others.for_phones(hall)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    return if_unchanged(headers) or Response(body, mimetype="application/json", headers=headers)


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


def _receive(hall: Hall) -> BaseResponse | tuple[str, int]:
    """Check and store what was sent; whatever happens, what was typed is answered with."""
    sent = request.form
    typed = rules.read(sent, hall.questions, asks_contact=hall.asked_contact(sent.get("notice", "")))
    choices = queries.pack_choices(hall.pack_id)
    key = form_page.key(sent.get("key"))
    if key is None:
        return _refused(hall, 422, "invalid_key", warning=_(
            "Formulir ini perlu disegarkan. Isian Anda masih ada di bawah: periksa, lalu tekan Kirim lagi."))
    if not hall.is_open and queries.submission_by_key(key) is None:
        return _closed(hall)
    if rules.mistakes(typed, choices, rules.FORM_FIELDS, hall.questions):
        return _refused(hall, 422, "invalid")
    known = participant_key()
    participant = known or new_participant_key(utc_now())
    try:
        photo = _photo(hall, key, participant)
        stored = _submit(hall, rules.content(typed, choices, hall.questions), typed, key, participant, photo)
    except UnusablePhoto as refusal:
        return _refused(hall, 422, "invalid", photo_problem=str(refusal))
    except services.SittingClosed:
        return _closed(hall)
    except services.AlreadySent as refusal:
        idea = form_page.idea_form(hall)
        page = render_template("submissions/already_sent.html", forum_session=form_page.sitting(hall),
                               message=str(refusal), receipt=refusal.receipt, typed=idea.typed())
        return _answer(page, 409, "already_sent", idea, f"{refusal} " + _("Yang tersimpan tidak diubah."))
    except services.SentTooMany as refusal:
        return _later(hall, 429, "too_many", refusal.retry_after, str(refusal))
    except (WriteTimeout, OperationalError):
        db.session.rollback()
        return _later(hall, 503, "busy", 5, _(
            "Server sedang melayani banyak kiriman, jadi masukan Anda belum tersimpan. Tunggu beberapa detik, "
            "lalu tekan Kirim lagi: masukan tidak akan tercatat dua kali."))
    except ForumError as refusal:
        return _refused(hall, int(refusal.status), "invalid", problem=str(refusal))
    response = _stored_answer(stored)
    if participant != known:
        remember_participant(response, participant)
    _remember_profile(response, typed)
    return response


def _photo(hall: Hall, key: str, participant: str) -> str | None:
    """Keep the photo that was sent and return its file's name, if there is one to keep.

    Nothing costs more than to write one anew: it is not done for who must wait, nor for what is stored already.
    """
    upload = request.files.get("photo")
    if not photos.was_sent(upload) or queries.submission_by_key(key) is not None:
        return None
    services.refuse_who_must_wait(forum_session_id=hall.forum_session_id, participant=participant, now=utc_now())
    return photos.take(upload)


def _submit(hall: Hall, content: Content, typed: rules.Typed, key: str, participant: str,
            photo: str | None) -> services.Stored:
    """Store with the receipt that the form carries; a bad or taken one is replaced by a fresh one.

    A photo of an entry that was refused, or is stored already with its own, is forgotten.
    """
    arguments: dict[str, Any] = {
        "forum_session_id": hall.forum_session_id, "key": key, "participant": participant, "content": content,
        "group_code": typed["group"], "area_code": rules.area_code(typed), "source": "phone", "now": utc_now(),
        "notice_id": hall.notice_agreed_to(request.form.get("notice", "")), "photo": photo,
        "contact": contacting.left(typed)}
    code = receipt.normalize(request.form.get("receipt", ""))
    try:
        try:
            stored = services.submit(receipt=code if receipt.is_valid(code) else receipt.new(), **arguments)
        except services.ReceiptTaken:
            stored = services.submit(receipt=receipt.new(), **arguments)
    except ForumError:
        photos.forget(photo)
        raise
    if not stored.is_new:
        photos.forget(photo)
    return stored


def _stored_answer(stored: services.Stored) -> Response:
    if wants_json():
        # A repeat too: for a phone, whatever is stored is done. Written without `jsonify`, at a third of its price:
        # nothing else is answered as often.
        body = {"key": stored.key, "receipt": stored.receipt, "id": stored.id, "state": "stored"}
        return Response(json.dumps(body), 201, mimetype="application/json")
    return make_response(redirect(url_for("submissions.receipt", receipt=stored.receipt, sent=1), 303))


def _closed(hall: Hall) -> BaseResponse | tuple[str, int]:
    idea = form_page.idea_form(hall)
    forum_session = form_page.sitting(hall)
    page = render_template("submissions/closed.html", forum_session=forum_session, shown=forum_session.consultation,
                           typed=idea.typed())
    return _answer(page, 409, "closed", idea,
                   _("Sesi ditutup sebelum masukan Anda terkirim. Masukan ini belum tersimpan di server."))


def _later(hall: Hall, status: int, state: str, seconds: int, warning: str) -> Response:
    """The form as it was sent, to be sent again after so many seconds."""
    response = make_response(_refused(hall, status, state, warning=warning))
    response.headers["Retry-After"] = str(seconds)
    return response


def _refused(hall: Hall, status: int, state: str, *, warning: str = "",
             problem: str = "", photo_problem: str = "") -> BaseResponse | tuple[str, int]:
    """The form as it was sent, with what is wrong at each field; no browser sends a chosen file back."""
    idea = form_page.idea_form(hall)
    if state == "invalid":
        idea.validate()
    if problem:
        idea.form_errors.append(problem)
    if photo_problem or photos.was_sent(request.files.get("photo")):
        idea.photo.errors = [photo_problem or _("Pilih lagi foto Anda: foto belum tersimpan.")]
    return _answer(form_page.render(hall, idea, warning), status, state, idea, warning)


def _answer(page: str, status: int, state: str, idea: SubmissionForm,
            message: str) -> BaseResponse | tuple[str, int]:
    """The page, or for a script the state, what to tell people, and the errors by field."""
    if wants_json():
        return make_response(jsonify(state=state, message=message, errors={
            name or "form": [str(error) for error in errors] for name, errors in idea.errors.items()}), status)
    return page, status


def _remember_profile(response: Response, typed: rules.Typed) -> None:
    """Keep group and area on the phone, for the next idea."""
    profile = f"{typed['group']}|{typed['area']}"
    if request.cookies.get(_PROFILE_COOKIE) != profile:
        response.set_cookie(_PROFILE_COOKIE, profile, max_age=_PROFILE_SECONDS, httponly=True, samesite="Lax",
                            secure=current_app.config["SESSION_COOKIE_SECURE"])
