"""Personal data in a text: where it stands, of which kind, and the text with it masked.

Found are NIK, KK, NPWP, telephone numbers, e-mail, vehicle plates, house addresses and bank accounts, as people in
Indonesia type them. Patterns are loose about spaces, dots and dashes and strict about what surrounds them, because
both mistakes hurt: a number left open is seen by all, a year or a price masked makes a report useless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from analysis.personal_data.kinds import MASKS, Finding, Span

__all__ = ["MASKS", "Finding", "find_personal_data", "mask"]

_Detector = tuple[re.Pattern[str], Callable[[str], Iterator[Span]]]
"""What a text must hold for the detector to be worth asking: most texts hold nothing of it. And the detector."""


@cache
def _detectors() -> tuple[_Detector, ...]:
    # Loaded when asked for: their patterns take a hundredth of an analysis to compile, which looks for no data.
    from analysis.personal_data.addresses import addresses
    from analysis.personal_data.bank_accounts import bank_accounts
    from analysis.personal_data.emails import emails
    from analysis.personal_data.phones import phones
    from analysis.personal_data.plates import plates
    from analysis.personal_data.state_numbers import state_numbers

    digit = re.compile(r"\d")
    return (
        (re.compile(r"@|\bat\b", re.IGNORECASE), emails),
        (digit, state_numbers),
        (digit, bank_accounts),
        (digit, phones),
        (digit, plates),
        (re.compile(r"\d|\brt\b", re.IGNORECASE), addresses),
    )


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


def mask(text: str) -> str:
    """The text with every finding replaced by its mask; masking twice changes nothing more."""
    return _replace(text, find_personal_data(text), lambda finding: finding.mask)


def _find_once(text: str) -> list[Finding]:
    free = bytearray(b"\1") * len(text)
    found = []
    for needed, detect in _detectors():
        for kind, start, end in detect(text) if needed.search(text) else ():
            if all(free[start:end]):
                free[start:end] = bytes(end - start)
                found.append(Finding(kind, start, end, MASKS[kind]))
    return sorted(found, key=lambda finding: finding.start)


def _replace(text: str, findings: Iterable[Finding], words: Callable[[Finding], str]) -> str:
    parts, end = [], 0
    for finding in findings:
        parts += [text[end : finding.start], words(finding)]
        end = finding.end
    return "".join([*parts, text[end:]])
