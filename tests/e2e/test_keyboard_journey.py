"""The whole journey of a participant by keys only: join, write, send, receipt, correct, withdraw."""
import re

import pytest
from live_server import PHONE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_STOPS = 60
# Where the focus is, as a screen reader says it: its role and its name.
_NAMED = re.compile(r'^- (\w+ ".+"|text: .+)')
_OUTLINE = "(element) => getComputedStyle(element).outlineStyle !== 'none'"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on ``wanted`` (role and name); every stop on the way is named and to be seen."""
    seen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count():  # else the end of the page: the next press begins anew
            said = focus.aria_snapshot().splitlines()[0]
            assert _NAMED.match(said), f"a stop without a name: {said} after {seen}"
            assert focus.evaluate(_OUTLINE), f"nothing shows that the focus is on {said}"
            seen.append(said)
            if re.search(wanted, said):
                return
    raise AssertionError(f"the keyboard does not reach {wanted}: {seen}")


def test_the_whole_journey_goes_by_keys_only(open_browser, server):
    phone = open_browser(PHONE)
    keys = phone.keyboard
    phone.goto("/")
    tab_to(phone, 'textbox "Kode')
    keys.type(server.join_code)
    keys.press("Enter")
    expect(phone).to_have_url(re.compile("/s/"))
    expect(phone.locator("#outbox[data-ready]")).to_be_attached()

    tab_to(phone, "Langsung ke isi")
    keys.press("Enter")
    expect(phone.locator("main")).to_have_attribute("id", "content")
    tab_to(phone, 'radio "Pemerintah"')
    keys.press("Space")
    expect(phone.locator("#area")).to_have_role("combobox")
    tab_to(phone, 'combobox "Kelurahan Anda')
    keys.type("kraton lor")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(phone.locator("#area")).to_have_value("Padukuhan Kraton")
    tab_to(phone, 'radio "Masalah')
    keys.press("Space")
    tab_to(phone, 'textbox "Tulis masukan Anda"')
    expect(phone.locator(":focus")).to_have_accessible_description(re.compile("Contoh masalah: .+karakter"))
    keys.type("Jembatan penyeberangan dekat pasar licin saat hujan.")

    tab_to(phone, 'button "Kirim"')
    keys.press("Enter")
    summary = phone.get_by_role("alert").filter(has_text="Periksa lagi isian ini")
    expect(summary).to_be_focused()
    tab_to(phone, 'link "Centang persetujuan')
    keys.press("Enter")
    consent = phone.get_by_role("checkbox", name=re.compile("^Saya setuju masukan"))
    expect(consent).to_be_focused()
    expect(consent).to_have_accessible_description(re.compile("Centang persetujuan"))
    keys.press("Space")
    tab_to(phone, 'button "Kirim"')
    keys.press("Enter")

    receipt = phone.locator("#outbox [data-part=now]")
    expect(receipt).to_be_focused()
    expect(receipt.get_by_role("status")).to_have_text("Terkirim. Terima kasih, masukan Anda sudah tersimpan.")
    tab_to(phone, 'link "Buka tanda terima"')
    keys.press("Enter")
    expect(phone).to_have_url(re.compile("/r/"))

    tab_to(phone, 'link "Perbaiki"')
    keys.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Perbaiki masukan")).to_be_visible()
    tab_to(phone, 'textbox "Tulis masukan Anda"')
    keys.press("ControlOrMeta+A")
    keys.type("Tangga jembatan penyeberangan dekat pasar licin saat hujan.")
    tab_to(phone, 'button "Simpan perbaikan"')
    keys.press("Enter")
    expect(phone.get_by_role("status").filter(has_text="Perbaikan tersimpan.")).to_be_visible()
    expect(phone.get_by_text("Tangga jembatan penyeberangan").first).to_be_visible()

    tab_to(phone, "Tarik kembali masukan ini")
    keys.press("Enter")
    tab_to(phone, 'button "Ya, tarik kembali"')
    keys.press("Enter")
    expect(phone.get_by_role("status").filter(has_text="Masukan sudah ditarik kembali.")).to_be_visible()
    expect(phone.get_by_text("Tangga jembatan penyeberangan")).to_have_count(0)
