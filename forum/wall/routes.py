"""Doors of the wall: the page for the projector, and the part of it that changes."""
import re
from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Flask, Response, current_app, render_template, request

from forum.consultations.entrance import front_door, phone_address, qr_svg
from forum.consultations.models import ForumSession
from forum.consultations.queries import forum_session_or_404
from forum.db import begin_snapshot
from forum.formatting import current_zone, zone_label
from forum.i18n import language
from forum.negotiation import if_unchanged
from forum.recent import version_of
from forum.security import open_to
from forum.submissions.forms import KIND_ICONS, KIND_NAMES
from forum.wall.queries import MOST_IDEAS, Shown, Wall, latest_ideas, wall_of

bp = Blueprint("wall", __name__, url_prefix="/staff")

EVERY_SECONDS = 1.5
"""How often a wall asks. With `recent.KEPT_SECONDS` a change shows within 3 seconds."""

_SCHEMES = ("light", "dark")
_MAX_KEPT = 100
_SHOWN = re.compile(r"(\d{1,15})\.(\d{1,9})")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/sessions/<int:forum_session_id>/projector")
@open_to("staff")
def projector(forum_session_id: int) -> str:
    """Staff: the wall, in letters for the last row."""
    forum_session = forum_session_or_404(forum_session_id)
    address, scheme = phone_address(forum_session), request.args.get("scheme", "")
    return render_template("wall/projector.html", forum_session=forum_session, address=address, qr=qr_svg(address),
                           front_door=front_door(), live=_live_part(forum_session)[0], every_seconds=EVERY_SECONDS,
                           scheme=scheme if scheme in _SCHEMES else "", is_paused="paused" in request.args,
                           zone=current_zone(), zone_label=zone_label)


@bp.get("/sessions/<int:forum_session_id>/projector/live")
@open_to("staff")
def live(forum_session_id: int) -> Response:
    """Staff: the part of the wall that changes; with ``still``, what is shown, those ideas that may stay."""
    if "still" in request.args:
        body = _ideas_part(forum_session_or_404(forum_session_id), _shown(request.args["still"]))
        return Response(body, mimetype="text/html")
    body, etag = _unchanged(forum_session_id) or _live_part(forum_session_or_404(forum_session_id))
    headers = {"ETag": etag}
    return if_unchanged(headers) or Response(body, mimetype="text/html", headers=headers)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The part that changes, as it was at a version of its consultation."""

    consultation_id: int
    version: int
    body: str
    etag: str


def _walls() -> dict[tuple[int, str], _Kept]:
    return current_app.extensions.setdefault("forum_walls", {})


def _unchanged(forum_session_id: int) -> tuple[str, str] | None:
    """The part as it is kept, if nothing has happened since: without a look at the sitting."""
    known = _walls().get((forum_session_id, language()))
    if known is None or known.version != version_of(known.consultation_id):
        return None
    return known.body, known.etag


def _live_part(forum_session: ForumSession) -> tuple[str, str]:
    """The part that changes and its ETag, made anew only when something happened in the consultation."""
    kept, name = _walls(), (forum_session.id, language())
    version = version_of(forum_session.consultation_id)
    known = kept.get(name)
    if known is None or known.version != version:
        begin_snapshot()  # what is read from here on is no older than the version
        body = _render(forum_session, wall_of(forum_session))
        if len(kept) >= _MAX_KEPT:
            kept.clear()
        etag = f'"{sha256(body.encode()).hexdigest()[:20]}"'
        known = kept[name] = _Kept(forum_session.consultation_id, version, body, etag)
    return known.body, known.etag


def _render(forum_session: ForumSession, wall: Wall) -> str:
    return render_template("wall/_live.html", forum_session=forum_session, wall=wall, kind_names=KIND_NAMES,
                           kind_icons=KIND_ICONS)


def _ideas_part(forum_session: ForumSession, shown: Shown) -> str:
    return render_template("wall/_ideas.html", ideas=latest_ideas(forum_session, shown), kind_names=KIND_NAMES,
                           kind_icons=KIND_ICONS)


def _shown(typed: str) -> Shown:
    """``12.1,15.2`` → {12: 1, 15: 2}; what is no such list names nothing."""
    found = (_SHOWN.fullmatch(one) for one in typed.split(",")[:MOST_IDEAS])
    return {int(one[1]): int(one[2]) for one in found if one}
