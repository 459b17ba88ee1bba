"""Whether a request comes from a script of ours, which reads JSON, or from a browser, which shows a page."""
from flask import request

_JSON = "application/json"


def wants_json() -> bool:
    """Whether the answer is for a script."""
    if request.headers.get("Accept") == _JSON:
        return True  # our own scripts say it just so
    return request.accept_mimetypes.best_match(["text/html", _JSON]) == _JSON
