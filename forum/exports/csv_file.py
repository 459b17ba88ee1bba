"""The issue list as CSV: UTF-8 with a byte-order mark, RFC 4180, and no cell that a spreadsheet runs.

Spreadsheets run a cell that begins with ``= + - @`` (or a full-width form of them). Texts of
participants may begin so, or may hold such a sign where a reader with another separator would begin a
new cell: Indonesian spreadsheets split at ``;`` and ignore quotes that do not open the line.

The rule, which `unguarded` reverses without loss: at the start of a text, and after each ``;``, tab
or line break inside it (spaces and quotes skipped), an apostrophe is put before any of
``= + - @ '`` and their full-width forms; a text that begins with a tab, a line break or a NUL
gets one in front. Numbers are written as numbers and keep their sign.
"""
import csv
import io
import re
from collections.abc import Iterable, Sequence

from forum.exports.contents import Contents
from forum.exports.issue_list import IssueList, as_text
from forum.exports.report_texts import entry_cells, entry_columns

# Skipped by one program or another before it looks at a cell: space, quotes, control and invisible characters.
# Line breaks and tabs are not among them: each begins a cell of its own, and so the search stays linear.
_BLANK = (" \"\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f"
          "\u205f-\u2069\u3000\ufeff")
_RISKY = "=+\\-@'＝＋－＠﹢﹣﹦﹫⁺⁼"
_STARTS = re.compile(f"(^|[;\t\r\n])([{_BLANK}]*)(?=[{_RISKY}])")
_GUARDED = re.compile(f"(^|[;\t\r\n])([{_BLANK}]*)'(?=[{_RISKY}])")
_CONTROLS = ("\t", "\r", "\n", "\0")


def guarded(text: str) -> str:
    """The text as it stands in the file: inert in any spreadsheet, whatever its separator."""
    safe = _STARTS.sub(r"\1\2'", text)
    return "'" + safe if text.startswith(_CONTROLS) else safe


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    if cell.startswith("'") and cell[1:2] in _CONTROLS:
        cell = cell[1:]
    return _GUARDED.sub(r"\1\2", cell)


def write(issue_list: IssueList) -> bytes:
    """One line of headings and one line per issue; texts are quoted, numbers are not."""
    headings = [column.heading for column in issue_list.columns]
    return _table(headings, ([as_text(row[column.key]) for column in issue_list.columns] for row in issue_list.rows))


def write_answers(contents: Contents) -> bytes:
    """The list of entries with a column per question: what a table of issues has no place for."""
    headings = [heading for heading, _width in entry_columns(contents)]
    return _table(headings, (entry_cells(entry) for entry in contents.entries))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    # A lone half of a surrogate pair has no UTF-8 form; it becomes a question mark instead of an error.
    return b"\xef\xbb\xbf" + table.getvalue().encode("utf-8", errors="replace")
