"""Browsers that signed in before: they have attempts of their own, so that nobody can lock them out by failing.

A hall stands behind one address with the laptop of its facilitator, and names of accounts are easily guessed. A signed
cookie names the browser and the accounts that signed in on it (OWASP: device cookies). It opens nothing by itself.
"""
import secrets
from dataclasses import dataclass

from flask import Response, after_this_request, current_app, request, url_for
from itsdangerous import BadData, URLSafeSerializer

COOKIE = "known_browser"
_SECONDS = 180 * 24 * 3600
_MOST_ACCOUNTS = 8


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser by its random name, and the ids of the accounts that signed in on it, the latest first."""

    name: str
    account_ids: tuple[int, ...]


def here() -> KnownBrowser | None:
    """The browser of this request, if an account ever signed in on it."""
    try:
        name, account_ids = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return None
    return KnownBrowser(name, tuple(account_ids))


def remember(account_id: int) -> None:
    """Let the answer to this request make the browser known for an account."""
    known = here() or KnownBrowser(secrets.token_urlsafe(16), ())
    account_ids = [account_id, *(one for one in known.account_ids if one != account_id)][:_MOST_ACCOUNTS]
    value = _serializer().dumps([known.name, account_ids])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(COOKIE, value, max_age=_SECONDS, path=url_for("consultations.index"), httponly=True,
                            samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])
        return response


def _serializer() -> URLSafeSerializer:
    config = current_app.config
    return URLSafeSerializer([*(config["SECRET_KEY_FALLBACKS"] or ()), config["SECRET_KEY"]], salt="known browser")
