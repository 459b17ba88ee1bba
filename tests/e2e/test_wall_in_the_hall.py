"""The wall of the hall in a real browser: what a phone sends appears, what staff hide goes, nothing needs a hand."""
import re

import pytest
from live_server import DESK, PHONE, Server, sign_in
from playwright.sync_api import Page, Response, expect

pytestmark = pytest.mark.browser

PROJECTORS = ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}, {"width": 1024, "height": 768})
LIVE = "**/projector/live*"
PATIENCE_MS = 30_000  # a ceiling for busy machines; what is measured is the number of questions
SMALLEST_SHARE = 0.022  # of the height of the screen, for the last row

_SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('body *')]
  .filter((one) => !one.closest('.skip-link, .visually-hidden') && one.checkVisibility()
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize) / innerHeight))"""
_OUT_OF_VIEW = """() => [document.documentElement.scrollWidth > innerWidth,
  document.documentElement.scrollHeight > innerHeight,
  ...[...document.querySelectorAll('.wall-door > *, .wall-figures > *, .wall-state, .wall-lists h2, .wall-legend')]
    .filter((one) => { const box = one.getBoundingClientRect();
      return box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1; })
    .map((one) => one.outerHTML.slice(0, 80))].filter(Boolean)"""

# An idea is whole or not there. In one question, because the wall renews itself.
_CUT_IDEAS = """() => { const list = document.querySelector('.wall-ideas .wall-list').getBoundingClientRect();
  return [...document.querySelectorAll('.wall-ideas li')].map((item) => item.getBoundingClientRect())
    .filter((box) => box.left < list.right && box.bottom > list.bottom + 1).map((box) => box.bottom - list.bottom); }"""


def send(phone: Page, server: Server, text: str) -> None:
    phone.goto(f"/s/{server.join_code}")
    phone.get_by_label("Warga").check()
    phone.get_by_role("radio", name=re.compile("^Masalah")).check()
    phone.get_by_label("Tulis masukan Anda").fill(text)
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_role("button", name="Kirim").click()
    kept = phone.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima")
    # Pressed before the scripts are there, the next page is the receipt.
    expect(kept.or_(phone.get_by_text("masukan Anda sudah tersimpan")).first).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture
def wall(open_browser, server) -> Page:
    """A desk with the wall of the sample's sitting in a window of its own."""
    desk = open_browser(PROJECTORS[0])
    sign_in(desk, server, "facilitator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Layar aula").click()
    page = opened.value
    expect(page.get_by_role("button", name="Jeda")).to_be_visible()
    return page


def hide(page: Page, text: str) -> None:
    """As a facilitator would, in another window."""
    desk = page.context.new_page()
    desk.goto("/staff/")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.get_by_role("link", name="Kumpulkan").click()
    entry = desk.get_by_role("listitem").filter(has_text=text).first
    entry.get_by_text("Sembunyikan").first.click()
    entry.get_by_label("Alasan").select_option(index=1)
    entry.get_by_role("button", name="Sembunyikan").click()
    expect(desk.get_by_text("Masukan disembunyikan")).to_be_visible()
    desk.close()


class Questions:
    """What a wall asked since it was told to count."""

    def __init__(self, page: Page) -> None:
        self.statuses: list[int] = []
        page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        if "/projector/live" in answer.url:
            self.statuses.append(answer.status)


def test_an_idea_appears_and_leaves_again_within_two_questions(open_browser, server, wall, picture):
    phone = open_browser(PHONE)
    questions = Questions(wall)
    send(phone, server, "Papan petunjuk terminal sudah pudar.")
    questions.statuses.clear()
    idea = wall.get_by_text("Papan petunjuk terminal sudah pudar.")
    expect(idea).to_be_visible(timeout=PATIENCE_MS)
    assert len(questions.statuses) <= 3  # two after the answer to the phone, and the one under way
    picture(wall, "wall-1280")

    hide(wall, "Papan petunjuk terminal sudah pudar.")
    questions.statuses.clear()
    expect(idea).to_have_count(0, timeout=PATIENCE_MS)
    assert len(questions.statuses) <= 3
    wall.wait_for_event("response", lambda answer: "/live" in answer.url and answer.status == 304, timeout=PATIENCE_MS)


