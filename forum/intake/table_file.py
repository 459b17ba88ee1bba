"""Read a table of text (CSV or TSV) from bytes, or say in which line it is not one."""
import csv
import io
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import gettext as _

from forum.errors import ForumError

MAX_ROWS = 100_000
_DELIMITERS = ",;\t|"


class UnreadableFile(ForumError):
    """The file is not a table of text; the message names the line and what to do."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class TableFile:
    """Rows of a file, each with the line on which it begins.

    ``columns`` are the names in the first line, or "1", "2", … when the file has no header.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, name: str) -> int:
        """Position of a column; raises `UnreadableFile` naming the columns that there are."""
        folded = [column.strip().casefold() for column in self.columns]
        wanted = name.strip().casefold()
        if wanted in folded:
            return folded.index(wanted)
        raise UnreadableFile(_("Kolom “%(name)s” tidak ada. Kolom yang ada: %(columns)s.", name=name,
                               columns=", ".join(self.columns)))


def read(content: bytes, *, filename: str, has_header: bool = True, encoding: str = "utf-8") -> TableFile:
    """Read a whole file. Tab separated when its name ends in .tsv or .tab, else the separator is found out.

    Raises `UnreadableFile` for an empty file, bytes that are not text in ``encoding``, broken quotes,
    lines with another number of fields than the first, and more than `MAX_ROWS` rows.
    """
    text = _decode(content, encoding)
    is_tabbed = filename.lower().endswith((".tsv", ".tab"))
    delimiter = "\t" if is_tabbed else _delimiter(text)
    # Tab separated files do not quote by convention: a quotation mark in them is just one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True,
                        quoting=csv.QUOTE_NONE if is_tabbed else csv.QUOTE_MINIMAL)
    rows: list[tuple[int, tuple[str, ...]]] = []
    while True:
        line_number = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(
                _("Baris %(line)s: tanda petik tidak berpasangan atau kolom terlalu panjang. Perbaiki baris itu, lalu "
                  "impor lagi.", line=line_number)) from error
        if fields is None:
            break
        if any(field.strip() for field in fields):
            rows.append((line_number, tuple(fields)))
        if len(rows) > MAX_ROWS + 1:
            raise UnreadableFile(_("Berkas lebih dari %(count)s baris. Bagi menjadi beberapa berkas.", count=MAX_ROWS))
    if not rows or (has_header and len(rows) == 1):
        raise UnreadableFile(_("Berkas ini tidak berisi baris data."))
    return _table(rows, has_header)


def _decode(content: bytes, encoding: str) -> str:
    try:
        text = content.decode("utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding)
    except LookupError as error:
        raise UnreadableFile(_("Pengodean “%(encoding)s” tidak dikenal.", encoding=encoding)) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("Baris %(line)s: bukan teks UTF-8. Simpan ulang berkas sebagai “CSV UTF-8”, lalu impor lagi.",
              line=content.count(b"\n", 0, error.start) + 1)) from error
    at = text.find("\0")
    if at >= 0:
        raise UnreadableFile(
            _("Baris %(line)s: ada karakter yang tidak terbaca; ini bukan berkas teks. Simpan sebagai CSV atau TSV.",
              line=text.count("\n", 0, at) + 1))
    return text


def _delimiter(text: str) -> str:
    """The separator that stands most often in the first line, outside quotation marks."""
    first, inside = text.partition("\n")[0], False
    counts = dict.fromkeys(_DELIMITERS, 0)
    for character in first:
        if character == '"':
            inside = not inside
        elif not inside and character in counts:
            counts[character] += 1
    return max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


def _table(rows: list[tuple[int, tuple[str, ...]]], has_header: bool) -> TableFile:
    width = len(rows[0][1])
    for line_number, fields in rows:
        if len(fields) != width:
            raise UnreadableFile(
                _("Baris %(line)s punya %(found)s kolom, seharusnya %(expected)s. Perbaiki baris itu (tanda petik atau "
                  "pemisah kolom), lalu impor lagi.", line=line_number, found=len(fields), expected=width))
    if has_header:
        return TableFile(tuple(name.strip() for name in rows[0][1]), tuple(rows[1:]))
    return TableFile(tuple(str(number + 1) for number in range(width)), tuple(rows))
