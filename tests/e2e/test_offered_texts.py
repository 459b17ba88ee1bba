"""What a phone offers of others, on cards and while one writes: never one's own, nothing that was hidden meanwhile."""
from dataclasses import replace

import pytest
from fault_proxy import PASS
from live_server import PHONE, Server
from outbox_phone import expect_all_sent, open_form, write
from playwright.sync_api import expect
from reacting_phone import Reactions

pytestmark = pytest.mark.browser

HOUSE = Reactions

TYPED = "Sampah menumpuk di TPS, truk pengangkut sampah jarang datang"


@pytest.fixture
def server(house: Reactions) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


def test_ones_own_idea_is_no_similar_idea(open_browser, server, house):
    phone = open_browser(PHONE, service_workers="block")
    phone.route("**/ideas", lambda route: route.abort())  # the first look at it is the one below
    open_form(phone, server)
    own = f"{TYPED} sejak musim hujan."
    write(phone, own)
    expect_all_sent(phone, 1)
    phone.unroute("**/ideas")
    assert own in phone.request.get(f"/s/{server.join_code}/ideas").json()["texts"].values()
    phone.reload()
    open_form(phone, server)
    phone.get_by_label("Tulis masukan Anda").fill(own)
    found = phone.locator("#similar-ideas li")
    expect(found.first).to_be_visible()
    assert own not in found.locator("p").all_text_contents()
