"""Right and wrong receipt codes are answered after the same time: the grid, its doors, and how many it may hold."""
from threading import Event, Thread

import pytest
from phone import FROM_OUR_PAGE, JSON, open_sitting, sent

from forum import even_answers
from forum.even_answers import EvenAnswers
from forum.submissions import queries
from forum.submissions import receipt as receipts

RIGHT_COSTS, WRONG_COSTS = 0.031, 0.004


class Clock:
    """A clock that moves only when somebody works or sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(even_answers, "monotonic", clock)
    monkeypatch.setattr(even_answers, "sleep", clock.sleep)
    return clock


def around(clock, cost):
    """The middleware around an application that takes ``cost`` seconds."""

    def app(_environ, _start_response):
        clock.now += cost
        return [b"x"]

    return EvenAnswers(app, "/r", places=2)


def leaves_after(clock, middleware, path="/r/X"):
    began = clock.now
    assert list(middleware({"PATH_INFO": path}, None)) == [b"x"]
    return pytest.approx(clock.now - began)


class TestGrid:
    @pytest.mark.parametrize(("cost", "leaves"), [
        (0.001, 0.05), (0.004, 0.05), (0.0499, 0.05), (0.0501, 0.1), (0.12, 0.15), (3.21, 3.25)])
    def test_an_answer_leaves_at_the_next_line_after_it_is_ready(self, clock, cost, leaves):
        assert leaves_after(clock, around(clock, cost)) == leaves

    @pytest.mark.parametrize("path", ["/", "/s/KRM479", "/results", "/rr", "", "/r2/x"])
    def test_other_doors_do_not_wait(self, clock, path):
        assert leaves_after(clock, around(clock, 0.004), path) == 0.004
        assert clock.slept == []

    def test_when_all_places_are_taken_an_answer_leaves_at_once_and_places_come_back(self, monkeypatch):
        held, free = Event(), Event()
        slept = []

        def sleep(seconds):
            slept.append(seconds)
            held.set()
            assert free.wait(10)

        monkeypatch.setattr(even_answers, "sleep", sleep)
        middleware = EvenAnswers(lambda _environ, _start: [b"x"], "/r", places=1)
        first = Thread(target=middleware, args=({"PATH_INFO": "/r"}, None))
        first.start()
        assert held.wait(10)
        assert list(middleware({"PATH_INFO": "/r"}, None)) == [b"x"]
        assert len(slept) == 1, "the second did not wait for the first"
        free.set()
        first.join(10)
        middleware({"PATH_INFO": "/r"}, None)
        assert len(slept) == 2, "the place is free again"


class TestReceiptDoors:
    @pytest.fixture
    def costly(self, app, clock, monkeypatch):
        """The whole application, in which a code that exists costs more than others."""
        find = queries.submission_by_receipt

        def find_slowly(typed):
            found = find(typed)
            clock.now += WRONG_COSTS if found is None else RIGHT_COSTS
            return found

        monkeypatch.setattr(queries, "submission_by_receipt", find_slowly)
        return app

    @pytest.mark.parametrize("headers", [{}, JSON, {"Accept": "image/webp"}, {"Accept": "text/*;q=0.1, */*;q=0"},
                                         {"Accept-Encoding": "gzip"}])
    def test_right_unknown_and_misread_codes_take_the_same_time(self, costly, clock, headers):
        open_sitting(costly)
        phone = costly.test_client()
        code = sent(phone).rpartition("/")[2]
        misread = code[:-1] + ("A" if code[-1] != "A" else "B")
        for door in (lambda typed: phone.get(f"/r/{typed}", headers=headers),
                     lambda typed: phone.head(f"/r/{typed}", headers=headers),
                     lambda typed: phone.get(f"/r/{typed}/photo", headers=headers),
                     lambda typed: phone.get(f"/r/{typed}/correct", headers=headers),
                     lambda typed: phone.post(f"/r/{typed}/contact/withdraw", headers={**FROM_OUR_PAGE, **headers}),
                     lambda typed: phone.post("/r", data={"receipt": typed}, headers={**FROM_OUR_PAGE, **headers})):
            took = []
            for typed in (code, receipts.new(), misread, "x"):
                began = clock.now
                door(typed)
                took.append(clock.now - began)
            assert took == [pytest.approx(0.05)] * 4
