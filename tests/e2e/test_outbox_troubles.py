"""What stands in the way of an idea is said in plain words, and the idea is kept as well as the phone can."""
import re
from dataclasses import replace

import pytest
from fault_proxy import DEAD, PASS, FaultProxy
from live_server import PHONE, Server
from outbox_phone import (
    WAITING,
    House,
    expect_a_question_before_closing,
    expect_all_sent,
    open_form,
    shown_code,
    states,
    write,
)
from playwright.sync_api import expect

from forum.serve import network_address

pytestmark = pytest.mark.browser

ONLY_HERE = "Hanya ada di halaman ini, belum terkirim"
UNDELIVERABLE = "Tidak dapat dikirim"
PRIVATE_MODE = """
  Object.defineProperty(window, 'indexedDB', { get() { throw new Error('private'); } });
  Object.defineProperty(window, 'localStorage', { get() { throw new Error('private'); } });"""
NO_DATABASE = """
  indexedDB.open = () => { throw new DOMException('denied', 'InvalidStateError'); };
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"""
FULL = """
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"""
FULL_DATABASE = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture
def server(house: House) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


class TestASittingThatIsGone:
    def test_is_said_with_what_to_do_and_asked_for_no_more(self, open_browser, server, house, picture):
        phone = open_browser(PHONE)
        open_form(phone, server)
        house.proxy.fault = DEAD
        code = write(phone, "Sesi hilang: gorong-gorong runtuh.")
        house.rename_sitting(server.join_code, "ZZZ999")
        try:
            house.wait_until_known()
            house.proxy.fault = PASS
            phone.evaluate("dispatchEvent(new Event('online'))")
            entry = phone.locator("#outbox [data-part=list] li")
            expect(entry).to_contain_text(UNDELIVERABLE)
            expect(entry).to_contain_text("tidak dikenal")
            expect(entry).to_contain_text("fasilitator")
            expect(phone.locator("[data-part=now]")).to_be_hidden()
            picture(phone, "outbox-undeliverable-360")
            asked = []
            phone.on("request", lambda request: asked.append(request.url))
            for _ in range(3):
                phone.evaluate("dispatchEvent(new Event('online'))")
                phone.wait_for_timeout(300)
            assert asked == []
            phone.reload()
            expect(phone.get_by_text(UNDELIVERABLE)).to_be_visible()  # on the front door, with the reason
            with phone.expect_download() as download:
                phone.get_by_role("button", name="Simpan teks yang belum terkirim").click()
            saved = download.value.path().read_text(encoding="utf-8")
            assert "gorong-gorong runtuh" in saved
            assert f"Kode tanda terima {code}" in " ".join(saved.replace("-", "").split())
            with phone.expect_response(lambda answer: answer.url.endswith("/state")) as answer:
                phone.get_by_role("button", name="Coba kirim lagi").click()
            assert answer.value.status == 404
            expect(phone.get_by_text(UNDELIVERABLE)).to_be_visible()
        finally:
            house.rename_sitting("ZZZ999", server.join_code)
        phone.get_by_role("button", name="Coba kirim lagi").click()
        expect_all_sent(phone, 1)
        assert house.stored("Sesi hilang") == [code]

    def test_holds_up_no_other_idea(self, open_browser, server, house):
        phone = open_browser(PHONE)
        open_form(phone, server)
        house.proxy.fault = DEAD
        write(phone, "Terhalang: pintu air macet.")
        # In a turn of its own: an attempt under way would keep its count, and with it the address, after us.
        phone.evaluate("""async (module) => {
          const { openStore } = await import(module.replace('outbox.js', 'outbox_store.js'));
          const { inTurn } = await import(module.replace('outbox.js', 'outbox_turn.js'));
          const store = await openStore();
          const change = async () => {
            const [first] = await store.all();
            await store.put({ ...first, path: '/s/QQQ999' });
          };
          while (!await inTurn(change)) await new Promise((go) => setTimeout(go, 10));
        }""", phone.locator("#outbox").get_attribute("data-idle"))
        code = write(phone, "Tidak terhalang: talud retak.")
        house.proxy.fault = PASS
        phone.evaluate("dispatchEvent(new Event('online'))")
        expect_all_sent(phone, 1)
        assert house.stored("Tidak terhalang") == [code]
        expect(phone.get_by_text(UNDELIVERABLE)).to_be_visible()


