"""More phones than the server has threads and connections to its database wait for one commit, and hold up nobody."""
import fcntl
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from live_server import Server, start_server, stop_server
from phone import JSON, PROBLEM

from forum import audit, create_app
from forum.consultations.services import close_session
from forum.db import db, utc_now
from forum.submissions import receipt
from forum.submissions.models import Submission

pytestmark = pytest.mark.sqlite_only
N_PHONES = 90


@pytest.fixture
def server(tmp_path):
    running = start_server(tmp_path / "instance")
    yield running
    if running.process.poll() is None:
        stop_server(running)


def connect(server: Server) -> HTTPConnection:
    address = urlsplit(server.address)
    return HTTPConnection(address.hostname, address.port, timeout=20)


def send(server: Server, connection: HTTPConnection, key: str, code: str) -> None:
    fields = {**PROBLEM, "area": "-", "key": key, "receipt": code}
    connection.request("POST", f"/s/{server.join_code}", urlencode(fields),
                       {**JSON, "Content-Type": "application/x-www-form-urlencoded"})


def answer(connection: HTTPConnection) -> tuple[int, str]:
    """Status and receipt."""
    came = connection.getresponse()
    return came.status, json.loads(came.read()).get("receipt")


def state(server: Server) -> dict[str, object]:
    with closing(connect(server)) as phone:
        phone.request("GET", f"/s/{server.join_code}/state")
        return json.loads(phone.getresponse().read())


Waiting = tuple[list[HTTPConnection], Callable[[], None]]


@contextmanager
def waiting_hall(server: Server, ideas: list[tuple[str, str]]) -> Iterator[Waiting]:
    """Phones that have all sent, while we are the one who writes into the database; and how to let them write."""
    with (server.instance / "forum.db.write-lock").open("a") as ours, ExitStack() as opened:
        fcntl.flock(ours, fcntl.LOCK_EX)
        phones = [opened.enter_context(closing(connect(server))) for _ in ideas]
        for phone, (key, code) in zip(phones, ideas, strict=True):
            send(server, phone, key, code)
        yield phones, ours.close


def test_pages_are_answered_while_a_hall_waits_for_a_commit(server):
    ideas = [(str(uuid4()), receipt.new()) for _ in range(N_PHONES)]
    with waiting_hall(server, ideas) as (phones, let_write):
        assert state(server)["open"] is True
        with closing(connect(server)) as other:
            other.request("GET", "/privacy")
            assert other.getresponse().status == 200
        assert not any(_has_answer(phone) for phone in phones)
        let_write()
        assert [answer(phone) for phone in phones] == [(201, code) for _key, code in ideas]


def test_repeats_of_a_closed_sitting_do_not_use_up_the_connections(server):
    key, code = str(uuid4()), receipt.new()
    with closing(connect(server)) as phone:
        send(server, phone, key, code)
        assert answer(phone) == (201, code)
    app = create_app({"INSTANCE_PATH": str(server.instance)})
    with app.app_context():
        sitting_id = db.session.scalars(db.select(Submission.forum_session_id).filter_by(key=key)).one()
        close_session(forum_session_id=sitting_id, actor=audit.COMMAND_LINE, now=utc_now())
    while state(server)["open"]:
        pass
    with waiting_hall(server, [(key, receipt.new())] * N_PHONES) as (phones, let_write):
        assert state(server)["open"] is False
        let_write()
        assert {answer(phone) for phone in phones} == {(201, code)}


def test_an_orderly_end_answers_those_who_wait(server):
    ideas = [(str(uuid4()), receipt.new()) for _ in range(N_PHONES)]
    with waiting_hall(server, ideas) as (phones, let_write):
        assert state(server)["open"] is True
        server.process.terminate()
        let_write()
        assert [answer(phone) for phone in phones] == [(201, code) for _key, code in ideas]
    assert server.process.wait(30) == 0


def _has_answer(phone: HTTPConnection) -> bool:
    phone.sock.setblocking(False)
    try:
        return bool(phone.sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        phone.sock.settimeout(20)
