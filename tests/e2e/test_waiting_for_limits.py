"""Whoever sends more than is fair reads on the phone why it waits, and at what time it is sent."""
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from live_server import PHONE, Server, start_server, stop_server
from outbox_phone import House, expect_all_sent, open_form, time_of, write
from playwright.sync_api import Page, expect
from reacting_phone import open_deck, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation in which a phone may send one of each kind."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FLASK_ENTRIES_PER_PHONE", "1")
        environment.setenv("FLASK_REACTIONS_PER_PHONE", "1")
        house = House(start_server(tmp_path_factory.mktemp("house") / "instance"))
    yield house
    house.proxy.stop()
    stop_server(house.server)


@pytest.fixture
def server(house: House) -> Server:
    return replace(house.server, address=house.proxy.address)


def refusals(page: Page):
    return page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 429)


def test_an_idea_over_the_limit_names_the_reason_and_the_time(open_browser, server, house, picture):
    phone = open_browser(PHONE, timezone_id="Asia/Jakarta")
    open_form(phone, server)
    write(phone, "Batas: saluran pertama mampet.")
    expect_all_sent(phone, 1)
    with refusals(phone) as refusal:
        code = write(phone, "Batas: saluran kedua mampet.")
    advice = phone.locator("#outbox [data-part=advice]")
    expect(advice).to_contain_text("Batas kiriman tercapai")
    expect(advice).to_contain_text(re.compile(time_of(refusal.value)))
    expect(advice).not_to_contain_text("jaringan")
    picture(phone, "outbox-limit-360")
    with refusals(phone) as refusal:
        phone.reload()
    expect(phone.locator("#outbox summary")).to_contain_text(re.compile(f"dikirim lagi {time_of(refusal.value)}"))
    house.lift_limits()
    try:
        house.wait_until_known()
        phone.reload()
        expect_all_sent(phone, 2)
        expect(phone.locator("#outbox summary")).not_to_contain_text("dikirim lagi")
        assert house.stored("saluran kedua") == [code]
    finally:
        house.limit_again()


def test_a_reaction_over_the_limit_names_the_reason_and_the_time(open_browser, server):
    phone = open_browser(PHONE, timezone_id="Asia/Jakarta")
    open_deck(phone, server)
    press(phone, "Setuju")
    waiting = phone.locator("[data-part=waiting]")
    expect(waiting).to_have_text("")
    with refusals(phone) as refusal:
        press(phone, "Setuju")
    said = f"Batas kiriman tercapai; dikirim lagi {time_of(refusal.value)}[.]"
    expect(waiting).to_have_text(re.compile(f"^1 tanggapan .* {said}$"))
    with refusals(phone) as refusal:
        phone.goto(f"/s/{server.join_code}/react/mine")
    expect(waiting).to_contain_text(re.compile(f"dikirim lagi {time_of(refusal.value)}"))
