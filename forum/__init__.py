"""Forum Smart City: the factory that puts the rooms together, in the order in which data walks through them."""
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from forum import db, errors, formatting, health, i18n, jobs, packing, security, static_files, typed
from forum.config import DEFAULTS

ROOMS = ("accounts", "consultations", "submissions", "intake", "moderation", "reactions", "review",
         "wall", "priorities", "answers", "exports", "api")


class _Forum(Flask):
    """Flask without the question, some seven times a request, whether a function is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application. ``config`` overrides everything, for tests; it may name INSTANCE_PATH."""
    overrides = dict(config or {})
    instance_path = overrides.pop("INSTANCE_PATH", None) or os.environ.get("FLASK_INSTANCE_PATH")
    app = _Forum(__name__, instance_relative_config=True,
                 instance_path=str(Path(instance_path).resolve()) if instance_path else None)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)

    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile("config.py", silent=True)
    app.config.from_prefixed_env()
    app.config.from_mapping(overrides)
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or security.secret_key(app.instance_path)
    # A name that a template misspells is an error, not an empty space on a page.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Pages that belong to no consultation still share the base page that shows one.
    app.jinja_env.globals.update(installation_name=app.config["INSTALLATION_NAME"], consultation=None, stage=None)

    for shared in (typed, db, security, i18n, formatting, static_files, packing, jobs, errors, health):
        shared.init_app(app)
    for room in ROOMS:
        import_module(f"forum.{room}.routes").init_app(app)
    import_module("forum.commands").init_app(app)
    return app
