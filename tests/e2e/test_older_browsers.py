"""Phones whose browser is some years old: every button of participants works there, too."""
import re
from dataclasses import replace

import pytest
from live_server import PHONE, Server
from outbox_phone import expect_all_sent, open_form, write
from playwright.sync_api import Page, Route, expect
from reacting_phone import Reactions, open_deck, press

pytestmark = pytest.mark.browser

HOUSE = Reactions

# What came after the oldest browsers that docs/operations.md names, as far as a script could be tempted to use it.
WITHOUT_NEWER = """
  for (const type of [Array, String, Uint8Array]) delete type.prototype.at;
  for (const name of ['findLast', 'findLastIndex', 'toSorted', 'toReversed', 'with']) delete Array.prototype[name];
  for (const name of ['groupBy', 'hasOwn']) delete Object[name];
  for (const name of ['any', 'timeout']) delete AbortSignal[name];
  for (const name of ['structuredClone', 'requestIdleCallback', 'BroadcastChannel', 'createImageBitmap']) {
    delete window[name];
  }
  delete SubmitEvent.prototype.submitter;
  delete HTMLFormElement.prototype.requestSubmit;
  delete Crypto.prototype.randomUUID;
  delete Navigator.prototype.locks;"""


@pytest.fixture
def server(house: Reactions) -> Server:
    return replace(house.server, address=house.proxy.address)


def without_has(route: Route) -> None:
    """The style sheet as it counts where `:has()` is unknown: rules with it are dropped."""
    answer = route.fetch()
    styles = answer.text()
    assert "@supports selector(:has(*))" in styles
    known = styles.replace("selector(:has(*))", "(no: selector)")
    route.fulfill(response=answer, body=re.sub(r"\.choice:has\(:checked\) \{[^}]*\}", "", known))


@pytest.fixture
def phone(open_browser) -> Page:
    page = open_browser(PHONE, service_workers="block")
    page.route("**/phone.css*", without_has)
    page.add_init_script(WITHOUT_NEWER)
    return page


def test_only_fields_of_the_chosen_kind_are_shown_and_asked_for(phone, server, house, picture):
    open_form(phone, server)
    expect(phone.get_by_label("Di mana tepatnya?")).to_be_hidden()
    code = write(phone, "Tanpa :has: talud sungai longsor.")
    expect_all_sent(phone, 1)
    assert house.stored("Tanpa :has") == [code]

    phone.get_by_role("radio", name=re.compile("^Praktik baik")).check()
    where = phone.locator(".only-practice input").first
    expect(where).to_be_visible()
    expect(phone.get_by_label("Di mana tepatnya?")).to_be_hidden()
    picture(phone, "form-without-has-360")
    phone.get_by_label("Tulis masukan Anda").fill("Warga bergantian merawat lampu taman.")
    phone.get_by_role("button", name="Kirim", exact=True).click()
    asked = phone.locator(".error-summary a")
    expect(asked).to_have_count(2)
    expect(asked.first).to_contain_text("praktik baik")
    expect(asked.last).to_contain_text("Centang persetujuan")


def test_every_button_about_what_others_wrote_works(phone, server, house):
    open_deck(phone, server)
    first = press(phone, "Setuju")
    second = press(phone, "Lewati")
    house.wait_for(phone, {first: 1, second: 0})
    phone.get_by_role("link", name="Tanggapan saya").click()
    expect(phone.locator("#my-reactions[data-ready]")).to_be_attached()
    row = phone.get_by_role("listitem").filter(has_text=first)
    row.get_by_role("button", name="Tidak setuju").click()
    expect(row.get_by_role("button", name="Tidak setuju")).to_have_attribute("aria-pressed", "true")
    house.wait_for(phone, {first: -1, second: 0})

    open_form(phone, server)
    phone.get_by_label("Tulis masukan Anda").fill("Sampah menumpuk di TPS, truk pengangkut sampah jarang datang")
    phone.get_by_role("button", name="Dukung yang ini").first.click()
    expect(phone.get_by_text("Dukungan Anda tercatat.").first).to_be_visible()
