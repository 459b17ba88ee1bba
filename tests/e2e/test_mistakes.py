"""What is wrong with a form is said before it is sent, and only as long as it is wrong."""
import re

import pytest
from live_server import PHONE
from outbox_phone import open_form
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

KIND = "Pilih jenis masukan Anda."
BODY = "Tulis masukan Anda."
RATING = "Pilih nilai 1 sampai 5 untuk program ini."
CONSENT = "Centang persetujuan agar masukan Anda boleh kami simpan."


def send(phone: Page) -> None:
    phone.get_by_role("button", name="Kirim", exact=True).click()


def test_what_is_missing_is_said_and_what_was_typed_survives_a_reload(open_browser, server):
    phone = open_browser(PHONE)
    open_form(phone, server)
    phone.get_by_label("Tulis masukan Anda").fill("Belum selesai ditulis")
    phone.get_by_role("button", name="Kirim", exact=True).click()
    summary = phone.get_by_role("alert").filter(has_text="Periksa lagi isian ini")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text([
        "Pilih jenis masukan Anda.", "Centang persetujuan agar masukan Anda boleh kami simpan."])
    kind = phone.get_by_role("group", name="Jenis masukan")
    expect(kind).to_contain_text("Pilih jenis masukan Anda.")
    expect(kind).to_have_accessible_description("Pilih jenis masukan Anda.")
    expect(phone.get_by_label("Saya setuju", exact=False)).to_have_accessible_description(
        "Centang persetujuan agar masukan Anda boleh kami simpan.")
    kind.get_by_role("radio", name=re.compile("^Evaluasi")).check()
    phone.get_by_label("Tulis masukan Anda").fill("x" * 2100)
    phone.get_by_role("button", name="Kirim", exact=True).click()
    expect(kind).not_to_contain_text("Pilih jenis")
    expect(summary.get_by_role("link")).to_have_text([
        "Isian “Tulis masukan Anda” paling banyak 2.000 karakter.", "Tulis nama program yang Anda nilai.",
        "Pilih nilai 1 sampai 5 untuk program ini.", "Centang persetujuan agar masukan Anda boleh kami simpan."])
    phone.get_by_label("Tulis masukan Anda").fill("Belum selesai ditulis")
    phone.reload()
    expect(phone.get_by_label("Tulis masukan Anda")).to_have_value("Belum selesai ditulis")


def test_what_is_mended_is_said_no_more_and_nothing_moves_under_the_hand(open_browser, server, picture):
    phone = open_browser(PHONE)
    open_form(phone, server)
    send(phone)
    summary = phone.locator(".error-summary")
    expect(summary.get_by_role("link")).to_have_text([KIND, BODY, CONSENT])
    picture(phone, "form-mistakes-360")
    kind, body = phone.get_by_role("group", name="Jenis masukan"), phone.get_by_label("Tulis masukan Anda")
    kind.get_by_role("radio", name=re.compile("^Evaluasi")).check()
    expect(summary.get_by_role("link")).to_have_text([BODY, CONSENT])
    expect(kind).to_have_accessible_description("")
    assert phone.locator(".has-error").count() == 2
    send(phone)
    programme = "Tulis nama program yang Anda nilai."
    expect(summary.get_by_role("link")).to_have_text([BODY, programme, RATING, CONSENT])

    body.press_sequentially("Lam")
    expect(summary.get_by_role("link", name=BODY)).to_be_visible()  # too short as yet
    before = body.bounding_box()
    body.press_sequentially("pu taman padam.")
    expect(summary.get_by_role("link")).to_have_text([programme, RATING, CONSENT])
    expect(body).not_to_have_attribute("aria-invalid", "true")
    expect(body).to_have_accessible_description(re.compile("^Satu gagasan saja"))
    phone.wait_for_timeout(200)  # whatever a browser moves by itself, it has moved
    assert body.bounding_box()["y"] == pytest.approx(before["y"], abs=1.5)

    # Fields of another kind take what was wrong with them along; the last one takes the list.
    kind.get_by_role("radio", name=re.compile("^Masalah")).check()
    expect(summary.get_by_role("link")).to_have_text([CONSENT])
    phone.get_by_label("Saya setuju", exact=False).check()
    expect(summary).to_be_hidden()
    assert phone.locator(".has-error, .idea-form .error-text").count() == 0


def test_a_contact_that_is_taken_back_needs_no_consent(open_browser, server):
    phone = open_browser(PHONE)
    open_form(phone, server)
    phone.get_by_text("Boleh kami hubungi?").click()
    contact = phone.get_by_label("Nomor telepon atau surel")
    contact.fill("0812 3456 7890")
    send(phone)
    asked = phone.locator(".error-summary").get_by_role("link", name=re.compile("^Centang persetujuan untuk dihubungi"))
    expect(asked).to_be_visible()
    contact.fill("")
    expect(asked).to_be_hidden()
    expect(phone.locator(".error-summary").get_by_role("link")).to_have_text([KIND, BODY, CONSENT])
