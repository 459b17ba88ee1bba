"""CSV and TSV files for the command line: read whole and checked, written whole or not at all."""

from __future__ import annotations

import codecs
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_CELL_CHARACTERS = 50_000_000
"""The csv module stops at 131,072 by default, less than one pasted report."""

csv.field_size_limit(MAX_CELL_CHARACTERS)

_DELIMITERS = ",;\t|"


class BadTable(Exception):
    """The file cannot be used; the message is one Indonesian line for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. ``header`` is None when columns are called by number; ``delimiter`` as in the file."""

    header: list[str] | None
    rows: list[list[str]]
    delimiter: str

    def position(self, column: str) -> int:
        """Index of a column given by name, or by number from 1 when there is no header."""
        if self.header is None:
            widest = max(map(len, self.rows), default=0)
            if not 1 <= int(column) <= widest:
                raise BadTable(f"Kolom nomor {column} tidak ada. Berkas ini memiliki {widest} kolom.")
            return int(column) - 1
        if column not in self.header:
            raise BadTable(f"Kolom '{column}' tidak ada. Kolom yang ada: {', '.join(map(_one_line, self.header))}.")
        return self.header.index(column)

    def column(self, column: str) -> list[str]:
        """Cells of one column, one per row; "" where a row is too short."""
        position = self.position(column)
        return [row[position] if position < len(row) else "" for row in self.rows]


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a CSV or TSV file in UTF-8, or in UTF-16 with its mark (what spreadsheets call Unicode text).

    Parameters
    ----------
    path : Path
    columns : sequence of str
        The columns that will be asked for. When all are numbers, the file has no header and they count from 1.

    Raises
    ------
    BadTable
        Missing, unreadable, empty, of another encoding, broken quotes, a row with more cells than there are columns,
        or one of ``columns`` is not there.
    """
    text = _decode(_read_bytes(path))
    by_number = all(column.isdecimal() for column in columns)
    delimiter = _delimiter(path, text, () if by_number else columns)
    rows = _split(text, delimiter)
    if not rows:
        raise BadTable(f"Berkas kosong: {path}")
    if by_number and len(rows[0]) == 1 and max(map(len, rows)) > 1:
        # The first line holds no delimiter, so commas further down are those of sentences: one text per line.
        delimiter = "\t"
        rows = _split(text, delimiter)
    _refuse_overlong(rows, has_header=not by_number)
    header = None if by_number else [name.strip() for name in rows.pop(0)]
    table = Table(header, rows, delimiter)
    for column in columns:
        table.position(column)
    return table


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadTable(f"Berkas tidak ditemukan: {path}") from None
    except IsADirectoryError:
        raise BadTable(f"Ini folder, bukan berkas: {path}") from None
    except OSError as error:
        raise BadTable(f"Berkas tidak dapat dibaca: {path} ({error.strerror})") from None


def _decode(content: bytes) -> str:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadTable(f"Berkas bukan teks UTF-8 (baris {line}). Simpan ulang sebagai CSV UTF-8.") from None


def _delimiter(path: Path, text: str, names: Sequence[str]) -> str:
    """The one under which the first row holds all ``names``, else the most frequent of the first line."""
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    first_line = text.split("\n", 1)[0]
    by_frequency = sorted(_DELIMITERS, key=first_line.count, reverse=True)
    for delimiter in by_frequency if names else ():
        first_row = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        if {name.strip() for name in first_row}.issuperset(names):
            return delimiter
    return by_frequency[0]


def _split(text: str, delimiter: str) -> list[list[str]]:
    """Rows without blank lines. Plain tab-separated text, where quotes mean nothing, is told by its shape."""
    if delimiter == "\t":
        lines = [line.removesuffix("\r") for line in text.split("\n")]
        plain = [line.split("\t") for line in lines if line]
        if len({len(row) for row in plain}) <= 1:
            return [[_unquoted(cell) for cell in row] for row in plain]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [row for row in reader if row]
    except csv.Error:
        raise BadTable(f"Susunan kolom atau tanda kutip rusak di baris {reader.line_num}.") from None


def _refuse_overlong(rows: Sequence[Sequence[str]], *, has_header: bool) -> None:
    """A row with more cells than the first holds a text that was cut at its own comma: better said than analysed."""
    width = len(rows[0])
    for number, row in enumerate(rows[has_header:], start=1):
        if any(cell.strip() for cell in row[width:]):
            raise BadTable(
                f"Data ke-{number} memiliki {len(row)} kolom, seharusnya {width}. "
                "Apit teks yang memuat pemisah kolom dengan tanda kutip."
            )


def _unquoted(cell: str) -> str:
    inner = cell[1:-1]
    if len(cell) >= 2 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _one_line(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def table_text(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Rows as CSV text with one line feed per row."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write beside the target and rename: a reader finds the old file or the new one, never half of one.

    Raises
    ------
    BadTable
        The folder is missing or not writable.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        # mkstemp makes files that only the owner reads; a result may be read like any other file.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise BadTable(f"Hasil tidak dapat ditulis ke {path} ({error.strerror})") from None
