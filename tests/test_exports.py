"""Files that leave the house: traceable, without personal data, the same for the same state."""
import io
import json
import re
from dataclasses import asdict
from zipfile import ZipFile

import pytest
from builders import make_consultation
from exporting import FORMATS, book_of, csv_rows, download, make_forum, make_hostile, sheet_rows
from openpyxl import load_workbook
from sqlalchemy import select

from forum.answers.forms import STATUS_NAMES
from forum.answers.models import Response
from forum.db import db, utc_now, writing
from forum.exports import xlsx_file
from forum.exports.issue_list import APPROACH_HEADINGS
from forum.exports.report_texts import KIND_HEADINGS
from forum.formatting import public_id
from forum.priorities.issues import issue_code
from forum.review.models import Theme, ThemeMember
from forum.review.queries import accounting, live_members_select
from forum.submissions.forms import APPROACH_NAMES, KIND_NAMES
from forum.submissions.models import Submission


@pytest.fixture
def forum(app):
    return make_forum(app)


class TestTheList:
    def test_ranked_issues_come_first_and_every_column_is_there(self, as_planner, forum):
        rows = csv_rows(download(as_planner, forum, "csv"))

        assert list(rows[0]) == [
            "No", "Kode isu", "Peringkat", "Rentang peringkat", "Isu", "Dimensi", "Sub dimensi", "U", "S", "G", "Total",
            "Simpangan", "Jumlah penilai", "Jumlah masukan", "Jumlah orang", "Jumlah pendukung",
            "Orang setuju", "Orang tidak setuju", "Orang melewati", "Orang per unsur", "Orang per kelurahan",
            "Pendekatan", "Frasa kunci", "Kutipan (anonim)", "ID masukan", "Status"]
        assert [(row["No"], row["Isu"], row["Peringkat"]) for row in rows] == [
            ("1", "Genangan rob", "1"), ("2", "Lampu jalan", "2"), ("3", "Pasar becek", "")]
        flood, _, market = rows
        assert (flood["U"], flood["S"], flood["G"], flood["Total"], flood["Simpangan"]) == (
            "4.5", "4.0", "3.0", "11.5", "1.5")
        assert (flood["Jumlah penilai"], flood["Jumlah masukan"], flood["Jumlah orang"]) == ("2", "3", "2")
        assert (flood["Dimensi"], flood["Sub dimensi"]) == ("Smart Environment", "Protection")
        assert flood["Orang per unsur"] == "Resident: 1; Academic: 1"
        assert flood["Orang per kelurahan"] == "Bukit: 1; Pesisir: 1"
        assert flood["Pendekatan"] == "Kombinasi: 1; tidak disebut: 2"
        assert (market["Total"], market["Status"]) == ("", "Belum dinilai")

    def test_every_line_can_be_traced_to_its_entries_and_back(self, app, as_planner, forum):
        data = {fmt: download(as_planner, forum, fmt) for fmt in FORMATS}
        listed = {row["Kode isu"]: row["ID masukan"] for row in csv_rows(data["csv"])}
        book = book_of(data["xlsx"])
        entries = {row["ID masukan"]: row["Kode isu"] for row in sheet_rows(book[xlsx_file.ENTRIES])}
        in_json = {row["code"]: row["submission_ids"] for row in json.loads(data["json"])["list"]["rows"]}

        with app.app_context():
            pairs = db.session.execute(live_members_select(forum["consultation"])).all()
            themes = db.session.scalars(select(Theme.id).where(Theme.consultation_id == forum["consultation"])).all()
        stored = {f"I-{theme_id:04d}": ", ".join(sorted(public_id(one) for theme, one in pairs if theme == theme_id))
                  for theme_id in themes}
        assert len(pairs) == 4
        assert listed == in_json == stored
        assert {code: one or "" for code, one in sheet_column(book, "Kode isu", "ID masukan").items()} == stored
        assert {one for one, code in entries.items() if code != "–"} == {public_id(one) for _, one in pairs}
        for one, code in entries.items():
            assert code == "–" or one in stored[code].split(", ")

    def test_the_total_is_a_live_formula_and_nothing_else_is(self, app, as_planner, forum):
        with app.app_context():
            make_hostile(forum)
        book = book_of(download(as_planner, forum, "xlsx"))

        formulas = {(sheet.title, cell.coordinate): cell.value for sheet in book for line in sheet.iter_rows()
                    for cell in line if cell.data_type == "f"}
        assert formulas == {("Isu Prioritas", "K2"): "=H2+I2+J2", ("Isu Prioritas", "K3"): "=H3+I3+J3"}

        sheet = book[xlsx_file.ISSUES]
        assert [[cell.value for cell in line] for line in sheet["H2:J3"]] == [[4.5, 4, 3], [1, 2, 2]]
        stored = load_workbook(io.BytesIO(download(as_planner, forum, "xlsx")), data_only=True)[xlsx_file.ISSUES]
        assert [stored["K2"].value, stored["K3"].value] == [11.5, 5]

    def test_the_formula_follows_the_weights(self, app, as_planner, forum):
        with app.app_context(), writing() as session:
            from forum.priorities.models import Criterion
            criterion = session.scalars(select(Criterion).where(Criterion.code == "S")).one()
            criterion.weight = 2.5
        sheet = book_of(download(as_planner, forum, "xlsx"))[xlsx_file.ISSUES]
        assert sheet["K2"].value == "=H2+2.5*I2+J2"

    def test_an_official_response_is_the_status(self, app, as_planner, forum):
        with app.app_context(), writing() as session:
            session.add(Response(theme_id=forum["flood"], status="partly", text="Karena bertahap.", actor_name="Uji",
                                 changed_at=utc_now()))
        assert [row["Status"] for row in csv_rows(download(as_planner, forum, "csv"))] == [
            "Diakomodasi sebagian", "Sudah dinilai, belum ditanggapi", "Belum dinilai"]


