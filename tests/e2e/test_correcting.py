"""A correction that was typed is not lost: by a reload, by a page that is closed, or by a network that is gone."""
import re
from dataclasses import replace

import pytest
from fault_proxy import CAPTIVE_PORTAL, DEAD, PASS
from live_server import PHONE, Server
from outbox_phone import House, expect_a_question_before_closing, expect_all_sent, open_form, write
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"/r/\w+(\?.*)?$")


@pytest.fixture
def server(house: House) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


def open_correction(phone: Page, server: Server, text: str) -> None:
    """Send an idea and open the form that corrects it."""
    open_form(phone, server)
    code = write(phone, text)
    expect_all_sent(phone, 1)
    phone.goto(f"/r/{code}/correct")
    ready(phone)


def ready(phone: Page) -> None:
    expect(phone.locator(".idea-form[data-ready]")).to_be_attached()


@pytest.mark.parametrize("fault", [DEAD, CAPTIVE_PORTAL])
def test_without_our_server_it_stays_on_the_page_and_is_sent_later(open_browser, server, house, picture, fault):
    phone = open_browser(PHONE)
    open_correction(phone, server, f"Tanpa server {fault}: pompa rusak.")
    body = phone.get_by_label("Tulis masukan Anda")
    body.fill(f"Tanpa server {fault}: dua pompa rusak.")
    house.proxy.fault = fault
    phone.get_by_role("button", name="Simpan perbaikan").click()
    expect(phone.get_by_text("Server tidak terjangkau")).to_be_visible()
    picture(phone, "correct-offline-360")
    expect(body).to_have_value(f"Tanpa server {fault}: dua pompa rusak.")
    house.proxy.fault = PASS
    phone.get_by_role("button", name="Simpan perbaikan").click()
    expect(phone).to_have_url(RECEIPT)
    assert len(house.stored(f"Tanpa server {fault}: dua pompa")) == 1


def test_a_reload_brings_it_back_until_it_is_saved(open_browser, server, house):
    phone = open_browser(PHONE)
    open_correction(phone, server, "Muat ulang: pintu air macet.")
    body = phone.get_by_label("Tulis masukan Anda")
    body.fill("Muat ulang: pintu air berkarat.")
    phone.reload()
    ready(phone)
    expect(body).to_have_value("Muat ulang: pintu air berkarat.")
    phone.get_by_role("button", name="Simpan perbaikan").click()
    expect(phone).to_have_url(RECEIPT)
    assert len(house.stored("pintu air berkarat")) == 1
    body = phone.get_by_label("Tulis masukan Anda")
    phone.get_by_role("link", name="Perbaiki").click()
    ready(phone)
    expect(body).to_have_value("Muat ulang: pintu air berkarat.")
    body.fill("Muat ulang: diperbaiki dari halaman lain.")
    other = phone.context.new_page()
    other.goto(phone.url)
    ready(other)
    expect(other.get_by_label("Tulis masukan Anda")).to_have_value("Muat ulang: pintu air berkarat.")
    other.get_by_label("Tulis masukan Anda").fill("Muat ulang: pintu air diganti.")
    other.get_by_role("button", name="Simpan perbaikan").click()
    expect(other).to_have_url(RECEIPT)
    # What was typed about an older version says nothing about the newer one.
    phone.reload()
    ready(phone)
    expect(body).to_have_value("Muat ulang: pintu air diganti.")


def test_it_is_not_closed_without_a_question(open_browser, server):
    phone = open_browser(PHONE)
    open_correction(phone, server, "Tutup halaman: tiang miring.")
    phone.get_by_label("Tulis masukan Anda").click()
    phone.keyboard.type("Belum selesai. ")
    expect_a_question_before_closing(phone)


def test_what_was_not_changed_is_closed_at_once(open_browser, server):
    phone = open_browser(PHONE)
    open_correction(phone, server, "Tutup tanpa ubah: tiang lurus.")
    phone.get_by_label("Tulis masukan Anda").click()
    with phone.expect_event("close"):
        phone.close(run_before_unload=True)
