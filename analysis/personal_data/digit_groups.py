"""Long numbers as people type them: groups of digits with spaces, dots and dashes between."""

from __future__ import annotations

import re
from collections.abc import Iterator

GAP = r"(?: ?[-.–/] ?|_|[ \u00a0]{1,2})?"
"""Pattern of what may stand between two groups of one number."""

_GLUED_WORDS = ("nik", "ktp", "kk", "npwp", "hp", "wa", "telp", "tlp", "rek")

BEGINS = r"(?:(?<![\w+])|" + "|".join(rf"(?<=\b{word})" for word in _GLUED_WORDS) + ")"
"""Pattern of a place where a number may begin: not inside a word, save after one typed without a space ("hp0812…")."""

_TIGHT = frozenset(".-–")

GROUP = re.compile(r"\d+")

_RUN = re.compile(rf"{BEGINS}(?<!\d[.,])\d{{1,20}}(?:{GAP}\d{{1,20}})*(?!\w)(?![.,]\d)", re.IGNORECASE)


def digits_of(text: str) -> str:
    """The digits alone, in order."""
    return "".join(GROUP.findall(text))


def numbers(text: str, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """Spans of whole groups that together have ``shortest`` to ``longest`` digits, from left to right.

    Numbers that stand side by side are told apart: a space ends a number that is long enough already, unless the
    number was typed with spaces from its start and only a pair or a single digit is left ("0012 01 012345 50 1").
    A part of a longer number with dots or dashes is none.
    """
    for run in _RUN.finditer(text):
        groups = [group.span() for group in GROUP.finditer(text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            last, count = first, _length(groups[first])
            while last + 1 < len(groups):
                following = groups[last + 1]
                joined = text[groups[last][1] : following[0]].strip() or (last > first and _length(following) <= 2)
                if count + _length(following) > longest or (count >= shortest and not joined):
                    break
                last, count = last + 1, count + _length(following)
            torn = _tight(text, groups, first) or _tight(text, groups, last + 1)
            if shortest <= count <= longest and not torn:
                yield groups[first][0], groups[last][1]
                first = last
            first += 1


def _tight(text: str, groups: list[tuple[int, int]], place: int) -> bool:
    """Whether a dot or dash and nothing else stands between the group at ``place`` and the one before."""
    return 0 < place < len(groups) and text[groups[place - 1][1] : groups[place][0]] in _TIGHT


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]
