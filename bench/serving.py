"""Servers to measure, started as people start them, each in a folder of its own that is gone afterwards."""
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_START_SECONDS = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Server:
    """A running server; ``code`` is the join code of its sample sitting, ``instance`` its folder."""

    port: int
    process: subprocess.Popen[bytes]
    code: str = ""
    instance: Path = Path()

    def cpu_seconds(self) -> float:
        """Processor time of the web process so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for child in children.read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
        self.process.kill()
        self.process.wait()


@contextmanager
def forum_server(environment: dict[str, str] | None = None) -> Iterator[Server]:
    """The application as ``make run`` starts it, with the sample consultation, in a new folder."""
    with TemporaryDirectory(prefix="forum-bench-") as folder:
        server = start_forum(Path(folder) / "instance", environment=environment)
        try:
            yield server
        finally:
            _end(server)


@contextmanager
def hello_server(*options: str) -> Iterator[Server]:
    """The bare page; ``--in-the-loop`` has it answered without a thread."""
    port = free_port()
    server = Server(port, subprocess.Popen([sys.executable, "-m", "bench.hello", "--port", str(port), *options]))
    try:
        _wait_until_answers(server)
        yield server
    finally:
        _end(server)


def start_forum(instance: Path, port: int = 0, environment: dict[str, str] | None = None) -> Server:
    """Start web and worker in ``instance``, which may hold data already; wait until it answers."""
    instance.mkdir(parents=True, exist_ok=True)
    log = instance.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "forum.serve", "--port", str(port)], stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {}), "FLASK_INSTANCE_PATH": str(instance), "PYTHONUNBUFFERED": "1"})
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        text = log.read_text(encoding="utf-8")
        found = re.search(r"Peserta +http://[^:]+:(\d+)/\n", text)
        code = re.search(r"kode (\w{6})\)", text)
        if found and code:
            server = Server(int(found[1]), process, code[1], instance)
            _wait_until_answers(server)
            return server
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_answers(server: Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server does not answer")


def _end(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
