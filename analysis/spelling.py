"""Which word was meant: short forms of the phone, and slips in words that nobody knows.

A word that is neither in the thesaurus nor in the dictionary of the stemmer nor made of such a root is compared with
the words of the thesaurus. First those of which only vowels are missing (*smpah*, *lmpu*: how people shorten words on a
phone), then those at a distance of one letter left out, put in, exchanged or swapped with the next (Damerau 1964, "A
technique for computer detection and correction of spelling errors"). The word that the thesaurus uses most often is
taken, and none where two are about as frequent.

Where every tenth word of four letters and more was spoilt (`python -m bench slips`), this gives back 1.8 of the 3.3
AMI points that are lost in the mean of ten sets, on the demo 3; texts as they are keep theirs. The figures below were
chosen among eight settings on sets that are not blind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from string import ascii_lowercase

from analysis.lexicon import protected_terms, short_forms, stop_words
from analysis.stemming import root_words, stem, stored_frequencies

LEAST_FREQUENCY = 4
"""Occurrences in the thesaurus from which a word may be meant."""

STOP_WORD_FREQUENCY = 5
"""Stop words are frequent everywhere; the thesaurus uses few of them."""

MUCH_MORE = 3
"""Times that a word must be as frequent as the next likely one, unless both have one stem."""

SHORTEST_SQUEEZED, SHORTEST_SLIPPED = 3, 6
"""Letters of a typed word: below, too many words are near."""

SHORTEST_MEANT = 4

EXCHANGED_FROM = 8
"""Letters of a word from which a consonant may be the wrong one; in shorter ones only a vowel (*dipake*): many words
differ in one consonant."""

FOREIGN_SHARE = 0.25
"""Unknown words from which a text is foreign. In Sundanese half of the words are unknown, in Javanese a seventh, in
Indonesian of which every tenth word was spoilt a tenth."""

MAX_CACHED_WORDS = 100_000
"""Words of which is kept ready what they are: a corpus has few types and many tokens."""

CLITICS = ("nya", "ne", "e", "ku", "mu", "lah")
"""Written onto a word, Indonesian and Javanese."""

_VOWELS = "aeiou"
_WITHOUT_VOWELS = str.maketrans("", "", _VOWELS)


@lru_cache(maxsize=MAX_CACHED_WORDS)
def as_meant(word: str) -> str:
    """The word that a normalised word stands for; itself where it is known, or where nothing is surely near."""
    whole = written_out(word)
    if whole != word or len(word) < SHORTEST_SQUEEZED or is_known(word):
        return whole
    return _surely(_squeezed(word)) or _surely(_slipped(word)) or word


def written_out(word: str) -> str:
    """A short form as the whole word, any other word as it is."""
    short = next((form for form in without_clitics(word) if form in short_forms()), None)
    return word if short is None else short_forms()[short]


def without_clitics(word: str) -> list[str]:
    """The word itself, then without a clitic (*lobangnya*, *smpahe*)."""
    if not word.endswith(CLITICS):
        return [word]
    return [word, *[word.removesuffix(end) for end in CLITICS if word.endswith(end)]]


def is_foreign(words: Sequence[str]) -> bool:
    """Whether a text seems to be in a language that is not known here: then no word is taken for a slip."""
    return len(words) - sum(map(is_known, words)) > FOREIGN_SHARE * len(words) + 1


@lru_cache(maxsize=MAX_CACHED_WORDS)
def is_known(word: str) -> bool:
    """Whether a word is listed or made of a known root; numbers and words in other letters count as known."""
    if not (word.isascii() and word.isalpha()):
        return True
    if word in stored_frequencies() or word in stop_words() or word in root_words():
        return True
    return word in protected_terms() or word in short_forms() or stem(word) != word


@cache
def _words() -> Mapping[str, int]:
    """Words that may be meant, and how frequent they are."""
    common = {word: count for word, count in stored_frequencies().items() if count >= LEAST_FREQUENCY}
    for word in stop_words():
        common[word] = max(STOP_WORD_FREQUENCY, common.get(word, 0))
    return {word: count for word, count in common.items() if len(word) >= SHORTEST_MEANT and word.isalpha()}


@cache
def _by_skeleton() -> Mapping[str, list[str]]:
    found = defaultdict(list)
    for word in _words():
        found[_skeleton(word)].append(word)
    return dict(found)


def _skeleton(word: str) -> str:
    """The first letter and all further consonants."""
    return word[0] + word[1:].translate(_WITHOUT_VOWELS)


def _squeezed(word: str) -> list[str]:
    """Words of which vowels were left out; of a word of consonants not more than one after each."""
    n_vowels = sum(letter in _VOWELS for letter in word[1:])
    if n_vowels > (len(word) - 2) // 2:
        return []
    alike = _by_skeleton().get(_skeleton(word), ())
    likely = [whole for whole in alike if n_vowels or len(whole) <= 2 * len(word) + 1]
    return [whole for whole in likely if len(whole) > len(word) and _is_within(word, whole)]


def _is_within(part: str, whole: str) -> bool:
    letters = iter(whole)
    return all(letter in letters for letter in part)


def _slipped(word: str) -> list[str]:
    """Words at a distance of one slip; the first letter is right."""
    if len(word) < SHORTEST_SLIPPED:
        return []
    near: list[str] = []
    for place in range(1, len(word) + 1):
        before, after = word[:place], word[place:]
        near += [before + letter + after for letter in ascii_lowercase]
        if after:
            near += [before + after[1:], before + after[1:2] + after[0] + after[2:]]
            near += [before + letter + after[1:] for letter in _exchanged(after[0], len(word))]
    words = _words()
    return [one for one in near if one in words and len(one) >= SHORTEST_SLIPPED - 1]


def _exchanged(letter: str, length: int) -> str:
    """Letters that may have been meant by one in a word of so many."""
    if length >= EXCHANGED_FROM:
        return ascii_lowercase
    return _VOWELS if letter in _VOWELS else ""


def _surely(near: Sequence[str]) -> str | None:
    """The most frequent of the words, if it is so by far."""
    words = _words()
    ranked = sorted(set(near), key=lambda word: (-words[word], word))[:2]
    if len(ranked) == 2:
        first, second = ranked
        if words[first] < MUCH_MORE * words[second] and stem(first) != stem(second):
            return None
    return ranked[0] if ranked else None
