"""Supporting a similar idea while writing: kept on the phone, sent once, whatever the network does."""
import re
from dataclasses import replace

import pytest
from fault_proxy import DEAD, LOSE_REPLY, PASS
from live_server import PHONE, Server, start_server, stop_server
from outbox_phone import expect_all_sent, open_form, open_offline, time_of, wait_until_kept, write
from playwright.sync_api import Locator, Page, expect
from reacting_phone import Reactions, open_deck

pytestmark = pytest.mark.browser

HOUSE = Reactions

TYPED = "Sampah menumpuk di TPS, truk pengangkut sampah jarang datang"
KEPT = "Dukungan tersimpan di ponsel, belum terkirim."
ARRIVED = "Dukungan Anda tercatat. Terima kasih."


@pytest.fixture
def server(house: Reactions) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


def first_found(phone: Page) -> Locator:
    """The idea that resembles `TYPED` most."""
    phone.get_by_label("Tulis masukan Anda").fill(TYPED)
    found = phone.locator("#similar-ideas li").first
    expect(found).to_be_visible()
    return found


def support(found: Locator) -> str:
    """Support it; return the beginning of what it says."""
    found.get_by_role("button", name="Dukung yang ini").click()
    expect(found.get_by_role("button")).to_be_hidden()
    return found.locator("p").text_content().removesuffix("…").strip()


def supported(house: Reactions, phone: Page) -> list[tuple[str, int]]:
    return list(house.stored_of(phone).items())


def kind_of(house: Reactions, said: str) -> str:
    """What the page calls the kind of the entry that begins so."""
    ((_body, kind),) = house.read("SELECT body, kind FROM submission_version WHERE substr(body, 1, ?) = ?",
                                  str(len(said)), said).items()
    return {"problem": "Masalah", "proposal": "Usulan", "practice": "Praktik baik",
            "evaluation": "Evaluasi program"}[kind]


