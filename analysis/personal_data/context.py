"""What stands around a number and says what it is."""

from __future__ import annotations

import re

from analysis.personal_data.kinds import MASKS

OWNER = r"(?:-?(?:nya|ku|mu|ne|e))?"
"""Endings that say whose it is, in Indonesian and Javanese: norekku, HP-nya, rekeninge."""

_MASKED = re.compile("|".join(re.escape(words) for words in MASKS.values()) + r"|\[\]{3,}")
_DIGIT = re.compile(r"\d")

_AMOUNT_BEFORE = re.compile(r"(?:rp\.?|idr|\$|nominal|sebesar|senilai)\s*$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r"\s*(?:,-|rupiah|ribu|rb|juta|jt|miliar|milyar|triliun)\b|,-", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def keywords(words: str) -> re.Pattern[str]:
    """Whole words of a pattern, with endings of owners; a number may follow without a space ("NIK3375…")."""
    return re.compile(rf"\b(?:{words}){OWNER}(?![^\W\d_])", re.IGNORECASE)


def last_said(text: str, start: int, words: re.Pattern[str], reach: int) -> re.Match[str] | None:
    """The last keyword within ``reach`` characters before ``start`` with no other number between.

    Masks and what was found already do not count, neither as characters nor as numbers.
    """
    before = _MASKED.sub("", text[max(0, start - 4 * reach) : start])[-reach:]
    said = list(words.finditer(before))
    return said[-1] if said and not _DIGIT.search(before, said[-1].end()) else None


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether the number is money: after Rp, before *juta*, or grouped in thousands."""
    return bool(
        _AMOUNT_BEFORE.search(text, max(0, start - 12), start)
        or _AMOUNT_AFTER.match(text, end)
        or _THOUSANDS.fullmatch(text, start, end)
    )
