"""A network that misbehaves between a browser and the application, one way at a time."""
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASS, LOSE_REPLY, SERVER_ERROR, BUSY, HANG, CAPTIVE_PORTAL, FOREIGN_404, DEAD, SLOW = (
    "pass", "lose the reply", "500", "busy", "hang", "captive portal", "foreign 404", "dead", "slow")
BUSY_SECONDS = 2
PIECE_BYTES = 200_000
_PORTAL = b"<!doctype html><title>Wifi</title><form action=/login><button>Masuk wifi</button></form>"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_NOT_PASSED_ON = {*_HOP_BY_HOP, "accept-encoding"}  # so that ``changed`` finds its bytes


class FaultProxy:
    """Passes everything on to ``backend``; with a fault, ideas that are sent (POST) meet it.

    `CAPTIVE_PORTAL` and `FOREIGN_404` answer everything themselves, `DEAD` cuts every connection. With `SLOW` a body
    gets through in pieces, one for each `let_through`. ``changed`` (path, old bytes, new bytes) makes one file another,
    as a new version of the application would.
    """

    server_class = ThreadingHTTPServer

    def __init__(self, backend: str, host: str = "127.0.0.1") -> None:
        self.backend, self.fault = backend, PASS
        self.met_at: list[float] = []  # when a request met a fault, by the monotonic clock
        self.changed: tuple[str, bytes, bytes] | None = None
        self.n_begun, self.n_missing = 0, 0  # slow bodies so far, and the bytes that the latest one still lacks
        self._pieces = threading.Semaphore(0)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                proxy._handle(self, b"")

            def do_POST(self) -> None:
                proxy._handle(self, proxy._body(self))

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        self._server = self.server_class((host, 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def n_met(self) -> int:
        return len(self.met_at)

    def let_through(self, n_pieces: int = 1) -> None:
        self._pieces.release(n_pieces)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _body(self, handler: BaseHTTPRequestHandler) -> bytes | None:
        size = int(handler.headers.get("Content-Length") or 0)
        if self.fault != SLOW:
            return handler.rfile.read(size)
        number, missing, parts = self.n_begun + 1, size, []
        self.n_missing = size
        self.n_begun = number  # last: who waits for it looks at the bytes next
        while missing:
            while not self._pieces.acquire(timeout=0.05) and self.fault == SLOW:
                pass
            parts.append(handler.rfile.read(min(PIECE_BYTES, missing)))
            if not parts[-1]:
                return None  # the browser has given up
            missing -= len(parts[-1])
            if number == self.n_begun:  # one that was given up may still be read while the next is under way
                self.n_missing = missing
        return b"".join(parts)

    def _handle(self, handler: BaseHTTPRequestHandler, body: bytes | None) -> None:
        if body is None:
            handler.close_connection = True
            return
        fault = self.fault
        if fault in (PASS, SLOW) or (handler.command == "GET" and fault not in (CAPTIVE_PORTAL, FOREIGN_404, DEAD)):
            self._pass_on(handler, body)
            return
        self.met_at.append(time.monotonic())
        if fault == CAPTIVE_PORTAL:
            _answer(handler, 200, [("Content-Type", "text/html")], _PORTAL)
        elif fault == FOREIGN_404:
            _answer(handler, 404, [("Content-Type", "text/html")], b"<h1>Not Found</h1>")
        elif fault == SERVER_ERROR:
            _answer(handler, 500, [("Content-Type", "text/html")], b"<h1>Internal Server Error</h1>")
        elif fault == BUSY:
            _answer(handler, 503, [("Retry-After", str(BUSY_SECONDS))], b"")
        elif fault == LOSE_REPLY:
            self._fetch(handler, body)
            handler.close_connection = True
        elif fault == HANG:
            while self.fault == HANG:
                time.sleep(0.05)
            handler.close_connection = True
        else:
            handler.close_connection = True

    def _pass_on(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            status, headers, content = self._fetch(handler, body)
        except (OSError, HTTPException):
            handler.close_connection = True  # the application is not there
            return
        if self.changed and handler.path == self.changed[0]:
            content = content.replace(*self.changed[1:])
        _answer(handler, status, headers, content)

    def _fetch(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(urlsplit(self.backend).netloc, timeout=30)
        try:
            connection.request(handler.command, handler.path, body or None, {
                name: value for name, value in handler.headers.items() if name.lower() not in _NOT_PASSED_ON})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


class _NarrowServer(ThreadingHTTPServer):
    """Little lies between browser and proxy: what the proxy has not read, the browser knows as not sent."""

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1_000)
        super().server_bind()


class NarrowProxy(FaultProxy):
    """The same over a narrow line, for `SLOW`."""

    server_class = _NarrowServer


def _answer(handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
    try:
        handler.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
    except OSError:
        handler.close_connection = True  # the browser has gone
