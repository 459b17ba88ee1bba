"""What who asks can use: JSON for a script of ours, a page for a browser, nothing at all where it has this already."""
from collections.abc import Mapping

from flask import Response, request

_JSON = "application/json"


def wants_json() -> bool:
    """Whether the answer is for a script."""
    if request.headers.get("Accept") == _JSON:
        return True  # our own scripts say it just so
    return request.accept_mimetypes.best_match(["text/html", _JSON]) == _JSON


def if_unchanged(headers: Mapping[str, str]) -> Response | None:
    """The answer for who has what the ``ETag`` of these headers names, which they get back; ``None`` for all others."""
    # A proxy or our own compression turns an ETag into a weak one.
    known = request.headers.get("If-None-Match", "").removeprefix("W/")
    return Response(status=304, headers=headers) if known == headers["ETag"] else None
