"""Vehicle plates: letters of the region, one to four digits, letters of the series."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import keywords, last_said
from analysis.personal_data.kinds import PLATE, Span

_REGIONS = (
    "A|AA|AB|AD|AE|AG|B|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|D|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|E|EA|EB|ED"
    "|F|G|H|K|KB|KH|KT|KU|L|M|N|P|PA|PB|PG|PS|PT|R|S|T|W|Z"
)
_GAP = "(?: {0,2}|[.-])"
_PLATE = re.compile(rf"(?<![\w/-])(?:{_REGIONS}){_GAP}(\d{{1,4}}){_GAP}([A-Z]{{1,3}})(?![\w/])", re.IGNORECASE)
_PLATE_WORDS = r"plat(?:e|nomor)?|nopol|no\.? ?pol(?:isi)?|nomor polisi|bernomor|bernopol|berplat"
_SAYS_PLATE = keywords(_PLATE_WORDS)
_PLATE_FOLLOWS = re.compile(rf" (?:(?:itu|iku|kuwi|niku) )?(?:{_PLATE_WORDS})\b", re.IGNORECASE)
_SAYS_VEHICLE = keywords(
    r"motor|montor|mobil|truk|truck|trek|angkot|angkutan|bus|bis|elf|kendaraan|pikap|pick ?up|ambulans|sedan|vario|beat"
    r"|scoopy|nmax|mio|supra|avanza|xenia|innova|becak motor|bentor|ojek|sopir"
)

_UNITS = frozenset(
    {"KM", "CM", "MM", "M", "KG", "GR", "L", "HA", "KW", "MW", "W", "V", "RB", "JT", "GB", "MB", "TB", "ML", "CC", "PK"}
)
_NO_SERIES = _UNITS | frozenset(
    {"DI", "KE", "DAN", "YG", "RT", "RW", "TH", "THN", "BLN", "HR", "JAM", "LT", "NO", "PCS", "BH", "X", "ORG", "KK"}
    | {"UTK", "ADA", "PER", "ATA", "VS", "IT", "MAU", "LED"}
)
"""What stands behind a number in capitals without being the letters of a plate: units and short words."""


def plates(text: str) -> Iterator[Span]:
    """Plates by the words around them, or by their look alone when they are long enough to be nothing else."""
    for match in _PLATE.finditer(text):
        if _is_plate(text, match):
            yield PLATE, match.start(), match.end()


def _is_plate(text: str, match: re.Match[str]) -> bool:
    number, series = match.groups()
    if last_said(text, match.start(), _SAYS_PLATE, 25) or _PLATE_FOLLOWS.match(text, match.end()):
        return True
    full = len(number) == 4 and len(series) >= 2 and match.group().isupper()
    in_traffic = len(number) >= 2 and last_said(text, match.start(), _SAYS_VEHICLE, 25)
    if in_traffic and (full or series.upper() not in _NO_SERIES):
        return series.upper() not in {"CC", "KM", "KG"}
    long_enough = len(number) >= 3 or (len(number) == 2 and len(series) >= 2)
    typed_as_plate = match.group().isupper() and long_enough and series not in _NO_SERIES
    joined = match.group().isalnum() and len(number) >= 3 and len(series) >= 2 and match.group().islower()
    return typed_as_plate or joined
