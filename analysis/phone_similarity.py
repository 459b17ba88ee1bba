"""A small index of ideas that a phone can keep, to show similar ones without a network and without a stemmer.

The phone needs three steps, which `similar_by_index` shows in Python (and forum/static/similar.js does on the phone):

1. Words: Unicode NFKC, lower case, links and addresses out, runs of letters and digits, numbers at their end off,
   two characters at least. Words in ``stop`` are dropped.
2. Terms: ``terms`` lists the words of each term; one is asked for by the word itself, then by its key: `light_key`
   takes a common ending and a common beginning off and keeps seven letters. All forms of a word that people used lead
   to one term, because the server stemmed them; a key that is not there is an unknown word.
3. Scores, for each idea d that shares a term with the words q (each term counts once)::

       score(q, d) = sum of idf(t) ** 2 over shared t / (length(q) * length(d))
       length(q) = sqrt(sum of idf(t) ** 2 over the terms of q + unknown ** 2 * number of unknown keys)

   ``idf``, ``lengths`` and ``unknown`` are whole numbers, tenths. Ideas from ``least`` on (0.15) are shown, best first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log, sqrt
from typing import Any

from analysis.contract import Document, DocumentId
from analysis.fingerprint import in_order
from analysis.lexicon import stop_words
from analysis.personal_data import mask
from analysis.preprocessing import Preprocessor
from analysis.similarity import MIN_SIMILARITY

ENDINGS = ("nya", "kan", "an", "ne", "e", "i")
BEGINNINGS = ("meng", "meny", "mem", "men", "peng", "peny", "pem", "pen", "ber", "ter", "me", "pe", "di", "ke", "se")
LEAST_LETTERS = 4
"""Left of a word when something is taken off."""

KEY_LETTERS = 7

MAX_TERMS = 2_500
"""The most frequent terms are kept; a word that one idea alone holds goes first."""

UNKNOWN = 0.85
"""Share of the greatest idf that an unknown word counts: some are forms of words that the phone knows (measured)."""

STEPS = 10
"""Steps per unit of a weight: one decimal is as good as all (measured)."""

_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_WORD = re.compile(r"[^\W_]+")


def phone_index(documents: Iterable[Document], place_names: Iterable[str] = ()) -> dict[str, Any]:
    """The index as plain values for JSON: 16 kB compressed for 228 ideas, less than 25 for 950
    reviews, less than 40 for 1,000 texts of one sentence (measured).

    Personal data is masked before words are read. Holds ids and single words, not the texts.

    Returns
    -------
    dict
        ``version`` (2), ``ids`` by number of the idea, ``lengths`` (same order), ``idf`` by number of the term,
        ``ideas`` (by term: numbers of ideas as differences, the first from 0), ``terms`` (by
        term: its keys and words with a space between), ``stop`` (words that carry no theme), ``unknown``, ``least``.
    """
    ordered = in_order(documents)
    preprocessor = Preprocessor(place_names)
    postings: defaultdict[str, list[int]] = defaultdict(list)
    stems_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for number, document in enumerate(ordered):
        tokens = preprocessor.tokens(mask(document.text))
        for stem in sorted({token.stem for token in tokens if token.stem}):
            postings[stem].append(number)
        for token in tokens:
            for word in _words(token.surface):
                stems_of[word][token.stem] += 1
    idf = {stem: round(STEPS * (log((1 + len(ordered)) / (1 + len(ideas))) + 1)) for stem, ideas in postings.items()}
    squares = [0] * len(ordered)
    for stem, ideas in postings.items():
        for number in ideas:
            squares[number] += idf[stem] ** 2
    stems = sorted(sorted(postings, key=lambda stem: (-len(postings[stem]), stem))[:MAX_TERMS])
    terms, stop = _look_up(stems_of)
    keys_of: defaultdict[str, list[str]] = defaultdict(list)
    for key, stem in sorted(terms.items()):
        keys_of[stem].append(key)
    return {
        "version": 2,
        "ids": [document.id for document in ordered],
        "lengths": [round(sqrt(square)) for square in squares],
        "idf": [idf[stem] for stem in stems],
        "ideas": [_differences(postings[stem]) for stem in stems],
        "terms": [" ".join(keys_of[stem]) for stem in stems],
        "stop": sorted(stop),
        "unknown": round(UNKNOWN * STEPS * (log(1 + len(ordered)) + 1)),
        "least": MIN_SIMILARITY,
    }


def _look_up(stems_of: Mapping[str, Counter[str]]) -> tuple[dict[str, str], set[str]]:
    """Key → stem of most of its words, word → its own stem where that is another; and words without meaning."""
    meaning = {word: _commonest(found) for word, found in stems_of.items()}
    of_key: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, stem in meaning.items():
        if stem:
            of_key[light_key(word)][stem] += stems_of[word].total()
    terms = {key: _commonest(found) for key, found in of_key.items()}
    exceptions = {word: stem for word, stem in meaning.items() if stem and terms[light_key(word)] != stem}
    listed = {word for entry in stop_words() for word in _words(entry)}
    stop = {word for word in listed | meaning.keys() if not meaning.get(word)}
    return terms | exceptions, stop


def light_key(word: str) -> str:
    """A word of letters in lower case without one ending and one beginning, at most ``KEY_LETTERS`` long."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_LETTERS:
            word = word[: -len(ending)]
            break
    for beginning in BEGINNINGS:
        if word.startswith(beginning) and len(word) - len(beginning) >= LEAST_LETTERS:
            word = word[len(beginning) :]
            break
    return word[:KEY_LETTERS]


def similar_by_index(text: str, index: Mapping[str, Any], limit: int = 3) -> tuple[tuple[DocumentId, float], ...]:
    """What the phone computes from the index; compare ``similar``, which knows stems.

    Returns
    -------
    tuple of (id, score), best first, at most ``limit``
        Scores from ``least`` up to about 1; equal ones by the number of the idea.
    """
    stop = set(index["stop"])
    known = {key: number for number, keys in enumerate(index["terms"]) for key in keys.split()}
    words = {word for word in _words(text) if word not in stop}
    keys = {word if word in known else light_key(word) for word in words}
    terms = {known[key] for key in keys if key in known}
    n_unknown = sum(key not in known for key in keys)
    scores: defaultdict[int, int] = defaultdict(int)
    for term in terms:
        number = 0
        for step in index["ideas"][term]:
            number += step
            scores[number] += index["idf"][term] ** 2
    length = sqrt(sum(index["idf"][term] ** 2 for term in terms) + n_unknown * index["unknown"] ** 2)
    found = [(number, score / (length * index["lengths"][number])) for number, score in scores.items()]
    near = sorted((pair for pair in found if pair[1] >= index["least"]), key=lambda pair: (-pair[1], pair[0]))
    return tuple((index["ids"][number], round(score, 4)) for number, score in near[: max(limit, 0)])


def _words(text: str) -> list[str]:
    plain = _ADDRESS.sub(" ", unicodedata.normalize("NFKC", text).lower())
    words = (word.rstrip("0123456789") for word in _WORD.findall(plain))
    return [word for word in words if len(word) > 1]


def _differences(numbers: list[int]) -> list[int]:
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def _commonest(found: Counter[str]) -> str:
    return min(found, key=lambda stem: (-found[stem], stem))
