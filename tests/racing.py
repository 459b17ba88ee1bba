"""Several people at the same moment, for tests: each verb has read before any writes, where that can happen at all."""
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError

from builders import make_consultation, make_forum_session, make_submission, noise
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from forum import audit
from forum.db import db
from forum.errors import ForumError

STAFF = audit.Actor(None, "Petugas Uji")


@contextmanager
def everybody_reads_first(n_people: int) -> Iterator[None]:
    """Hold back every write until so many transactions want to write, or until it is plain that they take turns."""
    barrier = Barrier(n_people)

    def wait(*_arguments: object) -> None:
        try:
            barrier.wait(0.5)
        except BrokenBarrierError:
            return

    event.listen(Session, "before_flush", wait)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", wait)


def at_once(app: Flask, *verbs: Callable[[], object]) -> list[object]:
    """What each verb returned, or its refusal; any other error fails the test."""
    def run(verb: Callable[[], object]) -> object:
        with app.app_context():
            try:
                return verb()
            except ForumError as refusal:
                return refusal

    with everybody_reads_first(len(verbs)), ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(run, verbs))


def refusals(outcomes: list[object]) -> list[type]:
    return [type(outcome) for outcome in outcomes if isinstance(outcome, ForumError)]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def six_entries(context: Flask) -> tuple[Flask, int, int, list[int]]:
    """(application, consultation id, sitting id, ids of six entries), beside another consultation."""
    consultation_id = make_consultation()
    sitting = make_forum_session(consultation_id)
    noise()
    entries = [make_submission(sitting, f"Air di gang {number}.") for number in range(6)]
    return context, consultation_id, sitting, entries
