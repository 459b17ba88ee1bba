"""The server is killed under load and started again: phones lose nothing and nothing is stored twice."""
import pytest

from bench import kills

pytestmark = pytest.mark.sqlite_only


def test_three_kills_lose_nothing_double_nothing_and_rename_no_receipt():
    verdict = kills.measure(kills=3, phones=12)

    assert verdict.is_clean, verdict
    assert verdict.acknowledged > 20
    assert verdict.attempts > verdict.acknowledged
