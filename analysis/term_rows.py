"""The stems of many texts as numbers, to be counted in all texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.preprocessing import Token
from analysis.ragged import keep, take
from analysis.token_rows import TokenRows

Terms = Sequence[str]
"""The stems of one document, repeated as often as they occur."""

_SILENT = -1


class TermRows:
    """The stems of each text.

    Parameters
    ----------
    words : sequence of str
        Different stems in alphabetical order; some may occur in no text.
    numbers : int ndarray of shape (n_stems,)
        Place of each stem in ``words``, text after text.
    starts : int64 ndarray of shape (n_texts + 1,)
        Where each text begins in ``numbers``, and where the last one ends; the first is 0.
    """

    def __init__(self, words: Sequence[str], numbers: np.ndarray, starts: np.ndarray) -> None:
        self.words, self.numbers, self.starts = words, numbers, starts

    @classmethod
    def of(cls, documents: Iterable[Terms]) -> TermRows:
        """Documents given as lists of stems."""
        documents = list(documents)
        words = sorted({term for terms in documents for term in terms})
        number_of = {word: number for number, word in enumerate(words)}
        numbers = np.array([number_of[term] for terms in documents for term in terms], dtype=np.int64)
        lengths = np.array([len(terms) for terms in documents], dtype=np.int64)
        return cls(words, numbers, np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]))

    @classmethod
    def over(cls, documents: TermRows | Sequence[Terms]) -> TermRows:
        """The documents themselves where they are such rows already."""
        return documents if isinstance(documents, TermRows) else cls.of(documents)

    @classmethod
    def of_tokens(cls, documents: Sequence[Sequence[Token]]) -> TermRows:
        """The stems that carry a theme."""
        rows = TokenRows.over(documents)
        words, number_of_kind = rows.of_kinds(_numbered_stems)
        numbers = number_of_kind[rows.numbers()]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(rows.lengths())])
        return cls(words, *keep(numbers, starts, numbers != _SILENT))

    @classmethod
    def joined(cls, parts: Sequence[TermRows]) -> TermRows:
        """The texts of all, one after the other."""
        words = sorted(set().union(*(part.words for part in parts)))
        number_of = {word: number for number, word in enumerate(words)}
        numbers, starts, end = [], [np.zeros(1, dtype=np.int64)], 0
        for part in parts:
            numbers.append(part.columns(number_of)[part.numbers])
            starts.append(part.starts[1:] + end)
            end += len(part.numbers)
        return cls(words, np.concatenate(numbers), np.concatenate(starts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        numbers = self.numbers.tolist()
        for start, end in pairwise(self.starts.tolist()):
            yield tuple([self.words[number] for number in numbers[start:end]])

    def taken(self, rows: np.ndarray) -> TermRows:
        """Some of the texts, in the order given."""
        return TermRows(self.words, *take(self.numbers, self.starts, rows))

    def frequency(self) -> np.ndarray:
        """How many texts hold each of the words, shape (n_words,)."""
        return np.bincount(self.all_counts().indices, minlength=len(self.words))

    def columns(self, vocabulary: Mapping[str, int]) -> np.ndarray:
        """Column of each of the words by the vocabulary, negative for none, shape (n_words,)."""
        return np.array([vocabulary.get(word, _SILENT) for word in self.words], dtype=np.int64)

    def counts(self, column_of: np.ndarray, n_columns: int) -> sparse.csr_array:
        """How often each text holds each word, shape (n_texts, n_columns); columns ascend in each row.

        ``column_of``, shape (n_words,), tells which column counts a word, negative for none.
        """
        columns = column_of[self.numbers]
        columns, starts = keep(columns, self.starts, columns >= 0)
        parts = np.ones(len(columns)), columns.astype(np.int32), starts.astype(np.int32)
        counts = sparse.csr_array(parts, shape=(len(self), n_columns))
        counts.sum_duplicates()
        return counts

    def all_counts(self) -> sparse.csr_array:
        """The same for every word in a column of its own, shape (n_texts, n_words)."""
        return self.counts(np.arange(len(self.words)), len(self.words))


def _numbered_stems(kinds: Sequence[Token]) -> tuple[Sequence[str], np.ndarray]:
    """All stems by the alphabet, and the place of each kind's stem among them."""
    words = sorted({kind.stem for kind in kinds if kind.stem})
    number_of = {word: number for number, word in enumerate(words)}
    return words, np.array([number_of.get(kind.stem, _SILENT) for kind in kinds], dtype=np.int64)
