"""The form of the phone in a real browser: what scripts add to it, and that the form stays whole without them."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from live_server import PHONE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def open_form(open_browser, server, **options) -> Page:
    phone = open_browser(PHONE, **options)
    phone.goto(f"/s/{server.join_code}")
    return phone


def village(phone: Page):
    """The field for the village, once it can be typed into."""
    phone.get_by_label("Warga").check()
    field = phone.get_by_role("combobox", name=re.compile("^Kelurahan"))
    expect(field).to_have_attribute("aria-expanded", "false")
    return field


def options(phone: Page) -> list[str]:
    return [text.split("(")[0].strip() for text in phone.get_by_role("option").all_inner_texts()]


def chosen(phone: Page) -> str:
    return phone.evaluate("new FormData(document.querySelector('.idea-form')).get('area')")


def test_a_village_is_found_by_its_old_name(open_browser, server, picture):
    phone = open_form(open_browser, server)
    field = village(phone)

    field.fill("kraton lor")
    expect(phone.get_by_role("option")).to_have_count(2)
    assert options(phone) == ["Padukuhan Kraton", "Luar kota atau tidak ingin menyebut"]
    expect(phone.get_by_text("1 kelurahan cocok")).to_be_attached()
    assert Axe().run(phone, options={"resultTypes": ["violations"]}).response["violations"] == []
    assert all(item.bounding_box()["height"] >= 44 for item in phone.get_by_role("option").all())
    picture(phone, "form-combobox-360")
    phone.get_by_role("option").first.click()

    expect(field).to_have_value("Padukuhan Kraton")
    expect(phone.get_by_role("listbox")).to_be_hidden()
    assert chosen(phone)


def test_the_keyboard_alone_chooses_and_takes_back(open_browser, server):
    phone = open_form(open_browser, server)
    field = village(phone)
    field.press("ArrowDown")
    first = phone.get_by_role("option").first
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    field.press("Enter")
    before = chosen(phone)
    assert before

    field.fill("tidak ada nama begini")
    expect(phone.get_by_text("Tidak ada kelurahan dengan nama itu")).to_be_attached()
    field.press("Escape")
    assert chosen(phone) == before

    field.fill("setengah")
    phone.keyboard.press("Tab")
    expect(field).not_to_have_value("setengah")
    assert chosen(phone) == before

    field.fill("")
    phone.keyboard.press("Tab")
    assert chosen(phone) == ""


def test_without_scripts_the_list_is_a_list(open_browser, server):
    phone = open_form(open_browser, server, java_script_enabled=False)
    expect(phone.get_by_label("Kelurahan Anda", exact=False)).to_have_count(1)
    assert phone.locator("select#area option", has_text="Kraton Lor").count() == 1
