"""The files of a city pack, read and checked: a folder in, plain values or a refusal out. No database."""
import csv
import io
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _

from forum.errors import ForumError

COLUMNS = {
    "dimensions.csv": ("code", "parent", "name_id", "name_en", "description_id", "description_en", "position"),
    "areas.csv": ("code", "parent", "kind", "name", "aliases"),
    "groups.csv": ("code", "name_id", "name_en", "helix", "position"),
    "agencies.csv": ("code", "name_id", "note"),
}
HELIX = ("academy", "business", "community", "government", "media")
CHANNEL_KINDS = ("emergency", "complaint")
_MAY_BE_EMPTY = ("parent", "aliases", "note")
_MAX_BYTES = 4 * 1024 * 1024  # a province of villages takes a tenth of this
_PACK_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_POSITION = re.compile(r"[0-9]{1,4}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Row = dict[str, str]


class BadPack(ForumError):
    """A file of the pack is missing or not as described; the message names file, line and what to mend."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class PackFiles:
    """A pack as its files say it. ``digest`` is the SHA-256 (hex) over the names and bytes of all files."""

    digest: str
    code: str
    city_id: str
    city_en: str
    timezone: str
    channels: list[dict[str, Any]]
    dimensions: list[Row]
    areas: list[Row]
    groups: list[Row]
    agencies: list[Row]


def read_pack(folder: Path) -> PackFiles:
    """Read and check the folder of a pack (format: ``forum/packs/README.md``).

    Raises `BadPack` for the first thing that is wrong.
    """
    contents = {name: _bytes(folder / name) for name in ("pack.json", *COLUMNS)}
    fingerprint = sha256()
    for name, content in contents.items():
        # With the length, so that no byte can wander from one file into the next unnoticed.
        fingerprint.update(f"{name} {len(content)}\n".encode() + content)
    tables = {name: _table(name, contents[name]) for name in COLUMNS}
    return PackFiles(digest=fingerprint.hexdigest(), **_facts("pack.json", contents["pack.json"]),
                     **{name.removesuffix(".csv"): rows for name, rows in tables.items()})


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BadPack(_("Paket kota: berkas %(name)s tidak ada di folder %(folder)s, atau tidak dapat dibaca.",
                        name=path.name, folder=path.parent)) from error
    if len(content) > _MAX_BYTES:
        raise BadPack(_("%(name)s: lebih besar dari 4 MB. Periksa apakah ini berkas yang benar.", name=path.name))
    return content


def _refusal(name: str, line: int, problem: str) -> BadPack:
    return BadPack(_("%(name)s baris %(line)s: %(problem)s", name=name, line=line, problem=problem))


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(name, content.count(b"\n", 0, error.start) + 1,
                       _("bukan teks UTF-8. Simpan ulang berkas sebagai UTF-8.")) from error
    control = _CONTROL.search(text)
    if control:
        raise _refusal(name, text.count("\n", 0, control.start()) + 1, _("ada karakter kendali. Hapus lalu simpan."))
    return text


def _facts(name: str, content: bytes) -> dict[str, Any]:
    """Code, city, time zone and channels out of pack.json; its other keys are for editors of the pack."""
    try:
        facts = json.loads(_text(name, content))
    except (ValueError, RecursionError) as error:  # also numbers and nesting beyond all measure
        raise _refusal(name, getattr(error, "lineno", 1), _("bukan JSON yang benar (%(reason)s).",
                                                            reason=getattr(error, "msg", error))) from error
    facts = facts if isinstance(facts, dict) else {}
    code, city, timezone = facts.get("code"), facts.get("city"), facts.get("timezone")
    channels = facts.get("channels", [])
    if not isinstance(code, str) or not _PACK_CODE.fullmatch(code):
        raise BadPack(_("pack.json: “code” wajib diisi huruf kecil, angka, atau tanda hubung."))
    if not _is_bilingual(city):
        raise BadPack(_("pack.json: “city” wajib berisi “id” dan “en”, nama kota dalam dua bahasa."))
    if not _is_timezone(timezone):
        raise BadPack(_("pack.json: “timezone” wajib nama zona IANA, misalnya Asia/Jakarta."))
    if not isinstance(channels, list) or not all(map(_is_channel, channels)):
        raise BadPack(_("pack.json: tiap “channels” wajib berisi “kind” (emergency atau complaint), “name”, "
                        "“contact”, dan “note” dengan “id” dan “en”."))
    return {"code": code, "city_id": city["id"], "city_en": city["en"], "timezone": timezone, "channels": channels}


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), str) and value[key] for key in ("id", "en"))


def _is_timezone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return False


def _is_channel(value: object) -> bool:
    return (isinstance(value, dict) and value.get("kind") in CHANNEL_KINDS and isinstance(value.get("contact"), str)
            and isinstance(value.get("name"), str) and bool(value["name"]) and _is_bilingual(value.get("note")))


def _table(name: str, content: bytes) -> list[Row]:
    """Rows of one table, in the order of the file."""
    columns = COLUMNS[name]
    reader = csv.reader(io.StringIO(_text(name, content), newline=""), strict=True)
    rows: dict[str, Row] = {}
    lines: dict[str, int] = {}
    line = 1
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            raise _refusal(name, 1, _("kolomnya seharusnya persis %(columns)s.", columns=",".join(columns)))
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                row = _row(name, line, columns, cells)
                if row["code"] in rows:
                    raise _refusal(name, line, _("kode “%(code)s” sudah dipakai di baris %(first)s. Beri kode lain.",
                                                 code=row["code"], first=lines[row["code"]]))
                problem = _problem(name, row, rows)
                if problem:
                    raise _refusal(name, line, problem)
                rows[row["code"]], lines[row["code"]] = row, line
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(name, line, _("tanda petik atau koma tidak berpasangan (%(reason)s).", reason=error)) from error
    if not rows:
        raise _refusal(name, 2, _("belum ada baris data."))
    return list(rows.values())


def _row(name: str, line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise _refusal(name, line, _("ada %(found)s kolom, seharusnya %(expected)s. Isi yang memuat koma diapit tanda "
                                     "petik.", found=len(cells), expected=len(columns)))
    row = {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True)}
    for column, cell in row.items():
        if not cell and column not in _MAY_BE_EMPTY:
            raise _refusal(name, line, _("kolom %(column)s kosong. Isi dahulu.", column=column))
    return row


def _problem(name: str, row: Row, above: dict[str, Row]) -> str | None:
    """What is wrong with the sense of a row, given the rows above it by code."""
    parent = above.get(row.get("parent", ""))
    if row.get("parent") and parent is None:
        return _("induk “%(code)s” tidak ada di baris sebelumnya. Taruh induk di atas anaknya.", code=row["parent"])
    if parent is not None and parent["parent"]:
        return _("induk “%(code)s” sendiri punya induk. Paling banyak dua tingkat.", code=row["parent"])
    if "position" in row and not _POSITION.fullmatch(row["position"]):
        return _("position “%(value)s” seharusnya bilangan bulat, mulai dari 1.", value=row["position"])
    if "helix" in row and row["helix"] not in HELIX:
        return _("helix “%(value)s” tidak dikenal. Pilih: %(known)s.", value=row["helix"], known=", ".join(HELIX))
    if name == "areas.csv" and row["kind"] != ("village" if parent else "district"):
        return _("kind “%(value)s” tidak cocok: baris tanpa induk adalah district, baris dengan induk adalah village.",
                 value=row["kind"])
    return None
