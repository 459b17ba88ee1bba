"""The phone's script finds the same similar ideas as its reference in Python, word for word."""
import csv
import re
from pathlib import Path

import pytest
from live_server import PHONE
from playwright.sync_api import expect

from analysis import Document, phone_index, similar_by_index

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
DEMO = sorted((ROOT / "forum" / "packs").glob("*/demo/submissions.csv"))[0]
ODD = ["", "🙂🙂", "yang dan di",
       "JALAN2 rusak!!! www.contoh.example a@b.example", "Ñandú ﬁle Ⅻ Ｒｏｂ", "sampah " * 500,
       "anak-anak ke sekolah", "kalèn mampet", "x", "0812-3456-7890"]


def test_the_script_agrees_with_the_reference(browser):
    with DEMO.open(encoding="utf-8", newline="") as file:
        texts = [row["body"] for row in csv.DictReader(file)]
    index = phone_index(Document(number, text) for number, text in enumerate(texts) if number % 4)
    asked = [*ODD, *texts[::4], *texts[1:40]]
    page = browser.new_page()
    source = (ROOT / "forum" / "static" / "similar.js").read_text(encoding="utf-8")

    found = page.evaluate(
        """async ([source, index, texts]) => {
          const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
          const prepared = module.prepare(index);
          return texts.map((text) => module.similar(prepared, text));
        }""", [source, index, asked])
    page.close()

    expected = [similar_by_index(text, index) for text in asked]
    assert [[key for key, _ in one] for one in found] == [[key for key, _ in one] for one in expected]
    assert [score for one in found for _, score in one] == pytest.approx(
        [score for one in expected for _, score in one], abs=1e-4)
    assert sum(map(bool, expected)) > 60


def test_similar_ideas_show_while_typing_and_can_be_supported(open_browser, server, picture):
    phone = open_browser(PHONE)
    phone.goto(f"/s/{server.join_code}")
    section = phone.locator("#similar-ideas")
    expect(section).to_be_hidden()

    phone.get_by_label("Tulis masukan Anda").fill("Sampah menumpuk di TPS, truk pengangkut sampah jarang datang")
    expect(section).to_be_visible()
    assert 1 <= section.locator("li").count() <= 3
    picture(phone, "similar-360")
    section.get_by_role("button", name="Dukung yang ini").first.click()
    expect(section.get_by_role("status").first).to_have_text("Dukungan Anda tercatat. Terima kasih.")

    phone.context.set_offline(True)
    phone.get_by_label("Tulis masukan Anda").fill("Lampu jalan di gang padam, gelap sekali")
    expect(section.locator("li").first).to_contain_text(re.compile("lampu|gelap|gang|PJU", re.IGNORECASE))
    section.get_by_role("button", name="Dukung yang ini").first.click()
    expect(section.get_by_role("status").first).to_have_text("Dukungan tersimpan di ponsel, belum terkirim.")
    phone.context.set_offline(False)


def test_a_page_that_stays_open_asks_again_now_and_then_and_only_while_somebody_writes(open_browser, server):
    phone = open_browser(PHONE, service_workers="block")
    phone.clock.install()
    asked: list[int] = []
    phone.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/ideas") else None)
    phone.goto(f"/s/{server.join_code}")
    body, section = phone.get_by_label("Tulis masukan Anda"), phone.locator("#similar-ideas")

    def write(text: str, word: str) -> None:
        body.fill(text)
        expect(section.locator("li").first).to_contain_text(re.compile(word, re.IGNORECASE))

    write("Sampah menumpuk di TPS, truk pengangkut sampah jarang datang", "sampah")
    write("Lampu jalan di gang padam, gelap sekali", "lampu|gelap|gang|PJU")
    assert len(asked) == 1
    phone.clock.fast_forward("11:00")
    phone.wait_for_timeout(300)
    assert len(asked) == 1
    with phone.expect_response("**/ideas"):
        write("Sampah menumpuk di TPS, truk pengangkut sampah jarang datang", "sampah")
    write("Lampu jalan di gang padam, gelap sekali", "lampu|gelap|gang|PJU")
    assert len(asked) == 2
    phone.clock.fast_forward("11:00")
    phone.context.set_offline(True)  # then what the page has goes on to serve
    with phone.expect_event("requestfailed", lambda request: request.url.endswith("/ideas")):
        write("Sampah menumpuk di TPS, truk pengangkut sampah jarang datang", "sampah")
    phone.context.set_offline(False)
