"""The web server of ``make run``: waitress, which buffers slow phones, set up for a hall that polls."""
import gc
import resource
import socket
import time
from collections.abc import Callable

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from forum.stepping_aside import Loop

_CHANNEL_TIMEOUT_SECONDS = 60
_CONNECTIONS = 4000
"""A hall of a thousand phones, of which some open several and leave some behind."""

_OTHER_FILES = 200
"""Open files besides: database, queue, logs, libraries."""
_STOP_SECONDS = 5.0

IsQuick = Callable[[HTTPRequestParser], bool]
"""Whether a request is answered from memory, or waits for nothing but a commit: then it needs no thread."""


class _Task(WSGITask):
    """Keeps the connection after an answer that has no body (304): waitress ends it for want of a length,
    and then every poll of every phone would open a connection of its own."""

    def set_close_on_finish(self) -> None:
        if self.has_body or self.version != "1.1" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()


class _Channel(HTTPChannel):
    task_class = _Task


class Server(TcpWSGIServer):
    """waitress, whose loop answers quick requests itself."""

    channel_class = _Channel

    def __init__(self, app: Flask, settings: Adjustments, is_quick: IsQuick) -> None:
        (listener,) = settings.sockets
        self._is_quick = is_quick
        super().__init__(app, _sock=listener, adj=settings, bind_socket=False,
                         sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()))
        self._loop = Loop(self.trigger.pull_trigger)

    def add_task(self, task: HTTPChannel) -> None:
        """Of a channel with a whole request, or with the next one."""
        request = task.requests[0]
        if self._loop.is_here and not request.error and self._is_quick(request):
            self._loop.start(task.service)
        else:
            super().add_task(task)

    def pull_trigger(self) -> None:
        """Make the loop look again; it does so anyway after what it did itself."""
        if not self._loop.is_here:
            super().pull_trigger()

    def run(self) -> None:
        """Serve until the process is told to end; then answer what is under way."""
        try:
            has_more = False
            while self._map:
                wasyncore.poll2(0 if has_more else self.adj.asyncore_loop_timeout, self._map)
                has_more = self._loop.turn()
        except (SystemExit, KeyboardInterrupt):
            self.task_dispatcher.shutdown()
            deadline = time.monotonic() + _STOP_SECONDS
            while not self._loop.is_idle and time.monotonic() < deadline:
                self._loop.turn()
                time.sleep(0.01)


def create(app: Flask, listener: socket.socket, threads: int, is_quick: IsQuick = lambda _request: False) -> Server:
    """The server on a bound socket; ``run()`` serves in this thread until the process is told to end."""
    # waitress alone would accept no more at 100, and poll() can watch any number where select() ends at 1024.
    server = Server(app, Adjustments(sockets=[listener], threads=threads, ident="forum",
                                     connection_limit=_open_connections(), asyncore_use_poll=True,
                                     channel_timeout=_CHANNEL_TIMEOUT_SECONDS, clear_untrusted_proxy_headers=False),
                    is_quick)
    # What is loaded now stays for good: the collector need not look at it again and again under load.
    gc.collect()
    gc.freeze()
    return server


def _open_connections() -> int:
    """How many connections may be open at once: phones keep theirs for a while, and slow ones for minutes."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return wanted - _OTHER_FILES
