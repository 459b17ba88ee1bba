"""Texts settle among groups by two views at once: where their vectors point, and which words they hold.

Vectors see that two words mean the same; single words see what vectors blur. Each group is a direction (von Mises and
Fisher; Banerjee, Dhillon, Ghosh and Sra 2005, "Clustering on the unit hypersphere") and a bag of words (Nigam,
McCallum, Thrun and Mitchell 2000, "Text classification from labeled and unlabeled documents using EM", whose labelled
texts are here those that people decided). Expectation maximisation with soft shares; words count less than the model
says (tempered), because the words of a text come together. Against k-means over the vectors alone this gave 0 to 3
AMI points more on five kinds of texts and three sizes, and 1 less in one cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.claiming import FREE
from analysis.numerics import unit_rows
from analysis.preprocessing import Token
from analysis.progress import Progress, told, untold
from analysis.term_rows import TermRows

UNASSIGNED = -1

CONCENTRATION = 15.0
"""Of a group around its direction, per unit of cosine; 25 measured alike."""

WORD_WEIGHT = 0.5
"""Exponent on the likelihood of the words; at 1 groups harden round single words."""

SMOOTHING = 1.0
"""Imagined words of the whole forum in each group, per word of the vocabulary; from 0.5 to 2 measured alike."""

MOVED_WEIGHT = 3.0
"""A text that people moved speaks for its group as three others do, a decided one that lay there anyway as one. With
three each, sure texts that were confirmed drown out the moved ones: ten corrections of 300 cost the ideas 0.6 points
instead of giving 0.5 (32 samples)."""

N_ROUNDS = 20
"""From 12 to 40 measured alike up to 200 texts; 12 cost 0.2 points on 1,000."""

FEW_ROUNDS = 10
"""Enough for groupings that are counted, not shown, and for parts of one group."""

MIN_SIMILARITY = 0.3
"""A document less similar (cosine) to every direction than this fits nowhere.
From 0.2 to 0.35 agreement with people is flat and 94 to 99 % of the documents stay covered (measured)."""

CHUNK = 20_000
"""Rows compared with the groups at once; bounds memory."""


def word_presence(documents: Sequence[Sequence[Token]]) -> sparse.csr_array:
    """Which words documents hold, shape (n_documents, n_words), 0 or 1; words of one document only are left out."""
    terms = TermRows.of_tokens(documents)
    is_shared = terms.frequency() > 1
    present = terms.counts(np.where(is_shared, np.cumsum(is_shared) - 1, -1), int(is_shared.sum()))
    present.data[:] = 1
    return present


@dataclass(frozen=True, slots=True)
class Mixture:
    """Groups as directions and bags of words.

    Attributes
    ----------
    directions : ndarray of shape (n_groups, n_components)
        Rows of length 1, or 0 for a group without members.
    word_scores : ndarray of shape (n_words, n_groups)
        ln(chance of the word in the group / chance in all texts).
    log_sizes : ndarray of shape (n_groups,)
        ln(1 + texts); -inf for a group without members.
    """

    directions: np.ndarray
    word_scores: np.ndarray
    log_sizes: np.ndarray

    def shares(self, vectors: np.ndarray, words: sparse.csr_array) -> np.ndarray:
        """How far each document belongs to each group: rows that sum to 1, or 0 where it fits nowhere."""
        cosine = vectors @ self.directions.T
        shares = words @ (WORD_WEIGHT * self.word_scores)  # one array is filled step by step: in every round, so often
        shares += CONCENTRATION * cosine
        shares += self.log_sizes
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        shares[cosine.max(axis=1) < MIN_SIMILARITY] = 0
        return shares

    def predict(self, vectors: np.ndarray, words: sparse.csr_array, progress: Progress = untold) -> np.ndarray:
        """The group of each document, of equal ones the first; ``UNASSIGNED`` where it fits nowhere."""
        labels = np.full(len(vectors), UNASSIGNED)
        for start in told(progress, range(0, len(vectors), CHUNK)):
            shares = np.round(self.shares(vectors[start : start + CHUNK], words[start : start + CHUNK]), 9)
            labels[start : start + CHUNK] = np.where(shares.any(axis=1), shares.argmax(axis=1), UNASSIGNED)
        return labels


class WordCounts:
    """What the words of all documents say whatever the groups are: worked out once, not in every round.

    Parameters
    ----------
    words : csr_array of shape (n_documents, n_words)
    """

    def __init__(self, words: sparse.csr_array) -> None:
        of_word = words.sum(axis=0)
        chance = of_word / max(of_word.sum(), 1)
        self._by_word = words.T.tocsr()  # multiplied in every round, which rows do quicker
        self._unheard = np.flatnonzero(chance == 0)  # a word that none of these documents holds tells nothing
        self._chance = np.where(chance > 0, chance, 1)[:, None]

    def scores(self, shares: np.ndarray) -> np.ndarray:
        """``Mixture.word_scores`` of groups that documents with these shares make up."""
        scores = self._by_word @ shares
        imagined = SMOOTHING * len(scores)
        expected = scores.sum(axis=0) + imagined
        scores /= self._chance
        scores += imagined
        scores /= expected
        np.log(scores, out=scores)
        scores[self._unheard] = 0
        return scores


def learn_mixture(vectors: np.ndarray, counts: WordCounts, shares: np.ndarray) -> Mixture:
    """The groups that documents with these shares make up, shape of ``shares`` (n_documents, n_groups)."""
    sizes = shares.sum(axis=0)
    with np.errstate(divide="ignore"):
        log_sizes = np.where(sizes > 0, np.log1p(sizes), -np.inf)
    return Mixture(unit_rows(shares.T @ vectors), counts.scores(shares), log_sizes)


def settle(
    vectors: np.ndarray,
    words: sparse.csr_array,
    labels: np.ndarray,
    owners: np.ndarray,
    weights: np.ndarray,
    n_rounds: int = N_ROUNDS,
    progress: Progress = untold,
) -> Mixture:
    """The groups after ``n_rounds`` in which every document goes where it fits; decided ones never move.

    Parameters
    ----------
    vectors : ndarray of shape (n_documents, n_components)
        Rows of length 1, or 0 for a document without known words (it speaks for no group, unless decided).
    words : csr_array of shape (n_documents, n_words)
        As `word_presence` makes it.
    labels : int ndarray of shape (n_documents,)
        The groups to start from, 0 to the largest label; ``UNASSIGNED`` for none.
    owners : int ndarray of shape (n_documents,)
        Group of documents that people decided, ``FREE`` for the others.
    weights : ndarray of shape (n_documents,)
        For how many undecided ones a decided one speaks.
    """
    decided = np.flatnonzero(owners != FREE)
    start = np.where(owners != FREE, owners, labels)
    placed = np.flatnonzero(start >= 0)
    shares = np.zeros((len(vectors), int(start.max()) + 1))
    shares[placed, start[placed]] = 1
    shares[decided, owners[decided]] = weights[decided]
    counts = WordCounts(words)
    mixture = learn_mixture(vectors, counts, shares)
    for _ in told(progress, range(n_rounds)):
        shares = mixture.shares(vectors, words)
        shares[decided] = 0
        shares[decided, owners[decided]] = weights[decided]
        mixture = learn_mixture(vectors, counts, shares)
    return mixture
