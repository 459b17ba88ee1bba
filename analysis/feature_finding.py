"""Which features of the thesaurus texts hold: words, phrases of the running text, pairs of words near each other.

All texts are looked through at once, as numbers: a word and its neighbour make one number, which is looked up in a
sorted list. One text after the other took a tenth of the time of an analysis more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.learned_state import joined_texts, parted_texts
from analysis.preprocessing import Token
from analysis.token_rows import TokenRows

MAX_PHRASE = 5
"""Words in the longest phrase that is looked for."""

PAIR_REACH = 4
"""Two content words of a phrase still belong together with up to three other content words between them."""

_UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class FeatureFinder:
    """Features ready to be found. A feature is a word, a phrase ("a b") or a pair of words ("a+b"), in stems.

    Attributes
    ----------
    n_features : int
    stems : dict of str to int
        Numbers of the stems in words and pairs, by the alphabet.
    word_rows : int ndarray of shape (n_stems,)
        Row of the feature that is this stem alone, ``_UNKNOWN`` for none.
    pair_codes, pair_rows : int ndarrays of shape (n_pairs,)
        first stem * n_stems + second, ascending; and the rows of these pairs.
    roots : dict of str to int
        Numbers of the roots in phrases.
    steps : tuple of pairs of int ndarrays, one pair for each length of phrases from 2 on
        Beginnings of phrases of that length as (beginning without its last root) * n_roots + root, ascending, where a
        beginning is its place among those of its length, and of length 1 the root; and the row of the phrase that
        ends there, ``_UNKNOWN`` where only longer ones begin so.
    """

    n_features: int
    stems: dict[str, int]
    word_rows: np.ndarray
    pair_codes: np.ndarray
    pair_rows: np.ndarray
    roots: dict[str, int]
    steps: tuple[tuple[np.ndarray, np.ndarray], ...]

    @classmethod
    def of(cls, features: Mapping[str, int]) -> FeatureFinder:
        """``features`` → rows from 0 on."""
        pairs = {tuple(feature.split("+")): row for feature, row in features.items() if "+" in feature}
        phrases = {tuple(feature.split(" ")): row for feature, row in features.items() if " " in feature}
        words = {feature: row for feature, row in features.items() if "+" not in feature and " " not in feature}
        stems = _numbered([*words, *(stem for pair in pairs for stem in pair)])
        roots = _numbered(root for phrase in phrases for root in phrase)
        word_rows = np.full(len(stems), _UNKNOWN)
        word_rows[[stems[word] for word in words]] = list(words.values())
        of_pair = {stems[first] * len(stems) + stems[second]: row for (first, second), row in pairs.items()}
        steps = _steps({tuple(roots[root] for root in phrase): row for phrase, row in phrases.items()}, len(roots))
        return cls(len(features), stems, word_rows, *_sorted(of_pair), roots, steps)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` makes an equal one of."""
        arrays = {
            "finder.size": np.array([self.n_features]),
            "finder.stems": joined_texts(self.stems),
            "finder.words": self.word_rows,
            "finder.pairs": np.vstack([self.pair_codes, self.pair_rows]),
            "finder.roots": joined_texts(self.roots),
        }
        return arrays | {f"finder.steps.{place}": np.vstack(step) for place, step in enumerate(self.steps)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> FeatureFinder:
        """From what `to_arrays` gave."""
        stems, roots = (
            {text: number for number, text in enumerate(parted_texts(arrays[name]))}
            for name in ("finder.stems", "finder.roots")
        )
        steps = tuple(tuple(arrays[f"finder.steps.{place}"]) for place in range(MAX_PHRASE - 1))
        size, words = int(arrays["finder.size"][0]), arrays["finder.words"]
        return cls(size, stems, words, *arrays["finder.pairs"], roots, steps)

    def counts(self, documents: Sequence[Sequence[Token]]) -> sparse.csr_array:
        """How often each text holds each feature, shape (n_documents, n_features); columns ascend in each row."""
        rows = TokenRows.over(documents)
        if not self.n_features:
            return sparse.csr_array((len(rows), 0))
        numbers, text_of = rows.numbers(), np.repeat(np.arange(len(rows)), rows.lengths())
        found = [
            *self._words_and_pairs(rows.of_kinds(self._stem_numbers)[numbers], text_of),
            *self._phrases(rows.of_kinds(self._root_numbers)[numbers], text_of),
        ]
        cells, counts = np.unique(np.concatenate(found), return_counts=True)
        ends = np.searchsorted(cells, np.arange(len(rows) + 1) * self.n_features)
        parts = counts.astype(float), (cells % self.n_features).astype(np.int32), ends.astype(np.int32)
        return sparse.csr_array(parts, shape=(len(rows), self.n_features))

    def _stem_numbers(self, kinds: Sequence[Token]) -> np.ndarray:
        """Number of the stem of each token, n_stems for a stem that no feature holds, ``_UNKNOWN`` for none."""
        foreign = len(self.stems)
        return np.array([self.stems.get(kind.stem, foreign) if kind.stem else _UNKNOWN for kind in kinds], dtype=int)

    def _root_numbers(self, kinds: Sequence[Token]) -> np.ndarray:
        return np.array([self.roots.get(kind.root, _UNKNOWN) for kind in kinds], dtype=int)

    def _words_and_pairs(self, stems: np.ndarray, text_of: np.ndarray) -> Iterator[np.ndarray]:
        """Every find as text * n_features + feature, in pieces."""
        content = stems != _UNKNOWN
        stems, text_of = stems[content], text_of[content]
        rows = np.append(self.word_rows, _UNKNOWN)[stems]
        yield (text_of * self.n_features + rows)[rows != _UNKNOWN]
        n_stems = len(self.stems)
        for reach in range(1, PAIR_REACH + 1):
            first, second = stems[:-reach], stems[reach:]
            known = (text_of[:-reach] == text_of[reach:]) & (first < n_stems) & (second < n_stems)
            first, second = first[known], second[known]
            codes = np.minimum(first, second) * n_stems + np.maximum(first, second)
            place, is_found = _looked_up(self.pair_codes, codes)
            yield text_of[reach:][known][is_found] * self.n_features + self.pair_rows[place[is_found]]

    def _phrases(self, roots: np.ndarray, text_of: np.ndarray) -> Iterator[np.ndarray]:
        """The same. Every place may begin a phrase; it is followed for as long as any phrase goes on so."""
        starts = np.flatnonzero(roots != _UNKNOWN)
        begun = roots[starts]
        for more, (codes, rows) in enumerate(self.steps, start=1):
            inside = starts + more < len(roots)
            starts, begun = starts[inside], begun[inside]
            goes_on = (text_of[starts + more] == text_of[starts]) & (roots[starts + more] != _UNKNOWN)
            starts, begun = starts[goes_on], begun[goes_on]
            place, is_found = _looked_up(codes, begun * len(self.roots) + roots[starts + more])
            starts, begun = starts[is_found], place[is_found]
            ends = rows[begun] != _UNKNOWN
            yield text_of[starts[ends]] * self.n_features + rows[begun[ends]]
            if not len(starts):
                break


def _numbered(texts: Iterable[str]) -> dict[str, int]:
    return {text: number for number, text in enumerate(sorted(set(texts)))}


def _sorted(row_of: Mapping[int, int]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.array(sorted(row_of), dtype=np.int64)
    return codes, np.array([row_of[code] for code in codes.tolist()], dtype=np.int64)


def _steps(phrases: Mapping[tuple[int, ...], int], n_roots: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    steps = []
    place_of = {(root,): root for root in range(n_roots)}
    for length in range(2, MAX_PHRASE + 1):
        begun = {phrase[:length] for phrase in phrases if length <= len(phrase) <= MAX_PHRASE}
        row_of = {place_of[one[:-1]] * n_roots + one[-1]: phrases.get(one, _UNKNOWN) for one in begun}
        steps.append(_sorted(row_of))
        place = {code: number for number, code in enumerate(steps[-1][0].tolist())}
        place_of = {one: place[place_of[one[:-1]] * n_roots + one[-1]] for one in begun}
    return tuple(steps)


def _looked_up(codes: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place of each number among the ascending ``codes``, and whether it is there."""
    place = np.searchsorted(codes, wanted)
    if not len(codes):
        return place, np.zeros(len(wanted), dtype=bool)
    place[place == len(codes)] = 0
    return place, codes[place] == wanted
