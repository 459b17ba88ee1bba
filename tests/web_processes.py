"""Web processes beside each other on one database, as a city's server runs them, for tests."""
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from phone import FORM, JSON

from bench.serving import free_port

_ROOT = Path(__file__).parent.parent
_START_SECONDS = 60
_SERVE = """
import os, sys
import waitress
from wsgi import app

ports = sys.argv[1:]
while len(ports) > 1 and os.fork() == 0:
    del ports[0]
waitress.serve(app, listen=f"127.0.0.1:{ports[0]}", threads=16, _quiet=True)
"""
"""The application is loaded once, then each port gets a process of its own, before anything is open."""

_FORM_DATA = {**JSON, "Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def web_processes(app: Flask, n_processes: int, **settings: object) -> Iterator[list[int]]:
    """Ports of so many web processes on the database of ``app``; nothing but the database is between them."""
    config = {"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"], "QUEUE_URL": "inline",
              "SECRET_KEY": app.config["SECRET_KEY"], **settings}
    environment = {**os.environ, "FLASK_INSTANCE_PATH": app.instance_path,
                   **{f"FLASK_{name}": str(value) for name, value in config.items()}}
    ports = [free_port() for _ in range(n_processes)]
    family = subprocess.Popen([sys.executable, "-c", _SERVE, *map(str, ports)], cwd=_ROOT, env=environment,
                              start_new_session=True)
    try:
        for port in ports:
            _wait_until_open(port, family)
        yield ports
    finally:
        os.killpg(family.pid, signal.SIGTERM)
        family.wait(20)


def send_all(ports: list[int], entries: list[tuple[dict[str, str], str]], n_threads: int) -> list[tuple[int, Any, Any]]:
    """Send entries (fields, participant key) from so many threads, to each process in turn.

    Returns status, what the answer says, and its headers, in the order of ``entries``.
    """
    def send(port: int, entry: tuple[dict[str, str], str]) -> tuple[int, Any, Any]:
        fields, participant = entry
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", FORM, urlencode(fields), {**_FORM_DATA, "Cookie": f"participant={participant}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), answer.headers
        finally:
            connection.close()

    with ThreadPoolExecutor(n_threads) as threads:
        return list(threads.map(send, cycle(ports), entries))


def _wait_until_open(port: int, family: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and family.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("a web process did not start")
