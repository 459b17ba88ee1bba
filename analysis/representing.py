"""From tokens to vectors: what words, concepts and a model of meanings (if any) tell, each as far as it helps here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from analysis.concept_index import concept_index
from analysis.concept_vectors import ConceptVectorizer
from analysis.embedding import EmbeddingVectorizer
from analysis.evidence import concept_weight, embedding_weight
from analysis.numerics import unit_rows
from analysis.preprocessing import Token
from analysis.vectorizing import CooccurrenceVectorizer, Terms, content_terms


@dataclass(frozen=True, slots=True)
class Representation:
    """What documents say, as numbers.

    Attributes
    ----------
    vectors : ndarray of shape (n_documents, n_components)
        Words beside concepts (beside a model's vectors); rows of length 1, or 0 for a text without known words.
    concepts : csr_array of shape (n_documents, n_concepts)
        How strongly each concept of the thesaurus is meant; rows of length 1, or 0.
    concept_weight : float
        Length of the concept part beside a word part of length 1: above 1 the concepts lead.
    """

    vectors: np.ndarray
    concepts: sparse.csr_array
    concept_weight: float


class Representer(TransformerMixin, BaseEstimator):
    """Learns from the documents under analysis how to see them, and sees new ones the same way.

    Parameters
    ----------
    random_state : int
    local_background : sequence of stems of texts
        The installation's own texts about its city (plans, earlier consultations); see `CooccurrenceVectorizer`.
    embedding_folder : str or None
        A local model of word meanings to set beside words and concepts; see `EmbeddingVectorizer`.

    Attributes
    ----------
    words_ : CooccurrenceVectorizer
    meant_ : ConceptVectorizer
    concept_weight_ : float
    embedding_ : EmbeddingVectorizer
        Only with a folder, and where it tells something about these documents.
    embedding_weight_ : float
        0 without.
    """

    def __init__(
        self,
        random_state: int = 0,
        local_background: Sequence[Terms] = (),
        embedding_folder: str | None = None,
    ) -> None:
        self.random_state = random_state
        self.local_background = local_background
        self.embedding_folder = embedding_folder

    def fit(self, documents: Sequence[Sequence[Token]], y: object = None) -> Representer:
        """Learn from the distinct ones among the documents; there may be none."""
        first_of = {content_terms(tokens): row for row, tokens in reversed(list(enumerate(documents)))}
        distinct = [documents[first_of[words]] for words in sorted(first_of)]
        words = CooccurrenceVectorizer(random_state=self.random_state, background=concept_index().background)
        self.meant_ = ConceptVectorizer(random_state=self.random_state).fit(distinct)
        # Weighed before the local texts join the words: they would speak for themselves (30 ideas: 1 point less).
        self.concept_weight_ = concept_weight(distinct, words, self.meant_)
        self.embedding_weight_ = 0.0
        if self.embedding_folder:
            embedding = EmbeddingVectorizer(self.embedding_folder).fit()
            self.embedding_weight_ = embedding_weight(distinct, words, embedding)
            if self.embedding_weight_:
                self.embedding_ = embedding
        self.words_ = words.set_params(local_background=self.local_background).fit(sorted(first_of))
        return self

    def represent(self, documents: Sequence[Sequence[Token]]) -> Representation:
        """Vectors and concepts of documents, those learnt from or new ones."""
        check_is_fitted(self)
        concepts = self.meant_.concepts(documents)
        by_word = self.words_.transform([content_terms(tokens) for tokens in documents])
        parts = [by_word, self.concept_weight_ * self.meant_.shorten(concepts)]
        if self.embedding_weight_:
            parts.append(self.embedding_weight_ * self.embedding_.transform(documents))
        return Representation(unit_rows(np.hstack(parts)), concepts, self.concept_weight_)

    def transform(self, documents: Sequence[Sequence[Token]]) -> np.ndarray:
        """The vectors alone, shape (n_documents, n_components)."""
        return self.represent(documents).vectors
