"""Every route of the URL map as a path, in a house that has one of everything; so new routes are tested too."""
import hashlib
from dataclasses import dataclass

from flask import Flask
from review_forum import Forum
from sqlalchemy import inspect
from werkzeug.routing import Rule

from forum.db import db
from forum.security import audiences_of
from forum.submissions.models import Submission

# Arguments that are not named after their table, and those that are no ids.
_TABLES = {"run_id": "analysis_run", "batch_id": "import_batch"}
_VALUES = {"code": "KRM479", "fmt": "csv", "version": "x"}
_BY_ENDPOINT = {"language": {"code": "en"}, "static": {"filename": "phone.css"}, "module": {"filename": "once.js"}}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Route:
    """One rule with a path that leads to something that exists, where anything of its kind does."""

    rule: Rule
    path: str
    audiences: tuple[str, ...]

    @property
    def changes(self) -> set[str]:
        """Methods by which it may change something."""
        return (self.rule.methods or set()) & UNSAFE


def furnish(app: Flask, facilitator) -> Forum:
    """Sixty entries, an analysis, a theme with a decision, a question; the facilitator must be an administrator."""
    forum = Forum(app, facilitator)
    forum.run()
    forum.confirm("waste", "Sampah kota")
    forum.do(f"/staff/consultations/{forum.id}/questions", text_id="Nama kelompok?", text_en="Your group?", kind="text")
    return forum


def routes(app: Flask) -> list[Route]:
    """All of them. Needs an application context."""
    return [Route(rule, _path(app, rule), audiences_of(app, rule.endpoint)) for rule in app.url_map.iter_rules()]


def _path(app: Flask, rule: Rule) -> str:
    values = {name: _value(name) for name in rule.arguments} | _BY_ENDPOINT.get(rule.endpoint, {})
    return app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)


def _value(name: str) -> object:
    if name == "receipt":
        return db.session.scalar(db.select(Submission.receipt_code).order_by(Submission.id).limit(1)) or "0" * 14
    table = db.metadata.tables.get(_TABLES.get(name, name.removesuffix("_id"))) if name.endswith("_id") else None
    if table is None:
        return _VALUES.get(name, "1")
    (key,) = table.primary_key.columns
    return db.session.scalar(db.select(db.func.min(key))) or 1


def everything_stored(app: Flask, *, without: tuple[str, ...] = ()) -> dict[str, str]:
    """A digest of all rows of each table, to see whether anything changed."""
    with app.app_context():
        names = [name for name in inspect(db.engine).get_table_names() if name not in {"alembic_version", *without}]
        found = {}
        for name in sorted(names):
            rows = db.session.execute(db.select(db.metadata.tables[name])).all()
            found[name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
        return found
