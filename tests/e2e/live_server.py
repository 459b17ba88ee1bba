"""The application as ``make run`` starts it, for tests that need it whole."""
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True)
class Server:
    """A running installation: its address, the sample's join code and sign-ins, its instance folder."""

    address: str
    join_code: str
    sign_ins: dict[str, str]
    instance: Path
    process: subprocess.Popen


def start_server(instance: Path, *options: str) -> Server:
    """Start web and worker in ``instance`` on a free port; wait until the first page would be answered."""
    log = instance.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "forum.serve", "--port", "0", *options], stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "FLASK_INSTANCE_PATH": str(instance), "PYTHONUNBUFFERED": "1"})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"Peserta +(http://\S+)/\n", log.read_text(encoding="utf-8"))
        if found and _answers(found[1]):
            code = re.search(r"kode (\w{6})\)", log.read_text(encoding="utf-8"))
            lines = (instance / "sample-sign-ins.txt").read_text(encoding="utf-8").splitlines()
            return Server(found[1], code[1], dict(line.split(" ", 1) for line in lines), instance, process)
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def stop_server(server: Server, request: signal.Signals = signal.SIGTERM) -> int:
    """Ask the server to stop, as a service manager (TERM) or Ctrl-C (INT) would; return its exit code."""
    server.process.send_signal(request)
    return server.process.wait(30)


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def sign_in(page: Page, server: Server, role: str) -> None:
    page.goto("/staff/")
    page.get_by_label("Nama akun").fill(role)
    page.get_by_label("Kata sandi").fill(server.sign_ins[role])
    page.get_by_role("button", name="Masuk").click()
