"""Own static files under addresses that change with their content, so browsers may keep them for a year."""
import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_YEAR_SECONDS = 365 * 24 * 3600
_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")


def init_app(app: Flask) -> None:
    app.config.setdefault("SEND_FILE_MAX_AGE_DEFAULT", _YEAR_SECONDS)
    app.add_template_global(static_url)
    app.after_request(_compress)


def static_url(filename: str) -> str:
    """Address of a static file with a fingerprint of its content."""
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_fingerprint(str(path), path.stat().st_mtime_ns))


@cache
def _fingerprint(path: str, _modified_ns: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:10]


def _compress(response: Response) -> Response:
    """Gzip what a phone downloads; small or already packed answers are left alone."""
    if ("gzip" not in request.headers.get("Accept-Encoding", "") or response.status_code != 200
            or (response.is_streamed and not response.direct_passthrough)
            or response.headers.get("Content-Encoding")
            or not (response.mimetype or "").startswith(_COMPRESSIBLE)):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < 500:
        return response
    response.set_data(_packed(body))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    # A strong ETag names exact bytes; the packed ones differ.
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)
