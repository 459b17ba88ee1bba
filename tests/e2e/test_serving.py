"""``make run``: secrets that only their owner reads, a clean stop, a second start that keeps the data."""
import os
import signal
import stat
import subprocess
import sys
from http.client import HTTPConnection
from urllib.request import urlopen

from live_server import start_server, stop_server

from forum.serve import network_address


def test_it_starts_stops_cleanly_and_keeps_the_data(tmp_path):
    first = start_server(tmp_path / "instance")
    for name in ("sample-sign-ins.txt", "secret_key"):
        assert stat.S_IMODE((first.instance / name).stat().st_mode) == 0o600
    assert set(first.sign_ins) == {"administrator", "facilitator", "planner"}
    with urlopen(f"{first.address}/s/{first.join_code}", timeout=10) as answer:
        assert answer.status == 200
    assert stop_server(first) == 0
    assert _workers_of(first.instance) == []

    second = start_server(tmp_path / "instance")
    try:
        assert second.join_code == first.join_code
        assert second.sign_ins == first.sign_ins
        with urlopen(f"{second.address}/s/{first.join_code}", timeout=10) as answer:
            assert answer.status == 200
    finally:
        assert stop_server(second) == 0


def test_at_a_venue_it_answers_on_the_network_and_says_so(tmp_path):
    running = start_server(tmp_path / "instance", "--venue")
    try:
        assert running.address.startswith(f"http://{network_address()}:")
        announced = (tmp_path / "instance.log").read_text(encoding="utf-8")
        assert "MODE TEMPAT ACARA: semua ponsel di jaringan laptop ini" in announced
    finally:
        assert stop_server(running, signal.SIGINT) == 0


def test_a_taken_port_is_said_in_one_line(tmp_path):
    running = start_server(tmp_path / "instance")
    try:
        port = running.address.rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "forum.serve", "--port", port], capture_output=True, text=True, timeout=30,
            check=False, env={**os.environ, "FLASK_INSTANCE_PATH": str(tmp_path / "other")})
    finally:
        stop_server(running)
    assert second.returncode == 1
    assert f"127.0.0.1:{port} sudah dipakai" in second.stderr
    assert not (tmp_path / "other").exists()


def _workers_of(instance) -> list[str]:
    """Processes that still hold a file of the instance folder open."""
    found = []
    for process in os.listdir("/proc"):
        folder = f"/proc/{process}/fd"
        try:
            found += [process for name in os.listdir(folder)
                      if os.readlink(f"{folder}/{name}").startswith(str(instance))]
        except OSError:
            continue
    return found


def test_phones_that_poll_keep_their_connection_and_who_asks_to_close_is_obeyed(tmp_path):
    running = start_server(tmp_path / "instance")
    try:
        connection = HTTPConnection(running.address.partition("//")[2], timeout=10)

        def poll(**headers):
            connection.request("GET", f"/s/{running.join_code}/state", headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer

        etag = poll().headers["ETag"]
        kept = connection.sock
        assert [poll(**{"If-None-Match": etag}).status for _ in range(3)] == [304] * 3
        assert connection.sock is kept is not None
        assert poll(**{"If-None-Match": etag, "Connection": "close"}).headers["Connection"] == "close"
        assert connection.sock is None
    finally:
        assert stop_server(running) == 0
