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
QUIET_SECONDS = 20


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
    for _ in range(500):
        if is_so():
            return
        page.wait_for_timeout(20)
    raise AssertionError("waited in vain")


def send_photo(page: Page, server: Server, house: House, photo, text: str) -> str:
    """Send an idea with this photo on a slow network; the page's clock then also goes when the test says so."""
    page.add_init_script(CANNOT_DRAW)
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
        phone.wait_for_timeout(300)  # browsers tell a page a few times a second how far it is
    expect_all_sent(phone, 1)
    assert house.stored("Jaringan lambat") == [code]


def test_a_photo_of_which_nothing_gets_through_any_more_is_begun_anew(open_browser, server, house, photo):
    phone = open_browser(PHONE)
    begun = house.proxy.n_begun
    code = send_photo(phone, server, house, photo, "Jaringan mati di tengah: talud retak.")
    house.proxy.let_through(2)
    phone.wait_for_timeout(300)
    phone.clock.fast_forward(1000 * QUIET_SECONDS)
    expect(phone.locator("[data-part=says]")).to_have_text(WAITING)
    for _ in range(50):  # what the phone's system took with it may still be on its way for minutes
        if house.proxy.n_begun > begun + 1:
            break
        phone.clock.fast_forward(1000 * QUIET_SECONDS)
        phone.wait_for_timeout(300)
    assert house.proxy.n_begun > begun + 1
    house.proxy.fault = PASS
    expect_all_sent(phone, 1)
    assert house.stored("Jaringan mati di tengah") == [code]
    phone.goto(f"/r/{code}")
    expect(phone.get_by_role("link", name=re.compile("Lihat foto"))).to_be_visible()
