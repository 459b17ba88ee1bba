"""A contact on the phone: folded away, checked before a receipt is promised, gone from the phone once it is sent."""
import sqlite3
from contextlib import closing

import pytest
from live_server import PHONE
from outbox_phone import WAITING, expect_all_sent, open_form, write
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def contacts(server, words: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(server.instance / "forum.db")) as database:
        return database.execute(
            "SELECT address, name FROM contact JOIN submission_version USING (submission_id) WHERE body LIKE ?",
            (f"%{words}%",)).fetchall()


def leave_contact(page: Page) -> None:
    page.get_by_text("Boleh kami hubungi?").click()
    page.get_by_label("Nomor telepon atau surel").fill("0812 3456 7890")
    page.get_by_label("Nama panggilan").fill("Bu Rini")


def test_it_waits_with_its_idea_and_leaves_the_phone_with_it(open_browser, server):
    phone = open_browser(PHONE)
    open_form(phone, server)
    leave_contact(phone)
    phone.get_by_label("Saya bersedia dihubungi", exact=False).check()
    phone.context.set_offline(True)
    write(phone, "Berkontak: jembatan bambu lapuk.")
    expect(phone.get_by_text(WAITING).first).to_be_visible()
    contact = phone.get_by_label("Nomor telepon atau surel")
    expect(contact).to_be_hidden()
    assert contact.input_value() == ""
    assert not phone.get_by_label("Saya bersedia dihubungi", exact=False).is_checked()
    phone.context.set_offline(False)
    expect_all_sent(phone, 1)
    assert contacts(server, "Berkontak") == [("0812 3456 7890", "Bu Rini")]
    left = phone.evaluate("""async () => {
      const opening = indexedDB.open('forum-outbox');
      await new Promise((done) => { opening.onsuccess = done; });
      const asking = opening.result.transaction('entries').objectStore('entries').getAll();
      await new Promise((done) => { asking.onsuccess = done; });
      return JSON.stringify(asking.result) + JSON.stringify({ ...localStorage });
    }""")
    assert "jembatan bambu" in left
    assert "0812" not in left
    assert "Rini" not in left


@pytest.mark.parametrize("scripts", [True, False])
def test_half_of_it_is_explained_before_anything_is_promised(open_browser, server, scripts):
    phone = open_browser(PHONE, java_script_enabled=scripts)
    if scripts:
        open_form(phone, server)
    else:
        phone.goto(f"/s/{server.join_code}")
        phone.get_by_label("Warga").check()
    leave_contact(phone)
    phone.get_by_text("Boleh kami hubungi?").click()
    phone.get_by_role("radio", name="Masalah").check()
    phone.get_by_label("Tulis masukan Anda").fill(f"Setengah {scripts}: talang bocor.")
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_role("button", name="Kirim", exact=True).click()
    told = phone.get_by_role("link", name="Centang persetujuan untuk dihubungi")
    expect(told).to_be_visible()
    expect(phone.locator("[data-part=now]")).to_be_hidden()
    expect(phone.get_by_label("Nomor telepon atau surel")).to_be_visible()
    expect(phone.get_by_label("Nomor telepon atau surel")).to_have_value("0812 3456 7890")
    phone.get_by_label("Saya bersedia dihubungi", exact=False).check()
    phone.get_by_label("Nomor telepon atau surel").fill("di rumah")
    phone.get_by_role("button", name="Kirim", exact=True).click()
    expect(phone.get_by_role("link", name="Tulis nomor telepon")).to_be_visible()
    phone.get_by_label("Nomor telepon atau surel").fill("0285 421 093 ")
    phone.get_by_role("button", name="Kirim", exact=True).click()
    expect(phone.get_by_text("masukan Anda sudah tersimpan")).to_be_visible()
    assert contacts(server, f"Setengah {scripts}") == [("0285 421 093", "Bu Rini")]


def test_a_form_that_came_back_from_the_server_is_empty_after_it_was_sent(open_browser, server):
    """As it is when the scripts arrive only after the first attempt: then the page itself holds what was said."""
    phone = open_browser(PHONE, service_workers="block")
    phone.route("**/outbox.js", lambda route: route.abort())
    phone.goto(f"/s/{server.join_code}")
    phone.get_by_label("Warga").check()
    leave_contact(phone)
    phone.get_by_label("Saya bersedia dihubungi", exact=False).check()
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_role("button", name="Kirim", exact=True).click()
    expect(phone.locator(".error-summary")).to_be_visible()
    expect(phone.get_by_label("Nomor telepon atau surel")).to_have_value("0812 3456 7890")
    phone.unroute("**/outbox.js")
    expect(phone.locator("#outbox[data-ready]")).to_be_attached(timeout=20_000)  # asked for again after a while
    write(phone, "Kembali dari server: pagar makam roboh.")
    expect(phone.get_by_label("Nomor telepon atau surel")).to_be_hidden()
    expect(phone.get_by_label("Nomor telepon atau surel")).to_have_value("")
    for consent in ("Saya setuju", "Saya bersedia dihubungi"):
        expect(phone.get_by_label(consent, exact=False)).not_to_be_checked()
    expect_all_sent(phone, 1)
    assert contacts(server, "Kembali dari server") == [("0812 3456 7890", "Bu Rini")]
