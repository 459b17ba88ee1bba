"""Which texts say nearly the same: TF-IDF cosine over stems, with an inverted index that is built once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import log, sqrt

from analysis.contract import Document, DocumentId
from analysis.fingerprint import document_order, id_order
from analysis.preprocessing import Preprocessor

MIN_SIMILARITY = 0.15
"""Pairs below share at most one common word; showing them as similar would only distract. Guessed."""


class SimilarityIndex:
    """Texts prepared for ``most_similar``.

    Weights are (1 + ln count) * idf with idf = ln((1 + n) / (1 + df)) + 1, scaled to length 1, as in
    scikit-learn's TfidfVectorizer. Stop words, greetings and place names weigh nothing. A word that no indexed
    text holds still counts in the length of the query: a text about something else is not "the same" because of
    one shared word.

    Parameters
    ----------
    documents : iterable of Document
    place_names : iterable of str
        Names that must not make two texts alike.
    """

    def __init__(self, documents: Iterable[Document], place_names: Iterable[str] = ()) -> None:
        self._preprocessor = Preprocessor(place_names)
        ordered = sorted(documents, key=document_order)
        counted = [self._terms(document.text) for document in ordered]
        self._n_documents = len(ordered)
        self._frequency = Counter(term for terms in counted for term in terms)
        self._postings: dict[str, list[tuple[DocumentId, float]]] = defaultdict(list)
        for document, terms in zip(ordered, counted, strict=True):
            for term, weight in self._weights(terms).items():
                self._postings[term].append((document.id, weight))

    def most_similar(self, text: str, limit: int = 3) -> tuple[tuple[DocumentId, float], ...]:
        """The nearest documents with their cosine similarity.

        Returns
        -------
        tuple of (id, score), best first, at most ``limit``
            Scores from ``MIN_SIMILARITY`` up to 1 (the same content words). Empty when the text holds no
            content words.
        """
        scores: defaultdict[DocumentId, float] = defaultdict(float)
        for term, weight in self._weights(self._terms(text)).items():
            for document_id, document_weight in self._postings.get(term, ()):
                scores[document_id] += weight * document_weight
        near = [(key, round(min(score, 1.0), 4)) for key, score in scores.items() if score >= MIN_SIMILARITY]
        near.sort(key=lambda pair: (-pair[1], id_order(pair[0])))
        return tuple(near[: max(limit, 0)])

    def _terms(self, text: str) -> Counter[str]:
        return Counter(token.stem for token in self._preprocessor.tokens(text) if token.stem)

    def _weights(self, terms: Counter[str]) -> dict[str, float]:
        weights = {
            term: (1 + log(count)) * (log((1 + self._n_documents) / (1 + self._frequency[term])) + 1)
            for term, count in sorted(terms.items())
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}


def similar(text: str, documents: Iterable[Document], limit: int = 3) -> tuple[tuple[DocumentId, float], ...]:
    """The documents nearest to a text; see ``SimilarityIndex``, which is cheaper for more than one question."""
    return SimilarityIndex(documents).most_similar(text, limit)
