"""Why a text lies where it lies: those of its words that drew it to the centre of its cluster.

The cosine similarity of a text to a centre is a sum over the two halves of its vector, words and concepts. Each half
is shared out over the words of the text by what each adds to it: a word by its own vector, a concept by the words
and phrases of the text that speak for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from analysis.concept_index import concept_index
from analysis.grouping import Grouping
from analysis.lexicon import protected_terms
from analysis.preprocessing import Token
from analysis.progress import Progress, told, untold
from analysis.representing import Representer

MAX_WORDS = 5

LEAST_SHARE = 0.1
"""Of what the loudest word says; words below would only lengthen the list."""

MAX_TOKENS = 300
"""Words of one text that are weighed: nobody asks about the middle of a book."""

_Span = tuple[int, int]


def telling_words(
    grouping: Grouping, representer: Representer, asked: np.ndarray, progress: Progress = untold
) -> dict[int, tuple[str, ...]]:
    """For each of the rows asked for its words and phrases that spoke for its cluster, loudest first.

    Words as written, in lower case except for terms such as PJU. Rows in no cluster are passed over.
    """
    centroids = grouping.centroids()
    n_words = max(1, representer.words_.term_vectors_.shape[1])
    concept_part = slice(n_words, n_words + representer.meant_.directions_.shape[1])
    of_term = representer.words_.idf_[:, None] * _along(representer.words_.term_vectors_, centroids[:, :n_words])
    index = concept_index()
    of_concept = index.spreading @ _along(representer.meant_.directions_, centroids[:, concept_part])
    of_feature = representer.meant_.idf_[:, None] * (index.weights @ of_concept)
    found: dict[int, tuple[str, ...]] = {}
    texts = grouping.tokens.taken(asked).shortened(MAX_TOKENS)
    held = index.finder.counts(texts)
    for number, centre in told(progress, list(enumerate(centroids))):
        places = np.flatnonzero(grouping.labels[asked] == number)
        rows = asked[places]
        by_words = grouping.vectors[rows, :n_words] @ centre[:n_words]
        by_concepts = grouping.vectors[rows, concept_part] @ centre[concept_part]
        terms, features = np.maximum(of_term[:, number], 0).tolist(), np.maximum(of_feature[:, number], 0).tolist()
        of_texts = zip(places.tolist(), rows.tolist(), by_words.tolist(), by_concepts.tolist(), strict=True)
        for place, row, words, concepts in of_texts:
            tokens = texts[place]
            of_text = held.indices[held.indptr[place] : held.indptr[place + 1]].tolist()
            scores = {index.features[feature]: features[feature] for feature in of_text if features[feature]}
            stems = _first_places(tokens)
            said = _shares(_term_spans(stems, representer.words_.vocabulary_, terms), words)
            for span, share in _shares(_feature_spans(tokens, stems, scores), concepts).items():
                said[span] = said.get(span, 0.0) + share
            found[row] = _loudest(tokens, said)
    return found


def _along(vectors: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Dot products with each centre; 0 where nothing was learnt and the vectors have no width."""
    if vectors.shape[1] != centroids.shape[1]:
        return np.zeros((len(vectors), len(centroids)))
    return vectors @ centroids.T


def _first_places(tokens: Sequence[Token]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.stem and token.stem not in places:
            places[token.stem] = place
    return places


def _term_spans(
    places: Mapping[str, int], vocabulary: Mapping[str, int], scores: Sequence[float]
) -> dict[_Span, float]:
    return {
        (place, place + 1): scores[vocabulary[stem]] for stem, place in places.items() if stem in vocabulary
    }


def _feature_spans(
    tokens: Sequence[Token], places: Mapping[str, int], scores: Mapping[str, float]
) -> dict[_Span, float]:
    """Where in the text the features that it holds and that speak for the cluster stand."""
    said: dict[_Span, float] = {}
    for feature, score in scores.items():
        is_phrase, parts = _parts(feature)
        if is_phrase:
            start = _start_of(parts, tokens)
            spans = [(start, start + len(parts))]
        else:
            spans = [(places[stem], places[stem] + 1) for stem in parts if stem in places]
        for span in spans:
            said[span] = said.get(span, 0.0) + score / len(spans)
    return said


@cache
def _parts(feature: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a feature is a phrase, and its roots or stems."""
    is_phrase = " " in feature
    return is_phrase, tuple(feature.split(" " if is_phrase else "+"))


def _start_of(phrase: tuple[str, ...], tokens: Sequence[Token]) -> int:
    roots = tuple([token.root for token in tokens])
    return next(start for start in range(len(roots)) if roots[start : start + len(phrase)] == phrase)


def _shares(said: dict[_Span, float], similarity: float) -> dict[_Span, float]:
    """What each adds to a part of the similarity, if what adds nothing or takes away is left out."""
    total = sum(said.values())
    if total <= 0 or similarity <= 0:
        return {}
    return {span: score * similarity / total for span, score in said.items() if score > 0}


def _loudest(tokens: Sequence[Token], said: dict[_Span, float]) -> tuple[str, ...]:
    """A phrase speaks with the weight of its words too, and then for them."""
    whole = dict(said)
    for start, end in said:
        if end - start > 1:
            whole[start, end] += sum(said.get((place, place + 1), 0.0) for place in range(start, end))
    ranked = sorted((-round(score, 9), span) for span, score in whole.items())
    used: set[int] = set()
    words: dict[str, None] = {}
    for score, (start, end) in ranked:
        if len(words) == MAX_WORDS or score > LEAST_SHARE * ranked[0][0]:
            break
        if used.isdisjoint(range(start, end)):
            used.update(range(start, end))
            words.setdefault(_spelled(tokens[start:end]))
    return tuple(words)


def _spelled(tokens: Sequence[Token]) -> str:
    """Words as people typed them, protected terms in their own spelling."""
    return " ".join(protected_terms().get(token.surface, token.surface) for token in tokens)
