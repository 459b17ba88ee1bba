"""Refusals and failures as pages in plain words: what happened, and what to do now."""
from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from forum.db import db
from forum.failures import trace_without_values, without_values
from forum.write_lock import WriteTimeout


class ForumError(Exception):
    """A refusal that a person can understand. Rooms subclass it beside the verb that raises it.

    ``message`` says what is wrong and what to do, in the reader's language (a lazy translation).
    ``status`` is the HTTP status of the page that shows it when no form catches it.
    """

    status = HTTPStatus.CONFLICT

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message)
        self.message = message or _("Tindakan ini tidak dapat dilakukan.")

    def __str__(self) -> str:
        return str(self.message)


class NotFound(ForumError):
    """The object does not exist, or the reader may not know that it does."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or _WORDS[HTTPStatus.NOT_FOUND]()[1])


class StaleVersion(ForumError):
    """Somebody else changed the object since the page was opened."""

    status = HTTPStatus.CONFLICT


def page(status: int, title: str, message: str, what_to_do: str = "") -> Response:
    """The generic page of an error, in the reader's language."""
    body = render_template("errors/error.html", title=title, message=message, what_to_do=what_to_do, links=[])
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(ForumError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(WriteTimeout, _busy)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: ForumError) -> Response:
    db.session.rollback()
    if error.status == HTTPStatus.NOT_FOUND:
        title, _message, what_to_do = _WORDS[HTTPStatus.NOT_FOUND]()
        return page(error.status, title, str(error), what_to_do)  # trying again would lead nowhere
    return page(error.status, _("Belum dapat dilakukan"), str(error),
                _("Kembali ke halaman sebelumnya lalu coba lagi."))


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect raised as an exception
    if isinstance(error, SecurityError):
        return SecurityError().get_response()  # a host that is not ours: no page, for its links would lead there
    title, message, what_to_do = _WORDS.get(error.code, _WORDS[HTTPStatus.BAD_REQUEST])()
    response = page(error.code, title, message, what_to_do)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def _busy(_error: Exception) -> Response:
    response = page(HTTPStatus.SERVICE_UNAVAILABLE, _("Sedang ramai"),
                    _("Server sedang melayani banyak kiriman."),
                    _("Isian Anda belum terkirim. Tunggu beberapa detik, lalu kirim lagi: "
                      "masukan tidak akan tercatat dua kali."))
    response.headers["Retry-After"] = "5"
    return response


def _database_error(error: OperationalError) -> Response:
    db.session.rollback()
    text = str(error.orig)
    # On PostgreSQL these are all of the moment: a lost connection, a deadlock, a full disk. On SQLite the
    # same class also stands for mistakes of ours.
    if db.engine.dialect.name != "sqlite" or "locked" in text or "busy" in text or "disk is full" in text:
        current_app.logger.warning("busy at %s %s: %s", request.method, request.url_rule, without_values(error))
        return _busy(error)
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    # The rule, not the path: paths hold receipt codes, and form fields hold people's words.
    current_app.logger.error("unexpected error at %s %s\n%s", request.method, request.url_rule,
                             trace_without_values(error))
    if current_app.testing:
        raise error
    return page(HTTPStatus.INTERNAL_SERVER_ERROR, _("Ada yang keliru di pihak kami"),
                _("Kesalahan ini sudah tercatat."),
                _("Kembali ke halaman sebelumnya: isian Anda biasanya masih ada. Lalu coba lagi."))


_WORDS = {
    400: lambda: (_("Permintaan tidak lengkap"), _("Isian tidak dapat dibaca."),
                  _("Kembali ke halaman sebelumnya, periksa isian, lalu kirim lagi.")),
    401: lambda: (_("Perlu masuk"), _("Halaman ini untuk petugas."), _("Masuk dahulu, lalu buka lagi halaman ini.")),
    403: lambda: (_("Bukan halaman untuk peran Anda"), _("Akun Anda tidak berwenang membuka halaman ini."),
                  _("Minta administrator mengubah peran Anda bila ini keliru.")),
    404: lambda: (_("Tidak ditemukan"), _("Alamat ini tidak ada, atau isinya sudah ditutup."),
                  _("Periksa alamat atau kode, atau mulai dari halaman depan.")),
    405: lambda: (_("Halaman ini tidak dapat dibuka langsung"),
                  _("Halaman ini hanya terbuka lewat tombol atau formulirnya."),
                  _("Mulai dari halaman depan.")),
    413: lambda: (_("Kiriman terlalu besar"), _("Berkas atau teks melebihi batas."),
                  _("Kembali, perkecil berkas atau pendekkan teks, lalu kirim lagi.")),
    429: lambda: (_("Terlalu sering"), _("Terlalu banyak percobaan dalam waktu singkat."),
                  _("Tunggu beberapa menit, lalu coba lagi.")),
}
