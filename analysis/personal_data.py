"""Personal data in a text: where it stands, of which kind, and the text with it masked.

Found are NIK, KK, NPWP, telephone numbers, e-mail, vehicle plates, house addresses and bank accounts, as people in
Indonesia type them. Patterns are loose about spaces, dots and dashes and strict about what surrounds them, because
both mistakes hurt: a number left open is seen by all, a year or a price masked makes a report useless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from analysis.digit_groups import GAP, GROUP, digits_of, numbers

NIK = "nik"
KK = "kk"
NPWP = "npwp"
PHONE = "phone"
EMAIL = "email"
PLATE = "plate"
ADDRESS = "address"
BANK_ACCOUNT = "bank_account"

MASKS = {
    NIK: "[NIK]",
    KK: "[nomor KK]",
    NPWP: "[NPWP]",
    PHONE: "[nomor telepon]",
    EMAIL: "[surel]",
    PLATE: "[nomor kendaraan]",
    ADDRESS: "[alamat]",
    BANK_ACCOUNT: "[nomor rekening]",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at ``text[start:end]``; ``kind`` is a key of ``MASKS``, ``mask`` the words to show instead."""

    kind: str
    start: int
    end: int
    mask: str


def find_personal_data(text: str) -> tuple[Finding, ...]:
    """All findings in reading order; they never overlap. Earlier detectors win over later ones."""
    found: list[Finding] = []
    while True:
        new = _find_once(text)
        if not new:
            return tuple(sorted(found, key=lambda finding: finding.start))
        found += new
        # Read again without what was found: "BCA 1234567890 / 0987654321" says the bank once for two accounts.
        text = _replace(text, new, lambda finding: "[" + "]" * (finding.end - finding.start - 1))


def _find_once(text: str) -> list[Finding]:
    free = bytearray(b"\1") * len(text)
    found = []
    for detect in _DETECTORS:
        for kind, start, end in detect(text):
            if all(free[start:end]):
                free[start:end] = bytes(end - start)
                found.append(Finding(kind, start, end, MASKS[kind]))
    return sorted(found, key=lambda finding: finding.start)


def mask(text: str) -> str:
    """The text with every finding replaced by its mask; masking twice changes nothing more."""
    return _replace(text, find_personal_data(text), lambda finding: finding.mask)


def _replace(text: str, findings: Iterable[Finding], words: Callable[[Finding], str]) -> str:
    parts, end = [], 0
    for finding in findings:
        parts += [text[end : finding.start], words(finding)]
        end = finding.end
    return "".join([*parts, text[end:]])


Span = tuple[str, int, int]

_MASKED = re.compile("|".join(re.escape(words) for words in MASKS.values()) + r"|\[\]{3,}")
_DIGIT = re.compile(r"\d")


def _said_before(text: str, start: int, words: re.Pattern[str], reach: int) -> bool:
    """A keyword stands within ``reach`` characters before ``start``, masks and numbers found not counted."""
    before = _MASKED.sub("", text[max(0, start - 4 * reach) : start])[-reach:]
    matches = list(words.finditer(before))
    return bool(matches) and not _DIGIT.search(before, matches[-1].end())


# E-mail ---------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.+-]{0,63}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,}"
    r"|(?<![\w.+-])[\w][\w.+-]{0,63} ?(?:@|\(at\)|\[at\]| at ) ?"
    r"(?:gmail|yahoo|ymail|hotmail|outlook|icloud|proton)(?:\.| ?(?:\(dot\)|\[dot\]| dot ) ?)(?:com|co\.id|id|me)\b",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield EMAIL, match.start(), match.end()


# Numbers of the state: NIK and KK (16 digits), NPWP (15 digits, or 16 when said so) --------------------------------

_SAYS_NIK = re.compile(r"\b(?:nik|ktp|e-?ktp|nomor induk(?: kependudukan)?)\b", re.IGNORECASE)
_SAYS_KK = re.compile(r"\b(?:kk|no\.?kk|kartu keluarga)\b", re.IGNORECASE)
_SAYS_NPWP = re.compile(r"\b(?:npwp|nomor pokok wajib pajak)\b", re.IGNORECASE)
_NPWP = re.compile(r"(?<![\w.])\d{2}[. ]\d{3}[. ]\d{3}[. ]\d[-. ]\d{3}[. ]\d{3}(?![\w])")


def _is_population_number(digits: str) -> bool:
    """Province, regency, district, date as ddmmyy (women: day + 40), running number: Permendagri on NIK and KK."""
    province, day, month = int(digits[:2]), int(digits[6:8]) % 40, int(digits[8:10])
    return 11 <= province <= 97 and 1 <= day <= 31 and 1 <= month <= 12 and digits[12:] != "0000"


