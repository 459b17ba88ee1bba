"""The issue list as a workbook: Isu Prioritas, Ringkasan, Daftar Masukan, Metadata.

Every text is written as a typed string cell with the quote prefix, so that it stays a text also when
somebody edits it; the only formulas are those of the column Total. Dates in the file's properties come
from the data: the same contents give the same bytes.
"""
import io
from collections.abc import Iterable

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from forum.exports import report_texts
from forum.exports.contents import Contents
from forum.exports.issue_list import SCORE_PREFIX, IssueList, as_text

MAX_CELL_CHARACTERS = 32_767
ISSUES, SUMMARY, ENTRIES, METADATA = "Isu Prioritas", "Ringkasan", "Daftar Masukan", "Metadata"
_CUT = " … [dipotong; lihat lembar Daftar Masukan]"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_A4 = 9
_HEADER_CHARACTERS = 150  # of 255 that a print header may hold, control codes included
_TWO_DECIMALS = ("total", "deviation")


class _Styles:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        common = {"valign": "top", "text_wrap": True, "font_name": "Calibri", "font_size": 10}
        boxed = {**common, "border": 1, "border_color": "#C9C6BC"}
        self.text: Format = book.add_format({**boxed, "quote_prefix": True})
        self.whole: Format = book.add_format({**boxed, "num_format": "0"})
        self.decimal: Format = book.add_format({**boxed, "num_format": "0.00"})
        self.heading: Format = book.add_format({**boxed, "bold": True, "bg_color": "#20245F",
                                                "font_color": "#FFFFFF", "valign": "vcenter", "quote_prefix": True})
        self.plain: Format = book.add_format({**common, "quote_prefix": True})
        self.label: Format = book.add_format({**common, "bold": True, "quote_prefix": True})
        self.number: Format = book.add_format({**common, "num_format": "#,##0", "align": "left"})


def write(contents: Contents) -> bytes:
    """The workbook as bytes."""
    target = io.BytesIO()
    book = Workbook(target, _OPTIONS)
    book.set_properties({"title": f"Daftar Isu Prioritas – {contents.title}"[:250], "author": contents.controller[:250],
                         "comments": f"SHA-256 {contents.issue_list.content_hash}",
                         "created": contents.as_of.replace(tzinfo=None)})
    styles = _Styles(book)
    _issues(book.add_worksheet(ISSUES), contents, styles)
    _facts(book.add_worksheet(SUMMARY), report_texts.summary(contents), contents, styles)
    _entries(book.add_worksheet(ENTRIES), contents, styles)
    _facts(book.add_worksheet(METADATA), report_texts.metadata(contents), contents, styles)
    book.close()
    return target.getvalue()


def fitting(text: str) -> str:
    """A text that a cell can hold; a cut is said in words, never silent. Lone surrogates become ``?``."""
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text if _length(text) <= MAX_CELL_CHARACTERS else _cut(text)


def _length(text: str) -> int:
    """Characters as spreadsheets count them: those beyond the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    limit = (MAX_CELL_CHARACTERS - len(_CUT)) * 2
    return text.encode("utf-16-le")[:limit].decode("utf-16-le", errors="ignore") + _CUT


def _issues(sheet: Worksheet, contents: Contents, styles: _Styles) -> None:
    issue_list = contents.issue_list
    _table_head(sheet, [(column.heading, column.width) for column in issue_list.columns], len(issue_list.rows), styles)
    sheet.freeze_panes(1, [column.key for column in issue_list.columns].index("title") + 1)
    for line, row in enumerate(issue_list.rows, start=1):
        for place, column in enumerate(issue_list.columns):
            value = as_text(row[column.key])
            if column.key == "total" and row["rank"] is not None:
                sheet.write_formula(line, place, _total_formula(issue_list, line), styles.decimal, value)
            elif isinstance(value, str):
                _text(sheet, line, place, value, styles.text)
            else:
                is_decimal = column.key in _TWO_DECIMALS or column.key.startswith(SCORE_PREFIX)
                sheet.write_number(line, place, value, styles.decimal if is_decimal else styles.whole)
    _print_setup(sheet, contents)


def _total_formula(issue_list: IssueList, line: int) -> str:
    """``=H2+I2+J2``; with weights other than 1 ``=20*H2+10*I2``."""
    keys = [column.key for column in issue_list.columns]
    terms = []
    for weight in issue_list.weights:
        cell = xl_rowcol_to_cell(line, keys.index(SCORE_PREFIX + weight.code))
        terms.append(cell if weight.weight == 1 else f"{weight.weight:g}*{cell}")
    return "=" + "+".join(terms)


def _entries(sheet: Worksheet, contents: Contents, styles: _Styles) -> None:
    _table_head(sheet, report_texts.entry_columns(contents), len(contents.entries), styles)
    sheet.freeze_panes(1, 2)
    for line, entry in enumerate(contents.entries, start=1):
        for place, cell in enumerate(report_texts.entry_cells(entry)):
            if isinstance(cell, str):
                _text(sheet, line, place, cell, styles.text)
            else:
                sheet.write_number(line, place, cell, styles.whole)
    _print_setup(sheet, contents)


def _facts(sheet: Worksheet, facts: Iterable[report_texts.Fact], contents: Contents, styles: _Styles) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    for line, fact in enumerate(facts):
        _text(sheet, line, 0, fact.label, styles.label)
        if isinstance(fact.value, str):
            _text(sheet, line, 1, fact.value, styles.plain)
        else:
            sheet.write_number(line, 1, fact.value, styles.number)
    _print_setup(sheet, contents, repeat_head=False)


def _table_head(sheet: Worksheet, columns: Iterable[tuple[str, int]], n_rows: int, styles: _Styles) -> None:
    place = -1
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        _text(sheet, 0, place, heading, styles.heading)
    sheet.set_row(0, 32)
    sheet.autofilter(0, 0, max(n_rows, 1), place)


def _text(sheet: Worksheet, line: int, place: int, text: str, style: Format) -> None:
    if text:
        sheet.write_string(line, place, fitting(text), style)
    else:
        sheet.write_blank(line, place, None, style)


def _print_setup(sheet: Worksheet, contents: Contents, *, repeat_head: bool = True) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    if repeat_head:
        sheet.repeat_rows(0)
    title = " ".join(contents.title.split())[:_HEADER_CHARACTERS].replace("&", "&&")
    sheet.set_header(f"&L{title}&R&A")
    sheet.set_footer(f"&L{contents.issue_list.content_hash[:16]}&R&P / &N")