@pytest.mark.parametrize("status", STATUS_NAMES)
def test_an_answer_has_one_name_on_screens_and_in_files(app, as_planner, forum, status):
    with app.app_context(), writing() as session:
        session.add(Response(theme_id=forum["flood"], status=status, text="Karena bertahap.", actor_name="Uji",
                             changed_at=utc_now()))
    screen = as_planner.get(f"/staff/consultations/{forum['consultation']}/responses").text
    [shown] = re.findall(r'<span class="pill (?:good|info|warn)">((?:D|Tidak d)iakomodasi[^<]*)</span>', screen)
    as_planner.set_cookie("language", "en")  # a file of the city is Indonesian in every language of the page
    assert csv_rows(download(as_planner, forum, "csv"))[0]["Status"] == shown
    assert json.loads(download(as_planner, forum, "json"))["list"]["rows"][0]["status"] == shown
    book = book_of(download(as_planner, forum, "xlsx"))
    assert sheet_column(book, "Kode isu", "Status")[issue_code(forum["flood"])] == shown


def test_kinds_and_approaches_have_the_names_of_the_screens_too(app):
    with app.test_request_context():
        assert {code: str(name) for code, name in KIND_NAMES.items()} == KIND_HEADINGS
        assert {**{code: str(name) for code, name in APPROACH_NAMES.items()}, "": "tidak disebut"} == APPROACH_HEADINGS


def sheet_column(book, key, value):
    return {row[key]: row[value] for row in sheet_rows(book[xlsx_file.ISSUES])}


