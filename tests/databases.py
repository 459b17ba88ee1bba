"""Real databases for tests: a migrated SQLite file, and a database of our own on a PostgreSQL server."""
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import psycopg
from sqlalchemy import text

from forum import create_app
from forum.db import db

POSTGRES = os.environ.get("FORUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def migrated_sqlite_file(folder: Path) -> Path:
    """An empty, migrated database file without a write-ahead log beside it, ready to be copied."""
    app = create_app({"INSTANCE_PATH": str(folder), "TESTING": True, "QUEUE_URL": "inline", "SECRET_KEY": "x"})
    with app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "forum.db"


class PostgresServer:
    """A migrated database of this test run; ``empty`` forgets all rows between tests."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self._app = create_app({"SQLALCHEMY_DATABASE_URI": database_url, "TESTING": True, "QUEUE_URL": "inline",
                                "SECRET_KEY": "x"})
        with self._app.app_context():
            flask_migrate.upgrade()

    def empty(self) -> None:
        """Forget all rows and begin counting anew.

        Deleting is a hundred times faster than TRUNCATE here, which makes new files for every table and index.
        """
        deletions = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables))
        with self._app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(f"DO $$ BEGIN {deletions}; END $$")
            connection.execute(text("SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences"
                                    " WHERE schemaname = 'public' AND last_value IS NOT NULL"))

    def close(self) -> None:
        with self._app.app_context():
            db.engine.dispose()


@contextmanager
def postgres_server() -> Iterator[PostgresServer | None]:
    """A database made for this run and dropped after it; ``None`` when no server answers."""
    name = f"forum_test_{os.getpid()}"
    try:
        admin = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    admin.execute(f"CREATE DATABASE {name}")
    base = POSTGRES.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
    server = PostgresServer(f"{base}/{name}")
    try:
        yield server
    finally:
        server.close()
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.close()
