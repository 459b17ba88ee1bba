"""A form whose sign-in or token expired in the meantime: show what was typed, sign in, send it again.

The typed fields travel in the page itself, never through the server's memory. They are only
offered again when the browser says that they come from one of our own pages.
"""
import re

from flask import Flask, current_app, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.accounts.forms import SignInForm
from forum.security import comes_from_our_pages, local_path

_NOT_CARRIED = ("csrf_token", "password", "resume_path")
_CARRIED = "typed-"
_CODE = re.compile(r"[a-z0-9_.-]*")


def init_app(app: Flask) -> None:
    app.extensions["forum_resume_page"] = resume_page


def resume_page(signed_in: bool) -> Response:
    """Page with the typed fields: 401 with a sign-in form, or 400 with a button to send again."""
    current_app.logger.info("form at %s came with an expired sign-in or token", request.url_rule)
    status = 400 if signed_in else 401
    if request.endpoint in ("accounts.sign_in", "accounts.sign_out"):
        return _sign_in_again(status)
    if request.endpoint == "accounts.resume":
        fields = carried_fields() if comes_from_our_pages(request) else []
    else:
        fields = typed_fields() if comes_from_our_pages(request) else []
    path = request.form.get("resume_path") or request.full_path.rstrip("?")
    return _kept_out_of_caches(resume_body(signed_in=signed_in, fields=fields, path=local_path(path),
                                           form=SignInForm(formdata=None)), status)


def resume_body(*, signed_in: bool, fields: list[tuple[str, str]], path: str, form: SignInForm) -> str:
    """The page that carries typed fields along; ids and codes travel too, but are nothing to read."""
    return render_template(
        "accounts/resume.html", signed_in=signed_in, fields=fields, path=path, form=form,
        shown=[value.strip() for _name, value in fields if not _CODE.fullmatch(value.strip())],
        had_files=any(file.filename for file in request.files.values()))


def _sign_in_again(status: int) -> Response:
    """Signing in or out with a token of an earlier visit: nothing was typed that is worth carrying along."""
    form = SignInForm(formdata=None, next=local_path(request.form.get("next")))
    form.form_errors.append(_("Halaman masuk ini sudah terlalu lama terbuka. Masuk sekali lagi."))
    return _kept_out_of_caches(render_template("accounts/sign_in.html", form=form), status)


def _kept_out_of_caches(body: str, status: int) -> Response:
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_fields() -> list[tuple[str, str]]:
    """Every field of the form as typed, repeated ones included, without secrets."""
    return [(name, value) for name, values in request.form.lists() for value in values
            if name not in _NOT_CARRIED]


def carried_fields() -> list[tuple[str, str]]:
    """The fields of the form that the page to sign in again carries along."""
    return [(name.removeprefix(_CARRIED), value) for name, value in typed_fields() if name.startswith(_CARRIED)]
