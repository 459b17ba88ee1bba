"""What everybody can use in states that no address leads to, and a form that weighs little.

Every page by its address, in both languages, is in test_every_page.py; here is what people make of them by hand.
"""
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from accessible import check, check_colours
from live_server import DESK, PHONE, Server, sign_in
from playwright.sync_api import Page, expect

from bench.page_weight import weight_of

pytestmark = pytest.mark.browser

FORM_BYTES = 14_000
FORM_REQUESTS = 4
LATER_BYTES = 60_000
# Groups of the map that are not what lies under their own middle.
_HIT_BESIDE = """(groups) => groups.filter((group) => {
  group.scrollIntoView({ block: 'center' });
  const box = group.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest('a') !== group;
}).map((group) => group.getAttribute('aria-label'))"""


@pytest.fixture
def open_still(open_browser) -> Callable[[dict[str, int]], Page]:
    """A browser whose owner prefers no motion: colours are final as soon as they are painted."""
    return lambda viewport: open_browser(viewport, reduced_motion="reduce")


def test_the_first_visit_to_the_form_is_light(open_browser, server):
    weight = weight_of(open_browser(PHONE), "form", f"/s/{server.join_code}")

    assert 2 <= weight.first_requests <= FORM_REQUESTS
    assert 5_000 < weight.first_bytes <= FORM_BYTES
    # The outbox, the service worker and what it keeps: pages, scripts, and what others wrote.
    assert weight.later_requests > 10
    assert 20_000 < weight.later_bytes <= LATER_BYTES


def test_every_participant_can_use_what_a_phone_says(open_still, server):
    phone = open_still(PHONE)
    phone.goto("/")
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
    phone.goto(f"/s/{server.join_code}/react")
    expect(phone.locator("#deck[data-ready]")).to_be_attached()
    phone.wait_for_timeout(300)
    phone.get_by_role("button", name="Tidak setuju").click()
    expect(phone.locator("[data-part=last-stance]")).to_have_text("Tidak setuju")
    check(phone, "reactions with the latest one")
    phone.get_by_role("link", name="Ubah").click()
    expect(phone.locator("#deck [aria-pressed=true]")).to_have_text("Tidak setuju")
    check(phone, "reactions, changing")
    phone.locator("#deck [aria-pressed=true]").hover()
    check_colours(phone, "reactions, changing, with the pointer on what was chosen")
    phone.goto(f"/s/{server.join_code}/react/mine")
    expect(phone.locator("#my-reactions[data-ready]")).to_be_attached()
    expect(phone.get_by_role("button", name="Tidak setuju")).to_have_attribute("aria-pressed", "true")
    check(phone, "my reactions")


def test_every_member_of_staff_can_use_what_the_desk_says(open_still, server: Server):
    desk = open_still(DESK)
    desk.goto("/staff/")
    desk.get_by_label("Nama akun").fill("administrator")
    desk.get_by_label("Kata sandi").fill("bukan ini")
    desk.get_by_role("button", name="Masuk").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    check(desk, "sign-in that is refused")
    sign_in(desk, server, "administrator")
    desk.get_by_role("link", name="Konsultasi baru").click()
    desk.get_by_role("button", name="Buat konsultasi").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    check(desk, "new consultation with errors")
    desk.get_by_role("link", name="Konsultasi", exact=True).click()
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    for stage in ("Kumpulkan", "Tinjau tema", "Prioritas", "Tanggapan", "Ekspor"):
        desk.locator("nav.stages").get_by_role("link", name=stage).click()
        expect(desk.locator("nav.stages [aria-current]")).to_contain_text(stage)
        if stage in ("Tinjau tema", "Prioritas", "Tanggapan"):
            check(desk, f"{stage}, before there is anything")
    desk.locator("nav.stages").get_by_role("link", name="Kumpulkan").click()
    desk.get_by_role("button", name="Lihat kontak").first.click()  # of the participant above
    expect(desk.get_by_text("0812 3456 7890")).to_be_visible()
    check(desk, "contact")


def test_a_wall_that_is_dark_by_choice_is_for_everybody(open_still, server: Server):
    desk = open_still(DESK)
    sign_in(desk, server, "administrator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.get_by_role("article").get_by_role("link").first.click()
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Layar aula").click()
    wall = opened.value
    expect(wall.get_by_role("button", name="Jeda")).to_be_visible()
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
    desk.get_by_role("link", name="Peta", exact=True).click()
    desk.set_viewport_size(PHONE)
    assert desk.locator(".theme-map a").evaluate_all(_HIT_BESIDE) == [], "a finger on a group's number opens another"
    desk.set_viewport_size(DESK)
    desk.locator(".theme-map a").first.press("Enter")
    expect(desk.get_by_text("Kekokohan")).to_be_visible()
    to_stage.click()
    desk.get_by_role("button", name="Terima sebagai tema").first.click()
    desk.locator("nav.stages").get_by_role("link", name="Prioritas").click()
    desk.get_by_role("link", name="Nilai tema berikutnya").click()
    for group in desk.locator("form fieldset").all():
        group.get_by_role("radio", name=re.compile("^4")).check()
    desk.get_by_role("button", name="Simpan & kembali ke daftar").click()
    expect(desk.get_by_role("table", name="Daftar peringkat")).to_be_visible()
    check(desk, "ranking")


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
