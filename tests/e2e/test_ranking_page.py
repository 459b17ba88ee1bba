"""The planners' list as it looks on a screen, on a phone and on paper."""
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
from live_server import DESK, PHONE, sign_in
from playwright.sync_api import Page, expect

from forum.db import utc_now

pytestmark = pytest.mark.browser

TABLET = {"width": 768, "height": 1024}
PAPER = {"width": 1040, "height": 720}


@pytest.fixture
def ranking(open_browser, server) -> Page:
    """One theme with reactions on the list of priorities."""
    page = open_browser(DESK)
    sign_in(page, server, "administrator")
    page.goto("/staff/consultations/1/themes")
    page.get_by_role("button", name="Jalankan analisis").click()
    page.wait_for_url("**/changes")
    page.goto("/staff/consultations/1/themes")
    page.get_by_role("button", name="Terima sebagai tema").first.click()
    with closing(sqlite3.connect(server.instance / "forum.db")) as database, database:
        ((entry,),) = database.execute("SELECT min(submission_id) FROM theme_member WHERE theme_id IS NOT NULL")
        database.executemany(
            "INSERT INTO reaction (submission_id, participant_digest, value, key, sequence, n_changes, created_at, "
            "changed_at) VALUES (?, ?, ?, ?, 1, 1, ?, ?)",
            [(entry, f"phone {number}", number % 3 - 1, f"key {number}", str(utc_now()), str(utc_now()))
             for number in range(9)])
    page.goto("/staff/consultations/1/priorities")
    return page


def test_groups_supporters_and_reactions_have_a_line_each(ranking, picture):
    cell = ranking.get_by_role("row").filter(has_text="pendukung").last
    for viewport, media, scheme in ((DESK, "screen", "light"), (TABLET, "screen", "dark"), (PHONE, "screen", "light"),
                                    (PHONE, "screen", "dark"), (PAPER, "print", "light")):
        ranking.set_viewport_size(viewport)
        ranking.emulate_media(media=media, color_scheme=scheme)
        expect(cell).to_be_visible()
        lines = cell.locator("small").filter(has_not_text="I-0").evaluate_all(
            "(lines) => lines.map((line) => [line.textContent, line.getBoundingClientRect().toJSON()])")
        picture(ranking, f"ranking-support-{media}-{viewport['width']}-{scheme}")
        assert [words for words, _box in lines][1:] == [
            lines[1][0], "Tanggapan: 3 setuju, 3 tidak setuju, 3 melewati."]
        assert lines[1][0].endswith(" pendukung: penulis dan yang setuju.")
        assert all(above["bottom"] <= below["top"] + 1 for (_, above), (_, below) in pairwise(lines)), viewport


def test_the_printed_list_names_its_consultation_and_has_no_buttons(open_browser, server, picture):
    page = open_browser(PAPER)
    sign_in(page, server, "planner")
    page.goto("/staff/consultations/1/priorities")
    title = page.locator(".stages-title")
    assert "(data contoh)" in title.text_content()
    page.emulate_media(media="print")
    expect(title).to_be_visible()
    expect(page.locator(".stages ol")).to_be_hidden()
    expect(page.get_by_role("heading", name="Prioritas")).to_be_visible()
    for button in page.locator(".button").all():
        expect(button).to_be_hidden()
    picture(page, "ranking-print-1040")
