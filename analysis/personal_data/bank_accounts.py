"""Bank accounts: digits beside the word for account or the name of a bank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import is_amount, keywords, last_said
from analysis.personal_data.digit_groups import digits_of, numbers
from analysis.personal_data.kinds import BANK_ACCOUNT, Span
from analysis.personal_data.phones import SAYS_TELEPHONE

_BANKS = (
    r"bca|bri|bni|btn|bsi|mandiri|bank [a-z]+|bpr [a-z]+|cimb(?: niaga)?|permata|danamon|muamalat|jago|seabank|ocbc"
    r"|panin|maybank|btpn"
)
_SAYS_ACCOUNT = keywords(rf"no\.? ?rek|norek|rek|(?<!kode )rekening|acc(?:ount)?|{_BANKS}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D{1,3}(?:19|20)\d\d)+")
_BANK_FOLLOWS = re.compile(rf"[ (,/]{{1,3}}(?:{_BANKS})\b", re.IGNORECASE)


def bank_accounts(text: str) -> Iterator[Span]:
    """Numbers of 9 to 16 digits; money and what is said to be a telephone are left to others."""
    for start, end in numbers(text, 9, 16):
        if is_amount(text, start, end) or _YEARS.fullmatch(text, start, end):
            continue
        if last_said(text, start, SAYS_TELEPHONE, 15):
            continue
        if last_said(text, start, _SAYS_ACCOUNT, 35) or _named_after(text, start, end):
            yield BANK_ACCOUNT, start, end


def _named_after(text: str, start: int, end: int) -> bool:
    is_mobile = digits_of(text[start:end]).startswith(("08", "628"))
    return not is_mobile and bool(_BANK_FOLLOWS.match(text, end))
