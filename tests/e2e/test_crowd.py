"""Many phones at once, on the server as it runs in a hall: slow ones hold up nobody, lost replies double nothing."""
from concurrent.futures import ThreadPoolExecutor

from bench import burst, slow_phones


def apart(measure, *arguments):
    """In a thread of its own: the browser of other tests keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(measure, *arguments).result()


def test_a_page_is_answered_while_slow_phones_hold_their_connections():
    figures = apart(slow_phones.measure, 60, 1, 2.0)

    assert figures.failures == 0
    assert figures.answers > 0
    assert figures.outlasting == figures.slow_phones == 120
    assert figures.dripped_bytes >= 60 * slow_phones.DRIP_BYTES
    assert figures.read_bytes >= 60


def test_a_hall_that_sends_at_once_and_loses_replies_is_stored_once():
    verdict = apart(burst.measure, 200, 1.0)

    assert verdict.is_clean, verdict
    assert verdict.lost_replies == 40
