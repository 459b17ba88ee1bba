"""From a text as typed to its tokens: surface form beside stem, with stop words, places and breaks marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from analysis.lexicon import protected_terms, stop_words
from analysis.spelling import MAX_CACHED_WORDS, as_meant, is_foreign, written_out
from analysis.stemming import root_words, stem

MAX_TOKENS = 2_000
"""Tokens read of one text. A theme shows in the first pages; a pasted book must not outweigh the forum."""

MAX_WORD_LENGTH = 40
"""Longer strings are keyboard noise or codes; the longest Indonesian words have about 25 letters."""

_NOT_WORDS = re.compile(
    r"https?://\S+|www\.\S+"  # links
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"  # e-mail, bounded: an endless word must not take minutes
    r"|(?<!\w)@\w+"  # mentions
    r"|\+?\d[\d .()/-]{6,30}\d"  # telephone and account numbers
)
_FIRST_SIGN = re.compile(r"[@\d]")
"""Without it, and without a link, there is nothing of that sort; most texts are read twice as fast."""

_WORD = re.compile(r"[^\W_]+(?:['’`-][^\W_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”\n\r\t/|•…]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_TYPED_REDUPLICATION = re.compile(r"^([^\W\d_]{2,})2(nya|an|kan|e|ne)?$")

_PLACE_MARKERS = frozenset(
    {"jl", "jln", "jalan", "gg", "gang", "kel", "kelurahan", "kec", "kecamatan", "desa", "ds", "dusun", "dukuh"}
    | {"dk", "kampung", "kp", "perum", "perumahan", "blok"}
)
"""A capitalised word after one of these is a name, unless it is a word of the dictionary ("jalan Rusak")."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    ``surface`` is the word as typed, in lower case, for people; ``stem`` is for counting and empty for words that
    carry no theme (stop words, places, numbers); ``after_break`` tells that a sentence or clause begins here.
    ``root`` is the stem of every word, stop words included, for phrases of the thesaurus ("laut naik ke jalan");
    empty for places.
    """

    surface: str
    stem: str
    after_break: bool
    root: str = ""


class Preprocessor:
    """Turns texts into tokens.

    Parameters
    ----------
    place_names : iterable of str
        Names of one or more words; where they occur, the words carry no theme.
    """

    def __init__(self, place_names: Iterable[str] = ()) -> None:
        self.place_names = tuple(place_names)
        names = {tuple(_WORD.findall(name.lower())) for name in self.place_names}
        self._names = frozenset(name for name in names if name and not _is_protected(name))
        self._longest_after: dict[str, int] = {}
        for name in self._names:
            self._longest_after[name[0]] = max(len(name), self._longest_after.get(name[0], 0))

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Tokens of one text in reading order, at most ``MAX_TOKENS``."""
        if text.isascii() and text.islower() and text.replace(" ", "").isalpha():  # as the thesaurus is written
            words = text.split()[:MAX_TOKENS]
            in_place = self._place_positions(words, words) if self._names else [False] * len(words)
            breaks = [position == 0 for position in range(len(words))]
            return tuple(map(_token, words, in_place, breaks, [is_foreign(words)] * len(words)))
        clean = clean_text(text)
        words, breaks, end = [], [], -1
        for match in islice(_WORD.finditer(clean), MAX_TOKENS):
            start = match.start()
            is_one_space = start - end == 1 and clean[end] == " "
            breaks.append(end < 0 or (not is_one_space and _BREAK.search(clean, end, start) is not None))
            words.append(match.group())
            end = match.end()
        lowered = [word.lower() for word in words]
        in_place, as_typed = self._place_positions(words, lowered), _as_typed(words, lowered, breaks)
        return tuple(map(_token, lowered, in_place, breaks, as_typed))

    def _place_positions(self, words: list[str], lowered: list[str]) -> list[bool]:
        marked = [False] * len(words)
        for start, word in enumerate(lowered):
            for length in range(self._longest_after.get(word, 0), 0, -1):
                if tuple(lowered[start : start + length]) in self._names:
                    marked[start : start + length] = [True] * length
                    break
            if start and lowered[start - 1] in _PLACE_MARKERS and not marked[start]:
                marked[start] = words[start][0].isupper() and word not in protected_terms() and not _is_known_word(word)
        return marked


def clean_text(text: str) -> str:
    """One Unicode form (NFKC), control and zero-width characters gone, links, addresses and phones out."""
    if not (text.isascii() and text.isprintable()):  # most texts are plain: half the time of reading saved
        text = unicodedata.normalize("NFKC", text)
        text = "".join(" " if _is_noise(character) else character for character in text)
    may_hold_some = _FIRST_SIGN.search(text) or "://" in text or "www." in text
    return _NOT_WORDS.sub(" . ", text) if may_hold_some else text


def words_of(text: str) -> list[str]:
    """Normalised words of a text in reading order, stop words and places included."""
    return [normalize_word(word) for word in _WORD.findall(clean_text(text))]


def _is_noise(character: str) -> bool:
    return character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def normalize_word(word: str) -> str:
    """Lower case; doubled words made single (jalan2, anak-anak), stretched letters shortened (bangeeet)."""
    word = _STRETCHED.sub(r"\1", word.lower().replace("’", "'").replace("`", "'"))
    typed_twice = _TYPED_REDUPLICATION.match(word)
    if typed_twice:
        return typed_twice.group(1) + (typed_twice.group(2) or "")
    first, hyphen, second = word.partition("-")
    if hyphen and len(first) > 1 and second.startswith(first):
        return second
    return word


def content_stem(surface: str) -> str:
    """Stem of a normalised word, or "" when it carries no theme."""
    if len(surface) < 2 or len(surface) > MAX_WORD_LENGTH or not any(map(str.isalpha, surface)):
        return ""
    if surface in protected_terms():
        return surface
    if surface in stop_words():
        return ""
    if "-" in surface:
        stems = {part: content_stem(part) for part in surface.split("-")}
        kept = list(dict.fromkeys(part for part in stems.values() if part))
        return "-".join(kept)
    stemmed = stem(surface)
    return "" if len(stemmed) < 2 or stemmed in stop_words() else stemmed


def _as_typed(words: Sequence[str], lowered: Sequence[str], breaks: Sequence[bool]) -> list[bool]:
    """Which words are no slips: all of a foreign text, and those in capitals within a sentence, which may be names."""
    if is_foreign(lowered):
        return [True] * len(words)
    return [
        not is_break and word[0].isupper() and not word.isupper() for word, is_break in zip(words, breaks, strict=True)
    ]


@lru_cache(maxsize=2 * MAX_CACHED_WORDS)
def _token(word: str, is_place: bool, after_break: bool, as_typed: bool) -> Token:
    """Equal tokens are one object: a million texts would not fit into memory otherwise."""
    theme_stem, root = ("", "") if is_place else _stems(word, as_typed)
    return Token(word, theme_stem, after_break, root)


@lru_cache(maxsize=MAX_CACHED_WORDS)
def _stems(word: str, as_typed: bool) -> tuple[str, str]:
    """Content stem of a word as typed, and its stem whatever it carries."""
    normal = (written_out if as_typed else as_meant)(normalize_word(word))
    content = content_stem(normal)
    return content, content or (stem(normal) if len(normal) <= MAX_WORD_LENGTH else "")


def _is_protected(name: tuple[str, ...]) -> bool:
    """A one-word alias such as "PKK" must not blind the analysis to the term of the same spelling."""
    return len(name) == 1 and name[0] in protected_terms()


def _is_known_word(word: str) -> bool:
    return stem(word) in root_words()
