"""What waits on a phone outlives its browser: windows closed, days gone by, storage full, a new version in between."""
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from fault_proxy import DEAD, PASS
from live_server import PHONE, Server
from outbox_phone import WAITING, House, expect_all_sent, open_form, shown_code, states, wait_until_kept, write
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from test_outbox_troubles import FULL_DATABASE

pytestmark = pytest.mark.browser

N = 300
MONDAY, EVENING = datetime(2026, 11, 23, 8), datetime(2026, 11, 23, 20)
TUESDAY, WEDNESDAY = datetime(2026, 11, 24, 9), datetime(2026, 11, 25, 7)

# The others of a day are copies of its first idea, under keys and receipts of their own.
COPY = """async ([module, first, end]) => {
  const codes = await import(module.replace('outbox.js', 'receipt_code.js'));
  const { openStore } = await import(module.replace('outbox.js', 'outbox_store.js'));
  const store = await openStore();
  const pattern = (await store.all()).at(-1);
  for (let number = first + 1; number < end; number += 1) {
    const fields = pattern.fields.map(([name, value]) => [name, value.replace(`nomor ${first}.`, `nomor ${number}.`)]);
    await store.put({ ...pattern, key: codes.newKey(), receipt: codes.newReceipt(), order: number + 1, fields });
  }
  return (await store.all()).map(({ receipt }) => receipt);
}"""


class Phone:
    """A phone whose browser can be closed or die, and be opened again with what is on its disk."""

    def __init__(self, browser: Browser, options: dict, folder: Path) -> None:
        self.browser, self.options, self.folder = browser, options, folder
        self.context: BrowserContext | None = None

    def open(self, now: datetime, *, offline: bool, script: str = "") -> Page:
        self.context = self.browser.browser_type.launch_persistent_context(self.folder, **self.options)
        self.context.set_default_timeout(15_000)
        self.context.set_offline(offline)
        self.context.clock.install(time=now)
        self.context.add_init_script(script)
        return self.context.pages[0]

    def close(self) -> None:
        if self.context:
            self.context.close()
        self.context = None

    def die(self) -> None:
        """As when the battery is empty: every process of this browser ends at once."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.folder) in (process / "cmdline").read_text().replace("\0", " "):
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue  # it has ended meanwhile
        try:
            self.close()
        except Error:
            self.context = None


@pytest.fixture
def server(house: House) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


@pytest.fixture
def phone(browser: Browser, chromium: dict, server: Server, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(browser, {**chromium, "viewport": PHONE, "base_url": server.address, "locale": "id-ID"},
                  tmp_path / "profile")
    yield phone
    phone.close()


@pytest.fixture
def away(house: House) -> Callable[[Page], None]:
    """The phone leaves the network."""
    def leave(page: Page) -> None:
        page.context.set_offline(True)
        house.proxy.fault = DEAD

    return leave


def copies(page: Page, first: int, end: int) -> list[str]:
    """Copy the newest idea, number ``first``, up to number ``end``; receipts of all that the phone has."""
    return page.evaluate(COPY, [page.locator("#outbox").get_attribute("data-idle"), first, end])


def test_three_hundred_ideas_of_two_days_arrive_once(phone, server, house, away, picture):
    house.lift_limits()
    page = phone.open(MONDAY, offline=False)
    open_form(page, server)
    wait_until_kept(page, f"/s/{server.join_code}")
    versions = page.evaluate("caches.keys()")
    away(page)
    write(page, "Senin Selasa: nomor 0.")
    page.context.clock.set_system_time(EVENING)
    copies(page, 0, N // 2)
    phone.close()

    # The next day the place that holds most is full; what comes now finds another.
    page = phone.open(TUESDAY, offline=True, script=FULL_DATABASE)
    open_form(page, server)
    summary = page.locator("#outbox-title")
    expect(summary).to_contain_text(f"{N // 2}, belum terkirim {N // 2}")
    write(page, f"Senin Selasa: nomor {N // 2}.")
    receipts = copies(page, N // 2, N)
    page.reload()
    expect(summary).to_contain_text(f"{N}, belum terkirim {N}")
    assert states(page) == [WAITING] * N
    picture(page, "outbox-many-360")
    phone.close()

    # On the third day there is a network again, and a new version of the application.
    house.restart()
    house.proxy.changed = ("/sw.js", b"const FILES = [", b"const FILES = ['/healthz', ")
    house.proxy.fault = PASS
    page = phone.open(WEDNESDAY, offline=False)
    under_way, most = [], []
    page.on("request", lambda one: (under_way.append(one), most.append(len(under_way)))
            if one.method == "POST" else None)
    page.on("requestfinished", lambda one: under_way.remove(one) if one in under_way else None)
    try:
        open_form(page, server)
        body = page.get_by_label("Tulis masukan Anda")
        body.click()
        body.press_sequentially("Menulis sambil menunggu")
        expect(body).to_have_value("Menulis sambil menunggu")
        expect(page.locator("#outbox-title")).to_have_text(re.compile(rf"\({N}\)$"), timeout=120_000)
        expect_all_sent(page, N)
        expect(body).to_have_value("Menulis sambil menunggu")
        page.wait_for_function("async (before) => { const now = await caches.keys();"
                               " return now.length === 1 && now[0] !== before[0]; }", arg=versions)
    finally:
        house.proxy.changed = None
    assert max(most) == 1, "one after the other"
    assert len(most) == N, "each once"
    assert sorted(house.stored("Senin Selasa")) == sorted(receipts)
    assert len(set(receipts)) == N


def test_an_idea_with_its_photo_outlives_a_browser_that_dies(phone, server, house, away, tmp_path):
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "kecil.png")
    page = phone.open(MONDAY, offline=False)
    open_form(page, server)
    expect(page.locator("#photo + [role=status]")).to_be_attached()
    page.get_by_label("Foto").set_input_files(tmp_path / "kecil.png")
    expect(page.get_by_text("Foto siap dikirim")).to_be_visible()
    away(page)
    code = write(page, "Baterai habis: tiang listrik miring.")
    phone.die()

    house.proxy.fault = PASS
    page = phone.open(TUESDAY, offline=False)
    open_form(page, server)
    expect_all_sent(page, 1)
    assert shown_code(page) == ""
    assert house.stored("Baterai habis") == [code]
    page.goto(f"/r/{code}")
    page.get_by_role("link", name="Lihat foto").click()
    expect(page.locator("img")).to_be_visible()
    assert page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [60, 40]


def test_what_was_typed_is_there_when_the_browser_is_opened_again(phone, server):
    page = phone.open(MONDAY, offline=False)
    open_form(page, server)
    page.get_by_role("radio", name=re.compile("^Usulan")).check()
    page.get_by_label("Tulis masukan Anda").fill("Belum selesai ditulis")
    phone.close()
    page = phone.open(TUESDAY, offline=False)
    page.goto(f"/s/{server.join_code}")
    expect(page.get_by_label("Tulis masukan Anda")).to_have_value("Belum selesai ditulis")
    expect(page.get_by_role("radio", name=re.compile("^Usulan"))).to_be_checked()
    expect(page.get_by_role("radio", name=re.compile("^Warga"))).to_be_checked()
