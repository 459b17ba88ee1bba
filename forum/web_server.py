"""The web server of ``make run``: waitress, which buffers slow phones, set up for a hall that polls."""
import gc
import resource
import socket

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

_CHANNEL_TIMEOUT_SECONDS = 60
_CONNECTIONS = 4000
"""A hall of a thousand phones, of which some open several and leave some behind."""

_OTHER_FILES = 200
"""Open files besides: database, queue, logs, libraries."""


class _Task(WSGITask):
    """Keeps the connection after an answer that has no body (304): waitress ends it for want of a length,
    and then every poll of every phone would open a connection of its own."""

    def set_close_on_finish(self) -> None:
        if self.has_body or self.version != "1.1" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()


class _Channel(HTTPChannel):
    task_class = _Task


def create(app: Flask, listener: socket.socket, threads: int) -> BaseWSGIServer:
    """The server on a bound socket; ``run()`` serves until the process is told to end."""
    # waitress alone would accept no more at 100, and poll() can watch any number where select() ends at 1024.
    server = waitress.create_server(app, sockets=[listener], threads=threads, ident="forum",
                                    connection_limit=_open_connections(), asyncore_use_poll=True,
                                    channel_timeout=_CHANNEL_TIMEOUT_SECONDS, clear_untrusted_proxy_headers=False)
    server.channel_class = _Channel
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