def _state_numbers(text: str) -> Iterator[Span]:
    for match in _NPWP.finditer(text):
        yield NPWP, match.start(), match.end()
    for start, end in numbers(text, 15, 16):
        digits = digits_of(text[start:end])
        if len(digits) in (15, 16) and _said_before(text, start, _SAYS_NPWP, 30):
            yield NPWP, start, end
        elif len(digits) == 16 and _said_before(text, start, _SAYS_KK, 25):
            yield KK, start, end
        elif len(digits) == 16 and (_is_population_number(digits) or _said_before(text, start, _SAYS_NIK, 30)):
            yield NIK, start, end


# Bank accounts: digits after the word for account or the name of a bank -------------------------------------------

_SAYS_ACCOUNT = re.compile(
    r"\b(?:no\.? ?rek|norek|rek|rekening|acc(?:ount)?|bca|bri|bni|btn|bsi|mandiri|bank [a-z]+|cimb(?: niaga)?|permata"
    r"|danamon|muamalat|jago|seabank)\b",
    re.IGNORECASE,
)
_AMOUNT_BEFORE = re.compile(r"(?:rp\.?|idr|\$|nominal|sebesar|senilai)\s*$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r"\s*(?:,-|rupiah|ribu|rb|juta|jt|miliar|milyar|triliun)\b|,-", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _is_amount(text: str, start: int, end: int) -> bool:
    return bool(
        _AMOUNT_BEFORE.search(text, max(0, start - 12), start)
        or _AMOUNT_AFTER.match(text, end)
        or _THOUSANDS.fullmatch(text, start, end)
    )


def _bank_accounts(text: str) -> Iterator[Span]:
    for start, end in numbers(text, 9, 16):
        if _is_amount(text, start, end) or _said_before(text, start, _SAYS_PHONE, 15):
            continue
        if _said_before(text, start, _SAYS_ACCOUNT, 35):
            yield BANK_ACCOUNT, start, end


# Telephone ------------------------------------------------------------------------------------------------------

_SAYS_PHONE = re.compile(
    r"\b(?:hp|no\.? ?hp|wa|whatsapp|telp?|tlp|telepon|telpon|kontak|hubungi|call|sms|nomor(?:nya)?|nomer|kontak|cp)\b",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"(?<![\w])(?<!\d[.,])(?:\+?\(?\+?62\)?|0062|\(?[0oO])[ \u00a0.-]{0,2}\(?0?\)?[ \u00a0.-]?\(?8[1-9]\d?\)?"
    rf"(?:{GAP}\d{{2,11}}){{1,6}}"
)
_BARE_MOBILE = re.compile(rf"(?<!\w)8[1-9]\d(?:{GAP}\d{{3,9}}){{1,3}}(?!\w)")
_LANDLINE = re.compile(
    r"(?<!\w)(?<!\d[.,/-])(?:\(0[2-79]\d{1,2}\)|(?:\+62|0)[ -]?[2-79]\d{1,2}(?=[ -]))[ \u00a0-]{0,3}"
    r"\d{3,8}(?:[ -]\d{2,4}){0,2}(?!\w)"
)
_JOINED_LANDLINE = re.compile(r"(?<![\w.,])0[2-79]\d{7,9}(?!\w)")

_ENOUGH_DIGITS = 11
"""From here on a further group is the next number of the sentence ("0812 3456 789 20 orang"), not of the phone."""


def _mobiles(text: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(text):
        end = _mobile_end(match)
        if end and not (end < len(text) and text[end].isalnum()):
            yield PHONE, match.start(), end


def _mobile_end(match: re.Match[str]) -> int | None:
    """Where the number ends: as national digits 8xx… there are 9 to 12, typed in groups."""
    subscriber = match.group().find("8")
    count = 0
    end = None
    for group in GROUP.finditer(match.string, match.start() + subscriber, match.end()):
        if count + 1 >= _ENOUGH_DIGITS or count + len(group.group()) > 12:
            break
        count += len(group.group())
        end = group.end()
    return end if 9 <= count <= 12 else None


def _phones(text: str) -> Iterator[Span]:
    yield from _mobiles(text)
    for match in _BARE_MOBILE.finditer(text):
        if 9 <= len(digits_of(match.group())) <= 12 and _said_before(text, match.start(), _SAYS_PHONE, 15):
            yield PHONE, match.start(), match.end()
    for pattern in (_LANDLINE, _JOINED_LANDLINE):
        for match in pattern.finditer(text):
            digits = digits_of(match.group()).removeprefix("62")
            if 8 <= len(digits.removeprefix("0")) <= 11 and not _is_amount(text, *match.span()):
                yield PHONE, match.start(), match.end()


# Vehicle plates -------------------------------------------------------------------------------------------------

_REGIONS = (
    "A|AA|AB|AD|AE|AG|B|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|D|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|E|EA|EB|ED"
    "|F|G|H|K|KB|KH|KT|KU|L|M|N|P|PA|PB|PG|PS|PT|R|S|T|W|Z"
)
_SPACED_PLATE = re.compile(rf"(?<![\w/-])(?:{_REGIONS})[ .-]?(\d{{1,4}})[ .-]?([A-Z]{{1,3}})(?![\w/])")
_LOWER_PLATE = re.compile(_SPACED_PLATE.pattern, re.IGNORECASE)
_SAYS_PLATE = re.compile(
    r"\b(?:plat(?:e|nya)?|nopol|no\.? ?pol(?:isi)?|nomor polisi|bernomor|bernopol|berplat"
    r"|motor|mobil|truk|truck|angkot|bus|kendaraan|pikap|pick ?up)\b",
    re.IGNORECASE,
)
_NO_SERIES = frozenset(
    {"DI", "KE", "DAN", "YG", "RT", "RW", "KM", "CM", "MM", "M", "KG", "GR", "L", "HA", "KW", "MW", "W", "V", "RB"}
    | {"JT", "TH", "THN", "BLN", "HR", "JAM", "LT", "NO", "GB", "MB", "TB", "ML", "PCS", "BH", "X", "ORG", "KK"}
    | {"UTK", "ADA", "PER", "ATA", "VS", "IT", "MAU", "LED"}
)
"""What stands behind a number in capitals without being the letters of a plate: units and short words."""


def _plates(text: str) -> Iterator[Span]:
    for match in _LOWER_PLATE.finditer(text):
        number, series = match.groups()
        said = _said_before(text, match.start(), _SAYS_PLATE, 25)
        typed_as_plate = match.group().isupper() and len(number) >= 2 and series not in _NO_SERIES
        joined = match.group().isalnum() and len(number) >= 3 and len(series) >= 2 and match.group().islower()
        if (said and series.upper() not in _NO_SERIES) or typed_as_plate or joined:
            yield PLATE, match.start(), match.end()


# House addresses ------------------------------------------------------------------------------------------------

_UNIT = r"[ .:]{0,2}(?:no\.? ?)?\d{1,3}"
_RT_RW = (
    rf"rt{_UNIT}(?:[ ,./-]{{0,3}}rw{_UNIT}| ?[/-] ?\d{{1,3}})(?!\d)"
    r"|rt ?[/.-]? ?rw[ .:]{0,2}\d{1,3} ?[/-] ?\d{1,3}(?!\d)"
    rf"|rw{_UNIT}[ ,./-]{{0,3}}rt{_UNIT}(?!\d)"
)
_HOUSE = r"(?:no|nomor|nomer|nmr|blok)\b[ .:]{0,2}(?:[a-z]{0,2}[ -]?\d{1,4}[a-z]?(?:[/-]\d{1,4}[a-z]?)?)(?!\w)"
_STREET = r"(?:jl|jln|jalan|gg|gang|perum|perumahan|komplek|kompleks)\b\.? ?(?:[\w'’]+\.?[ ]){0,4}?[\w'’]+,? ?"
_ADDRESS = re.compile(
    rf"\b{_STREET}{_HOUSE}(?:[ ,./-]{{0,3}}{_HOUSE})?(?:[ ,./-]{{0,3}}(?:{_RT_RW}))?"
    rf"|\b(?:rumah(?: saya)?|alamat|tinggal di)[ :]{{1,2}}{_HOUSE}(?:[ ,./-]{{0,3}}(?:{_RT_RW}))?"
    rf"|\b{_STREET}(?:{_RT_RW})(?:[ ,./-]{{0,3}}{_HOUSE})?"
    rf"|\b(?:{_RT_RW})(?:[ ,./-]{{0,3}}{_HOUSE})?",
    re.IGNORECASE,
)


def _addresses(text: str) -> Iterator[Span]:
    """A street with a house number, or RT and RW together (some thirty homes); a lone RT, RW or street is none."""
    for match in _ADDRESS.finditer(text):
        yield ADDRESS, match.start(), match.end()


_DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _emails,
    _state_numbers,
    _bank_accounts,
    _phones,
    _plates,
    _addresses,
)
