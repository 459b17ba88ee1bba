"""The doors of reactions: one entry at a time with three buttons, what a phone keeps ahead, what one said so far."""
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from flask import Blueprint, Flask, Response, flash, jsonify, make_response, redirect, request, url_for
from flask import render_template as render
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from forum.consultations.halls import hall_by_code
from forum.consultations.models import ForumSession
from forum.consultations.queries import consultation_or_404, session_by_code
from forum.db import begin_snapshot, utc_now
from forum.errors import ForumError, NotFound
from forum.group_commit import GroupCommit
from forum.negotiation import if_unchanged, wants_json
from forum.reactions import queries, receiving, services
from forum.reactions.models import Stance
from forum.security import digest, new_participant_key, open_to, participant_key, remember_participant
from forum.submissions.models import KINDS
from forum.submissions.pulse import pulse_of
from forum.typed import row_id, uuid_of

bp = Blueprint("reactions", __name__)
PER_PAGE = 30
_MOST_ASKED = 100
_LARGEST_SEQUENCE = 2**53 - 1  # of a whole number in a browser


def init_app(app: Flask) -> None:
    app.extensions["forum_reacting"] = GroupCommit(
        receiving.store, app.config["WRITE_TIMEOUT_SECONDS"], hopeless=(OperationalError,))
    app.register_blueprint(bp)


def _to_phones(view: Callable[[ForumSession, str], Response]) -> Callable[[str], Response]:
    """Call a view with the sitting and the participant's key, and have the phone remember the key."""

    @wraps(view)
    def answer(code: str) -> Response:
        forum_session = _sitting(code)
        key = participant_key() or new_participant_key(utc_now())
        response = view(forum_session, key)
        remember_participant(response, key)
        return response

    return answer


@bp.route("/s/<code>/react", methods=["GET", "POST"])
@open_to("participant")
@_to_phones
def statement(forum_session: ForumSession, key: str) -> Response:
    """Participant: what others wrote, one at a time; agree, disagree or pass."""
    return _react(forum_session, key) if request.method == "POST" else make_response(_page(forum_session, key))


@bp.get("/s/<code>/statements")
@open_to("participant")
@_to_phones
def statements(forum_session: ForumSession, key: str) -> Response:
    """Participant: the next entries, for the phone to show them without asking again."""
    consultation = consultation_or_404(forum_session.consultation_id)
    person = digest(key)
    found = queries.offered(consultation.id, person, now=utc_now()) if consultation.is_open else []
    return jsonify(sequence=queries.latest_sequence(consultation.id, person), statements=[
        {"id": one.id, "number": one.number, "kind": one.kind, "text": one.text} for one in found])


@bp.get("/s/<code>/standing")
@open_to("public")
def standing(code: str) -> Response:
    """Anybody: which of these entries may still be shown, and in the version that the phone names with ``id=12v2``;
    without a look at them while nothing has happened."""
    hall = hall_by_code(code)
    if hall is None:
        raise NotFound
    headers = {"ETag": pulse_of(hall).etag, "Cache-Control": "no-cache"}
    if unchanged := if_unchanged(headers):
        return unchanged
    begin_snapshot()  # what is read from here on is no older than the version
    asked = dict(request.args.getlist("id", type=_version)[:_MOST_ASKED])
    return Response(json.dumps({"ids": queries.standing(asked, hall.consultation_id)}), mimetype="application/json",
                    headers=headers)


def _version(typed: str) -> tuple[int, int | None]:
    """What a phone keeps: an entry, and in which version; what it kept of an earlier program says none."""
    entry, _mark, number = typed.partition("v")
    return row_id(entry), row_id(number) if number else None


@bp.get("/s/<code>/react/mine")
@open_to("participant")
@_to_phones
def mine(forum_session: ForumSession, key: str) -> Response:
    """Participant: what I reacted to, each of it changeable."""
    consultation = consultation_or_404(forum_session.consultation_id)
    page = max(1, request.args.get("page", 1, type=row_id))
    found = queries.answered(consultation.id, digest(key), limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return make_response(render(
        "reactions/mine.html", forum_session=forum_session, title=_("Tanggapan saya"), statements=found[:PER_PAGE],
        is_open=consultation.is_open, page=page, has_more=len(found) > PER_PAGE, kinds=KINDS))


def _sitting(code: str) -> ForumSession:
    forum_session = session_by_code(code)
    if forum_session is None or forum_session.state == "draft":
        raise NotFound
    return forum_session


def _page(forum_session: ForumSession, key: str) -> str:
    """One entry: the next, or the one that ``change`` names."""
    consultation = consultation_or_404(forum_session.consultation_id)
    person = digest(key)
    asked = request.args.get("change", type=row_id)
    found = queries.statement(asked, consultation.id, person) if asked and consultation.is_open else None
    if found is None and consultation.is_open:
        found = next(iter(queries.offered(consultation.id, person, now=utc_now(), limit=1)), None)
    return render(
        "reactions/statement.html", forum_session=forum_session, found=found, title=_("Tanggapi masukan lain"),
        sequence=queries.latest_sequence(consultation.id, person), is_open=consultation.is_open, kinds=KINDS,
        last=next(iter(queries.answered(consultation.id, person, limit=1)), None))


def _react(forum_session: ForumSession, key: str) -> Response:
    typed = request.form
    change = _key(typed.get("key"))
    try:
        if change is None:
            raise services.NotReactable(_("Tanggapan ini tidak dapat dibaca. Muat ulang halaman, lalu pilih lagi."))
        services.react(
            forum_session_id=forum_session.id, submission_id=typed.get("submission", type=row_id) or 0,
            participant=key, stance=Stance.of_word(typed.get("value", "")), key=change,
            sequence=typed.get("sequence", type=_sequence), now=utc_now())
    except ForumError as refusal:
        return _refused(forum_session, refusal, typed.get("key"))
    if wants_json():
        return make_response(jsonify(key=change, state="stored"), 201)
    return _back(forum_session)


_STATES: dict[type[ForumError], str] = {services.Gone: "gone", services.ConsultationClosed: "closed",
                                        services.ReactedTooOften: "too_many"}


def _refused(forum_session: ForumSession, refusal: ForumError, key: str | None) -> Response:
    """For a script the state with the key that it sent; for people the page again with the reason."""
    if not wants_json():
        flash(str(refusal), "error")
        return _back(forum_session)
    response = make_response(jsonify(key=key, state=_STATES.get(type(refusal), "invalid"), message=str(refusal)),
                             refusal.status)
    if isinstance(refusal, services.ReactedTooOften):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _back(forum_session: ForumSession) -> Any:
    """The page that the form stands on, read anew."""
    to_list = request.form.get("from") == "mine"
    page = request.form.get("page", 1, type=row_id) if to_list else None
    return redirect(url_for("reactions.mine" if to_list else "reactions.statement", code=forum_session.join_code,
                            page=page if page and page > 1 else None), 303)


def _key(text: str | None) -> str | None:
    """The key of a change: the phone's UUID, for a plain form a new one, ``None`` for what is none."""
    if text is None:
        return str(uuid4())
    parsed = uuid_of(text)
    return str(parsed) if parsed else None


def _sequence(typed: str) -> int:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 16 else 0
    if not 0 < number <= _LARGEST_SEQUENCE:
        raise ValueError("not a sequence")
    return number