def test_support_without_a_network_survives_a_reload_and_a_lost_reply(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_offline(phone, server, house)
    found = first_found(phone)
    said = support(found)
    expect(found.get_by_role("status")).to_have_text(KEPT)
    picture(phone, "support-waiting-360")
    phone.reload()
    found = first_found(phone)
    expect(found.get_by_role("status")).to_have_text(KEPT)
    expect(found.get_by_role("button")).to_be_hidden()
    assert supported(house, phone) == []

    house.proxy.fault, met = LOSE_REPLY, house.proxy.n_met
    phone.context.set_offline(False)
    while house.proxy.n_met < met + 2:
        phone.wait_for_timeout(50)
    expect(found.get_by_role("status")).to_have_text(KEPT)
    house.proxy.fault = PASS
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(found.get_by_role("status")).to_have_text(ARRIVED, timeout=40_000)
    ((text, value),) = supported(house, phone)
    assert (text.startswith(said), value) == (True, 1)


def test_support_that_waits_is_the_last_choice_among_the_reactions(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_form(phone, server)
    found = first_found(phone)
    house.proxy.fault = DEAD
    said = support(found)
    expect(found.get_by_role("status")).to_have_text(KEPT)
    stopped: list[str] = []
    phone.route("**/state", lambda route: (stopped.append(route.request.url), route.abort()))  # it goes on waiting
    while not stopped:  # an attempt that began before would still get through
        phone.wait_for_timeout(50)
    house.proxy.fault = PASS
    open_deck(phone, server)
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Setuju")
    phone.get_by_role("link", name="Ubah").click()
    expect(phone.locator("[data-part=text]")).to_contain_text(said)
    kind = kind_of(house, said)
    expect(phone.locator("#deck [data-part=kind]")).to_have_text(kind)
    picture(phone, "support-changed-360")
    phone.goto(f"/s/{server.join_code}/react/mine")
    row = phone.get_by_role("listitem").filter(has_text=said)
    expect(row.get_by_role("status")).to_have_text("Tersimpan di ponsel, belum terkirim")
    expect(row.locator(".pill")).to_have_text(kind)
    picture(phone, "support-mine-360")
    open_deck(phone, server)
    phone.get_by_role("link", name="Ubah").click()
    phone.wait_for_timeout(300)
    phone.get_by_role("button", name="Tidak setuju").click()
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Tidak setuju")
    phone.unroute("**/state")
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-part=waiting]")).to_have_text("", timeout=40_000)
    ((text, value),) = supported(house, phone)
    assert (text.startswith(said), value) == (True, -1)


def test_what_is_refused_is_said_and_can_be_tried_again(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    found = first_found(phone)
    house.proxy.fault = DEAD
    said = support(found)
    whole = next(body for body in house.read("SELECT body, id FROM submission_version") if body.startswith(said))
    house.hide(whole, "hidden")
    try:
        house.proxy.fault = PASS
        phone.evaluate("dispatchEvent(new Event('online'))")
        expect(found.get_by_role("status")).to_have_text("Masukan ini sudah tidak ditampilkan.", timeout=40_000)
        assert supported(house, phone) == []
    finally:
        house.hide(whole, "accepted")
    assert support(found) == said
    expect(found.get_by_role("status")).to_have_text(ARRIVED)
    assert supported(house, phone) == [(whole, 1)]


def test_ideas_go_before_reactions_however_long_they_waited(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    wait_until_kept(phone, f"/s/{server.join_code}/ideas")
    house.proxy.fault, met = DEAD, house.proxy.n_met
    code = write(phone, "Dermaga nelayan lapuk sekali.")
    while house.proxy.n_met < met + 2:  # it failed before, and the support did not yet
        phone.wait_for_timeout(50)
    # Now every attempt fails at once, so that none is under way when the network comes back.
    phone.context.set_offline(True)
    house.proxy.fault = PASS
    found = first_found(phone)
    said = support(found)
    expect(found.get_by_role("status")).to_have_text(KEPT)
    sent: list[str] = []
    phone.on("requestfinished", lambda request: sent.append(request.url) if request.method == "POST" else None)
    phone.context.set_offline(False)
    expect_all_sent(phone, 1)
    expect(phone.locator("#similar-ideas").get_by_text(ARRIVED)).to_be_visible(timeout=40_000)
    assert [url.rpartition("/")[2] for url in sent] == [server.join_code, "react"]
    assert house.stored("Dermaga nelayan") == [code]
    ((text, value),) = supported(house, phone)
    assert (text.startswith(said), value) == (True, 1)


def test_too_many_reactions_hold_up_no_idea(browser, monkeypatch, tmp_path, picture):
    monkeypatch.setenv("FLASK_REACTIONS_PER_PHONE", "1")
    house = Reactions(start_server(tmp_path / "instance"))
    context = browser.new_context(viewport=PHONE, base_url=house.server.address, locale="id-ID",
                                  timezone_id="Asia/Jakarta")
    try:
        phone = context.new_page()
        open_form(phone, house.server)
        first_found(phone)
        phone.get_by_role("button", name="Dukung yang ini").first.click()
        expect(phone.locator("#similar-ideas").get_by_text(ARRIVED)).to_be_visible(timeout=40_000)
        with phone.expect_response(lambda answer: answer.status == 429) as refusal:
            phone.get_by_role("button", name="Dukung yang ini").first.click()
        waits = phone.locator("#similar-ideas [role=status]", has_text=KEPT)
        said = f"{KEPT} Batas kiriman tercapai; dikirim lagi {time_of(refusal.value)}."
        expect(waits).to_have_text(re.compile(f"^{said}$"))
        picture(phone, "support-limit-360")
        code = write(phone, "Tidak menunggu tanggapan: pompa air mati.")
        expect_all_sent(phone, 1)
        assert house.stored("Tidak menunggu tanggapan") == [code]
        assert len(supported(house, phone)) == 1
    finally:
        context.close()
        house.proxy.stop()
        stop_server(house.server)
