"""How migrations reach the database: through the application's engine, queued like every writer."""
from alembic import context
from flask import current_app

from forum.db import UtcDateTime, db


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column type as the plain one it is stored as: a migration must outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations() -> None:
    with current_app.extensions["forum_write_lock"].held(), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            # SQLite cannot alter most things in place; batch mode copies the table instead.
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations need a database; offline SQL is not supported")
run_migrations()
