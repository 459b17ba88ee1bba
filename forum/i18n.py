"""Languages: Indonesian is the source language of every text, English is its translation."""
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, has_request_context, redirect, request
from flask_babel import Babel, get_locale

from forum.security import open_to

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
_COOKIE = "language"
_COOKIE_SECONDS = 365 * 24 * 3600

babel = Babel()


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", app.config["DEFAULT_LANGUAGE"])
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", app.config["DEFAULT_TIMEZONE"])
    babel.init_app(app, locale_selector=select_language)
    app.add_url_rule("/language/<code>", "language", choose_language)
    app.context_processor(lambda: {"locale": language(), "languages": LANGUAGES})


def select_language() -> str:
    """The language that this browser chose; else, and on the command line, the installation's."""
    chosen = request.cookies.get(_COOKIE) if has_request_context() else None
    return chosen if chosen in LANGUAGES else current_app.config["DEFAULT_LANGUAGE"]


def language() -> str:
    """Language code of the current page, ``id`` or ``en``."""
    locale = get_locale()
    return locale.language if locale else "id"


@open_to("public")
def choose_language(code: str) -> Response:
    """Remember the language and go back to the page it was chosen on."""
    if code not in LANGUAGES:
        abort(404)
    came_from = urlsplit(request.referrer or "")
    path = came_from.path if came_from.netloc == request.host else "/"
    if came_from.query and path != "/":
        path += "?" + came_from.query
    # A path that begins with two slashes would be read as another host.
    response = redirect("/" + path.lstrip("/"), 303)
    response.set_cookie(_COOKIE, code, max_age=_COOKIE_SECONDS, samesite="Lax",
                        secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response