def test_a_wall_that_stands_still_moves_nothing_but_loses_what_is_hidden(open_browser, server, wall):
    phone = open_browser(PHONE)
    send(phone, server, "Halte di depan pasar tidak beratap.")
    expect(wall.get_by_text("Halte di depan pasar")).to_be_visible(timeout=PATIENCE_MS)
    wall.get_by_role("button", name="Jeda").press("Enter")
    expect(wall.get_by_role("button", name="Lanjutkan")).to_be_focused()
    expect(wall.get_by_role("status")).to_have_text("Dijeda")

    send(phone, server, "Lampu taman padam sejak lebaran.")
    hide(wall, "Halte di depan pasar")
    expect(wall.get_by_text("Halte di depan pasar")).to_have_count(0, timeout=PATIENCE_MS)
    expect(wall.get_by_text("Lampu taman padam")).to_have_count(0)
    wall.get_by_role("button", name="Lanjutkan").click()
    expect(wall.get_by_text("Lampu taman padam")).to_be_visible(timeout=PATIENCE_MS)
    expect(wall.get_by_role("status")).to_be_hidden()


def test_a_lost_connection_is_told_with_the_time_of_what_is_shown_and_mends_itself(open_browser, server, wall,
                                                                                     picture):
    wall.context.set_offline(True)
    expect(wall.get_by_role("status")).to_have_text(re.compile("Sambungan terputus"), timeout=PATIENCE_MS)
    expect(wall.get_by_text("masukan terkirim")).to_be_visible()
    since = re.compile(r"^Sambungan terputus, menampilkan keadaan pukul \d\d\.\d\d WIB$")
    expect(wall.get_by_role("status")).to_have_text(since, timeout=PATIENCE_MS)
    picture(wall, "wall-lost-1280")
    wall.get_by_role("link", name="Gelap").click()
    picture(wall, "wall-lost-dark-1280")
    wall.get_by_role("link", name="Terang").click()
    send(open_browser(PHONE), server, "Jembatan gantung berlubang dua papan.")
    wall.context.set_offline(False)
    expect(wall.get_by_text("Jembatan gantung berlubang")).to_be_visible(timeout=PATIENCE_MS)
    expect(wall.get_by_role("status")).to_be_hidden()


def test_a_sign_in_that_ended_is_told(wall):
    wall.context.clear_cookies()
    expect(wall.get_by_role("status")).to_have_text(re.compile("Muat ulang halaman ini"), timeout=PATIENCE_MS)


def test_colours_are_chosen_without_leaving_the_page(wall):
    ground = "getComputedStyle(document.body).backgroundColor"
    wall.emulate_media(color_scheme="light")
    light = wall.evaluate(ground)
    wall.evaluate("window.stays = true")
    dark = wall.get_by_role("link", name="Gelap")
    dark.click()
    assert wall.evaluate(ground) != light
    # The pointer still lies on what was chosen: its words stand out from their ground.
    words, behind = dark.evaluate("(link) => [getComputedStyle(link).color, getComputedStyle(link).backgroundColor]")
    wall.mouse.move(0, 0)
    assert dark.evaluate("(link) => [getComputedStyle(link).color, getComputedStyle(link).backgroundColor]") == [
        words, behind]
    assert wall.evaluate("window.stays")
    wall.reload()
    assert wall.evaluate(ground) != light
    wall.get_by_role("link", name="Terang").click()
    wall.emulate_media(color_scheme="dark")
    assert wall.evaluate(ground) == light


@pytest.mark.parametrize("size", PROJECTORS, ids=lambda size: f"{size['width']}x{size['height']}")
def test_the_last_row_can_read_it_and_nothing_scrolls(open_browser, server, wall, size):
    send(open_browser(PHONE), server, "Tanggul" + "panjangsekali" * 14 + " jebol. " + "Air masuk rumah warga. " * 12)
    expect(wall.get_by_text("Tanggulpanjangsekali").first).to_be_visible(timeout=PATIENCE_MS)
    # The longest names that a form takes.
    wall.locator("h1").evaluate("(title) => { title.textContent = 'Sesi pagi dengan pelaku usaha batik '.repeat(5) }")
    wall.locator(".wall-title p").evaluate("(title) => { title.textContent = 'Konsultasi revisi rencana '.repeat(8) }")
    wall.set_viewport_size(size)
    assert wall.evaluate(_SMALLEST_TEXT) >= SMALLEST_SHARE
    assert wall.evaluate(_OUT_OF_VIEW) == []
    assert wall.evaluate(_CUT_IDEAS) == []


def test_without_scripts_it_keeps_itself_current(open_browser, server):
    desk = open_browser(DESK, java_script_enabled=False)
    sign_in(desk, server, "planner")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.goto(desk.get_by_role("link", name="Layar aula").get_attribute("href"))
    expect(desk.get_by_text("masukan terkirim")).to_be_visible()
    send(open_browser(PHONE), server, "Parkir sepeda di stasiun penuh.")
    expect(desk.get_by_text("Parkir sepeda di stasiun penuh.")).to_be_visible(timeout=PATIENCE_MS)
    desk.get_by_role("link", name="Jeda").click()
    expect(desk.get_by_role("link", name="Lanjutkan")).to_be_visible()
