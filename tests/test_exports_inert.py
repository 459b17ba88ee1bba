"""Hostile texts do nothing in any file, and come back as they were typed."""
import csv
import io
import json
import re
from time import perf_counter
from zipfile import ZipFile

import pytest
from exporting import HOSTILE, book_of, csv_rows, download, make_forum, make_hostile
from hypothesis import given
from hypothesis import strategies as st

from forum.exports import csv_file, queries


@pytest.fixture
def forum(app):
    return make_forum(app)


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
