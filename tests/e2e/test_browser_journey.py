"""The product's promise in a real browser: from a phone to a defended list."""
import csv
import io
import re
from zipfile import ZipFile

import pytest
from live_server import DESK, PHONE, sign_in
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def send_idea(page: Page, text: str, kind: str = "Masalah") -> str:
    """Fill the form as a resident and send it; return the receipt code."""
    page.get_by_label("Warga").check()
    page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    page.get_by_label("Tulis masukan Anda").fill(text)
    page.get_by_label("Saya setuju", exact=False).check()
    page.get_by_role("button", name="Kirim").click()
    # With scripts the phone keeps the receipt on the form; without them the next page is the receipt.
    kept = page.locator("#outbox [data-part=now]").get_by_role("link", name="Buka tanda terima")
    stored = page.get_by_text("Masukan diterima")
    expect(kept.or_(stored)).to_be_visible()
    if kept.is_visible():
        kept.click()
    expect(stored).to_be_visible()
    return page.url.rpartition("/r/")[2].partition("?")[0]


def test_a_consultation_is_opened_and_a_phone_sends_an_idea(open_browser, server, picture):
    desk = open_browser(DESK)
    sign_in(desk, server, "facilitator")
    picture(desk, "staff-home-1280")
    desk.get_by_role("link", name="Konsultasi baru").click()
    desk.get_by_label("Judul").fill("Forum uji peramban")
    desk.get_by_label("Tujuan").fill("Mendengar masukan untuk uji peramban.")
    desk.get_by_label("Pengendali data").fill("Dinas Uji")
    desk.get_by_label("Kontak").fill("kontak@contoh.example")
    desk.get_by_role("button", name="Buat konsultasi").click()
    desk.get_by_label("Nama sesi").fill("Sesi pagi")
    desk.get_by_label("Tempat").fill("Ruang uji")
    desk.get_by_label("Tanggal").fill("2026-12-09")
    desk.get_by_label("Jam mulai").fill("09:00")
    desk.get_by_role("button", name="Buat sesi").click()
    desk.get_by_role("button", name="Buka sesi").click()
    expect(desk.get_by_text("Sesi terbuka: peserta dapat mengirim.")).to_be_visible()
    picture(desk, "session-1280")
    code = re.search(r"/s/(\w{6})", desk.get_by_role("main").inner_text())[1]
    with desk.expect_popup() as projector:
        desk.get_by_role("link", name=re.compile("Layar")).click()
    expect(projector.value.get_by_text(f"{code[:3]}-{code[3:]}")).to_be_visible()
    picture(projector.value, "projector-1280")

    phone = open_browser(PHONE)
    phone.goto("/")
    picture(phone, "join-360")
    phone.get_by_role("textbox").fill(f"{code[:3].lower()} {code[3:].lower()}")
    phone.get_by_role("button").last.click()
    picture(phone, "form-360")
    receipt = send_idea(phone, "Selokan di gang kami mampet sejak jembatan baru dipasang.")
    picture(phone, "receipt-360")

    phone.get_by_role("link", name="Perbaiki").click()
    phone.get_by_label("Tulis masukan Anda").fill("Selokan mampet sejak jembatan baru; perlu bak kontrol.")
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.locator("article").get_by_text("perlu bak kontrol")).to_be_visible()
    phone.get_by_text("Tarik kembali masukan ini").click()
    phone.get_by_role("button", name="Ya, tarik kembali").click()
    expect(phone.get_by_text("Anda tarik kembali")).to_be_visible()
    assert receipt


def test_the_phone_works_without_scripts_and_keeps_text_over_an_error(open_browser, server, picture):
    phone = open_browser(PHONE, java_script_enabled=False)
    phone.goto(f"/s/{server.join_code}")
    phone.get_by_role("radio", name=re.compile("^Usulan")).check()
    phone.get_by_label("Tulis masukan Anda").fill("Bank sampah digital dengan timbangan di tiap RW.")
    phone.get_by_role("button", name="Kirim").click()

    expect(phone.get_by_role("alert").first).to_be_visible()
    picture(phone, "form-errors-360")
    expect(phone.get_by_label("Tulis masukan Anda")).to_have_value(
        "Bank sampah digital dengan timbangan di tiap RW.")
    phone.get_by_role("radio", name="Kombinasi").check()
    receipt = send_idea(phone, "Bank sampah digital dengan timbangan di tiap RW.", "Usulan")
    assert len(receipt) == 14


