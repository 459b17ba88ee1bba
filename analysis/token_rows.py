"""The tokens of many texts in four bytes each: a million texts would not fit into memory otherwise."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, TypeVar, overload

import numpy as np

from analysis.preprocessing import Token
from analysis.ragged import keep, take

DECODED_AT_ONCE = 5_000
CHUNK = 100_000
"""Rows looked at together; bounds memory."""


Read = TypeVar("Read")
Reading = Callable[[Sequence[Token]], Read]


class TokenRows(Sequence[tuple[Token, ...]]):
    """The tokens of each text as a tuple; equal tokens are one object.

    Parameters
    ----------
    kinds : sequence of Token
    numbers : int32 ndarray of shape (n_tokens,)
        Position of each token in ``kinds``, text after text.
    starts : int64 ndarray of shape (n_texts + 1,)
        Where each text begins in ``numbers``, and where the last one ends.
    """

    def __init__(
        self,
        kinds: Sequence[Token],
        numbers: np.ndarray,
        starts: np.ndarray,
        known: dict[Reading[Any], Any] | None = None,
    ) -> None:
        self._kinds, self._numbers, self._starts = kinds, numbers, starts
        self._known = {} if known is None else known  # shared by all who share the kinds

    @classmethod
    def of(cls, rows: Iterable[Sequence[Token]]) -> TokenRows:
        """Rows as they are read one after the other."""
        kinds: list[Token] = []
        number_of: dict[int, int] = {}  # by identity: equal tokens are mostly one object, and hashing them costs more
        numbers, starts = array("i"), array("q", [0])
        for row in rows:
            for token in row:
                number = number_of.get(id(token))
                if number is None:
                    number = number_of[id(token)] = len(kinds)
                    kinds.append(token)
                numbers.append(number)
            starts.append(len(numbers))
        return cls(kinds, np.frombuffer(numbers, dtype=np.int32), np.frombuffer(starts, dtype=np.int64))

    @classmethod
    def over(cls, documents: Sequence[Sequence[Token]]) -> TokenRows:
        """The documents themselves where they are such rows already."""
        return documents if isinstance(documents, TokenRows) else cls.of(documents)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> tuple[Token, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> TokenRows: ...

    def __getitem__(self, place: int | slice) -> tuple[Token, ...] | TokenRows:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step != 1:
                raise ValueError("rows are taken one after the other")
            return TokenRows(self._kinds, self._numbers, self._starts[start : max(start, stop) + 1], self._known)
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        start, stop = self._starts[place % len(self)], self._starts[place % len(self) + 1]
        kinds = self._kinds
        return tuple([kinds[number] for number in self._numbers[start:stop].tolist()])

    def __iter__(self) -> Iterator[tuple[Token, ...]]:
        kinds = self._kinds
        for first in range(0, len(self), DECODED_AT_ONCE):
            starts = self._starts[first : first + DECODED_AT_ONCE + 1]
            numbers = self._numbers[starts[0] : starts[-1]].tolist()
            for start, stop in pairwise((starts - starts[0]).tolist()):
                yield tuple([kinds[number] for number in numbers[start:stop]])

    def taken(self, rows: np.ndarray) -> TokenRows:
        """Some of the rows, in the order given."""
        return TokenRows(self._kinds, *take(self._numbers, self._starts, rows), self._known)

    def cut(self, places: np.ndarray) -> tuple[TokenRows, TokenRows]:
        """Each row in two, before and from the place of its token (among `numbers`) on."""
        starts = np.empty(2 * len(self) + 1, dtype=np.int64)
        starts[0::2], starts[1::2] = self._starts, self._starts[0] + places
        both = TokenRows(self._kinds, self._numbers, starts, self._known)
        even = np.arange(0, 2 * len(self), 2)
        return both.taken(even), both.taken(even + 1)

    def shortened(self, most: int) -> TokenRows:
        """The first ``most`` tokens of each row."""
        kept = np.arange(self._starts[0], self._starts[-1]) - np.repeat(self._starts[:-1], self.lengths()) < most
        return TokenRows(self._kinds, *keep(self.numbers(), self._starts - self._starts[0], kept), self._known)

    def lengths(self) -> np.ndarray:
        """Tokens in each row, shape (n_texts,)."""
        return np.diff(self._starts)

    def numbers(self) -> np.ndarray:
        """Place of each token among the kinds, row after row, shape (n_tokens,)."""
        return self._numbers[self._starts[0] : self._starts[-1]]

    def of_kinds(self, read: Reading[Read]) -> Read:
        """What ``read`` says of all kinds; asked once for all rows that came from the same texts."""
        if read not in self._known:
            self._known[read] = read(self._kinds)
        return self._known[read]

    def content_counts(self) -> np.ndarray:
        """How many tokens of each row carry a theme, shape (n_texts,)."""
        return self._row_sums(self.of_kinds(carry_themes).astype(np.int64))

    def content_digests(self) -> np.ndarray:
        """Two 64-bit numbers per row, shape (n_texts, 2), equal for rows with equal content words in any order.

        Sums over the words of the halves of a 128-bit digest of each: different words meet by chance once in more
        than 10 ** 25 pairs of texts.
        """
        halves = np.zeros((len(self._kinds), 2), dtype=np.uint64)
        for number, kind in enumerate(self._kinds):
            if kind.stem:
                digest = blake2b(kind.stem.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                halves[number] = np.frombuffer(digest, dtype="<u8")
        return np.column_stack([self._row_sums(halves[:, 0]), self._row_sums(halves[:, 1])])

    def _row_sums(self, of_kind: np.ndarray) -> np.ndarray:
        """Sum over each row's tokens; whole numbers wrap around, as unsigned ones do."""
        sums = np.zeros(len(self), dtype=of_kind.dtype)
        for first in range(0, len(self), CHUNK):
            starts = self._starts[first : first + CHUNK + 1]
            running = np.zeros(starts[-1] - starts[0] + 1, dtype=of_kind.dtype)
            np.cumsum(of_kind[self._numbers[starts[0] : starts[-1]]], out=running[1:])
            ends = running[starts - starts[0]]
            sums[first : first + CHUNK] = ends[1:] - ends[:-1]
        return sums


def carry_themes(kinds: Sequence[Token]) -> np.ndarray:
    """Which of the kinds have a stem, shape (n_kinds,), bool."""
    return np.array([bool(kind.stem) for kind in kinds], dtype=bool)
