"""Nothing is lost: what is written on a phone arrives exactly once, whatever the network and the server do."""
import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from urllib.request import urlopen

import pytest
from fault_proxy import (
    BUSY,
    BUSY_SECONDS,
    CAPTIVE_PORTAL,
    DEAD,
    FOREIGN_404,
    HANG,
    LOSE_REPLY,
    PASS,
    SERVER_ERROR,
    FaultProxy,
)
from live_server import PHONE, Server
from outbox_phone import (
    WAITING,
    House,
    expect_all_sent,
    open_form,
    open_offline,
    states,
    wait_until_kept,
    write,
)
from PIL import Image
from playwright.sync_api import Page, expect

from forum.serve import network_address
from forum.submissions import receipt

pytestmark = pytest.mark.browser

@pytest.fixture
def server(house: House) -> Server:
    """What browsers of this file reach: the proxy, without a fault at first."""
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


def test_the_phone_makes_codes_as_the_server_does(open_browser, server):
    phone = open_browser(PHONE)
    open_form(phone, server)
    module = phone.locator("#outbox").get_attribute("data-idle").replace("outbox.js", "receipt_code.js")
    codes = phone.evaluate("async (path) => { const made = await import(path);"
                           " return Array.from({ length: 500 }, made.newReceipt); }", module)
    assert len(set(codes)) == 500
    assert all(receipt.is_valid(code) for code in codes)
    parts = [receipt.new()[:receipt.N_RANDOM] for _ in range(500)]
    checks = phone.evaluate("async ([path, parts]) => parts.map((await import(path)).checkCharacter)", [module, parts])
    assert checks == [receipt.check_character(part) for part in parts]


