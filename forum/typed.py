"""What people and programs type, made fit to store: texts without what only machines see, ids that can exist.

No database keeps a NUL or half a character, and an id column ends at `LARGEST_ID`; what goes beyond
is answered as not there, never as an error of the server.
"""
import re
from uuid import UUID

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class _IdConverter(IntegerConverter):
    """``<int:…>`` in an address: a number that no row can have leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = _IdConverter


def clean_text(typed: str | None) -> str:
    """Typed text as it is stored: every word, without what only machines see.

    A line break counts once however the browser wrote it. Control characters other than line break
    and tab, and halves of characters, become spaces (databases and exports cannot hold them). White
    space around the text is dropped.
    """
    text = (typed or "").replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub(" ", text).strip()


def clean_line(typed: str | None) -> str:
    """`clean_text` of one line: every run of white space is one space."""
    return " ".join(clean_text(typed).split())


def uuid_of(typed: str | None) -> UUID | None:
    """The UUID that was sent, in whatever spelling, or ``None`` for anything else."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def row_id(typed: str) -> int:
    """A number from 0 to `LARGEST_ID` out of a form or query; raises `ValueError` for anything else."""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 10 else -1
    if not 0 <= number <= LARGEST_ID:
        raise ValueError("not the id of any row")
    return number
