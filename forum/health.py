"""Whether the application would answer a participant: ``/healthz``."""
from flask import Flask, Response, jsonify
from sqlalchemy import text

from forum.db import db
from forum.security import open_to


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)


@open_to("public")
def healthz() -> tuple[Response, int]:
    """200 when the database answers and is migrated, 503 otherwise."""
    try:
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception:
        db.session.rollback()
        revision = None
    return jsonify(status="ok" if revision else "unavailable"), 200 if revision else 503
