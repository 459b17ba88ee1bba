"""E-mail addresses, also spelled out against robots and with a stray space."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal_data.context import keywords, last_said
from analysis.personal_data.kinds import EMAIL, Span

_LOCAL = r"(?<![\w.+%-])\w[\w.+%-]{0,63}"
_AT = r" ?(?:\(at\)|\[at\]) ?"
_DOT = r"(?:\.| ?(?:\(dot\)|\[dot\]) ?)"
_HOSTS = r"(?:gmail|yahoo|ymail|hotmail|outlook|icloud|proton)"
_ENDINGS = r"(?:com|net|org|id|me)\b"
_DOMAIN = r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,}"

_EMAIL = re.compile(
    rf"{_LOCAL}@ ?{_DOMAIN}"
    rf"|{_LOCAL}@[\w-]{{1,63}}\. {_ENDINGS}"
    rf"|{_LOCAL}{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,4}}[a-z]{{2,}}"
    rf"|{_LOCAL} at [\w-]{{1,63}}(?: dot [\w-]{{2,63}}){{1,3}}"
    rf"|{_LOCAL} ?(?:@| at ) ?{_HOSTS}(?:\.| dot )(?:co(?:\.| dot )id|{_ENDINGS})",
    re.IGNORECASE,
)
_SPACE_BEFORE_AT = re.compile(rf"{_LOCAL} @{_DOMAIN}", re.IGNORECASE)
_SAYS_EMAIL = keywords(r"e-?mail|surel|gmail|ymail")


def emails(text: str) -> Iterator[Span]:
    """Addresses; with a space before the @ only after the word e-mail, as "lihat @contoh.id" is a mention."""
    for match in _EMAIL.finditer(text):
        yield EMAIL, match.start(), match.end()
    for match in _SPACE_BEFORE_AT.finditer(text):
        if last_said(text, match.start(), _SAYS_EMAIL, 15):
            yield EMAIL, match.start(), match.end()
