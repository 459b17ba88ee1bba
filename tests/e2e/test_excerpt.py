"""Where texts are cut: between words, by the phone's script as by the server."""
from pathlib import Path

import pytest
from live_server import PHONE
from reacting_phone import open_deck, press

from forum.formatting import beginning

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "forum" / "static" / "excerpt.js"
MOST = 20
TEXTS = ["", "Lampu padam.", "Lampu gang kami padam", "Lampu gang kami pada", "Lampu gang kami, padam lagi",
         "Hahahahahahahahahahahahaha", "A hahahahahahahahahahahaha", "Lampu 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"]


def test_the_script_cuts_as_the_server_does(browser):
    page = browser.new_page()
    found = page.evaluate(
        """async ([source, texts, most]) => {
          const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
          return texts.map((text) => module.beginning(text, most));
        }""", [SCRIPT.read_text(encoding="utf-8"), TEXTS, MOST])
    page.close()
    assert found == [beginning(text, MOST) for text in TEXTS]


def test_the_latest_reaction_is_named_in_whole_words(open_browser, server):
    phone = open_browser(PHONE)
    open_deck(phone, server)
    excerpt = phone.locator("[data-part=last-text]")
    chosen = press(phone, "Setuju")
    while len(chosen) <= 80:
        chosen = press(phone, "Setuju")
    said = excerpt.text_content()
    assert said.endswith("…")
    assert set(said.removesuffix("…").split()) <= {word.rstrip(",;:") for word in chosen.split()} | set(chosen.split())
    phone.goto(f"/s/{server.join_code}/react")  # the page itself, before any script
    assert excerpt.text_content() == said