def test_an_idea_is_kept_with_its_receipt_then_sent(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_form(phone, server)
    house.proxy.fault = DEAD
    code = write(phone, "Kotak keluar: lampu gang padam.")
    expect(phone.get_by_role("heading", name="Tanda terima")).to_be_visible()
    expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
    assert receipt.is_valid(code)
    assert house.stored("lampu gang padam") == []
    picture(phone, "outbox-waiting-360")
    house.proxy.fault = PASS
    expect_all_sent(phone, 1)
    expect(phone.locator("[data-part=says]")).to_contain_text("Terkirim.")
    assert house.stored("lampu gang padam") == [code]
    assert phone.get_by_label("Warga").is_checked()
    assert not phone.get_by_label("Saya setuju", exact=False).is_checked()
    picture(phone, "outbox-sent-360")
    phone.locator("[data-part=now]").get_by_role("link", name="Buka tanda terima").click()
    expect(phone.get_by_text("Masukan diterima")).to_be_visible()


@pytest.mark.parametrize("fault", [LOSE_REPLY, SERVER_ERROR, CAPTIVE_PORTAL, FOREIGN_404, HANG])
def test_only_the_servers_own_answer_is_an_arrival(open_browser, server, house, fault):
    phone = open_browser(PHONE)
    open_form(phone, server)
    met = house.proxy.n_met
    house.proxy.fault = fault
    code = write(phone, f"Gangguan {fault}: selokan mampet.")
    while house.proxy.n_met < met + (1 if fault == HANG else 3):
        phone.wait_for_timeout(50)
    expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
    assert len(house.stored(f"Gangguan {fault}")) == (1 if fault == LOSE_REPLY else 0)
    house.proxy.fault = PASS
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(phone, 1)
    assert house.stored(f"Gangguan {fault}") == [code]


def test_a_busy_server_is_left_in_peace_for_as_long_as_it_asked(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    met = house.proxy.n_met
    house.proxy.fault = BUSY
    code = write(phone, "Server ramai: jembatan goyah.")
    while house.proxy.n_met == met:
        phone.wait_for_timeout(20)
    for _ in range(5):
        phone.evaluate("dispatchEvent(new Event('online'))")
        phone.wait_for_timeout(100)
    # On a slow machine this may have taken longer than the server asked for; then the phone may ask again.
    assert all(later - earlier >= BUSY_SECONDS for earlier, later in pairwise(house.proxy.met_at[met:]))
    house.proxy.fault = PASS
    expect_all_sent(phone, 1)
    assert house.stored("Server ramai") == [code]


def test_one_page_of_a_phone_sends_and_the_others_see_it(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    other = phone.context.new_page()
    open_form(other, server)
    _one_sends(house, house.proxy, phone, other, "Dua halaman")


def _one_sends(house: House, proxy: FaultProxy, phone: Page, other: Page, words: str) -> None:
    met = proxy.n_met
    proxy.fault = HANG
    code = write(phone, f"{words}: selokan bau.")
    while proxy.n_met == met:
        phone.wait_for_timeout(20)
    for _ in range(5):
        other.evaluate("dispatchEvent(new Event('online'))")
        other.wait_for_timeout(100)
    assert proxy.n_met == met + 1
    proxy.fault = PASS
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(phone, 1)
    other.reload()
    expect_all_sent(other, 1)
    assert house.stored(words) == [code]


def test_three_ideas_written_offline_arrive_once_over_a_restart_and_lost_replies(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    wait_until_kept(phone, f"/s/{server.join_code}")
    phone.context.set_offline(True)
    house.proxy.fault = DEAD
    codes = [write(phone, f"Tanpa jaringan {number}: trotoar rusak.") for number in range(3)]
    phone.reload()
    expect(phone.get_by_text(WAITING)).to_have_count(3)
    assert states(phone) == [WAITING] * 3
    house.restart()
    house.proxy.fault, met = LOSE_REPLY, house.proxy.n_met
    phone.context.set_offline(False)
    while house.proxy.n_met < met + 4:
        phone.wait_for_timeout(50)
    house.proxy.fault = PASS
    expect_all_sent(phone, 3)
    assert sorted(house.stored("Tanpa jaringan")) == sorted(codes)
    shown = "".join(states(phone)).replace("-", "")
    assert all(code in shown for code in codes)


def test_a_photo_waits_with_its_idea(open_browser, server, house, tmp_path):
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "kecil.png")
    phone = open_browser(PHONE)
    open_form(phone, server)
    expect(phone.locator("#photo + [role=status]")).to_be_attached()
    phone.get_by_label("Foto").set_input_files(tmp_path / "kecil.png")
    expect(phone.get_by_text("Foto siap dikirim")).to_be_visible()
    house.proxy.fault = DEAD
    code = write(phone, "Bergambar: pagar roboh.")
    expect(phone.get_by_text("Foto siap dikirim")).to_be_hidden()
    house.proxy.fault = PASS
    phone.reload()
    expect_all_sent(phone, 1)
    assert house.stored("Bergambar") == [code]
    phone.goto(f"/r/{code}")
    phone.get_by_role("link", name="Lihat foto").click()
    expect(phone.locator("img")).to_be_visible()
    assert phone.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [60, 40]


def test_similar_ideas_show_without_a_network(open_browser, server, house):
    phone = open_browser(PHONE)
    open_offline(phone, server, house)
    phone.get_by_label("Tulis masukan Anda").fill("Sampah menumpuk di tempat pembuangan dekat pasar dan berbau")
    expect(phone.get_by_role("heading", name="Mirip dengan masukan ini?")).to_be_visible()


@pytest.mark.parametrize("year", [2016, 2036])
def test_a_phone_with_a_wrong_clock_sends_all_the_same(open_browser, server, house, year):
    phone = open_browser(PHONE)
    phone.clock.set_fixed_time(datetime(year, 11, 25))
    open_form(phone, server)
    codes = [write(phone, f"Jam {year}: {words}") for words in ("banjir rob.", "jalan retak.")]
    expect_all_sent(phone, 2)
    assert house.stored(f"Jam {year}") == codes


def test_a_refused_idea_stays_until_its_author_decides(open_browser, server, house, picture):
    phone = open_browser(PHONE)
    open_form(phone, server)
    house.set_state("closed")
    try:
        house.wait_until_known()
        write(phone, "Ditolak dahulu: pasar becek.")
        refused = phone.locator("#outbox [data-part=list] li")
        expect(refused).to_contain_text("Perlu Anda lihat")
        expect(refused).to_contain_text("belum tersimpan di server")
        picture(phone, "outbox-refused-360")
        with phone.expect_download() as download:
            phone.get_by_role("button", name="Simpan teks yang belum terkirim").click()
        assert "Ditolak dahulu: pasar becek." in download.value.path().read_text(encoding="utf-8")
    finally:
        house.set_state("open")
    house.wait_until_known()
    phone.get_by_role("button", name="Perbaiki, lalu kirim lagi").click()
    expect(phone.get_by_label("Tulis masukan Anda")).to_have_value("Ditolak dahulu: pasar becek.")
    write(phone, "Ditolak dahulu: pasar becek dan gelap.")
    expect_all_sent(phone, 1)
    assert len(house.stored("Ditolak dahulu")) == 1
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Hapus dari ponsel").click()
    expect(phone.locator("#outbox")).to_be_hidden()


def test_a_new_version_of_the_phones_part_arrives_at_the_next_load(open_browser, server, house):
    phone = open_browser(PHONE)
    open_form(phone, server)
    wait_until_kept(phone)
    before = phone.evaluate("caches.keys()")
    house.proxy.fault = DEAD
    code = write(phone, "Versi baru: halte rusak.")
    house.proxy.fault = PASS
    house.proxy.changed = ("/sw.js", b"const FILES = [", b"const FILES = ['/healthz', ")
    try:
        open_form(phone, server)
        phone.wait_for_function("async (before) => { const now = await caches.keys();"
                                " return now.length === 1 && now[0] !== before[0]; }", arg=before)
        expect_all_sent(phone, 1)
    finally:
        house.proxy.changed = None
    assert house.stored("Versi baru") == [code]
    wait_until_kept(phone, f"/s/{server.join_code}")


def test_on_plain_http_in_a_private_network_everything_but_offline_opening_works(open_browser, server, house, browser):
    venue = FaultProxy(house.server.address, network_address())
    context = browser.new_context(viewport=PHONE, base_url=venue.address, locale="id-ID")
    try:
        phone, other = context.new_page(), context.new_page()
        open_form(phone, server)
        open_form(other, server)
        assert phone.evaluate("[isSecureContext, 'randomUUID' in crypto, 'serviceWorker' in navigator]") == [False] * 3
        _one_sends(house, venue, phone, other, "Jaringan polos")
    finally:
        context.close()
        venue.stop()


def test_the_service_worker_is_never_kept_and_names_what_it_keeps(server):
    with urlopen(f"{server.address}/sw.js", timeout=10) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        files = re.findall(r'"(/[^"]+)"', answer.read().decode().partition("\n")[0])
    weight = 0
    for path in files:
        with urlopen(server.address + path, timeout=10) as answer:
            assert "max-age=31536000" in answer.headers["Cache-Control"]
            weight += len(answer.read())
    assert 0 < weight <= 60_000, weight
