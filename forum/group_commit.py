"""Many requests, one transaction: whoever finds the door free stores for all who wait behind.

A commit on a disk that keeps its promises costs the same for one row as for thirty. So requests that arrive
while a commit is under way wait, and the first of them then stores for all of them at once (leader and
followers: "group commit", DeWitt et al. 1984). There is no thread of its own: nothing to start after a
fork, nothing to drain at the end. A request that the server's loop answers never leads: its loop has a thread do it.
"""
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from forum.stepping_aside import rest
from forum.write_lock import WriteTimeout

Order = TypeVar("Order")
Outcome = TypeVar("Outcome")

MAX_BATCH = 128
"""Orders stored in one transaction; more would keep the other writers waiting."""

MAX_WAITING = 2_000
"""Orders that may wait; the next one is told to come back later."""

GATHER_SECONDS = 0.015
"""Longest wait of a leader until as many have come as last time: a larger batch costs everybody less than the wait,
and nobody takes the interpreter from the one who stores."""


class GroupCommit(Generic[Order, Outcome]):
    """Collects orders from all threads of this process and stores them in batches.

    Parameters
    ----------
    store : stores a batch in one transaction and returns one outcome per order, in their order. When it
        raises, nothing of the batch is stored.
    timeout_seconds : longest wait of an order for its turn before `WriteTimeout`.
    hopeless : errors that another try now would meet again (a busy database). After any other one the orders
        of the batch are stored one by one, so that a bad one fails alone.
    """

    def __init__(self, store: Callable[[Sequence[Order]], Sequence[Outcome]], timeout_seconds: float,
                 hopeless: tuple[type[Exception], ...] = ()) -> None:
        self._store = store
        self._timeout_seconds = timeout_seconds
        self._hopeless = (WriteTimeout, *hopeless)
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting[Order, Outcome]] = deque()
        self._is_led = False
        self._n_expected = 1
        self._all_came = threading.Event()

    def put(self, order: Order) -> Outcome:
        """Store an order, possibly together with others; return its outcome or raise its error.

        Raises
        ------
        WriteTimeout : its turn did not come in time, or too many wait. It may still be stored: only an order
            that can be repeated without harm belongs here.
        """
        waiting: _Waiting[Order, Outcome] = _Waiting(order)
        with self._mutex:
            if len(self._queue) >= MAX_WAITING:
                raise WriteTimeout
            self._queue.append(waiting)
            if len(self._queue) == self._n_expected:
                self._all_came.set()
            if not self._is_led:
                self._is_led = True
                self._call_to_lead(waiting)
        if not waiting.leads:
            waiting.rest.sleep(self._timeout_seconds)
            self._leave(waiting)
        if waiting.leads:
            self._lead()
        if waiting.error is not None:
            raise waiting.error
        return waiting.outcomes[0]

    def _leave(self, waiting: "_Waiting[Order, Outcome]") -> None:
        """Leave the queue, unless served or called to lead in the meantime."""
        with self._mutex:
            if waiting.leads or waiting.is_done:
                return
            if waiting in self._queue:
                self._queue.remove(waiting)
        raise WriteTimeout

    def _lead(self) -> None:
        """Store for all who wait, then pass the lead on to the first who came meanwhile."""
        self._gather()
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_BATCH))]
        try:
            if batch:  # whoever had the lead taken for it may have left since
                self._serve(batch)
        finally:
            with self._mutex:
                self._n_expected = max(len(batch), 1)
                for waiting in batch:
                    waiting.is_done = True
                    if waiting.error is None and not waiting.outcomes:
                        waiting.error = WriteTimeout()  # the leader itself was interrupted
                if self._queue:
                    self._call_to_lead(self._queue[0])
                else:
                    self._is_led = False
            for waiting in batch:
                waiting.rest.wake()

    def _call_to_lead(self, waiting: "_Waiting[Order, Outcome]") -> None:
        """Make a request the next leader, or have its loop's thread lead for it."""
        if waiting.rest.loop:
            waiting.rest.loop.in_a_thread(self._lead)
        else:
            waiting.leads = True
            waiting.rest.wake()

    def _gather(self) -> None:
        """Wait a moment for the company of last time."""
        with self._mutex:
            if len(self._queue) >= self._n_expected:
                return
            self._all_came.clear()
        self._all_came.wait(GATHER_SECONDS)

    def _serve(self, batch: "Sequence[_Waiting[Order, Outcome]]") -> None:
        try:
            outcomes = self._store([waiting.order for waiting in batch])
        except self._hopeless as error:
            for waiting in batch:
                waiting.error = error
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for waiting in batch:
                self._serve([waiting])
        else:
            for waiting, outcome in zip(batch, outcomes, strict=True):
                waiting.outcomes = (outcome,)


class _Waiting(Generic[Order, Outcome]):
    """An order in the queue, with the rest of its request."""

    __slots__ = ("error", "is_done", "leads", "order", "outcomes", "rest")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.outcomes: tuple[Outcome, ...] = ()
        self.error: Exception | None = None
        self.is_done = self.leads = False
        self.rest = rest()
