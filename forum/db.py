"""The database: one declarative base, SQLite made safe, and the one way to write.

Reading needs nothing special. Writing happens inside ``with writing() as session:``, which queues
all writers, begins the transaction as a writing one, commits once at the end and rolls back on
any exception. Times are stored in UTC and always come back aware.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.types import TypeDecorator

from forum import driver
from forum.write_lock import WriteLock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_WRITE_OPTION = "forum_writes"
Row = TypeVar("Row")

CLOCK_AHEAD = timedelta(minutes=1)
"""Requests read the clock a moment before they are stored, so a window of time reaches a little beyond now. What is
dated later still came before the server's clock was set back (a laptop with a flat battery), and counts for nothing."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; refuses naive ones, because a naive time is a guess about a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)


def init_app(app: Flask) -> None:
    """Bind the database named by the configuration to the application."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if not url:
        url = f"sqlite:///{Path(app.instance_path) / 'forum.db'}"
        app.config["SQLALCHEMY_DATABASE_URI"] = url
    parsed = make_url(url)
    options: dict[str, Any] = dict(app.config.get("SQLALCHEMY_ENGINE_OPTIONS") or {})
    if parsed.get_backend_name() == "sqlite":
        database_path = Path(app.instance_path) / (parsed.database or "forum.db")
        lock_path = database_path.with_name(database_path.name + ".write-lock")
        # One connection per thread at most: waitress has up to 32 of them, and a pool that is too
        # small would queue readers behind writers.
        options.setdefault("pool_size", 40)
        # The connection that was used last knows the newest pages; any other one reads them again.
        options.setdefault("pool_use_lifo", True)
    else:
        lock_path = None
        options.setdefault("pool_size", 10)
        options.setdefault("max_overflow", 30)
        options.setdefault("pool_pre_ping", True)
    # An error of the database must not carry people's words and codes into the log.
    options.setdefault("hide_parameters", True)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions["forum_write_lock"] = WriteLock(lock_path, app.config["WRITE_TIMEOUT_SECONDS"])
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path) / "migrations"))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tame_sqlite(db.engine)


def _tame_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would begin deferred ones, and a
        # deferred transaction that reads before it writes cannot wait for its turn.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                       "busy_timeout=5000", "cache_size=-32000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(_WRITE_OPTION, False)
        driver.execute(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """One writing transaction: queued, committed once, rolled back on any exception.

    Objects that were loaded before are read again inside, so a decision is made on what is true now.

    Raises
    ------
    RuntimeError : when nested; a public service never calls another public service.
    WriteTimeout : when the queue does not move within ``WRITE_TIMEOUT_SECONDS``.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("writing() inside writing(): public services do not call each other")
    with current_app.extensions["forum_write_lock"].held():
        session.rollback()
        session.connection(execution_options={_WRITE_OPTION: True})
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


@contextmanager
def writing_rows() -> Iterator[Connection]:
    """The same for who stores bare rows and needs no session: at a tenth of a batch less. Not inside ``writing()``.

    Raises
    ------
    WriteTimeout : as `writing`.
    """
    with current_app.extensions["forum_write_lock"].held(), db.engine.connect() as connection:
        connection.execution_options(**{_WRITE_OPTION: True})
        with connection.begin():
            yield connection


def let_go() -> None:
    """Give back the connection on which this request has read so far, before it waits for others who need one."""
    if db.session.registry.has():
        db.session.rollback()


def hold(model: type[Row], key: int) -> Row | None:
    """The row as it is now, kept from other writers until the transaction ends; ``None`` when there is none.

    On SQLite writers queue anyway; PostgreSQL lets them side by side, so whatever a verb decides on it
    holds first. Who needs several holds the consultation first. New rows may still refer to a held one.
    """
    return db.session.get(model, key, populate_existing=True, with_for_update={"of": model, "key_share": True})


def compact() -> None:
    """Leave nothing of what was deleted in SQLite's file and its log: they keep old pages until these are needed.

    Writers wait meanwhile; a file of 100 MB takes seconds. PostgreSQL clears up by itself (autovacuum).
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    with current_app.extensions["forum_write_lock"].held(), db.engine.connect() as connection:
        # Past SQLAlchemy, which would begin a transaction: none may be open.
        connection.connection.execute("VACUUM")
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def begin_snapshot() -> None:
    """Begin a reading transaction whose statements all see the same moment.

    SQLite does so by itself; PostgreSQL does when asked.
    """
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def utc_now() -> datetime:
    """The clock, read at the edge (routes and commands) and passed inwards."""
    return datetime.now(UTC)
