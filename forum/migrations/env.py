"""How migrations reach the database: through the application's engine, queued like every writer."""
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from flask import current_app
from sqlalchemy import Connection

from forum.db import UtcDateTime, db


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column type as the plain one it is stored as: a migration must outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations() -> None:
    with (current_app.extensions["forum_write_lock"].held(), db.engine.connect() as connection,
          _references_looked_at_later(connection)):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            # SQLite cannot alter most things in place; batch mode copies the table instead.
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            on_version_apply=_refuse_broken_references,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _references_looked_at_later(connection: Connection) -> Iterator[None]:
    """SQLite: a table is copied and its old one dropped while others point at it, so the rule rests meanwhile."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # On the driver's connection: inside a transaction, which SQLAlchemy would begin, SQLite ignores it.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _refuse_broken_references(ctx: MigrationContext, step: MigrationInfo, **_rest: object) -> None:
    """Undo a migration that leaves a row pointing at nothing; called before its transaction ends."""
    if ctx.dialect.name == "sqlite" and (broken := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"migration {step.up_revision_id}: rows of {broken[0]} point at missing rows of {broken[2]}")


if context.is_offline_mode():
    raise SystemExit("migrations need a database; offline SQL is not supported")
run_migrations()
