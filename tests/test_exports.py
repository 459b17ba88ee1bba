"""Files that leave the house: traceable, inert, the same for the same state, and without personal data."""
import csv
import io
import json
import re
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from time import perf_counter
from zipfile import ZipFile

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from staff_client import make_account
from theme_builders import make_theme, score

from forum import audit
from forum.audit import AuditEntry
from forum.db import db, utc_now, writing
from forum.exports import csv_file, queries, services, xlsx_file
from forum.exports.models import ExportRecord
from forum.formatting import public_id
from forum.review.models import AnalysisRun, Theme, ThemeMember
from forum.review.queries import accounting, live_members_select
from forum.submissions.models import Submission

FORMATS = ("csv", "xlsx", "json")
# Begin a formula, hide one behind something that programs skip, or try to leave the cell.
HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1;1)", "=HYPERLINK(\"http://jahat.example\";\"klik\")",
    "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@cmd", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "   -1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)",
    "﹣1", "﹢1", "'=1+1", "''", "\"=1+1\"", "\";=1+1", "aman;=1+1", "aman; =1+1", "aman;\"=1+1\"", "aman\n=1+1",
    "aman\n- butir satu\n- butir dua", "aman\t=1+1", "aman,=1+1", "a\",\"=1+1", "{=1+1}", "=\u0001A1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "http://jahat.example", "mailto:a@contoh.example",
    "0812345", "1e5", "00123", "2024-12-09", "TRUE", "#REF!", "_x0041_", "🙂 tidak",
    "x" * 40000,
)


@pytest.fixture
def forum(app):
    """Three themes (two scored), one loose entry, one hidden, one withdrawn, one waiting, and another forum."""
    with app.app_context():
        noise()
        consultation_id = make_consultation(title="Forum & uji")
        sitting = make_forum_session(consultation_id)
        flood = [make_submission(sitting, "Jalan terendam tiap pasang.", participant="ani"),
                 make_submission(sitting, "Rob masuk dapur. NIK saya 3375012503850002, hubungi 0812-3456-7890.",
                                 participant="ani", kind="proposal", approach="combined"),
                 make_submission(sitting, "Pompa tidak menyala.", participant="budi", group="academic",
                                 area="99.01.1002")]
        lights = [make_submission(sitting, "Lampu mati.", participant="ani", group="community")]
        make_submission(sitting, "Salam panitia.", participant="budi", group=None, area=None)
        make_submission(sitting, "RAHASIA disembunyikan", state="hidden")
        make_submission(sitting, "RAHASIA ditarik", state="withdrawn")
        make_submission(sitting, "RAHASIA belum dimoderasi", state="waiting")
        themes = {"flood": make_theme(consultation_id, "Genangan rob", flood, quotes=flood[:2],
                                      phrases=["rob", "0812-3456-7890"], dimension="environment.protection"),
                  "lights": make_theme(consultation_id, "Lampu jalan", lights),
                  "market": make_theme(consultation_id, "Pasar becek")}
        first, second = make_account("planner", "satu"), make_account("planner", "dua")
        score(themes["flood"], first, 5, 4, 4)
        score(themes["flood"], second, 4, 4, 2)
        score(themes["lights"], first, 1, 2, 2)
        with writing() as session:
            session.add(AnalysisRun(consultation_id=consultation_id, state="done", settings={"seed": 7},
                                    versions={"analysis": "1"}, fingerprint="f" * 64, n_documents=5,
                                    actor_name="Uji", created_at=utc_now(), finished_at=utc_now()))
        return {"consultation": consultation_id, "sitting": sitting, "flood_entries": flood, **themes,
                "page": f"/staff/consultations/{consultation_id}/exports"}


def make_hostile(forum, texts=HOSTILE):
    """One theme whose title, phrases and entries are the hostile texts."""
    ids = [make_submission(forum["sitting"], text) for text in texts]
    for text, submission_id in zip(texts, ids, strict=True):
        make_theme(forum["consultation"], text, [submission_id], quotes=[submission_id], phrases=[text])


def download(client, forum, fmt):
    answer = client.get(f"{forum['page']}/issues.{fmt}")
    assert answer.status_code == 200
    return answer.data


