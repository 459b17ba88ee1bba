"""Numbers that the state gives: NIK and KK (16 digits), NPWP (15 digits, or 16 when said so)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import keywords, last_said
from analysis.personal_data.digit_groups import digits_of, numbers
from analysis.personal_data.kinds import KK, NIK, NPWP, Span

_SAYS_WHICH = keywords(
    rf"(?P<{NIK}>nik|(?:e-?)?ktp(?:[ -]?el)?|nomor induk(?: kependudukan)?|kartu tanda penduduk)"
    rf"|(?P<{KK}>n?kk|kartu keluarga)"
    rf"|(?P<{NPWP}>npwp(?: ?1[56]| ?\(1[56] (?:digit|angka)\))?|nomor pokok wajib pajak|nomor pajak|wajib pajak)"
)
_REACH = 40
_NPWP = re.compile(r"(?<![\w.])\d{2}[. ]\d{3}[. ]\d{3}[. ]\d[-. ]\d{3}[. ]\d{3}(?!\w)")


def state_numbers(text: str) -> Iterator[Span]:
    """Dotted NPWP always; other numbers by the last word that says which, else NIK if they are built like one."""
    for match in _NPWP.finditer(text):
        yield NPWP, match.start(), match.end()
    for start, end in numbers(text, 15, 16):
        digits = digits_of(text[start:end])
        said = last_said(text, start, _SAYS_WHICH, _REACH)
        kind = said.lastgroup if said else None
        if kind == NPWP:
            yield NPWP, start, end
        elif len(digits) == 16 and kind is not None:
            yield kind, start, end
        elif len(digits) == 16 and _is_population_number(digits):
            yield NIK, start, end


def _is_population_number(digits: str) -> bool:
    """Province, regency, district, date as ddmmyy (women: day + 40), running number: Permendagri on NIK and KK."""
    province, day, month = int(digits[:2]), int(digits[6:8]), int(digits[8:10])
    is_date = (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12
    return 11 <= province <= 97 and is_date and digits[12:] != "0000" and len(set(digits)) > 1
