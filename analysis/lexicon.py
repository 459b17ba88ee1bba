"""The word lists of ``analysis/wordlists``, read once; their origin is told in ``wordlists/SOURCES.md``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_STOP_WORD_FILES = ("stopwords_id.txt", "stopwords_jv.txt", "stopwords_frame.txt", "stopwords_en.txt")


def _words(name: str) -> list[str]:
    """Words of one list in file order, as written; empty lines and notes left out."""
    text = (files("analysis") / "wordlists" / name).read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


@cache
def stop_words() -> frozenset[str]:
    """Lower-case words that carry no theme, in Indonesian, Javanese, report frames and a little English."""
    listed = {word for name in _STOP_WORD_FILES for word in _words(name)}
    return frozenset(listed - set(protected_terms()))


@cache
def protected_terms() -> dict[str, str]:
    """Lower-case term → spelling to show. These are neither stemmed nor dropped."""
    return {word.lower(): word for word in _words("protected_terms.txt")}


@cache
def short_forms() -> dict[str, str]:
    """Lower-case word as typed on a phone, or spelled beside the standard → the whole word."""
    text = (files("analysis") / "wordlists" / "short_forms.txt").read_text(encoding="utf-8")
    lines = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {form: whole for whole, _, forms in lines for form in forms.split()}


@cache
def label_bridges() -> frozenset[str]:
    """Stop words that may stand between two content words of a label."""
    return frozenset(_words("label_bridges.txt"))


@cache
def answers(name: str) -> tuple[str, ...]:
    """Words and phrases of the list ``answers_<name>.txt``, one per line, in file order."""
    text = (files("analysis") / "wordlists" / f"answers_{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
