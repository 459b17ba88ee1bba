"""What an analysis asks of the process it runs in: one thread for its sums, and no search for cycles of garbage."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits

Undo = Callable[[], None]


class _WhileInside:
    """Does something when the first caller comes in, undoes it when the last one leaves.

    Both settings belong to the process: of callers in several threads the first one to leave must not take them from
    those who still work.
    """

    def __init__(self, do: Callable[[], Undo]) -> None:
        self._do, self._lock, self._n_inside = do, Lock(), 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if not self._n_inside:
                self._undo = self._do()
            self._n_inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._n_inside -= 1
                if not self._n_inside:
                    self._undo()


def _limit_threads() -> Undo:
    return threadpool_limits(limits=1).restore_original_limits


def _stop_collecting() -> Undo:
    was_collecting = gc.isenabled()
    gc.disable()
    return gc.enable if was_collecting else gc.disable


single_threaded = _WhileInside(_limit_threads)
"""``with single_threaded():`` BLAS and OpenMP use one thread, so that a sum has one order and a result one set of
bytes."""

uncollected = _WhileInside(_stop_collecting)
"""``with uncollected():`` Python's search for cycles rests. An analysis makes millions of small objects and no cycles;
looking through them again and again took a fifteenth of its time."""


def leave_at_once() -> None:
    """Lets this process end without a last search for cycles: its memory goes back anyway.

    For programs, not for libraries. Python searches three times on leaving, which took a twelfth of the time in which
    a thousand texts are read, grouped and printed; what is open is closed as always.
    """
    atexit.register(gc.freeze)
