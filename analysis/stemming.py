"""Stems of word types: PySastrawi behind a cache, because a corpus has few types and many tokens.

The cache begins with the stems of all words of the thesaurus, kept in a file (see `stem_table`): working those out
takes half a second in every process.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from analysis.lexicon import protected_terms
from analysis.quick_stemmer import QuickStemmer

MAX_CACHED_TYPES = 200_000
"""Bound on memory in a long-lived process (about 30 MB); the cache starts afresh when it is full."""

_stems: dict[str, str] = {}


@cache
def _sastrawi() -> QuickStemmer:
    """The stemmer without its own cache and text normaliser; built once (it reads 30,000 roots)."""
    words = StemmerFactory().get_words()
    dictionary = ArrayDictionary()
    dictionary.words = dict(zip(words, words, strict=True))  # adding them one by one takes three times as long
    dictionary.words.pop("", None)
    return QuickStemmer(dictionary)


def root_words() -> dict[str, str]:
    """The container of known roots. Look-up must be by hash: with a list stemming is 600 times slower."""
    return _sastrawi().get_dictionary().words


def stem(word: str) -> str:
    """Stem of one lower-case word without hyphen; protected terms and foreign scripts come back unchanged."""
    known = _stems.get(word)
    if known is not None:
        return known
    if not _stems or len(_stems) >= MAX_CACHED_TYPES:
        _stems.clear()
        _stems.update(stored_stems())
        known = _stems.get(word)
    result = _stems[word] = compute_stem(word) if known is None else known
    return result


def stored_stems() -> dict[str, str]:
    """Word → stem of the words of the thesaurus, as the file tells; empty when there is no file."""
    parts = _table()
    return dict(zip(parts[0::3], parts[1::3], strict=True))


@cache
def stored_frequencies() -> dict[str, int]:
    """Word → how often the thesaurus uses it, from the same file."""
    parts = _table()
    return dict(zip(parts[0::3], map(int, parts[2::3]), strict=True))


@cache
def _table() -> list[str]:
    """Word, stem, frequency, word, stem, …"""
    path = files("analysis") / "thesaurus" / "stems.txt"
    if not path.is_file():
        return []
    _, _, table = path.read_text(encoding="utf-8").partition("\n")  # below the line that says where it comes from
    return table.split()


def compute_stem(word: str) -> str:
    """What ``stem`` gives, worked out anew."""
    if word in protected_terms() or len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    stemmed = _sastrawi().stem_word(word)
    if stemmed != word or word in root_words():
        return stemmed or word
    return _without_javanese_ending(_without_colloquial_ending(word))


def _without_colloquial_ending(word: str) -> str:
    """The root before the everyday *-in* for *-kan* and *-i* (diajarin → ajar), which the stemmer does not know."""
    if word.endswith("in") and len(word) > 5:
        root = _sastrawi().stem_word(word[:-2])
        if root in root_words():
            return root
    return word


def _without_javanese_ending(word: str) -> str:
    """Strip the Javanese definite ending (sampahe → sampah, kaline → kali) when a known root is left."""
    for ending in ("ne", "e"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and root in root_words():
            return root
    return word
