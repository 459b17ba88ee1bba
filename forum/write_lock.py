"""One queue in front of the SQLite file for all writers of all threads and processes.

SQLite's busy handler sleeps and polls, so that under several writers some starve (p99 above a
second at 32 writers). A thread lock and a kernel file lock make them wait their turn instead.
"""
import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteTimeout(RuntimeError):
    """The queue did not move within the time limit."""


class WriteLock:
    """Mutual exclusion over threads and processes that name the same ``path``.

    Parameters
    ----------
    path : file to lock; ``None`` (PostgreSQL, which queues by itself) makes it free.
    timeout_seconds : longest wait for this process's own threads before `WriteTimeout`.
    """

    def __init__(self, path: Path | None, timeout_seconds: float) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._threads = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        if self._path is None:
            yield
            return
        if not self._threads.acquire(timeout=self._timeout_seconds):
            raise WriteTimeout
        try:
            # Opened per use: a descriptor kept over a fork would share the lock with the child.
            with self._path.open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
        finally:
            self._threads.release()
