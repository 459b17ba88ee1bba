"""Several people at the same moment, for tests: each verb has read before any writes, where that can happen at all."""
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
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


def stored_by_two(app: Flask, orders: Sequence[object], store: Callable[[Sequence[object]], list[object]],
                  patch: Callable[[Callable[..., object]], None], read: Callable[..., object]) -> list[object]:
    """Outcomes of orders that two doors store, as two processes have them: both have read before either writes.

    ``patch`` puts a function in the place of ``read``, which each of them calls.
    """
    barrier = Barrier(2)

    def read_together(*arguments: object) -> object:
        found = read(*arguments)
        with suppress(BrokenBarrierError):
            barrier.wait(0.5)
        return found

    def run(batch: Sequence[object]) -> list[object]:
        with app.app_context():
            return store(batch)

    patch(read_together)
    with ThreadPoolExecutor(2) as threads:
        half = len(orders) // 2
        return [one for batch in threads.map(run, [orders[:half], orders[half:]]) for one in batch]


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
