"""Fixtures: the real application on a real SQLite file and on a real PostgreSQL, both migrated.

A test that asks for ``app`` (or for a client) runs once per database. What is missing on this
machine is named in the closing lines; with CI=true it is a failure, never a silent skip.
"""
import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import machine
import pytest
from compiled_routes import CompiledRule
from compiled_templates import CompiledTemplates
from databases import PostgresServer, migrated_sqlite_file, postgres_server
from flask import Flask
from phone import open_sitting
from staff_client import StaffClient, sign_in_as

from forum import create_app, even_answers, recent


def pytest_collection_finish() -> None:
    # An application is one heap of cycles, and with Python's own threshold the search for them took a fifth of the
    # suite's time. What is here by now stays to the end.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # With several processes the closing lines are written by another one than the tests ran in.
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["lacking"] = machine.lacking


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    machine.lacking.update(getattr(node, "workeroutput", {}).get("lacking", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, reason in sorted(machine.lacking.items()):
        terminalreporter.write_line(f"NOT TESTED for want of {what}: {reason}", red=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        backends = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]
        # About SQLite's own file, lock or process: there is nothing to ask PostgreSQL.
        only_sqlite = metafunc.definition.get_closest_marker("sqlite_only") is not None
        metafunc.parametrize("database", backends[:1] if only_sqlite else backends, scope="function")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_sqlite_file(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer | None]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def compiled_templates() -> CompiledTemplates:
    return CompiledTemplates()


@pytest.fixture
def make_app(database: str, tmp_path: Path, request: pytest.FixtureRequest,
             compiled_templates: CompiledTemplates, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Build the application on the database of this test; keyword arguments override settings."""
    # Answers held for the sake of even times would cost the suite a minute; tests of that bring a clock.
    monkeypatch.setattr(even_answers, "sleep", lambda _seconds: None)
    monkeypatch.setattr(Flask, "url_rule_class", CompiledRule)
    config = {"INSTANCE_PATH": str(tmp_path / "instance"), "TESTING": True, "QUEUE_URL": "inline",
              "SECRET_KEY": "only for tests", "PROPAGATE_JOB_ERRORS": True}
    if database == "sqlite":
        (tmp_path / "instance").mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "instance" / "forum.db")
    else:
        server = request.getfixturevalue("postgres")
        if server is None:
            machine.lacks("PostgreSQL", "no server answers at FORUM_TEST_POSTGRES")
        server.empty()
        config["SQLALCHEMY_DATABASE_URI"] = server.database_url

    def make(**overrides: object) -> Flask:
        app = create_app({**config, **overrides})
        app.test_client_class = StaffClient
        app.jinja_env.bytecode_cache = compiled_templates
        request.addfinalizer(lambda: _close(app))
        return app

    return make


def _close(app: Flask) -> None:
    from forum.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An open application context, for tests that call services and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def sitting(app: Flask) -> int:
    """Id of an open sitting with the join code that `phone` knows."""
    return open_sitting(app)


@pytest.fixture
def fresh_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered from memory is never older than the question."""
    monkeypatch.setattr(recent, "KEPT_SECONDS", 0.0)


@pytest.fixture
def client(app: Flask) -> StaffClient:
    """A browser that is signed in nowhere: a participant's phone."""
    return app.test_client()


@pytest.fixture
def as_facilitator(app: Flask) -> StaffClient:
    return sign_in_as(app, "facilitator")


@pytest.fixture
def as_planner(app: Flask) -> StaffClient:
    return sign_in_as(app, "planner")


@pytest.fixture
def as_administrator(app: Flask) -> StaffClient:
    return sign_in_as(app, "administrator")
