"""The form of the phone in a real browser: what scripts add to it, and that the form stays whole without them."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from live_server import DESK, PHONE, sign_in
from outbox_phone import expect_all_sent
from PIL import Image
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


@pytest.mark.parametrize("height", [740, 420])
def test_the_list_opens_where_it_is_seen_also_above_the_keyboard_of_the_screen(open_browser, server, height):
    phone = open_form(open_browser, server)
    field, listed = village(phone), phone.get_by_role("listbox")
    field.evaluate("(field) => field.scrollIntoView({ block: 'end' })")
    field.click()
    expect(listed).to_be_in_viewport(ratio=1)
    phone.set_viewport_size({"width": 360, "height": height})  # as the keyboard does, which comes after the focus
    expect(listed).to_be_in_viewport(ratio=1)
    expect(field).to_be_in_viewport(ratio=1)
    phone.keyboard.type("pa")
    expect(listed).to_be_in_viewport(ratio=1)
    assert listed.bounding_box()["height"] >= 96  # two choices


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


def test_a_large_photo_is_made_small_on_the_phone(open_browser, server, tmp_path, picture):
    noise = Image.effect_noise((3000, 2000), 50).convert("RGB")
    noise.save(tmp_path / "besar.png")
    assert (tmp_path / "besar.png").stat().st_size > 8_000_000
    phone = open_form(open_browser, server)
    with phone.expect_response(re.compile(r"photo\.js")):
        phone.get_by_label("Warga").check()
    # A file that is no picture is named at once, not after it was sent.
    phone.locator("#photo").set_input_files({"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"catatan"})
    expect(phone.locator("#photo + [role=status]")).to_contain_text("bukan foto JPEG, PNG, atau WebP")
    phone.get_by_label("Foto").set_input_files(tmp_path / "besar.png")
    expect(phone.get_by_text("Foto siap dikirim")).to_be_visible()
    assert phone.evaluate("document.querySelector('#photo').files[0].size") <= 500_000
    picture(phone, "form-photo-360")

    phone.get_by_role("radio", name=re.compile("^Masalah")).check()
    phone.get_by_label("Tulis masukan Anda").fill("Jembatan kayu di gang ini lapuk.")
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_role("button", name="Kirim").click()
    phone.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima").click()
    phone.get_by_role("link", name="Lihat foto").click()
    expect(phone.locator("img")).to_be_visible()
    assert phone.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [1600, 1067]


def test_questions_of_the_consultation_are_asked_for_every_idea(open_browser, server, picture):
    desk = open_browser(DESK)
    sign_in(desk, server, "administrator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.get_by_role("link", name="Atur pertanyaan").click()
    for kind, text in (("Skala", "Seberapa puas Anda dengan taman kota?"), ("Pilih beberapa", "Apa yang kurang?")):
        desk.get_by_label("Pertanyaan", exact=True).fill(text)
        desk.get_by_role("radio", name=kind).check()
        desk.get_by_label("Pilihan jawaban").fill("Bangku | Benches\nLampu | Lights")
        desk.get_by_label("Wajib dijawab").check()
        desk.get_by_role("button", name="Tambahkan").click()
        expect(desk.get_by_role("heading", name=text)).to_be_visible()
    picture(desk, "questions-1280")

    phone = open_form(open_browser, server)
    for number, body in enumerate(("Taman perlu bangku.", "Taman gelap sesudah magrib."), 1):
        phone.get_by_label("Warga").check()
        phone.get_by_role("radio", name=re.compile("^Masalah")).check()
        phone.get_by_label("Tulis masukan Anda").fill(body)
        phone.get_by_role("group", name=re.compile("Seberapa puas")).get_by_label("4").check()
        phone.get_by_label("Bangku").check()
        phone.get_by_label("Lampu").check()
        picture(phone, "form-questions-360")
        phone.get_by_label("Saya setuju", exact=False).check()
        phone.get_by_role("button", name="Kirim").click()
        expect_all_sent(phone, number)
        assert re.fullmatch(r"\d+,\d+", phone.locator("[name=asked]").input_value())
        phone.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima").click()
        expect(phone.get_by_text("Bangku; Lampu")).to_be_visible()
        expect(phone.get_by_text(body)).to_be_visible()
        phone.goto(f"/s/{server.join_code}")


def test_what_is_typed_before_the_scripts_came_is_not_replaced_by_an_older_draft(open_browser, server):
    phone = open_browser(PHONE, service_workers="block")
    body = phone.get_by_label("Tulis masukan Anda")
    phone.goto(f"/s/{server.join_code}")
    expect(phone.locator("#outbox[data-ready]")).to_be_attached()
    phone.get_by_role("radio", name=re.compile("^Masalah")).check()
    body.fill("Kemarin: pagar taman roboh.")
    phone.get_by_label("Di mana tepatnya?").fill("Dekat gerbang")
    arrives = []
    phone.route("**/outbox.js", lambda route: arrives.append(route))
    phone.reload()
    body.fill("Hari ini: pagar taman sudah hilang.")
    while not arrives:
        phone.wait_for_timeout(20)
    arrives.pop().continue_()
    expect(phone.locator("#outbox[data-ready]")).to_be_attached()
    expect(body).to_have_value("Hari ini: pagar taman sudah hilang.")
    expect(phone.get_by_label("Di mana tepatnya?")).to_have_value("Dekat gerbang")


KINDS = ("Masalah", "Usulan", "Praktik baik", "Evaluasi program")


def test_every_kind_shows_one_good_example_and_names_it_to_those_who_listen(open_browser, server, picture):
    phone = open_form(open_browser, server)
    body = phone.get_by_label("Tulis masukan Anda")
    examples = phone.locator("#body-example p")
    expect(examples).to_have_count(len(KINDS))
    heard = set()
    for kind in KINDS:
        phone.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        (shown,) = phone.locator("#body-example p:visible").all_inner_texts()
        assert shown.startswith(f"Contoh {kind.lower()}: ")
        expect(body).to_have_accessible_description(re.compile(f"telepon\\. {re.escape(shown)} Sisa"))
        heard.add(shown)
        picture(phone, f"form-example-{kind.split()[0].lower()}-360")
    assert len(heard) == len(KINDS)


def test_every_example_says_for_which_kind_it_is(open_browser, server):
    """A browser that does not know :has() shows the fields of all kinds."""
    phone = open_form(open_browser, server, java_script_enabled=False)
    assert [text.split(":")[0] for text in phone.locator("#body-example p").all_text_contents()] == [
        f"Contoh {kind.lower()}" for kind in KINDS]


def test_fields_of_one_line_say_their_limit_and_show_an_example_before_anything_is_wrong(open_browser, server):
    phone = open_form(open_browser, server)
    for kind, labels in (("Masalah", ["Di mana tepatnya?"]), ("Evaluasi", ["Program apa yang Anda nilai?"]),
                         ("Praktik", ["Di mana praktik ini berjalan?", "Siapa yang menjalankannya?"])):
        phone.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        for label in labels:
            expect(phone.get_by_label(label)).to_have_accessible_description(
                re.compile("Paling banyak 200 karakter\\. Contoh: .{5}"))
