"""Requests that the loop of the web server answers itself, and that step aside while they wait.

Threads that take turns at the interpreter cost a full hall five times what its requests do, so what a hall asks for
thousands of times, and is answered from memory, is answered by the loop. Nothing may hold the loop up: whoever waits
for a commit there is set aside (a greenlet), and goes on when it is done.
"""
import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import Protocol

from greenlet import getcurrent, greenlet

logger = logging.getLogger(__name__)

Work = Callable[[], object]


class Rest(Protocol):
    """How one request waits, once; ``wake`` may come from any thread, also before the sleep.

    ``loop`` answers the request; ``None`` when a thread of its own does.
    """

    loop: "Loop | None"

    def sleep(self, seconds: float) -> None: ...

    def wake(self) -> None: ...


class Loop:
    """What the server's loop does between two looks at the network; made and turned in one thread.

    Parameters
    ----------
    call : makes the loop turn soon, from any thread.
    """

    def __init__(self, call: Work) -> None:
        self._call = call
        self._thread = threading.get_ident()
        self._ready: deque[Work] = deque()
        self._aside: deque[Aside] = deque()
        self._is_called = False
        self._tasks: SimpleQueue[Work] = SimpleQueue()
        threading.Thread(target=self._work, name="storing", daemon=True).start()

    @property
    def is_here(self) -> bool:
        """Whether the caller is in the loop's thread."""
        return threading.get_ident() == self._thread

    @property
    def is_idle(self) -> bool:
        """Whether no request waits or is ready."""
        return not self._ready and not any(one.is_asleep for one in self._aside)

    def start(self, answer: Work) -> None:
        """Have a request answered in the next turn."""
        self._ready.append(_Request(answer, self).switch)

    def turn(self) -> bool:
        """Go on with every request that can; return whether more can meanwhile."""
        self._is_called = False
        for _ in range(len(self._ready)):
            self._ready.popleft()()
        now = monotonic()
        while self._aside and (self._aside[0].until <= now or not self._aside[0].is_asleep):
            self._aside.popleft().go_on()
        return bool(self._ready)

    def go_on_with(self, aside: "Aside") -> None:
        self._ready.append(aside.go_on)
        if not self._is_called:  # once for all whom one commit wakes
            self._is_called = True
            self._call()

    def set_aside(self, aside: "Aside") -> None:
        self._aside.append(aside)

    def in_a_thread(self, work: Work) -> None:
        """Have something done that takes its time."""
        self._tasks.put(work)

    def _work(self) -> None:
        while True:
            _run(self._tasks.get())


def _run(work: Work) -> None:
    """One failure must end neither the loop nor its thread."""
    try:
        work()
    except Exception:
        logger.exception("The server's loop could not finish %r", work)


class _Request(greenlet):
    """One request under way in the loop."""

    def __init__(self, answer: Work, loop: Loop) -> None:
        super().__init__(lambda: _run(answer))
        self.loop = loop


class Aside:
    """The wait of a request that the loop answers. All waits of a loop are equally long: they end in their order."""

    __slots__ = ("_is_awake", "_request", "is_asleep", "loop", "until")

    def __init__(self, request: _Request) -> None:
        self._request, self.loop = request, request.loop
        self._is_awake = self.is_asleep = False
        self.until = 0.0

    def sleep(self, seconds: float) -> None:
        """Until woken, or so long; the loop does other things meanwhile."""
        if self._is_awake:
            return
        self.is_asleep, self.until = True, monotonic() + seconds
        self.loop.set_aside(self)
        self._request.parent.switch()

    def wake(self) -> None:
        self._is_awake = True
        self.loop.go_on_with(self)

    def go_on(self) -> None:
        """For the loop: end the sleep, if there still is one."""
        if self.is_asleep:
            self.is_asleep = False
            self._request.switch()


class Nap:
    """The wait of a request that has a thread (a bare lock is woken at half the price of an event)."""

    __slots__ = ("_asleep",)
    loop = None

    def __init__(self) -> None:
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float) -> None:
        self._asleep.acquire(timeout=seconds)

    def wake(self) -> None:
        """Leaders come one after the other: no two call this at once."""
        if self._asleep.locked():
            self._asleep.release()


def rest() -> Rest:
    """A wait for the request under way."""
    request = getcurrent()
    return Aside(request) if isinstance(request, _Request) else Nap()
