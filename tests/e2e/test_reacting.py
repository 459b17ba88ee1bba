"""Reactions on a phone: buttons, arrow keys, fingers, no network; each ends as one row with the right sign."""
import re
from dataclasses import replace

import pytest
from fault_proxy import DEAD, LOSE_REPLY, PASS
from live_server import DESK, PHONE, Server
from outbox_phone import wait_until_kept
from playwright.sync_api import expect
from reacting_phone import Reactions, expect_all_sent, moved_on, open_deck, press, ready, swipe, text

pytestmark = pytest.mark.browser

HOUSE = Reactions

ROOMY = {"width": 360, "height": 1600}  # so that no card is taller than the hand
WAITING = re.compile("tanggapan tersimpan di ponsel, belum terkirim")


@pytest.fixture
def server(house: Reactions) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


def test_three_buttons_three_signs(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    picture(phone, "reactions-360")
    chosen = {press(phone, "Setuju"): 1, press(phone, "Tidak setuju"): -1, press(phone, "Lewati"): 0}
    expect_all_sent(phone)
    assert len(chosen) == 3
    assert house.stored_of(phone) == chosen


def test_the_last_one_can_be_changed_and_the_list_changes_any(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    first = press(phone, "Setuju")
    second = press(phone, "Setuju")
    waiting_third = text(phone)
    phone.get_by_role("link", name="Ubah").click()
    assert text(phone) == second
    expect(phone.get_by_role("button", name="Setuju", exact=True)).to_have_attribute("aria-pressed", "true")
    phone.wait_for_timeout(300)
    picture(phone, "reactions-change-360")
    assert press(phone, "Tidak setuju") == second
    assert text(phone) == waiting_third
    expect_all_sent(phone)
    assert house.stored_of(phone) == {first: 1, second: -1}

    phone.get_by_role("link", name="Tanggapan saya").click()
    expect(phone.locator("#my-reactions[data-ready]")).to_be_attached()
    picture(phone, "reactions-mine-360")
    entry = phone.get_by_role("listitem").filter(has_text=first)
    entry.get_by_role("button", name="Lewati").click()
    expect(entry.get_by_role("button", name="Lewati")).to_have_attribute("aria-pressed", "true")
    house.wait_for(phone, {first: 0, second: -1})


def test_arrow_keys_choose_but_never_where_somebody_types_or_reads_on(open_browser, server, house):
    desk = open_browser(DESK)
    open_deck(desk, server)
    expect(desk.get_by_text("Papan ketik:")).to_be_visible()
    chosen = {}
    for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 0)):
        before = text(desk)
        desk.keyboard.press(key)
        moved_on(desk, before)
        chosen[before] = sign
    before = text(desk)
    desk.keyboard.press("Control+ArrowRight")
    desk.keyboard.press("Shift+ArrowRight")
    desk.evaluate("""() => { const field = document.createElement('input'); field.id = 'field';
      document.querySelector('main').append(field); field.focus(); }""")
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp"):
        desk.keyboard.press(key)
    desk.evaluate("""() => { field.blur(); document.body.style.minHeight = '300vh'; scrollTo(0, 200); }""")
    desk.keyboard.press("ArrowUp")
    desk.wait_for_timeout(400)
    assert text(desk) == before
    expect_all_sent(desk)
    assert house.stored_of(desk) == chosen


def test_on_a_phone_the_keys_are_not_explained(open_browser, server):
    phone = open_browser(PHONE, has_touch=True, is_mobile=True)
    open_deck(phone, server)
    expect(phone.locator(".by-swipe:visible")).to_have_count(1)
    expect(phone.get_by_text("Papan ketik:")).to_be_hidden()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_finger_chooses_by_the_direction(open_browser, server, house, picture, motion):
    phone = open_browser(ROOMY, has_touch=True, is_mobile=True, reduced_motion=motion)
    open_deck(phone, server)
    chosen = {}
    for x, y, sign in ((120, 10, 1), (-120, 10, -1), (5, -110, 0)):
        before = text(phone)
        swipe(phone, x, y)
        moved_on(phone, before)
        chosen[before] = sign
    before = text(phone)
    for x, y in ((30, 0), (-40, 5), (0, -30), (90, 90), (0, 120)):  # too short, or neither here nor there
        swipe(phone, x, y)
    phone.wait_for_timeout(300)
    assert text(phone) == before
    expect_all_sent(phone)
    assert house.stored_of(phone) == chosen


def test_a_card_that_is_taller_than_the_hand_scrolls_and_is_not_passed(open_browser, server, house):
    phone = open_browser({"width": 360, "height": 300}, has_touch=True, is_mobile=True)
    open_deck(phone, server)
    # Whatever short text was drawn, its card is made a tall one.
    phone.evaluate("document.querySelector('[data-part=statement]').style.minHeight = '320px'; "
                   "dispatchEvent(new Event('resize'))")
    expect(phone.locator("[data-part=statement]")).to_have_attribute("data-moves", "sideways")
    assert "atas" not in phone.locator(".by-swipe:visible").text_content()
    before = text(phone)
    phone.evaluate("scrollTo(0, 80)")
    swipe(phone, 3, -80)
    phone.wait_for_function("() => scrollY > 100")
    assert text(phone) == before
    assert house.stored_of(phone) == {}


