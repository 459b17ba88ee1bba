"""Themes that the plan under revision has already: on the board before anybody wrote about them."""
import re
from datetime import datetime

from flask_babel import gettext as _

from forum import audit
from forum.db import writing
from forum.review.deciding import (
    MAX_TITLE_CHARACTERS,
    DecisionRefused,
    UnusableDecision,
    add_line,
    make_theme,
    open_ledger,
    take_effect,
)
from forum.typed import clean_line

MAX_AT_ONCE = 100
"""Titles; the longest plans that a city reviews have about sixty programmes."""

_BEFORE_A_TITLE = re.compile(r"^\s*(?:[-–—•*·▪]+|\(?(?:\d{1,3}|[a-z])[.)])\s+", re.IGNORECASE)
"""Bullets and numbers of a list pasted from a document."""


def titles_in(typed: str) -> list[str]:
    """One title per line, without bullets and numbers; each once, whatever its capitals.

    Raises `UnusableDecision` where there is none, too many, or one that is too long.
    """
    titles: dict[str, str] = {}
    for line in typed.splitlines():
        title = clean_line(_BEFORE_A_TITLE.sub("", line))
        if len(title) > MAX_TITLE_CHARACTERS:
            raise UnusableDecision(_("Judul tema paling banyak %(count)s karakter. Terlalu panjang: “%(title)s …”",
                                     count=MAX_TITLE_CHARACTERS, title=title[:40]))
        if title:
            titles.setdefault(title.casefold(), title)
    if not titles:
        raise UnusableDecision(_("Tulis paling sedikit satu judul tema, satu judul per baris."))
    if len(titles) > MAX_AT_ONCE:
        raise UnusableDecision(_("Paling banyak %(most)s judul sekali kirim; ini ada %(count)s. Kirim sebagian dahulu.",
                                 most=MAX_AT_ONCE, count=len(titles)))
    return list(titles.values())


def plan_themes(*, consultation_id: int, typed: str, actor: audit.Actor, now: datetime) -> tuple[list[str], list[str]]:
    """Make a theme without entries of each title that no theme has yet.

    Returns the titles of the new themes, and those that were there. Raises `DecisionRefused` when all were there.
    """
    titles = titles_in(typed)
    with writing() as session:
        book = open_ledger(session, consultation_id, actor=actor, now=now)
        standing = {theme.title.casefold() for theme in book.state.confirmed.values()}
        new = [title for title in titles if title.casefold() not in standing]
        if not new:
            raise DecisionRefused(_("Semua judul ini sudah menjadi tema."))
        take_effect(book, [
            add_line(book, "confirm", theme_id=make_theme(book, title), payload={
                "title": title, "members": [], "phrases": [], "quotes": [], "planned": True})
            for title in new])
    return new, [title for title in titles if title not in new]