class TestLimits:
    @pytest.mark.parametrize(("field", "text", "words"), [
        ("Tulis masukan Anda", "abc", "terlalu pendek"),
        ("Tulis masukan Anda", "x" * 2001, "Tulis masukan Anda"),
        ("Di mana tepatnya?", "x" * 201, "paling banyak 200")])
    def test_no_receipt_is_promised_for_what_the_server_would_refuse(self, open_browser, server, house, field, text,
                                                                     words):
        phone = open_browser(PHONE)
        open_form(phone, server)
        phone.get_by_role("radio", name=re.compile("^Masalah")).check()
        phone.get_by_label("Tulis masukan Anda").fill("Batas: papan nama jalan hilang.")
        phone.get_by_label(field).fill(text)
        phone.get_by_label("Saya setuju", exact=False).check()
        phone.get_by_role("button", name="Kirim", exact=True).click()
        expect(phone.get_by_role("alert").get_by_role("link", name=words)).to_be_visible()
        assert states(phone) == []
        assert shown_code(phone) == ""
        expect(phone.get_by_label(field)).to_have_value(text)


class TestClosing:
    def test_asks_while_an_idea_waits_that_no_page_could_send_later(self, house, browser):
        """Plain http to a private address: there the form opens again only while the hall's network is there."""
        venue = FaultProxy(house.server.address, network_address())
        context = browser.new_context(viewport=PHONE, base_url=venue.address, locale="id-ID")
        try:
            phone = context.new_page()
            open_form(phone, house.server)
            venue.fault = DEAD
            code = write(phone, "Alamat aula hilang: jembatan miring.")
            expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
            expect_a_question_before_closing(phone)
            venue.fault = PASS
            phone.evaluate("dispatchEvent(new Event('online'))")
            expect_all_sent(phone, 1)
            assert house.stored("Alamat aula hilang") == [code]
            with phone.expect_event("close"):
                phone.close(run_before_unload=True)
        finally:
            context.close()
            venue.stop()

    def test_asks_nothing_where_the_form_opens_again_without_a_network(self, open_browser, server, house):
        phone = open_browser(PHONE)
        open_form(phone, server)
        house.proxy.fault = DEAD
        write(phone, "Terbuka lagi: trotoar pecah.")
        expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
        with phone.expect_event("close"):
            phone.close(run_before_unload=True)


class TestStorage:
    def test_the_browser_is_asked_to_keep_what_waits_when_the_phone_gets_full(self, open_browser, server, house):
        phone = open_browser(PHONE)
        phone.context.new_cdp_session(phone).send("Browser.grantPermissions", {
            "origin": server.address, "permissions": ["durableStorage"]})
        open_form(phone, server)
        assert phone.evaluate("navigator.storage.persisted()") is False
        house.proxy.fault = DEAD
        write(phone, "Ruang simpan: parapet retak.")
        phone.wait_for_function("async () => await navigator.storage.persisted()")

    @pytest.mark.parametrize("trouble", [PRIVATE_MODE, NO_DATABASE, FULL], ids=["private", "no database", "full"])
    def test_an_idea_that_only_the_page_holds_is_called_so_and_still_sent(self, open_browser, server, house, picture,
                                                                          trouble, request):
        phone = open_browser(PHONE)
        phone.add_init_script(trouble)
        open_form(phone, server)
        name = request.node.callspec.id
        house.proxy.fault = DEAD
        code = write(phone, f"Tanpa tempat {name}: taman gelap.")
        expect(phone.locator("[data-part=says]")).to_have_text(ONLY_HERE)
        expect(phone.get_by_text("Jangan tutup halaman ini").first).to_be_visible()
        assert WAITING not in phone.locator("#outbox").inner_text()
        picture(phone, f"outbox-only-here-{name.replace(' ', '-')}")
        with phone.expect_download() as download:
            phone.get_by_role("button", name="Simpan teks yang belum terkirim").click()
        assert "taman gelap" in download.value.path().read_text(encoding="utf-8")
        expect_a_question_before_closing(phone)
        house.proxy.fault = PASS
        phone.evaluate("dispatchEvent(new Event('online'))")
        expect_all_sent(phone, 1)
        expect(phone.get_by_text("Jangan tutup halaman ini").first).to_be_hidden()
        assert house.stored(f"Tanpa tempat {name}") == [code]
        with phone.expect_event("close"):
            phone.close(run_before_unload=True)

    def test_typed_words_that_only_the_page_holds_are_not_closed_without_a_question(self, open_browser, server):
        phone = open_browser(PHONE)
        phone.add_init_script(FULL)
        open_form(phone, server)
        phone.get_by_label("Tulis masukan Anda").click()
        phone.keyboard.type("Belum selesai ditulis")
        expect_a_question_before_closing(phone)

    def test_a_full_database_leaves_the_other_place(self, open_browser, server, house):
        phone = open_browser(PHONE)
        phone.add_init_script(FULL_DATABASE)
        open_form(phone, server)
        house.proxy.fault = DEAD
        code = write(phone, "Basis data penuh: halte bocor.")
        expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
        house.proxy.fault = PASS
        phone.reload()
        expect_all_sent(phone, 1)
        assert house.stored("Basis data penuh") == [code]
