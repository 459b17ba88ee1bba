"""What everybody can use: axe in light and dark, nothing to scroll sideways at 320 px, a form that weighs little."""
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from live_server import DESK, PHONE, Server, sign_in
from playwright.sync_api import Page, expect

from bench.page_weight import weight_of

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}  # WCAG 1.4.10: 1280 px at 400 % zoom
TEXT_TWICE = {"width": 640, "height": 800}  # with a root font twice its size (WCAG 1.4.4)
FORM_BYTES = 14_000
FORM_REQUESTS = 4
LATER_BYTES = 60_000
TARGET_PX = 44
_LEVEL_AA = {"resultTypes": ["violations"],
             "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# The dark scheme changes colours and nothing else.
_COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}

# Controls that stand by themselves; a link inside a sentence may be as high as its line (WCAG 2.5.8).
_CONTROLS = ".button, .wall-controls > *, summary, select, textarea, input:not([type=hidden])"
_SMALL_TARGETS = """([controls, least]) => [...document.querySelectorAll(controls)]
  .map((control) => control.closest('label') || control)
  .filter((target) => target.checkVisibility({ contentVisibilityAuto: true }))
  .map((target) => [target.getBoundingClientRect(), target])
  .filter(([box]) => box.width > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([box, target]) => `${target.outerHTML.slice(0, 90)} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def open_still(open_browser) -> Callable[[dict[str, int]], Page]:
    """A browser whose owner prefers no motion: colours are final as soon as they are painted."""
    return lambda viewport: open_browser(viewport, reduced_motion="reduce")


def check(page: Page, where: str) -> None:
    """The page as it stands, in both colour schemes, then narrow, then with text twice its size."""
    before = page.viewport_size
    for scheme, rules in (("light", _LEVEL_AA), ("dark", _COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules).response
        assert found["passes"], f"{where}: axe looked at nothing"
        assert [(rule["id"], rule["nodes"][0]["html"], rule["nodes"][0]["failureSummary"])
                for rule in found["violations"]] == [], f"{where}, {scheme}"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(_SMALL_TARGETS, [_CONTROLS, TARGET_PX]) == [], where
    page.set_viewport_size(NARROW)
    assert page.evaluate(_SIDEWAYS) <= 0, f"{where} scrolls sideways at 320 px"
    page.set_viewport_size(TEXT_TWICE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_SIDEWAYS) <= 0, f"{where} scrolls sideways with text twice its size"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(before)


def test_the_first_visit_to_the_form_is_light(open_browser, server):
    weight = weight_of(open_browser(PHONE), "form", f"/s/{server.join_code}")

    assert 2 <= weight.first_requests <= FORM_REQUESTS
    assert 5_000 < weight.first_bytes <= FORM_BYTES
    # The outbox, the service worker and what it keeps: pages, scripts, and what others wrote.
    assert weight.later_requests > 10
    assert 20_000 < weight.later_bytes <= LATER_BYTES


def test_every_participant_can_use_the_phone_pages(open_still, server):
    phone = open_still(PHONE)
    phone.goto("/")
    check(phone, "join")
    phone.get_by_role("textbox").fill("zzz999")
    phone.get_by_role("button").last.click()
    expect(phone.get_by_role("alert")).to_be_visible()
    check(phone, "unknown code")
    phone.goto(f"/s/{server.join_code}")
    phone.get_by_text("Boleh kami hubungi?").click()
    for kind in ("Usulan", "Evaluasi"):  # between them every kind of field
        phone.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        check(phone, f"form, {kind}")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_role("alert").first).to_be_visible()
    check(phone, "form with errors")

    phone.get_by_label("Warga").check()
    phone.get_by_role("radio", name=re.compile("^Masalah")).check()
    phone.get_by_label("Tulis masukan Anda").fill("Papan petunjuk terminal " + "sangatpanjang" * 12)
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_label("Nomor telepon atau surel").fill("0812 3456 7890")
    phone.get_by_label("Saya bersedia dihubungi", exact=False).check()
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_text("masukan Anda sudah tersimpan")).to_be_visible()
    phone.get_by_text("Masukan di ponsel ini").click()
    check(phone, "form with a receipt")
    phone.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima").click()
    phone.get_by_text("Tarik kembali masukan ini").click()
    check(phone, "receipt")
    phone.get_by_role("link", name="Perbaiki").click()
    check(phone, "correct")
    phone.goto(f"/s/{server.join_code}/react")
    expect(phone.locator("#deck[data-ready]")).to_be_attached()
    check(phone, "reactions")
    phone.wait_for_timeout(300)
    phone.get_by_role("button", name="Tidak setuju").click()
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Tidak setuju")
    check(phone, "reactions with the latest one")
    phone.get_by_role("link", name="Ubah").click()
    expect(phone.locator("#deck [aria-pressed=true]")).to_have_text("Tidak setuju")
    check(phone, "reactions, changing")
    phone.locator("#deck [aria-pressed=true]").hover()
    check(phone, "reactions, changing, with the pointer on what was chosen")
    for path in (f"/s/{server.join_code}/react/mine", f"/s/{server.join_code}/notice", "/privacy", "/tidak-ada"):
        phone.goto(path)
        check(phone, path)


def test_every_member_of_staff_can_use_the_desk_pages(open_still, server: Server):
    desk = open_still(DESK)
    desk.goto("/staff/")
    check(desk, "sign-in")
    sign_in(desk, server, "administrator")
    check(desk, "consultations")
    desk.get_by_role("link", name="Konsultasi baru").click()
    desk.get_by_role("button", name="Buat konsultasi").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    check(desk, "new consultation with errors")
    desk.get_by_role("link", name="Akun", exact=True).click()
    check(desk, "accounts")
    desk.get_by_role("link", name="Konsultasi", exact=True).click()
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    check(desk, "consultation")
    desk.get_by_role("link", name="Atur pertanyaan").click()
    for kind, text in (("Jawaban singkat", "Nama kelompok Anda?"), ("Skala", "Seberapa puas Anda?")):
        desk.get_by_label("Pertanyaan", exact=True).fill(text)
        desk.get_by_role("radio", name=kind).check()
        desk.get_by_role("button", name="Tambahkan").click()
        expect(desk.get_by_role("heading", name=text)).to_be_visible()
    check(desk, "questions")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    for stage in ("Kumpulkan", "Tinjau tema", "Prioritas", "Tanggapan", "Ekspor"):
        desk.locator("nav.stages").get_by_role("link", name=stage).click()
        expect(desk.locator("nav.stages [aria-current]")).to_contain_text(stage)
        check(desk, stage)
    desk.locator("nav.stages").get_by_role("link", name="Kumpulkan").click()
    desk.get_by_role("button", name="Lihat kontak").first.click()  # of the participant above
    expect(desk.get_by_text("0812 3456 7890")).to_be_visible()
    check(desk, "contact")
    desk.locator("nav.stages").get_by_role("link", name="Kumpulkan").click()
    desk.get_by_role("link", name="Impor berkas").click()
    check(desk, "import")


def test_the_sitting_and_its_wall_are_for_everybody(open_still, server: Server):
    desk = open_still(DESK)
    sign_in(desk, server, "administrator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.get_by_role("article").get_by_role("link").first.click()
    expect(desk.get_by_role("heading", name="Batas kiriman")).to_be_visible()
    check(desk, "sitting")
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Layar aula").click()
    wall = opened.value
    expect(wall.get_by_role("button", name="Jeda")).to_be_visible()
    check(wall, "wall")
    wall.get_by_role("link", name="Gelap").click()
    check(wall, "wall, dark by choice")


def test_themes_can_be_reviewed_and_scored_by_everybody(open_still, server: Server):
    desk = open_still(DESK)
    sign_in(desk, server, "administrator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    to_stage = desk.locator("nav.stages").get_by_role("link", name="Tinjau tema")
    to_stage.click()
    desk.get_by_role("button", name=re.compile("Jalankan")).click()
    expect(desk.get_by_role("heading", name="Apa yang baru dari analisis ini")).to_be_visible(timeout=60_000)
    check(desk, "what is new")
    desk.get_by_role("link", name="Peta", exact=True).click()
    check(desk, "map")
    desk.locator(".theme-map a").first.press("Enter")
    expect(desk.get_by_text("Kekokohan")).to_be_visible()
    check(desk, "proposed group")
    to_stage.click()
    desk.get_by_role("button", name="Terima sebagai tema").first.click()
    check(desk, "board")
    desk.get_by_role("link", name="Buka tema").first.click()
    check(desk, "theme")
    desk.get_by_role("link", name="Buku keputusan").click()
    check(desk, "ledger")
    desk.locator("nav.stages").get_by_role("link", name="Prioritas").click()
    desk.get_by_role("link", name="Nilai tema berikutnya").click()
    check(desk, "score sheet")
    for group in desk.locator("form fieldset").all():
        group.get_by_role("radio", name=re.compile("^4")).check()
    desk.get_by_role("button", name="Simpan & kembali ke daftar").click()
    expect(desk.get_by_role("table", name="Daftar peringkat")).to_be_visible()
    check(desk, "ranking")
    desk.goto("/staff/sessions/1/projector")
    expect(desk.get_by_role("heading", name="Tema sejauh ini")).to_be_visible()
    check(desk, "wall with themes")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_still, server):
    phone = open_still(PHONE)
    phone.goto(f"/s/{server.join_code}")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    seen = []
    for _ in range(40):
        phone.keyboard.press("Tab")
        at = phone.evaluate("""() => { const at = document.activeElement, style = getComputedStyle(at);
          return [at.id || at.textContent.trim(), at.matches('a, button, input, select, textarea, summary'),
                  parseFloat(style.outlineWidth), style.outlineStyle, at.getBoundingClientRect().top + scrollY]; }""")
        name, is_control, width, style, top = at
        if not is_control:
            break
        assert width >= 2, f"no visible focus on {name}"
        assert style != "none", f"no visible focus on {name}"
        seen.append((name, top))
    names = [name for name, _top in seen]
    for control in ("area", "body", "consent", "Kirim"):
        assert control in names, names
    tops = [top for _name, top in seen[3:]]  # the header is one row of several things
    assert all(later >= earlier - 40 for earlier, later in pairwise(tops)), "the order jumps up"
