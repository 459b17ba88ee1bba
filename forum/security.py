"""The guards at every door: who may enter a view, where a form may come from.

Every view declares its audience with ``open_to``; a view without a declaration answers 403.
Staff forms carry a CSRF token that belongs to the sign-in. Participant forms have no sign-in, so
they carry a random key instead, and the request must come from our own pages.
"""
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import blake2s, sha256
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from forum.safe_headers import SafeHeaders

View = TypeVar("View", bound=Callable[..., object])

ROLES = ("administrator", "facilitator", "planner")
AUDIENCES = ("public", "participant", "staff", *ROLES)
PARTICIPANT_COOKIE = "participant"
_PARTICIPANT_COOKIE_SECONDS = 180 * 24 * 3600
_MARKED = 20
"""Characters of a participant's key before our mark: the second in which it was given out, and 48 random bits."""
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

csrf = CSRFProtect()


class _SessionsOfStaff(SecureCookieSessionInterface):
    """Phones carry no session cookie: for them nothing is signed or checked."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.modified:
            super().save_session(app, session, response)


def open_to(*audiences: str) -> Callable[[View], View]:
    """Declare who may enter a view.

    ``public``: anybody, and the view changes nothing that belongs to a person.
    ``participant``: anybody with a key of their own; POST must come from our own pages.
    ``staff``: any signed-in account. ``facilitator``, ``planner``, ``administrator``: that role;
    an administrator may enter every staff view.
    """
    unknown = set(audiences) - set(AUDIENCES)
    if unknown or not audiences:
        raise ValueError(f"unknown audience {sorted(unknown)}; choose from {AUDIENCES}")

    def declare(view: View) -> View:
        view.audiences = audiences  # type: ignore[attr-defined]
        return view

    return declare


def audiences_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The declared audiences of an endpoint; empty means that nobody may enter."""
    return getattr(app.view_functions[endpoint], "audiences", ())


def init_app(app: Flask) -> None:
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as the sign-in
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the guard asks for it, where there is a sign-in
    app.wsgi_app = SafeHeaders(app.wsgi_app)  # type: ignore[method-assign]
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.session_interface = _SessionsOfStaff()
    app.before_request(_guard)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _csrf_refused)
    app.view_functions["static"].audiences = ("public",)  # type: ignore[attr-defined]


def secret_key(instance_path: str) -> str:
    """The secret key of this installation, made at first start in a file only its owner can read."""
    path = Path(instance_path) / "secret_key"
    try:
        # O_EXCL: of two processes that start together, one makes the key and the other reads it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        key = secrets.token_hex(32)
        handle.write(key)
    return key


def _guard() -> BaseResponse | None:
    asked = request._get_current_object()  # type: ignore[attr-defined]  # a full hall comes through here
    if asked.endpoint is None:
        return None  # 404 and 405 are answered by the router
    audiences = audiences_of(current_app, asked.endpoint)
    if not audiences:
        current_app.logger.error("endpoint %s declares no audience", asked.endpoint)
        abort(403)
    if asked.method not in _SAFE_METHODS and not comes_from_our_pages(asked):
        abort(403)
    if "participant" in audiences:
        return None
    refusal = None if "public" in audiences else _refusal_of_staff(audiences)
    if refusal is None:
        csrf.protect()
    return refusal


def _refusal_of_staff(audiences: tuple[str, ...]) -> BaseResponse | None:
    if not current_user.is_authenticated:
        if request.method in _SAFE_METHODS:
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
        return resume_page(signed_in=False)
    if "staff" in audiences or current_user.role == "administrator" or current_user.role in audiences:
        return None
    return abort(403)


def comes_from_our_pages(asked: Request) -> bool:
    """Whether the browser says that a request was made by a page of this site.

    Browsers send ``Sec-Fetch-Site`` or at least ``Origin`` with every form; a client that sends
    neither is no browser and has no sign-in to misuse.
    """
    headers = asked.headers
    site = headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("Origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == asked.host


def local_path(path: str | None, fallback: str = "/staff/") -> str:
    """A path on this site, or the fallback: never another host.

    Browsers read a backslash as a slash and drop control characters, so neither may hide a second slash.
    """
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return fallback
    return path


def _csrf_refused(_error: CSRFError) -> BaseResponse:
    return resume_page(signed_in=current_user.is_authenticated)


def resume_page(*, signed_in: bool) -> BaseResponse:
    """Answer a form whose sign-in or token has expired without losing what was typed.

    The typed fields are shown and carried along in the page itself; nothing is stored.
    """
    resume = current_app.extensions["forum_resume_page"]
    return resume(signed_in)


def participant_key() -> str | None:
    """The random key of this participant's browser, or ``None`` on first contact."""
    key = request.cookies.get(PARTICIPANT_COOKIE, "")
    return key if len(key) == 32 and key.isalnum() and key.isascii() else None


def new_participant_key(now: datetime) -> str:
    """A random key of 32 characters that carries, for us alone to check, when it was given out."""
    issued = f"{int(now.timestamp()):08x}{secrets.token_hex(6)}".encode()
    return (issued + _mark(issued, current_app.config["SECRET_KEY"])).decode()


def given_out_at(key: str) -> int | None:
    """The second (since 1970) in which we gave out this key; ``None`` when we did not, or before keys were marked."""
    raw, config = key.encode(), current_app.config
    for secret in (config["SECRET_KEY"], *(config["SECRET_KEY_FALLBACKS"] or ())):
        if hmac.compare_digest(_mark(raw[:_MARKED], secret), raw[_MARKED:]):
            return int(raw[:8], 16)
    return None


def _mark(issued: bytes, secret: str | bytes) -> bytes:
    """48 bits that nobody without the secret can write: enough, for each guess costs a request.

    Keyed BLAKE2 (RFC 7693) is a message authentication code by itself, at a third of the price of an HMAC.
    """
    return blake2s(issued, key=_marking_key(secret), digest_size=6, person=b"phonekey").hexdigest().encode()


@lru_cache(8)
def _marking_key(secret: str | bytes) -> bytes:
    return sha256(secret.encode() if isinstance(secret, str) else secret).digest()


def remember_participant(response: Response, key: str) -> None:
    """Keep the key in the participant's browser: it tells people apart without knowing them."""
    response.set_cookie(PARTICIPANT_COOKIE, key, max_age=_PARTICIPANT_COOKIE_SECONDS, httponly=True,
                        samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])


def digest(text: str) -> str:
    """SHA-256 in hex of a random key or code: what the database keeps to look it up by."""
    return sha256(text.encode()).hexdigest()