def csv_rows(data):
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return [dict(zip(table[0], line, strict=True)) for line in table[1:]]


def book_of(data):
    return load_workbook(io.BytesIO(data))


def sheet_rows(sheet):
    heading, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, line, strict=True)) for line in lines]


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
        from forum.answers.models import Response
        with app.app_context(), writing() as session:
            session.add(Response(theme_id=forum["flood"], status="partly", text="Karena bertahap.", actor_name="Uji",
                                 changed_at=utc_now()))
        assert [row["Status"] for row in csv_rows(download(as_planner, forum, "csv"))] == [
            "Diakomodasi sebagian", "Sudah dinilai, belum ditanggapi", "Belum dinilai"]


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
        assert facts["Hitungan"] == ("8 diterima = {in_themes} di dalam tema + {unassigned} belum masuk tema + "
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


class TestInertTexts:
    def test_at_least_forty_hostile_texts_are_tried(self):
        assert len(set(HOSTILE)) >= 40

    def test_no_csv_cell_begins_a_formula_with_any_separator(self, app, as_planner, forum):
        with app.app_context():
            make_hostile(forum)
        data = download(as_planner, forum, "csv")

        text = data.decode("utf-8-sig")
        for cell in (cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line):
            assert not re.match(r"[\s\"\u200b-\u200f\u202e\ufeff]*[=+\-@＝＋－＠﹢﹣]", cell), cell
            assert not cell.startswith(("\t", "\r", "\n", "\0")), cell
        # A spreadsheet that splits at other separators and does not see the quotes.
        for cell in re.split(r"[;\t\r\n]", text):
            assert not re.match(r"[\s\"\u200b-\u200f\u202e\ufeff]*[=+@＝＋＠]", cell), cell

    def test_every_hostile_text_comes_back_unchanged_from_csv_and_json(self, app, as_planner, forum):
        with app.app_context():
            make_hostile(forum)
        titles = [csv_file.unguarded(row["Isu"]) for row in csv_rows(download(as_planner, forum, "csv"))]
        in_json = [row["title"] for row in json.loads(download(as_planner, forum, "json"))["list"]["rows"]]
        for text in HOSTILE:
            assert text in titles
            assert text in in_json

    def test_hostile_texts_are_plain_strings_in_the_workbook(self, app, as_planner, forum):
        with app.app_context():
            make_hostile(forum)
        data = download(as_planner, forum, "xlsx")
        book = book_of(data)
        cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)]
        assert {cell.data_type for cell in cells if cell.column_letter != "K" or cell.row not in (2, 3)} == {"s"}
        assert not any(cell.hyperlink for cell in cells)
        shown = {cell.value for cell in cells}
        for text in ("=1+1", "+1+1", "@cmd", "http://jahat.example", "00123", "TRUE", "<script>alert(1)</script>"):
            assert text in shown
        with ZipFile(io.BytesIO(data)) as archive:
            assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]

    @given(st.text(st.sampled_from(list("=+-@'\"; \t\r\n\0a,＝－\u200b\u00a0")), max_size=12))
    def test_the_guard_is_reversible_for_any_text(self, text):
        assert csv_file.unguarded(csv_file.guarded(text)) == text

    def test_a_text_of_line_breaks_and_separators_takes_no_time(self):
        began = perf_counter()
        for text in ("\n" * 200_000, ";" * 200_000, " " * 200_000, "; " * 100_000, ";\"" * 100_000):
            assert csv_file.unguarded(csv_file.guarded(text)) == text
        assert perf_counter() - began < 5

    def test_numbers_keep_their_sign_and_are_not_texts(self, forum, context):
        issue_list = queries.issue_list(forum["consultation"])
        row = {**issue_list.rows[0], "deviation": -1.5, "rank": -2}
        table = csv_file.write(type(issue_list)(issue_list.columns, issue_list.weights, (row,)))
        line = table.decode("utf-8-sig").split("\r\n")[1]
        assert ",-2," in line
        assert ",-1.5," in line

    def test_the_csv_follows_rfc_4180(self, app, as_planner, forum):
        with app.app_context():
            make_hostile(forum, ('kutip " dan, koma', "dua\r\nbaris"))
        data = download(as_planner, forum, "csv")
        assert data.endswith(b"\r\n")
        assert b'"kutip "" dan, koma"' in data
        rows = csv_rows(data)
        assert {len(row) for row in rows} == {26}
        assert "dua\r\nbaris" in {row["Isu"] for row in rows}


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


