"""What people answer with: technology, something else, or both, by two written word lists.

Blind to the data: ``wordlists/answers_technology.txt`` and ``answers_other.txt`` were written before any forum was
read. It is a suggestion for the planner's column; the participant's own tick, where there is one, goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.lexicon import answers
from analysis.preprocessing import MAX_CACHED_WORDS, Preprocessor, Token, normalize_word
from analysis.spelling import as_meant, without_clitics

TECHNOLOGY, OTHER, COMBINED = "technology", "non_technology", "combined"

PRIOR_HITS = 1.0
"""Imagined hits that say nothing: confidence = hits / (hits + 1). One word may be chance, four are hardly."""

COMBINED_FROM = 2
"""Words and phrases of each kind from which an answer is a combined one."""

LEADS_FROM = 0.7
"""Share of the members' answers from which a cluster's answer is of one kind; below it is combined."""

DIGITS = 4

Approach = tuple[str, float]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answers:
    """The lists made ready: single words as people type them, phrases in roots by their first, longest first."""

    words: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[Phrase, str], ...]]


@cache
def _answers() -> _Answers:
    preprocessor = Preprocessor()
    words: dict[str, str] = {}
    by_first: dict[str, dict[Phrase, str]] = {}
    for kind, name in ((TECHNOLOGY, "technology"), (OTHER, "other")):
        for phrase in answers(name):
            tokens = preprocessor.tokens(phrase)
            if len(tokens) == 1:
                words.setdefault(tokens[0].surface, kind)
            else:
                roots = tuple(token.root for token in tokens)
                by_first.setdefault(roots[0], {}).setdefault(roots, kind)
    phrases = {
        first: tuple(sorted(group.items(), key=lambda item: (-len(item[0]), item[0])))
        for first, group in by_first.items()
    }
    return _Answers(words, phrases)


def approach_of(tokens: Sequence[Token]) -> Approach | None:
    """Kind of answer in one text with a confidence in 0..1; None where it names none.

    Words of a longer phrase ("pompa otomatis") are not counted again by themselves; repeated ones count once. Single
    words are compared as typed, not by stem: *petugas* is an answer, *tugas* is not. Words of the other kind are
    everyday words, so that one of them does not turn a technological answer into a combined one.
    """
    listed = _answers()
    roots = tuple(token.root for token in tokens)
    found: set[tuple[Phrase, str]] = set()
    start = 0
    while start < len(roots):
        offered = listed.phrases.get(roots[start], ())
        match = next((one for one in offered if roots[start : start + len(one[0])] == one[0]), None)
        if match is None and (kind := _kind_of_word(tokens[start].surface)):
            match = ((roots[start],), kind)
        if match:
            found.add(match)
        start += len(match[0]) if match else 1
    n_technology = sum(kind == TECHNOLOGY for _, kind in found)
    n_other = len(found) - n_technology
    if not found:
        return None
    if min(n_technology, n_other) >= COMBINED_FROM:
        return COMBINED, _confidence(min(n_technology, n_other))
    if n_technology:
        return TECHNOLOGY, _confidence(n_technology)
    return OTHER, _confidence(n_other)


@lru_cache(maxsize=MAX_CACHED_WORDS)
def _kind_of_word(surface: str) -> str | None:
    """By the word as typed, or without a clitic ("aplikasinya", "posyandune")."""
    words, word = _answers().words, as_meant(normalize_word(surface))
    return next((words[form] for form in without_clitics(word) if form in words), None)


def approach_of_cluster(members: Iterable[Approach | None]) -> Approach | None:
    """The kind of answer on which the members agree, each with its confidence as weight; half of a combined one
    speaks for either kind. The confidence is the leading kind's share, less where few members name an answer."""
    weight = {TECHNOLOGY: 0.0, OTHER: 0.0}
    n_members = n_answers = 0
    for one in members:
        n_members += 1
        if one is None:
            continue
        n_answers += 1
        kind, sure = one
        for side in weight:
            weight[side] += sure / 2 if kind == COMBINED else sure * (kind == side)
    total = sum(weight.values())
    if not total:
        return None
    kind = TECHNOLOGY if weight[TECHNOLOGY] > weight[OTHER] else OTHER
    share = weight[kind] / total
    known = n_answers / n_members * _confidence(n_answers)
    if share >= LEADS_FROM:
        return kind, round(share * known, DIGITS)
    return COMBINED, round(2 * (1 - share) * known, DIGITS)


def _confidence(n_hits: int) -> float:
    return round(n_hits / (n_hits + PRIOR_HITS), DIGITS)
