"""Own static files under addresses that change with their content, so browsers may keep them for a year."""
import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, current_app, url_for

from forum.security import open_to

_YEAR_SECONDS = 365 * 24 * 3600
FORM_FILES = ("phone.css",)
FORM_MODULES = ("combobox.js", "excerpt.js", "fields.js", "once.js", "outbox.js", "outbox_delivery.js",
                "outbox_draft.js", "outbox_fields.js", "outbox_mistakes.js", "outbox_offline.js", "outbox_panel.js",
                "outbox_queue.js", "outbox_store.js", "outbox_turn.js", "photo.js", "reactions_memory.js",
                "reactions_queue.js", "reactions_standing.js", "receipt_code.js", "similar.js", "similar_ideas.js")
"""What phones keep to open the form without a network."""
REACTION_FILES = ("reactions.css",)
REACTION_MODULES = ("reactions.js", "reactions_deck.js", "reactions_hands.js", "reactions_list.js")
"""What those keep besides that opened the reactions."""

_FOR_US = re.compile(r"^(?:[ \t]*(?://.*)?\n)+|^[ \t]+|(?<=[;,{})\]]) +// .*$", re.MULTILINE)
_LINE_END = re.compile(r"(?<=[;,{(\[])\n")


def init_app(app: Flask) -> None:
    if app.config["SEND_FILE_MAX_AGE_DEFAULT"] is None:
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR_SECONDS
    app.add_template_global(static_url)
    app.add_template_global(module_url)
    app.add_url_rule("/modules/<version>/<filename>", "module", module)
    app.add_url_rule("/sw.js", "service_worker", service_worker)


def static_url(filename: str) -> str:
    """Address of a static file with a fingerprint of its content."""
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_fingerprint(str(path), path.stat().st_mtime_ns))


def module_url(filename: str) -> str:
    """Address of a script, served without what only we read: the folder carries a fingerprint of all, so that one may
    load others by relative names."""
    return url_for("module", version=_version(), filename=filename)


@open_to("public")
def module(version: str, filename: str) -> Response:
    """Anybody: a script without what only we read; an older version of it is answered with today's, and not kept."""
    path = Path(current_app.static_folder or "") / filename
    if not filename.endswith(".js") or not path.is_file():
        abort(404)
    response = Response(_for_phones(str(path), path.stat().st_mtime_ns), mimetype="text/javascript")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}" if version == _version() else "no-cache"
    return response


@open_to("public")
def service_worker() -> Response:
    """Anybody: what keeps the form on phones. It names the files to keep, so that it changes with each of them."""
    files = [*map(static_url, FORM_FILES), *map(module_url, FORM_MODULES)]
    more = [*map(static_url, REACTION_FILES), *map(module_url, REACTION_MODULES)]
    source = (Path(current_app.static_folder or "") / "service_worker.js").read_text(encoding="utf-8")
    response = Response(f"const FILES = {json.dumps(files)};\nconst REACTION_FILES = {json.dumps(more)};\n{source}",
                        mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version() -> str:
    scripts = sorted(Path(current_app.static_folder or "").glob("*.js"))
    each = "".join(_fingerprint(str(path), path.stat().st_mtime_ns) for path in scripts)
    return sha256(each.encode()).hexdigest()[:10]


@cache
def _for_phones(path: str, _modified_ns: int) -> str:
    """Comments, blank lines, indents and most ends of lines are for us: a quarter of what a phone would keep."""
    return _LINE_END.sub("", _FOR_US.sub("", Path(path).read_text(encoding="utf-8")))


@cache
def _fingerprint(path: str, _modified_ns: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:10]