class TestSameStateSameBytes:
    @pytest.mark.parametrize("fmt", FORMATS)
    def test_the_same_state_gives_the_same_bytes_name_and_hash_at_any_time(self, context, forum, fmt):
        actor, now = audit.Actor(None, "Uji"), utc_now()
        first = services.export(consultation_id=forum["consultation"], fmt=fmt, actor=actor, now=now)
        later = services.export(consultation_id=forum["consultation"], fmt=fmt, actor=actor,
                                now=now + timedelta(days=40))
        assert first == later

    def test_the_language_of_the_page_does_not_change_the_file(self, as_planner, forum):
        indonesian = download(as_planner, forum, "xlsx")
        as_planner.set_cookie("language", "en")
        assert download(as_planner, forum, "xlsx") == indonesian

    def test_a_new_score_changes_the_hash(self, context, forum):
        before = queries.issue_list(forum["consultation"]).content_hash
        score(forum["market"], make_account("planner", "tiga"), 3, 3, 3)
        assert queries.issue_list(forum["consultation"]).content_hash != before

    def test_the_hash_can_be_checked_from_the_json_file_alone(self, as_planner, forum):
        document = json.loads(download(as_planner, forum, "json"))
        canonical = json.dumps(document["list"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert sha256(canonical.encode()).hexdigest() == document["content_hash"]


class TestDoors:
    def test_every_download_is_recorded_with_its_hash(self, app, as_planner, forum):
        for fmt in FORMATS:
            download(as_planner, forum, fmt)
        with app.app_context():
            records = db.session.scalars(select(ExportRecord).order_by(ExportRecord.id)).all()
            content_hash = queries.issue_list(forum["consultation"]).content_hash
            assert [(record.format, record.n_lines, record.content_hash) for record in records] == [
                (fmt, 3, content_hash) for fmt in FORMATS]
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "exports.export")).all()
            assert [entry.subject_id for entry in entries] == [record.id for record in records]
            assert {entry.actor_id for entry in entries} == {as_planner.account_id}

    def test_the_page_shows_the_accounting_the_formats_and_the_history(self, as_planner, forum):
        before = as_planner.get(forum["page"]).text
        assert "Belum ada berkas yang diunduh." in before
        download(as_planner, forum, "csv")

        text = as_planner.get(forum["page"]).text

        assert "8 diterima = 4 di dalam tema" in text
        assert "sama dengan sekarang" in text
        for fmt in FORMATS:
            assert f"{forum['page']}/issues.{fmt}" in text

    @pytest.mark.parametrize(("fmt", "media_type"), [
        ("csv", "text/csv; charset=utf-8"), ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")])
    def test_a_file_comes_as_a_download_that_no_cache_keeps(self, as_planner, forum, fmt, media_type):
        answer = as_planner.get(f"{forum['page']}/issues.{fmt}")
        assert answer.headers["Content-Type"] == media_type
        assert re.fullmatch(rf'attachment; filename="isu-prioritas-\d+-[0-9a-f]{{8}}\.{fmt}"',
                            answer.headers["Content-Disposition"])
        assert answer.headers["Cache-Control"] == "no-store"

    def test_only_planner_and_administrator_enter(self, client, as_facilitator, as_administrator, forum):
        for path in (forum["page"], f"{forum['page']}/issues.csv"):
            assert client.get(path).status_code == 303
            assert as_facilitator.get(path).status_code == 403
            assert as_administrator.get(path).status_code == 200

    def test_another_format_or_consultation_is_not_found(self, as_planner, forum):
        assert as_planner.get(f"{forum['page']}/issues.docx").status_code == 404
        assert as_planner.get("/staff/consultations/999/exports").status_code == 404
        assert as_planner.get("/staff/consultations/999/exports/issues.csv").status_code == 404


def test_members_of_the_fixture_are_what_the_tests_think(context, forum):
    rows = db.session.scalars(select(ThemeMember).where(ThemeMember.consultation_id == forum["consultation"])).all()
    assert len(rows) == 4