def test_a_double_tap_is_one_entry(open_browser, server):
    phone = open_browser(PHONE)
    phone.goto(f"/s/{server.join_code}")
    phone.get_by_label("Warga").check()
    phone.get_by_role("radio", name=re.compile("^Masalah")).check()
    phone.get_by_label("Tulis masukan Anda").fill("Ketukan ganda yang hanya boleh tersimpan sekali.")
    phone.get_by_label("Saya setuju", exact=False).check()
    phone.get_by_role("button", name="Kirim").dblclick()
    expect(phone.get_by_text("masukan Anda sudah tersimpan")).to_be_visible()

    desk = open_browser(DESK)
    sign_in(desk, server, "facilitator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    desk.get_by_role("link", name="Kumpulkan").click()
    desk.get_by_label("Kata", exact=True).fill("Ketukan ganda")
    desk.get_by_role("button", name="Saring").click()
    expect(desk.get_by_text("Ketukan ganda yang hanya boleh")).to_have_count(1)


def test_from_analysis_to_a_defended_list(open_browser, server, picture):
    desk = open_browser(DESK)
    sign_in(desk, server, "facilitator")
    desk.get_by_role("link", name=re.compile("data contoh")).click()
    picture(desk, "consultation-1280")
    desk.get_by_role("link", name="Kumpulkan").click()
    picture(desk, "submissions-1280")
    desk.get_by_role("link", name="Tinjau tema", exact=False).first.click()
    _run_analysis(desk, "Jalankan analisis")
    _to_board(desk)
    picture(desk, "board-1280")
    for _ in range(3):
        n_themes = desk.locator(".theme-card.confirmed").count()
        desk.get_by_role("button", name="Terima sebagai tema").first.click()
        expect(desk.locator(".theme-card.confirmed")).to_have_count(n_themes + 1)

    desk.locator(".theme-card.confirmed").first.get_by_role("link", name="Buka tema").click()
    picture(desk, "theme-1280")
    desk.get_by_label("Judul tema").fill("Rob dan genangan di permukiman pesisir")
    desk.get_by_role("button", name="Simpan judul").click()
    expect(desk.get_by_role("heading", name="Rob dan genangan di permukiman pesisir").first).to_be_visible()
    _to_board(desk)
    others = desk.locator(".theme-card.confirmed").filter(has_not_text="Rob dan genangan").get_by_role("checkbox")
    for box in others.all():
        box.check()
    desk.get_by_role("button", name="Gabungkan yang dicentang").click()
    expect(desk.locator(".theme-card.confirmed")).to_have_count(2)
    desk.get_by_role("link", name="Buku keputusan").click()
    picture(desk, "ledger-1280")
    _to_board(desk)

    _run_analysis(desk, "Jalankan lagi")
    _to_board(desk)
    expect(desk.locator(".theme-card.confirmed")).to_have_count(2)
    expect(desk.get_by_role("link", name="Rob dan genangan di permukiman pesisir").first).to_be_visible()

    planner = open_browser(DESK)
    sign_in(planner, server, "planner")
    planner.get_by_role("link", name=re.compile("data contoh")).click()
    planner.get_by_role("link", name="Prioritas", exact=False).first.click()
    planner.get_by_role("link", name=re.compile("Nilai|Mulai menilai")).first.click()
    picture(planner, "score-1280")
    for n_scored, value in enumerate(("5", "3")):
        expect(planner.get_by_text(f"Anda sudah menilai {n_scored} dari 2 tema")).to_be_visible()
        for group in planner.locator("form fieldset").all():
            group.get_by_role("radio", name=re.compile(f"^{value}")).check()
        planner.get_by_role("button", name="Simpan & berikutnya").click()
    planner.get_by_role("link", name="Prioritas", exact=False).first.click()
    picture(planner, "ranking-1280")
    expect(planner.get_by_role("table", name="Daftar peringkat").get_by_role("row")).to_have_count(3)

    planner.get_by_role("link", name="Ekspor", exact=False).first.click()
    picture(planner, "exports-1280")
    with planner.expect_download() as download:
        planner.get_by_role("link", name=re.compile("CSV")).first.click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["Peringkat"] for row in rows] == ["1", "2"]
    assert all(re.fullmatch(r"(M-\d{5}\D*)+", row["ID masukan"]) for row in rows)
    with planner.expect_download() as download:
        planner.get_by_role("link", name=re.compile("XLSX|Excel")).first.click()
    with ZipFile(download.value.path()) as workbook:
        assert "xl/worksheets/sheet1.xml" in workbook.namelist()

    planner.get_by_role("link", name="Tanggapan", exact=False).first.click()
    planner.get_by_role("link", name="Tulis tanggapan").first.click()
    planner.get_by_label("Diakomodasi sebagian").check()
    planner.get_by_label("Karena", exact=False).fill("Dua pompa masuk rencana kerja tahun depan.")
    planner.get_by_role("button", name="Simpan tanggapan").click()
    planner.get_by_role("button", name="Buka hasil untuk umum").click()
    picture(planner, "responses-1280")
    phone = open_browser(PHONE)
    phone.goto(planner.get_by_role("link", name="Lihat halaman hasil").get_attribute("href"))
    expect(phone.get_by_text("Dua pompa masuk rencana kerja tahun depan.")).to_be_visible()
    picture(phone, "results-360")


def _run_analysis(page: Page, button: str) -> None:
    """Start an analysis and watch it until its page of progress leads to what it brought."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/staff/runs/\d+/changes"), timeout=90_000)


def _to_board(page: Page) -> None:
    """Stand on the board of themes."""
    page.locator("nav.stages").get_by_role("link", name="Tinjau tema").click()
    expect(page.get_by_role("heading", name="Tinjau tema")).to_be_visible()
