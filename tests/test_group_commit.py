"""Many requests, one transaction: nobody is lost, nobody fails for a neighbour, nobody waits for ever."""
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import group_commit
from forum.group_commit import GroupCommit
from forum.write_lock import WriteTimeout


class Store:
    """A store that notes its batches; it stops at the first one until ``go`` is set, and refuses odd orders."""

    def __init__(self, *, held: bool = False, bad: frozenset[int] = frozenset()) -> None:
        self.batches: list[list[int]] = []
        self.stored: list[int] = []
        self.began, self.go, self.bad = Event(), Event(), bad
        if not held:
            self.go.set()

    def __call__(self, orders):
        self.batches.append(list(orders))
        self.began.set()
        self.go.wait(5)
        if self.bad & set(orders):
            raise ValueError("bad order")
        self.stored += orders
        return [order * 10 for order in orders]


def put_all(door, orders):
    def put(order):
        try:
            return door.put(order)
        except (ValueError, WriteTimeout) as error:
            return type(error)

    with ThreadPoolExecutor(max(len(orders), 1)) as threads:
        return list(threads.map(put, orders))


def while_the_first_is_stored(door, store, orders):
    """Outcomes of orders that come while an earlier one, number 1000, is being stored."""
    first = Thread(target=put_all, args=(door, [1000]))
    first.start()
    store.began.wait(5)
    with ThreadPoolExecutor(1) as behind:
        others = behind.submit(put_all, door, orders)
        while len(door._queue) < len(orders):
            pass
        store.go.set()
        outcomes = others.result()
    first.join()
    return outcomes


def test_who_comes_alone_is_stored_alone():
    store = Store()
    assert GroupCommit(store, 1.0).put(3) == 30
    assert store.batches == [[3]]


def test_who_comes_during_a_commit_is_stored_with_all_others_in_the_next():
    store = Store(held=True)
    outcomes = while_the_first_is_stored(GroupCommit(store, 5.0), store, list(range(12)))

    assert outcomes == [order * 10 for order in range(12)]
    assert store.batches[0] == [1000]
    assert sorted(store.batches[1]) == list(range(12))


def test_a_bad_order_fails_alone():
    store = Store(held=True, bad=frozenset({4}))
    outcomes = while_the_first_is_stored(GroupCommit(store, 5.0), store, list(range(8)))

    assert outcomes == [ValueError if order == 4 else order * 10 for order in range(8)]
    assert sorted(store.stored) == [0, 1, 2, 3, 5, 6, 7, 1000]


def test_when_the_database_is_busy_nobody_tries_again_in_vain():
    calls = []

    def busy(orders):
        calls.append(len(orders))
        raise WriteTimeout

    assert put_all(GroupCommit(busy, 1.0), [1, 2, 3]) == [WriteTimeout] * 3
    assert len(calls) <= 3


def test_whoever_waits_too_long_leaves_the_queue_and_is_not_stored():
    store = Store(held=True)
    door = GroupCommit(store, 0.05)
    first = Thread(target=put_all, args=(door, [1]))
    first.start()
    store.began.wait(5)

    assert put_all(door, [2]) == [WriteTimeout]
    store.go.set()
    first.join()
    assert store.stored == [1]
    assert door.put(3) == 30


def test_a_full_queue_turns_away_at_once(monkeypatch):
    monkeypatch.setattr(group_commit, "MAX_WAITING", 2)
    store = Store(held=True)
    door = GroupCommit(store, 5.0)
    first = Thread(target=put_all, args=(door, [1]))
    first.start()
    store.began.wait(5)
    with ThreadPoolExecutor(1) as behind:
        others = behind.submit(put_all, door, [2, 3])
        while len(door._queue) < 2:
            pass
        with pytest.raises(WriteTimeout):
            door.put(4)
        store.go.set()
        assert others.result() == [20, 30]
    first.join()


@settings(max_examples=30)
@given(orders=st.lists(st.integers(0, 50), unique=True, max_size=24), bad=st.frozensets(st.integers(0, 50), max_size=5))
def test_every_order_gets_its_own_answer(orders, bad):
    store = Store(bad=bad)
    assert put_all(GroupCommit(store, 5.0), orders) == [ValueError if one in bad else one * 10 for one in orders]
    assert sorted(store.stored) == sorted(set(orders) - bad)