class TestWorkbook:
    def test_the_head_stays_in_sight_and_the_print_fits_a4_across(self, as_planner, forum):
        sheet = book_of(download(as_planner, forum, "xlsx"))[xlsx_file.ISSUES]
        assert sheet.freeze_panes == "F2"
        assert sheet.auto_filter.ref == "A1:Z4"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddHeader.left.text == "Forum && uji"

    def test_the_summary_accounts_for_every_entry(self, app, as_planner, forum):
        facts = dict(book_of(download(as_planner, forum, "xlsx"))["Ringkasan"].iter_rows(values_only=True))
        with app.app_context():
            counted = asdict(accounting(forum["consultation"]))
        assert counted["received"] == 8
        assert facts["Masukan diterima"] == 8
        assert facts["Hitungan"] == ("8 diterima = {in_themes} di dalam tema + {unassigned} tanpa tema + "
                                     "{waiting} menunggu + {hidden} disembunyikan + {withdrawn} ditarik"
                                     ).format(**counted)
        parts = [facts[label] for label in facts if label.startswith("  ")]
        assert sum(parts) == facts["Masukan diterima"]
        assert facts["Konsultasi"] == "Forum & uji"
        assert facts["Jumlah penilai"] == 2
        assert facts["Kriteria"].startswith("U = Urgensi, skala 1 sampai 5, bobot 1; S = Keseriusan")
        assert (facts["Isu yang dinilai"], facts["Isu yang belum dinilai"]) == (2, 1)

    def test_the_metadata_name_the_run_and_the_hash(self, as_planner, forum):
        data = download(as_planner, forum, "xlsx")
        facts = dict(book_of(data)["Metadata"].iter_rows(values_only=True))
        assert facts["SHA-256 daftar isu"] == json.loads(download(as_planner, forum, "json"))["content_hash"]
        assert facts["Sidik jari masukan analisis"] == "f" * 64
        assert facts["Pengaturan analisis"] == '{"seed":7}'

    def test_entries_are_anonymous_masked_and_carry_the_day_only(self, as_planner, forum):
        rows = sheet_rows(book_of(download(as_planner, forum, "xlsx"))[xlsx_file.ENTRIES])
        assert len(rows) == 5
        assert set(rows[0]) == {"ID masukan", "Kode isu", "Jenis", "Pendekatan", "Masukan", "Unsur", "Kelurahan",
                                "Tanggal", "Setuju", "Tidak setuju", "Lewati"}
        masked = rows[1]["Masukan"]
        assert masked.startswith("Rob masuk dapur.")
        assert "3375012503850002" not in masked
        assert "0812" not in masked
        assert all(re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", row["Tanggal"]) for row in rows)

    def test_an_id_list_longer_than_a_cell_is_cut_in_words_while_the_entry_sheet_keeps_all(self):
        ids = ", ".join(public_id(number) for number in range(1, 6000))
        shown = xlsx_file.fitting(ids)
        assert len(shown) <= xlsx_file.MAX_CELL_CHARACTERS
        assert shown.endswith("[dipotong; lihat lembar Daftar Masukan]")
        assert xlsx_file.fitting("🙂" * 20000).count("🙂") < 16384
        assert xlsx_file.fitting("\ud800") == "?"

    def test_without_an_analysis_the_file_says_so(self, app, as_planner):
        with app.app_context():
            consultation_id = make_consultation()
        data = as_planner.get(f"/staff/consultations/{consultation_id}/exports/issues.xlsx").data
        book = book_of(data)
        assert book[xlsx_file.ISSUES].max_row == 1
        assert dict(book["Metadata"].iter_rows(values_only=True))["Analisis"] == "belum pernah dijalankan"


class TestPrivacy:
    @pytest.mark.parametrize("fmt", FORMATS)
    def test_no_key_digest_receipt_or_contact_occurs_in_any_file(self, app, as_planner, forum, fmt):
        with app.app_context():
            entries = db.session.scalars(select(Submission)).all()
            secret = {value for entry in entries for value in (entry.key, entry.receipt_code, entry.receipt_digest,
                                                              entry.participant_digest) if value}
        secret |= {"kontak@contoh.example", "Pejabat Uji", "0812-3456-7890", "3375012503850002", "RAHASIA",
                   "Forum lain", "Lampu taman mati"}
        data = download(as_planner, forum, fmt)
        if fmt == "xlsx":
            with ZipFile(io.BytesIO(data)) as archive:
                text = "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
        else:
            text = data.decode("utf-8-sig")
        assert len(secret) > 30
        assert [value for value in secret if value in text] == []

    def test_an_entry_that_is_hidden_later_leaves_the_file(self, app, as_planner, forum):
        with app.app_context(), writing() as session:
            session.get_one(Submission, forum["flood_entries"][0]).state = "hidden"
        for fmt in ("csv", "json"):
            text = download(as_planner, forum, fmt).decode("utf-8-sig")
            assert "Jalan terendam" not in text
            assert public_id(forum["flood_entries"][0]) not in text


def test_members_of_the_fixture_are_what_the_tests_think(context, forum):
    rows = db.session.scalars(select(ThemeMember).where(ThemeMember.consultation_id == forum["consultation"])).all()
    assert len(rows) == 4
