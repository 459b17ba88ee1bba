"""The server is killed under load and started again: phones lose nothing and nothing is stored twice."""
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench import kills

pytestmark = pytest.mark.sqlite_only


def test_three_kills_lose_nothing_double_nothing_and_rename_no_receipt():
    # In a thread of its own: the browser of other tests keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        verdict = thread.submit(kills.measure, kills=3, phones=12).result()

    assert verdict.is_clean, verdict
    assert verdict.acknowledged > 20
    assert verdict.attempts > verdict.acknowledged
