"""From tokens to vectors: what words, concepts and a model of meanings (if any) tell, each as far as it helps here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from scipy import sparse

from analysis.concept_index import concept_index, general_index
from analysis.concept_vectors import MAX_CONCEPTS, ConceptVectorizer
from analysis.embedding import EmbeddingVectorizer
from analysis.estimator import Estimator
from analysis.evidence import Evidence
from analysis.numerics import stack_rows, unit_rows
from analysis.preprocessing import Token
from analysis.progress import Progress, part, told, untold
from analysis.side_by_side import side_by_side
from analysis.term_rows import TermRows, Terms
from analysis.token_rows import TokenRows
from analysis.vectorizing import LOCAL_WEIGHT, CooccurrenceVectorizer, content_terms

MAX_LEARNING = 60_000
"""Texts from which words and concepts are learnt; of more a sample is drawn, and numbers are kept in 32 bits."""

CHUNK = 10_000
"""Texts turned into vectors at once; bounds memory."""

_LEARNING_COSTS = 15_000
"""Learning from the texts takes as long as representing so many of them."""


@dataclass(frozen=True, slots=True)
class Representation:
    """What documents say, as numbers.

    Attributes
    ----------
    vectors : ndarray of shape (n_documents, n_components)
        Words beside concepts of city life beside general ones (beside a model's vectors); rows of length 1, or 0 for
        a text without known words.
    concepts : csr_array of shape (n_documents, n_concepts)
        How strongly each concept of the thesaurus is meant; rows of length 1, or 0.
    concept_weight : float
        Length of the concept part beside a word part of length 1: above 1 the concepts lead.
    """

    vectors: np.ndarray
    concepts: sparse.csr_array
    concept_weight: float


@dataclass(frozen=True, slots=True)
class _Known:
    """What some of the documents mean, of city life and in general, None where that is not known yet."""

    rows: np.ndarray
    city: sparse.csr_array | None
    general: sparse.csr_array | None


_NOTHING = _Known(np.zeros(0, dtype=int), None, None)


class Representer(Estimator):
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
    meant_, general_ : ConceptVectorizer
        Of city life, and of general knowledge.
    concept_weight_, general_weight_ : float
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

    def fit(
        self, documents: Sequence[Sequence[Token]], y: object = None, *, progress: Progress = untold
    ) -> Representer:
        """Learn from the distinct ones among the documents, at most `MAX_LEARNING`; there may be none."""
        self._learn(_sample(TokenRows.over(documents), self.random_state), progress)
        return self

    def fit_represent(self, documents: Sequence[Sequence[Token]], progress: Progress = untold) -> Representation:
        """`fit`, then `represent` of the same documents; what they mean is worked out once where they are few."""
        documents = TokenRows.over(documents)
        learnt = _LEARNING_COSTS / (_LEARNING_COSTS + len(documents))
        learning, seeing = part(progress, 0.0, learnt), part(progress, learnt, 1.0)
        if len(documents) > CHUNK:
            return self.fit(documents, progress=learning).represent(documents, seeing)
        known = self._learn(documents, learning)
        return Representation(*self._piece(documents, np.float64, known), self.concept_weight_)

    def _learn(self, documents: TokenRows, progress: Progress) -> _Known:
        """What `fit` does, and what the distinct documents mean."""
        progress(0.0)
        first_of = {content_terms(tokens): row for row, tokens in reversed(list(enumerate(documents)))}
        rows = np.array([first_of[words] for words in sorted(first_of)], dtype=int)
        distinct = documents.taken(rows)
        words = CooccurrenceVectorizer(random_state=self.random_state, background=_background())
        progress(0.2)
        self.meant_ = ConceptVectorizer(random_state=self.random_state)
        city = self.meant_.fit_concepts(distinct)
        progress(0.3)
        self.general_ = ConceptVectorizer(random_state=self.random_state, knowledge="general")
        known = _Known(rows, city, self.general_.fit_concepts(distinct))
        progress(0.4)
        # Weighed before the local texts join the words: they would speak for themselves (30 ideas: 1 point less).
        evidence = Evidence(distinct, words)
        progress(0.6)
        weigh = partial(self._weigh, evidence)
        learn = partial(words.fit, TermRows.of_tokens(distinct), progress=part(progress, 0.7, 1.0))
        if self.local_background:
            weigh()
            # Where concepts lead, local texts gained nothing: they count wholly to a weight of 1, not at all from 2.
            leading = float(np.clip(2 - self.concept_weight_, 0, 1))
            words.set_params(local_background=self.local_background, local_weight=LOCAL_WEIGHT * leading)
            self.words_ = learn()
        else:
            _, self.words_ = side_by_side(weigh, learn)
        return known

    def _weigh(self, evidence: Evidence) -> None:
        """How much concepts and the model, if any, tell beside the words."""
        self.concept_weight_ = evidence.concept_weight(self.meant_)
        self.general_weight_ = evidence.general_weight(self.general_)
        self.embedding_weight_ = 0.0
        if self.embedding_folder:
            embedding = EmbeddingVectorizer(self.embedding_folder).fit()
            self.embedding_weight_ = evidence.embedding_weight(embedding)
            if self.embedding_weight_:
                self.embedding_ = embedding

    def represent(
        self, documents: Sequence[Sequence[Token]], progress: Progress = untold
    ) -> Representation:
        """Vectors and concepts of documents, those learnt from or new ones."""
        self.check_is_fitted()
        precision = np.float64 if len(documents) <= MAX_LEARNING else np.float32
        if len(documents) <= CHUNK:
            return Representation(*self._piece(documents, precision), self.concept_weight_)
        vectors = np.empty((len(documents), self._piece(documents[:0], precision)[0].shape[1]), dtype=precision)

        def pieces() -> Iterator[sparse.csr_array]:
            for start in told(progress, range(0, len(documents), CHUNK)):
                # Both are filled piece by piece: joined at the end, a million texts would need all of it twice.
                vectors[start : start + CHUNK], meant = self._piece(documents[start : start + CHUNK], precision)
                yield meant

        shape = (len(documents), len(concept_index().concepts))
        return Representation(vectors, stack_rows(pieces(), shape, MAX_CONCEPTS, precision), self.concept_weight_)

    def _piece(
        self, documents: Sequence[Sequence[Token]], precision: type, known: _Known = _NOTHING
    ) -> tuple[np.ndarray, sparse.csr_array]:
        documents = TokenRows.over(documents)  # looked through three times
        concepts = _meant(documents, self.meant_, known.rows, known.city)
        by_word = self.words_.transform(TermRows.of_tokens(documents))
        parts = [by_word, self.concept_weight_ * self.meant_.shorten(concepts)]
        if self.general_weight_:
            general = _meant(documents, self.general_, known.rows, known.general)
            parts.append(self.general_weight_ * self.general_.shorten(general))
        if self.embedding_weight_:
            parts.append(self.embedding_weight_ * self.embedding_.transform(documents))
        return unit_rows(np.hstack(parts)).astype(precision, copy=False), concepts.astype(precision, copy=False)

    def transform(self, documents: Sequence[Sequence[Token]]) -> np.ndarray:
        """The vectors alone, shape (n_documents, n_components)."""
        return self.represent(documents).vectors


def _meant(
    documents: TokenRows, vectorizer: ConceptVectorizer, places: np.ndarray, rows: sparse.csr_array | None
) -> sparse.csr_array:
    """Concepts of the documents; ``rows`` are those of the documents at ``places``, None where they are not known."""
    if rows is None:
        return vectorizer.concepts(documents)
    others = np.setdiff1d(np.arange(len(documents)), places)
    if len(others):
        rows = sparse.vstack([rows, vectorizer.concepts(documents.taken(others))], format="csr")
    return rows[np.argsort(np.concatenate([places, others]))]


def _sample(documents: TokenRows, random_state: int) -> TokenRows:
    if len(documents) <= MAX_LEARNING:
        return documents
    chosen = np.random.default_rng(random_state).choice(len(documents), MAX_LEARNING, replace=False)
    return documents.taken(np.sort(chosen))


@cache
def _background() -> TermRows:
    """What is written for the thesaurus, a text after the other."""
    return TermRows.joined([concept_index().background, general_index().background])
