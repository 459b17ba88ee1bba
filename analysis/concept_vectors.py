"""Documents as weighted concepts of city life or of the world, and as short vectors made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from analysis.concept_index import ConceptIndex, concept_index, general_index
from analysis.estimator import Estimator
from analysis.factoring import truncated_svd
from analysis.numerics import largest_of_rows, unit_rows, unit_sparse_rows
from analysis.preprocessing import Token
from analysis.token_rows import TokenRows

FEATURE_IDF = 0.5
"""Exponent on the idf of a feature in this corpus; flat from 0 to 1."""

DAMPING = 0.7
"""Exponent on a concept's weight in a document: 0.5 and 1 lose 2 to 4 points."""

MAX_CONCEPTS = 30
"""Concepts kept of one document, the strongest; 10, 30 and all agree alike with people."""

CHUNK = 2_000
"""Documents made dense at once; bounds memory to about CHUNK * n_concepts * 8 bytes, a few times."""

MAX_LEARNING_DOCUMENTS = 8_000
"""The short vectors' directions are learnt from at most this many documents."""


KNOWLEDGE = {"city": concept_index, "general": general_index}


class ConceptVectorizer(Estimator):
    """Unit vectors of what documents mean, by the thesaurus.

    Parameters
    ----------
    n_components : int
        Width of the vectors; fewer when documents or concepts are fewer.
    random_state : int
    knowledge : {"city", "general"}
        Which part of the thesaurus.

    Attributes
    ----------
    knowledge_ : str
        What it was fitted with.
    idf_ : ndarray of shape (n_features,)
        (ln((1 + n) / (1 + df)) + 1) ** FEATURE_IDF.
    directions_ : ndarray of shape (n_concepts, n_components)
        Leading right singular vectors of the documents' concepts: what is meant together, shortly.
    """

    def __init__(self, n_components: int = 60, random_state: int = 0, knowledge: str = "city") -> None:
        self.n_components = n_components
        self.random_state = random_state
        self.knowledge = knowledge

    def fit(self, documents: Sequence[Sequence[Token]], y: object = None) -> ConceptVectorizer:
        """Learn idf and directions. ``documents`` are tokens in reading order; they may be empty."""
        self.fit_concepts(documents)
        return self

    def fit_concepts(self, documents: Sequence[Sequence[Token]]) -> sparse.csr_array | None:
        """Learn, and give what `concepts` would of the same documents; None where only a sample of them is read."""
        is_sample = len(documents) > MAX_LEARNING_DOCUMENTS
        if is_sample:
            random = np.random.default_rng(self.random_state)
            chosen = random.choice(len(documents), MAX_LEARNING_DOCUMENTS, replace=False)
            documents = TokenRows.over(documents).taken(np.sort(chosen))
        self.knowledge_ = self.knowledge
        counts = _feature_counts(documents, KNOWLEDGE[self.knowledge]())
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        self.idf_ = (np.log((1 + len(documents)) / (1 + frequency)) + 1) ** FEATURE_IDF
        meant = self._concepts_of(counts)
        n_components = min(self.n_components, *meant.shape)
        if n_components < 1 or not meant.nnz:
            self.directions_ = np.zeros((meant.shape[1], 1))
        else:
            _, _, right = truncated_svd(meant, n_components, self.random_state)
            self.directions_ = right.T
        return None if is_sample else meant

    def concepts(self, documents: Sequence[Sequence[Token]]) -> sparse.csr_array:
        """Weights of concepts, shape (n_documents, n_concepts): rows of length 1, or 0 where none is meant."""
        self.check_is_fitted()
        index = KNOWLEDGE[self.knowledge_]()
        parts = [
            self._concepts_of(_feature_counts(documents[start : start + CHUNK], index))
            for start in range(0, max(len(documents), 1), CHUNK)
        ]
        return sparse.vstack(parts, format="csr") if len(parts) > 1 else parts[0]

    def shorten(self, meant: sparse.csr_array) -> np.ndarray:
        """Vectors of shape (n_documents, n_components) from what ``concepts`` returned; rows of length 1 or 0."""
        short = meant @ self.directions_
        return unit_rows(short)

    def transform(self, documents: Sequence[Sequence[Token]]) -> np.ndarray:
        """Vectors of shape (n_documents, n_components); rows of length 1, or 0 where no concept is meant."""
        return self.shorten(self.concepts(documents))

    def _concepts_of(self, counts: sparse.csr_array) -> sparse.csr_array:
        index = KNOWLEDGE[self.knowledge_]()
        weighted = counts.copy()
        weighted.data = (1 + np.log(weighted.data)) * self.idf_[weighted.indices]
        kept = _strongest(weighted @ index.weights @ index.spreading, MAX_CONCEPTS)
        kept.data **= DAMPING
        return unit_sparse_rows(kept)


def _feature_counts(documents: Sequence[Sequence[Token]], index: ConceptIndex) -> sparse.csr_array:
    return index.finder.counts(documents)


def _strongest(rows: sparse.csr_array, limit: int) -> sparse.csr_array:
    """The ``limit`` largest cells of each row, all above 0; of equal ones the first columns.

    Half of the cells are filled: in dense rows the border is selected at once.
    """
    dense = rows.toarray()
    kept = dense > 0
    crowded = np.flatnonzero(np.count_nonzero(kept, axis=1) > limit)
    if len(crowded):
        kept[crowded] &= largest_of_rows(dense[crowded], limit)
    cells = np.flatnonzero(kept)
    ends = np.concatenate([np.zeros(1, dtype=int), np.cumsum(np.count_nonzero(kept, axis=1))])
    parts = dense.ravel()[cells], (cells % dense.shape[1]).astype(np.int32), ends.astype(np.int32)
    return sparse.csr_array(parts, shape=dense.shape)
