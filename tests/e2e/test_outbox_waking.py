"""When the outbox tries again: after pauses that grow and differ from phone to phone, and when somebody looks at it."""
from dataclasses import replace

import pytest
from fault_proxy import DEAD, PASS, SERVER_ERROR
from live_server import PHONE, Server
from outbox_phone import WAITING, House, expect_all_sent, open_form, states, write
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FIRST_MS, LONGEST_MS = 500, 30_000
N_PAUSES = 10
# The timers of the queue, known by the function that they call: their pauses are noted. What comes of them is told.
_NOTE_PAUSES = """(() => {
  const set = window.setTimeout;
  window.pauses = [];
  window.setTimeout = (call, ms, ...more) => {
    if (call.name !== 'run') return set(call, ms, ...more);
    window.pauses.push(ms);
    return %s;
  };
})()"""
_AT_ONCE, _NEVER = "set(call, 0)", "0"


@pytest.fixture
def server(house: House) -> Server:
    """What browsers of this file reach: the proxy, without a fault at first."""
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


@pytest.fixture
def phone_noting(open_browser, server):
    """Open a form on a phone that notes the pauses of its queue, and makes them so long."""
    def opened(length: str) -> Page:
        phone = open_browser(PHONE)
        phone.add_init_script(_NOTE_PAUSES % length)
        open_form(phone, server)
        return phone
    return opened


def test_pauses_grow_up_to_a_limit_and_no_two_phones_keep_the_same(phone_noting, house):
    least = [min(LONGEST_MS, FIRST_MS * 2 ** n) / 2 for n in range(N_PAUSES)]
    kept = []
    for name in ("satu", "dua"):
        phone = phone_noting(_AT_ONCE)
        house.proxy.fault = SERVER_ERROR
        write(phone, f"Jeda {name}: rambu roboh.")
        phone.wait_for_function("(n) => pauses.length >= n", arg=N_PAUSES)
        house.proxy.fault = PASS
        expect_all_sent(phone, 1)
        pauses = phone.evaluate("pauses")[:N_PAUSES]
        assert all(low <= pause <= 2 * low for low, pause in zip(least, pauses, strict=True)), pauses
        kept += pauses
        phone.context.close()
    assert len(set(kept)) == len(kept), "phones that failed together ask together"


def test_whoever_looks_at_the_page_again_wakes_it(phone_noting, house):
    """Its timer never comes, as on a phone that sleeps in a pocket."""
    phone = phone_noting(_NEVER)
    house.proxy.fault = DEAD
    code = write(phone, "Dilihat lagi: papan nama jalan pudar.")
    phone.wait_for_function("() => pauses.length >= 1")
    house.proxy.fault = PASS
    _look(phone, is_hidden=True)
    phone.wait_for_timeout(500)
    assert states(phone) == [WAITING]

    _look(phone, is_hidden=False)
    expect_all_sent(phone, 1)
    assert house.stored("Dilihat lagi") == [code]


def _look(phone: Page, *, is_hidden: bool) -> None:
    phone.evaluate("""(isHidden) => {
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }""", is_hidden)
