"""Telephone numbers of Indonesia, mobile and landline, as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import is_amount, keywords, last_said
from analysis.personal_data.digit_groups import BEGINS, GAP, GROUP, digits_of
from analysis.personal_data.kinds import PHONE, Span

_TELEPHONE = (
    r"hp|no\.? ?hp|hape|handphone|wa|whats ?app?|telp?|tlp|telepon|telpon|fax|kontak|hubungi|hub|call|sms|cp"
    r"|contact person|narahubung"
)
SAYS_TELEPHONE = keywords(_TELEPHONE)
_SAYS_NUMBER = keywords(rf"{_TELEPHONE}|nomor|nomer")

_MOBILE = re.compile(
    rf"{BEGINS}(?<!\d[.,])(?:\+?\(?\+?62\)?|0062|\(?[0oO])[ \u00a0.-]{{0,2}}\(?0?\)?[ \u00a0.-]?\(?8[1-9]\d?\)?"
    rf"(?:{GAP}\d{{2,11}}){{1,6}}",
    re.IGNORECASE,
)
_BARE_MOBILE = re.compile(rf"(?<!\w)8[1-9]\d(?:{GAP}\d{{3,9}}){{1,3}}(?!\w)")
_DIGIT_BY_DIGIT = re.compile(r"(?<!\w)(?<!\d )0([ .-])8(?:\1\d){8,11}(?!\w)(?! \d)")
_LETTERS_FOR_ZERO = re.compile(r"(?<!\w)[0oO]8(?=\d*[oO])[\doO]{8,11}(?!\w)")

# No area code has a 0 at its third place: times of shifts ("0600-1400") are not telephones.
_LANDLINE = re.compile(
    rf"{BEGINS}(?<!\d[.,/-])(?:\(0[2-79][1-9]\d?\)|(?:\+62|0)[ -]?[2-79][1-9]\d?(?=[ -]))[ \u00a0-]{{0,3}}"
    r"\d{3,8}(?:[ -]\d{2,4}){0,2}(?!\w)",
    re.IGNORECASE,
)
_DOTTED_LANDLINE = re.compile(r"(?<![\w.,])0[2-79][1-9]\d?\.\d{3,8}(?:\.\d{2,4})?(?!\w)(?!\.\d)")
_JOINED_LANDLINE = re.compile(r"(?<![\w.,])0[2-79][1-9]\d{6,8}(?!\w)")

_ENOUGH_DIGITS = 11
"""From here on a further group is the next number of the sentence ("0812 3456 789 20 orang"), not of the phone."""


def phones(text: str) -> Iterator[Span]:
    """Mobile numbers always; those without 0, and landlines with dots, only after a word for telephone."""
    yield from _mobiles(text)
    for pattern in (_DIGIT_BY_DIGIT, _LETTERS_FOR_ZERO):
        for match in pattern.finditer(text):
            yield PHONE, match.start(), match.end()
    for match in _BARE_MOBILE.finditer(text):
        if 9 <= len(digits_of(match.group())) <= 12 and last_said(text, match.start(), _SAYS_NUMBER, 15):
            yield PHONE, match.start(), match.end()
    yield from _landlines(text)


def _mobiles(text: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(text):
        end = _mobile_end(match)
        if end and not (end < len(text) and text[end].isalnum()):
            around = match.group().startswith("(") and ")" not in text[match.start() : end]
            yield PHONE, match.start() + around, end


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


def _landlines(text: str) -> Iterator[Span]:
    for pattern in (_LANDLINE, _JOINED_LANDLINE, _DOTTED_LANDLINE):
        for match in pattern.finditer(text):
            digits = digits_of(match.group()).removeprefix("62")
            if not 8 <= len(digits.removeprefix("0")) <= 11 or is_amount(text, *match.span()):
                continue
            if pattern is not _DOTTED_LANDLINE or last_said(text, match.start(), SAYS_TELEPHONE, 15):
                yield PHONE, match.start(), match.end()
