"""A photo that is none, is too large or is a trap: said in plain words, and the idea beside it is never lost."""
import re

import pytest
from live_server import PHONE
from outbox_phone import expect_all_sent, open_form, states
from playwright.sync_api import Page, expect
from test_submissions_photo import png_that_claims

pytestmark = pytest.mark.browser

NO_PHOTO = ("catatan.jpg", b"ini catatan, bukan foto", "bukan foto JPEG, PNG, atau WebP")
LARGE = ("besar.jpg", b"\xff\xd8" + b"\0" * (30 * 1024 * 1024), "lebih besar dari 8 MB")
BOMB = ("bom.png", png_that_claims(20_000, 20_000), "megapiksel")
UNUSABLE = pytest.mark.parametrize(("name", "content", "words"), [NO_PHOTO, LARGE, BOMB],
                                   ids=["wrong type", "30 MB", "bomb"])


@pytest.fixture
def choose(tmp_path):
    """A function that chooses a file with this name and content as the photo."""
    def take(page: Page, name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        page.locator("#photo").set_input_files(tmp_path / name)

    return take


def fill_in(page: Page, text: str) -> None:
    page.get_by_label("Warga").check()
    page.get_by_role("radio", name=re.compile("^Masalah")).check()
    page.get_by_label("Tulis masukan Anda").fill(text)
    page.get_by_label("Saya setuju", exact=False).check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Kirim", exact=True).click()


@UNUSABLE
def test_without_scripts_the_form_comes_back_with_the_reason_and_the_words(open_browser, server, choose, name, content,
                                                                           words):
    page = open_browser(PHONE, java_script_enabled=False)
    page.goto(f"/s/{server.join_code}")
    fill_in(page, f"Tanpa skrip: papan nama {name} miring.")
    choose(page, name, content)
    send(page)
    expect(page.get_by_role("alert").get_by_role("link", name=re.compile(words))).to_be_visible()
    expect(page.get_by_label("Tulis masukan Anda")).to_have_value(f"Tanpa skrip: papan nama {name} miring.")
    expect(page.get_by_label("Warga")).to_be_checked()
    assert page.locator("#photo").input_value() == ""
    send(page)
    expect(page.get_by_text("Masukan diterima")).to_be_visible()
    expect(page.get_by_text(f"papan nama {name} miring")).to_be_visible()


@UNUSABLE
def test_with_scripts_the_idea_stays_and_goes_without_the_photo(open_browser, server, choose, picture, name, content,
                                                                words):
    page = open_browser(PHONE)
    open_form(page, server)
    expect(page.locator("#photo + [role=status]")).to_be_attached()
    text = f"Dengan skrip: pagar {name} roboh."
    fill_in(page, text)
    choose(page, name, content)
    remove = page.get_by_role("button", name="Hapus foto")
    expect(remove).to_be_visible()
    send(page)
    body = page.get_by_label("Tulis masukan Anda")
    if name == LARGE[0]:
        expect(page.get_by_role("alert").get_by_role("link", name=re.compile(words))).to_be_visible()
        assert states(page) == []
    else:
        refused = page.locator("#outbox [data-part=list] li")
        expect(refused).to_contain_text("Perlu Anda lihat")
        expect(refused).to_contain_text(re.compile(words))
        expect(page.locator("[data-part=now]")).to_be_hidden()
        picture(page, f"photo-refused-{name.partition('.')[0]}-360")
        page.get_by_role("button", name="Perbaiki, lalu kirim lagi").click()
        page.get_by_label("Saya setuju", exact=False).check()
    expect(body).to_have_value(text)
    assert page.locator("#photo").evaluate("(input) => input.files.length") == 1
    remove.click()
    expect(remove).to_be_hidden()
    expect(page.locator("#photo + [role=status]")).to_have_text("")
    expect(page.locator("#photo")).to_be_focused()
    assert page.locator("#photo").evaluate("(input) => input.files.length") == 0
    send(page)
    expect_all_sent(page, 1)
    page.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima").click()
    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(0)
