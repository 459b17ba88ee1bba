"""Why a text lies where it lies: those of its words that drew it to the centre of its cluster.

The cosine similarity of a text to a centre is a sum over the two halves of its vector, words and concepts. Each half
is shared out over the words of the text by what each adds to it: a word by its own vector, a concept by the words
and phrases of the text that speak for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from analysis.concept_index import concept_index
from analysis.grouping import Grouping
from analysis.lexicon import protected_terms
from analysis.preprocessing import Token
from analysis.progress import Progress, told, untold
from analysis.representing import Representer
from analysis.token_rows import TokenRows

MAX_WORDS = 5

LEAST_SHARE = 0.1
"""Of what the loudest word says; words below would only lengthen the list."""

MAX_TOKENS = 300
"""Words of one text that are weighed: nobody asks about the middle of a book."""

_Span = tuple[int, int]
_Feature = tuple[bool, tuple[str, ...]]
"""Whether it is a phrase, and its roots or stems."""


def telling_words(
    grouping: Grouping, representer: Representer, asked: np.ndarray, progress: Progress = untold
) -> dict[int, tuple[str, ...]]:
    """For each of the rows asked for its words and phrases that spoke for its cluster, loudest first.

    Words as written, in lower case except for terms such as PJU. Rows in no cluster are passed over.
    """
    asked = asked[grouping.labels[asked] >= 0]
    centroids = grouping.centroids()
    n_words = max(1, representer.words_.term_vectors_.shape[1])
    concept_part = slice(n_words, n_words + representer.meant_.directions_.shape[1])
    of_term = representer.words_.idf_[:, None] * _along(representer.words_.term_vectors_, centroids[:, :n_words])
    of_concept = concept_index().spreading @ _along(representer.meant_.directions_, centroids[:, concept_part])
    found: dict[int, tuple[str, ...]] = {}
    texts = grouping.tokens.taken(asked).shortened(MAX_TOKENS)
    features_of = _features(texts, grouping.labels[asked], representer.meant_.idf_, of_concept)
    for number, centre in told(progress, list(enumerate(centroids))):
        places = np.flatnonzero(grouping.labels[asked] == number)
        rows = asked[places]
        by_words = grouping.vectors[rows, :n_words] @ centre[:n_words]
        by_concepts = grouping.vectors[rows, concept_part] @ centre[concept_part]
        terms = np.maximum(of_term[:, number], 0).tolist()
        of_texts = zip(places.tolist(), rows.tolist(), by_words.tolist(), by_concepts.tolist(), strict=True)
        for place, row, words, concepts in of_texts:
            tokens = texts[place]
            stems = _first_places(tokens)
            said = _shares(_term_spans(stems, representer.words_.vocabulary_, terms), words)
            for span, share in _shares(_feature_spans(tokens, stems, features_of[place]), concepts).items():
                said[span] = said.get(span, 0.0) + share
            found[row] = _loudest(tokens, said)
    return found


def _features(
    texts: TokenRows, labels: np.ndarray, idf: np.ndarray, of_concept: np.ndarray
) -> list[list[tuple[_Feature, float]]]:
    """The features of the thesaurus that each text holds and that speak for its cluster, and how loudly.

    ``of_concept``, shape (n_concepts, n_clusters), tells how near each concept is to each centre.
    """
    index = concept_index()
    held = index.finder.counts(texts)
    listed, place = np.unique(held.indices, return_inverse=True)
    of_feature = idf[listed, None] * (index.weights[listed] @ of_concept)
    scores = of_feature[place, np.repeat(labels, np.diff(held.indptr))].tolist()
    parts = [_parts(index.features[feature]) for feature in listed.tolist()]
    pairs = [(parts[which], score) for which, score in zip(place.tolist(), scores, strict=True)]
    return [
        [pair for pair in pairs[start:end] if pair[1] > 0] for start, end in pairwise(held.indptr.tolist())
    ]


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
    tokens: Sequence[Token], places: Mapping[str, int], features: Iterable[tuple[_Feature, float]]
) -> dict[_Span, float]:
    """Where in the text the features stand."""
    said: dict[_Span, float] = {}
    roots = tuple([token.root for token in tokens])
    for (is_phrase, parts), score in features:
        if is_phrase:
            start = next(start for start in range(len(roots)) if roots[start : start + len(parts)] == parts)
            spans = [(start, start + len(parts))]
        else:
            spans = [(places[stem], places[stem] + 1) for stem in parts if stem in places]
        for span in spans:
            said[span] = said.get(span, 0.0) + score / len(spans)
    return said


def _parts(feature: str) -> _Feature:
    is_phrase = " " in feature
    return is_phrase, tuple(feature.split(" " if is_phrase else "+"))


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
