"""Start everything with one command: database, demo, web server and worker; stop everything cleanly.

``make run`` and ``make venue`` call this. The parent serves the web with waitress (it buffers slow
phones); the worker is a child process of its own, so that a long analysis never holds up a page.
"""
import argparse
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import flask_migrate
import segno
from flask import Flask

from forum import create_app, jobs, web_server
from forum.demo import FirstStart, prepare_first_start
from forum.submissions.quick import is_quick

_WORKER_RESTART_SECONDS = 2.0
_STOP_SECONDS = 10.0

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Entry of ``python -m forum.serve``."""
    parser = argparse.ArgumentParser(prog="python -m forum.serve", description=__doc__.splitlines()[0])
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--venue", action="store_true", help="serve all phones on this machine's network")
    parser.add_argument("--worker", action="store_true", help="be the worker only")
    parser.add_argument("--parent", type=int, help="with --worker: process without which the worker ends")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for quiet in ("alembic", "huey", "waitress.queue"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    if options.worker:
        return _work(options.parent)
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    host = "0.0.0.0" if options.venue else options.host  # noqa: S104  (that is what a venue is for)
    shown_host = network_address() if host == "0.0.0.0" else host  # noqa: S104
    # Taken before anything is written: a second start on the same port must not touch the data.
    listener = _listen(host, options.port)
    if listener is None:
        print(f"Alamat {host}:{options.port} sudah dipakai. Pilih yang lain: PORT=8001 make run", file=sys.stderr)
        return 1
    address = f"http://{shown_host}:{listener.getsockname()[1]}"
    app = create_app()
    if not app.config["PUBLIC_URL"] and not app.config["PROXIES"]:
        app.config["PUBLIC_URL"] = address  # a QR that was opened on the laptop itself must serve the phones too
    with app.app_context():
        flask_migrate.upgrade()
        first_start = prepare_first_start()
    server = web_server.create(app, listener, app.config["WEB_THREADS"], is_quick)
    with _stopping(server), _worker():
        _announce(app, address, first_start, venue=options.venue)
        with contextlib.suppress(SystemExit):
            server.run()
    print("Berhenti. Semua data tersimpan.", flush=True)
    return 0


def _listen(host: str, port: int) -> socket.socket | None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        return None
    return listener


@contextlib.contextmanager
def _stopping(server: object) -> Iterator[None]:
    """Turn TERM and INT into an orderly end of the server's loop."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    try:
        yield
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_IGN)
        with contextlib.suppress(Exception):
            server.close()  # type: ignore[attr-defined]


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """Keep one worker process alive beside the web server."""
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def watch() -> None:
        while not stopping.is_set():
            # A process group of its own: Ctrl-C reaches the parent only, which then stops the worker.
            command = [sys.executable, "-m", "forum.serve", "--worker", "--parent", str(os.getpid())]
            process = subprocess.Popen(command, start_new_session=True)  # noqa: S603  (our own program)
            running[:] = [process]
            code = process.wait()
            if not stopping.is_set():
                logger.error("worker ended with code %s; starting it again", code)
                stopping.wait(_WORKER_RESTART_SECONDS)

    thread = threading.Thread(target=watch, name="worker-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        for process in running:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        thread.join(_STOP_SECONDS)


def _work(parent: int | None) -> int:
    def leave_with_parent() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    # A parent that was killed cannot tell its child; an orphan would keep the queue's file busy. The parent
    # names itself, because it may be gone before its child can ask who it was.
    if parent is not None:
        threading.Thread(target=leave_with_parent, name="parent-watch", daemon=True).start()
    jobs.work(create_app())
    return 0


def network_address() -> str:
    """This machine's address on the local network, found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a datagram socket only looks up the route
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def _announce(app: Flask, address: str, first_start: FirstStart, *, venue: bool) -> None:
    """Tell on the terminal where to go and how to sign in."""
    lines = ["", f"  {app.config['INSTALLATION_NAME']}", "", f"  Peserta   {address}/"]
    if first_start.join_code:
        lines.append(f"  Contoh    {address}/s/{first_start.join_code}   (sesi contoh, kode {first_start.join_code})")
    lines += [f"  Petugas   {address}/staff/", ""]
    if venue:
        lines += ["  MODE TEMPAT ACARA: semua ponsel di jaringan laptop ini dapat membuka alamat di atas.",
                  "  Pakai hanya di jaringan yang Anda percaya; lalu lintas http tidak disandikan.", ""]
    if first_start.sign_ins:
        lines.append("  Akun contoh (juga tersimpan di " + _short(first_start.sign_ins_path) + "):")
        lines += [f"    {username:<14} {password}" for username, password in first_start.sign_ins]
    elif first_start.sign_ins_path.exists():
        lines.append("  Akun contoh tersimpan di " + _short(first_start.sign_ins_path))
    print("\n".join(lines), flush=True)
    segno.make(f"{address}/s/{first_start.join_code}" if first_start.join_code else address + "/",
               micro=False).terminal(compact=True)
    print("  Ctrl-C untuk berhenti.", flush=True)


def _short(path: Path) -> str:
    """A path relative to where the command was started, when it is below."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


if __name__ == "__main__":
    raise SystemExit(main())
