"""The server's own loop answers quick requests, sets aside who waits for a commit, and is held up by nobody."""
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest

from forum import web_server
from forum.group_commit import GroupCommit
from forum.stepping_aside import Aside, Loop, _Request
from forum.submissions.quick import is_quick

N_WAITING = 40


class Store:
    """Stores orders once ``go`` is set; "bad" ones it refuses."""

    def __init__(self):
        self.began, self.go, self.stored = threading.Event(), threading.Event(), []

    def __call__(self, orders):
        self.began.set()
        self.go.wait(10)
        if "bad" in orders:
            raise ValueError("bad order")
        self.stored += orders
        return [order.upper() for order in orders]


class House:
    """A small application on our server with one thread: below /quick the loop answers, the rest the thread.

    ``/quick/put/x`` stores x and answers X; every answer names the thread that wrote it.
    """

    def __init__(self, timeout_seconds=10.0):
        self.store = Store()
        self.door = GroupCommit(self.store, timeout_seconds)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]

        def serve():
            server = web_server.create(self.answer, listener, 1, lambda asked: asked.path.startswith("/quick"))
            self.loop_thread = threading.current_thread().name
            try:
                server.run()
            finally:
                server.close()

        self.thread = threading.Thread(target=serve)
        self.thread.start()

    def answer(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/quick/end":
            raise SystemExit  # as a signal would, in the midst of whatever the loop does
        if path == "/quick/broken":
            raise KeyError(path)
        said = threading.current_thread().name
        if "/put/" in path:
            try:
                said = self.door.put(path.rpartition("/")[2])
            except Exception as error:
                said = type(error).__name__
        body = said.encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def ask(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read().decode() if answer.status == 200 else answer.status
        finally:
            connection.close()

    def end(self):
        self.store.go.set()
        with socket.create_connection(("127.0.0.1", self.port)) as phone:
            phone.sendall(b"GET /quick/end HTTP/1.1\r\nHost: x\r\n\r\n")
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture
def houses():
    """Opens houses; they are ended afterwards."""
    opened = []

    def open_house(*arguments):
        opened.append(House(*arguments))
        return opened[-1]

    yield open_house
    for house in opened:
        if house.thread.is_alive():
            house.end()


@pytest.fixture
def phones():
    with ThreadPoolExecutor(N_WAITING) as pool:
        yield pool


def wait_until(is_so):
    for _ in range(2000):
        if is_so():
            return
        threading.Event().wait(0.005)
    raise AssertionError("waited in vain")


def sending(house, phones, orders):
    """Futures of orders that all wait: the first of them is being stored."""
    answers = [phones.submit(house.ask, f"/quick/put/{orders[0]}")]
    assert house.store.began.wait(10)
    answers += [phones.submit(house.ask, f"/quick/put/{order}") for order in orders[1:]]
    wait_until(lambda: len(house.door._queue) == len(orders) - 1)
    return answers


def test_the_loop_answers_what_is_quick_and_a_thread_the_rest(houses):
    house = houses()
    assert house.ask("/quick") == house.loop_thread
    assert house.ask("/slow") == "waitress-0"


def test_many_wait_for_a_commit_without_a_thread_and_hold_up_nobody(houses, phones):
    house = houses()
    answers = sending(house, phones, [f"a{number}" for number in range(N_WAITING - 2)])

    assert house.ask("/quick") == house.loop_thread
    assert house.ask("/slow") == "waitress-0"
    assert not any(answer.done() for answer in answers)

    house.store.go.set()
    assert [answer.result() for answer in answers] == [f"A{number}" for number in range(N_WAITING - 2)]
    assert sorted(house.store.stored) == sorted(f"a{number}" for number in range(N_WAITING - 2))


def test_requests_with_and_without_a_thread_store_together(houses, phones):
    house = houses()
    answers = sending(house, phones, ["first", "second"])
    threaded = phones.submit(house.ask, "/slow/put/third")
    wait_until(lambda: len(house.door._queue) == 2)
    house.store.go.set()
    assert [*(answer.result() for answer in answers), threaded.result()] == ["FIRST", "SECOND", "THIRD"]
    assert house.ask("/slow/put/leads") == "LEADS"
    assert house.ask("/quick/put/follows") == "FOLLOWS"


def test_a_thread_that_leads_passes_the_lead_to_the_loop(houses, phones):
    house = houses()
    leader = phones.submit(house.ask, "/slow/put/leader")
    assert house.store.began.wait(10)
    waiting = phones.submit(house.ask, "/quick/put/waiting")
    wait_until(lambda: len(house.door._queue) == 1)
    house.store.go.set()
    assert (leader.result(), waiting.result()) == ("LEADER", "WAITING")


def test_a_bad_order_fails_alone(houses, phones):
    house = houses()
    answers = sending(house, phones, ["good", "bad", "also"])
    house.store.go.set()
    assert [answer.result() for answer in answers] == ["GOOD", "ValueError", "ALSO"]


def test_whoever_waits_too_long_is_told_and_not_stored(houses, phones):
    house = houses(0.05)
    answers = sending(house, phones, ["stored", "late"])
    assert [answer.result() for answer in answers] == ["WriteTimeout", "WriteTimeout"]
    house.store.go.set()
    wait_until(lambda: house.store.stored == ["stored"])  # the first one's commit was under way: a repeat finds it
    assert house.ask("/quick/put/next") == "NEXT"
    assert house.store.stored == ["stored", "next"]


def test_who_hangs_up_while_waiting_is_stored_and_harms_nobody(houses, phones):
    house = houses()
    answers = sending(house, phones, ["first", "second"])
    with socket.create_connection(("127.0.0.1", house.port)) as gone:
        gone.sendall(b"GET /quick/put/gone HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: len(house.door._queue) == 2)
    house.store.go.set()
    assert [answer.result() for answer in answers] == ["FIRST", "SECOND"]
    wait_until(lambda: "gone" in house.store.stored)
    assert house.ask("/quick") == house.loop_thread


def test_a_broken_view_fails_alone(houses):
    house = houses()
    assert house.ask("/quick/broken") == 500
    assert house.ask("/quick") == house.loop_thread


def test_two_requests_in_one_go_are_answered_in_their_order(houses):
    house = houses()
    house.store.go.set()
    with socket.create_connection(("127.0.0.1", house.port), timeout=10) as phone:
        phone.sendall(b"".join(b"GET /quick/put/%s HTTP/1.1\r\nHost: x\r\n\r\n" % one for one in (b"one", b"two")))
        came = b""
        while b"TWO" not in came:
            came += phone.recv(4096)
    assert came.index(b"ONE") < came.index(b"TWO")


def test_an_end_answers_those_who_wait(houses, phones):
    house = houses()
    answers = sending(house, phones, ["first", "second", "third"])
    ending = phones.submit(house.end)  # lets the store go on
    assert [answer.result() for answer in answers] == ["FIRST", "SECOND", "THIRD"]
    ending.result()


def test_a_request_that_fails_beyond_its_answer_ends_neither_the_loop_nor_the_others(caplog):
    loop = Loop(lambda: None)
    answered = []
    loop.start(lambda: {}["a connection that broke while it was served"])
    loop.start(lambda: answered.append("next"))
    loop.turn()
    assert answered == ["next"]
    assert "could not finish" in caplog.text


def test_who_is_woken_before_falling_asleep_does_not_sleep():
    loop = Loop(lambda: None)
    slept = []

    def answer():
        aside = Aside(request)
        aside.wake()
        aside.sleep(60)
        slept.append(aside)

    request = _Request(answer, loop)
    loop.start(request.switch)
    loop.turn()
    assert len(slept) == 1
    assert loop.turn() is False
    assert loop.is_idle


@pytest.mark.parametrize(("path", "fields", "expected"), [
    ("/s/KRM479", {}, True),
    ("/s/KRM479", {"content_length": 900, "headers": {"CONTENT_TYPE": "application/x-www-form-urlencoded"}}, True),
    ("/s/KRM479/state", {}, True),
    ("/s/KRM479", {"headers": {"CONTENT_TYPE": "multipart/form-data; boundary=x"}}, False),
    ("/s/KRM479", {"headers": {"CONTENT_TYPE": "Multipart/Form-Data; boundary=x"}}, False),
    ("/s/KRM479", {"content_length": 70_000}, False),
    ("/s/KRM479", {"chunked": True}, False),
    ("/s/KRM479/ideas", {}, False),
    ("/s/KRM479/react", {}, False),
    ("/s/KRM479/notice", {}, False),
    ("/s/", {}, False),
    ("/staff/", {}, False),
    ("/r/ABCD", {}, False),
])
def test_only_what_is_answered_from_memory_or_waits_for_a_commit_is_quick(path, fields, expected):
    asked = SimpleNamespace(**{"path": path, "chunked": False, "content_length": 0, "headers": {}, **fields})
    assert is_quick(asked) is expected