def test_three_reactions_without_a_network_arrive_once(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    path = f"/s/{server.join_code}"
    open_deck(phone, server)
    wait_until_kept(phone, f"{path}/react", f"{path}/statements")
    phone.context.set_offline(True)
    house.proxy.fault = DEAD
    phone.reload()
    ready(phone)
    chosen = {press(phone, "Setuju"): 1, press(phone, "Tidak setuju"): -1, press(phone, "Lewati"): 0}
    phone.get_by_role("link", name="Ubah").click()
    phone.wait_for_timeout(300)
    chosen[press(phone, "Setuju")] = 1
    expect(phone.get_by_text(WAITING)).to_contain_text("4 ")
    picture(phone, "reactions-offline-360")
    phone.reload()
    ready(phone)
    expect(phone.get_by_text(WAITING)).to_be_visible()
    assert text(phone) not in chosen
    assert house.stored_of(phone) == {}

    house.proxy.fault, met = LOSE_REPLY, house.proxy.n_met
    phone.context.set_offline(False)
    while house.proxy.n_met < met + 3:
        phone.wait_for_timeout(50)
    house.proxy.fault = PASS
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(phone)
    assert len(chosen) == 3
    assert house.stored_of(phone) == chosen
    phone.reload()
    ready(phone)
    assert text(phone) not in chosen


@pytest.mark.parametrize(("language", "scheme", "kept"), [
    ("Bahasa Indonesia", "light", "Tersimpan di ponsel, belum terkirim"),
    ("English", "dark", "Saved on the phone, not sent yet")])
def test_what_waits_is_in_the_list_of_ones_own_reactions(browser, server, house, picture, language, scheme, kept):
    context = browser.new_context(viewport=PHONE, base_url=server.address, locale="id-ID", color_scheme=scheme)
    phone = context.new_page()
    open_deck(phone, server)
    if language == "English":
        phone.get_by_role("link", name=language).click()
        ready(phone)
    path = f"/s/{server.join_code}/react"
    wait_until_kept(phone, path, f"{path}/mine")
    house.proxy.fault = DEAD
    phone.context.set_offline(True)
    chosen = text(phone)
    phone.locator("[data-swipe=right]").click()
    moved_on(phone, chosen)
    phone.goto(f"{path}/mine")
    row = phone.get_by_role("listitem").filter(has_text=chosen)
    expect(row.get_by_role("status")).to_have_text(kept)
    expect(row.locator("[data-swipe=right]")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("#no-reactions")).to_have_count(0)
    row.locator("[data-swipe=left]").click()
    expect(row.locator("[data-swipe=left]")).to_have_attribute("aria-pressed", "true")
    picture(phone, f"reactions-mine-waiting-360-{scheme}")
    house.proxy.fault = PASS
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(row.get_by_role("status")).to_have_text("", timeout=40_000)
    assert house.stored_of(phone) == {chosen: -1}
    context.close()


@pytest.mark.parametrize("pause", [0, 30, 60, 120, 150])
def test_a_page_that_comes_while_the_worker_begins_is_kept_too(open_browser, server, pause):
    """Chromium takes no page in charge that is on its way in that moment: some of these pauses meet it."""
    phone = open_browser(PHONE)
    phone.goto(f"/s/{server.join_code}/react")
    expect(phone.locator("#deck[data-ready]")).to_be_attached()
    phone.wait_for_timeout(pause)
    phone.get_by_role("link", name="English").click()
    ready(phone)
    path = f"/s/{server.join_code}/react"
    wait_until_kept(phone, path, f"{path}/mine")


def test_what_was_hidden_meanwhile_is_told_in_plain_words(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    house.proxy.fault = DEAD
    gone = press(phone, "Setuju")
    kept = press(phone, "Setuju")
    house.hide(gone, "hidden")
    try:
        house.proxy.fault = PASS
        phone.evaluate("dispatchEvent(new Event('online'))")
        expect_all_sent(phone)
        refused = phone.get_by_role("alert").get_by_role("listitem")
        expect(refused).to_contain_text("Masukan ini sudah tidak ditampilkan.")
        picture(phone, "reactions-refused-360")
        refused.get_by_role("button", name="Mengerti").click()
        expect(refused).to_have_count(0)
        assert house.stored_of(phone) == {kept: 1}
    finally:
        house.hide(gone, "accepted")


def test_what_waits_is_also_sent_from_the_form(open_browser, server, house):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    house.proxy.fault = DEAD
    chosen = press(phone, "Tidak setuju")
    house.proxy.fault = PASS
    phone.goto(f"/s/{server.join_code}")
    expect(phone.locator("#outbox[data-ready]")).to_be_attached()
    house.wait_for(phone, {chosen: -1})
    expect(phone.get_by_text("Masukan di ponsel ini")).to_be_hidden()


def test_the_double_tap_of_a_hasty_finger_is_one_choice(open_browser, server, house):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    before = text(phone)
    phone.get_by_role("button", name="Setuju", exact=True).dblclick(delay=20)
    moved_on(phone, before)
    expect_all_sent(phone)
    assert house.stored_of(phone) == {before: 1}


def test_without_scripts_the_page_is_a_form(open_browser, server, house):
    phone = open_browser(PHONE, java_script_enabled=False)
    phone.goto(f"/s/{server.join_code}/react")
    first = text(phone)
    phone.get_by_role("button", name="Setuju", exact=True).click()
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Setuju")
    phone.get_by_role("link", name="Ubah").click()
    assert text(phone) == first
    phone.get_by_role("button", name="Tidak setuju").click()
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Tidak setuju")
    assert house.stored_of(phone) == {first: -1}
