"""A photo on a hall's slow network arrives however long it takes, as long as anything of it still gets through."""
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from fault_proxy import PASS, PIECE_BYTES, SLOW, NarrowProxy
from live_server import PHONE, Server
from outbox_phone import WAITING, House, expect_all_sent, open_form, write
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CANNOT_DRAW = "window.createImageBitmap = () => Promise.reject(new Error('an old phone'));"
"""So that the photo goes as it is: large enough that no buffer of a system takes it whole."""
WATCHED = """window.uploads = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  const upload = { isTaken: false, isGivenUp: false };
  uploads.push(upload);
  this.upload.addEventListener('load', () => { upload.isTaken = true; });
  this.addEventListener('abort', () => { upload.isGivenUp = true; });
  return send.call(this, body);
};"""
"""What the page is told of its uploads: whether the phone's system has taken all of it, whether the page gave it up."""
QUIET_SECONDS = 20
MOST_JUMPS = 50
"""The phone's system may be carrying what it took for minutes, so long does the page wait."""


class NarrowHouse(House):
    """The house behind a narrow line."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.proxy.stop()
        self.proxy = NarrowProxy(server.address)


HOUSE = NarrowHouse


@pytest.fixture
def server(house: House) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


@pytest.fixture
def photo(tmp_path):
    """A photo of more than ten pieces."""
    path = tmp_path / "besar.jpg"
    Image.effect_noise((2000, 1300), 90).save(path, quality=95)
    assert 10 * PIECE_BYTES < path.stat().st_size < 20 * PIECE_BYTES
    return path


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(3000):
        if is_so():
            return
        page.wait_for_timeout(20)
    raise AssertionError("waited in vain")


def send_photo(page: Page, server: Server, house: House, photo, text: str) -> str:
    """Send an idea with this photo on a slow network; the page's clock then also goes when the test says so."""
    page.add_init_script(CANNOT_DRAW)
    page.add_init_script(WATCHED)
    open_form(page, server)
    expect(page.locator("#photo + [role=status]")).to_be_attached()
    page.get_by_label("Foto").set_input_files(photo)
    expect(page.get_by_text("Foto siap dikirim")).to_be_visible()
    page.clock.install()
    house.proxy.fault = SLOW
    begun = house.proxy.n_begun
    code = write(page, text)
    wait_until(page, lambda: house.proxy.n_begun > begun)
    return code


def test_a_photo_that_takes_minutes_arrives_at_the_first_attempt(open_browser, server, house, photo):
    phone = open_browser(PHONE)
    begun = house.proxy.n_begun
    code = send_photo(phone, server, house, photo, "Jaringan lambat: gorong-gorong pecah.")
    while missing := house.proxy.n_missing:
        phone.clock.fast_forward(1000 * QUIET_SECONDS // 8)
        house.proxy.let_through()
        wait_until(phone, lambda missing=missing: house.proxy.n_missing != missing)
        assert house.proxy.n_begun == begun + 1
        if not phone.evaluate("uploads[0].isTaken"):
            phone.wait_for_timeout(300)  # browsers tell a page a few times a second how far it is
    expect_all_sent(phone, 1)
    assert house.stored("Jaringan lambat") == [code]


def test_a_photo_of_which_nothing_gets_through_any_more_is_begun_anew(open_browser, server, house, photo):
    phone = open_browser(PHONE)
    begun = house.proxy.n_begun
    code = send_photo(phone, server, house, photo, "Jaringan mati di tengah: talud retak.")
    missing = house.proxy.n_missing
    house.proxy.let_through(2)
    wait_until(phone, lambda: house.proxy.n_missing == missing - 2 * PIECE_BYTES)
    # Not one jump more than needed: it would cut off the next attempt before that has reached the network.
    for _ in range(MOST_JUMPS):
        phone.clock.fast_forward(1000 * QUIET_SECONDS)
        if phone.evaluate("uploads[0].isGivenUp"):
            break
    assert phone.evaluate("uploads[0].isGivenUp")
    expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
    wait_until(phone, lambda: house.proxy.n_begun > begun + 1)
    house.proxy.fault = PASS
    expect_all_sent(phone, 1)
    assert house.stored("Jaringan mati di tengah") == [code]
    phone.goto(f"/r/{code}")
    expect(phone.get_by_role("link", name=re.compile("Lihat foto"))).to_be_visible()
