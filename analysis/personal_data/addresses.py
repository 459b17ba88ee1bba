"""House addresses: a street or block with a house number, or RT and RW together (some thirty homes)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import keywords, last_said
from analysis.personal_data.kinds import ADDRESS, Span

_BETWEEN = r"[ ,./-]{0,3}"
_SMALL = r"(?:0?\d{1,2}|[ivx]{1,4}\b)"
_UNIT = rf"[ .:]{{0,2}}(?:no\.? ?)?{_SMALL}"
_RT_RW = (
    rf"rt{_UNIT}(?:{_BETWEEN}rw{_UNIT}| ?[/-] ?0?\d{{1,2}})(?!\d)"
    rf"|rt ?[/.-]? ?rw[ .:]{{0,3}}{_SMALL} ?[/-] ?{_SMALL}(?!\d)"
    rf"|rw{_UNIT}{_BETWEEN}rt{_UNIT}(?!\d)"
)
_NUMBER = r"(?:no|nomor|nomer|nmr)\b[ .:]{0,2}"
_HOUSE = rf"(?:{_NUMBER}|blok\b[ .:]{{0,2}})(?:[a-z]{{0,2}}[ -]?\d{{1,4}}(?:-?[a-z])?(?:[/-]\d{{1,4}}[a-z]?)?)(?!\w)"
_NOT_A_NAME = r"(?!(?:kami|kita|saya|kulo|ini|itu|iki|niki|yang|yg|sing|di|ke|dari|dan|lan|ada|belum|tidak)\b)"
_NAME = rf"(?:{_NOT_A_NAME}(?:(?:[^\W\d_]{{1,6}}\.){{1,3}} ?|[\w'’]+ ))"
_STREET = (
    r"(?:jl|jln|jalan|gg|gang|perum|perumahan|komplek|kompleks|griya|rusun|rusunawa)\b\.? ?"
    rf"{_NAME}{{0,4}}?{_NOT_A_NAME}[\w'’]+,? ?"
)
_ADDRESS = (  # compiled, and kept, by the first search: that takes a hundredth of a second
    rf"\b{_STREET}{_HOUSE}(?:{_BETWEEN}{_HOUSE})?(?:{_BETWEEN}(?:{_RT_RW}))?"
    rf"|\b(?:rumah(?: saya)?|alamat|tinggal di)[ :]{{1,2}}{_HOUSE}(?:{_BETWEEN}(?:{_RT_RW}))?"
    rf"|\bblok [a-z]{{0,2}}\d{{0,2}}{_BETWEEN}{_NUMBER}\d{{1,3}}[a-z]?(?!\w)(?:{_BETWEEN}(?:{_RT_RW}))?"
    rf"|\b{_STREET}(?:{_RT_RW})(?:{_BETWEEN}{_HOUSE})?"
    rf"|\b(?:jl|jln|jalan)\b\.? ?{_NAME}{{1,3}}[ivx]{{1,4}}/\d{{1,3}}(?!\w)"
    rf"|\b(?:{_RT_RW})(?:{_BETWEEN}{_HOUSE})?"
)
_BARE_NUMBER = re.compile(
    rf"\b(?:jl|jln|jalan)\b\.? ?{_NAME}{{1,3}}\d{{1,3}}[a-z]?(?![\w/])(?! ?(?:m|km|meter)\b)", re.IGNORECASE
)
_SAYS_HOME = keywords(r"rumah|omah|griya|griyo|dalem|alamat|tinggal|domisili|kontrakan")
_HOME_FOLLOWS = re.compile(r",? rumah\b", re.IGNORECASE)


def addresses(text: str) -> Iterator[Span]:
    """A street with a house number, or RT and RW together; a lone RT, RW or street is none.

    A street and a bare number ("Jl. Veteran 25") is one only beside a word for home: the 25 may count anything.
    """
    for match in re.finditer(_ADDRESS, text, re.IGNORECASE):
        yield ADDRESS, match.start(), match.end()
    for match in _BARE_NUMBER.finditer(text):
        if last_said(text, match.start(), _SAYS_HOME, 15) or _HOME_FOLLOWS.match(text, match.end()):
            yield ADDRESS, match.start(), match.end()
