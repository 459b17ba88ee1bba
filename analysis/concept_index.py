"""Which words and phrases speak for which concepts, and how strongly: the thesaurus made ready for look-up.

After Explicit Semantic Analysis (Gabrilovich and Markovitch 2007): a concept is known by the texts written about
it, here its words and phrases, and a text by the concepts that its words speak for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from scipy import sparse

from analysis.compiled import kept_arrays
from analysis.feature_finding import FeatureFinder
from analysis.learned_state import joined_texts, parted_texts
from analysis.numerics import row_shares
from analysis.preprocessing import Preprocessor, Token
from analysis.term_rows import TermRows
from analysis.thesaurus import Concept, Sentence, concepts, general_concepts, general_sentences, sentences

WORD, PHRASE, PAIR, PART, ONLY_PART, FUNCTION_PHRASE = 1.0, 1.5, 1.4, 0.5, 0.7, 0.5
"""Evidence of a listed word, a whole phrase, two of its words met together (divided by the number of its content
words), one of them alone, the only one, and a phrase of function words. Agreement is flat around these values."""

MAX_STRENGTH = 2.0
"""Bound on log2(1 + evidence), so that a word that a concept lists in many phrases does not rule alone."""

AMBIGUITY = 0.7
"""Exponent that lowers words of many themes; 0 loses 2 points, from 0.3 to 1.2 the agreement is flat."""

TO_BROADER = 0.7
"""Share of a concept's weight that its broader concept gets, and that one's broader in turn."""

TO_SUB_DIMENSION = 0.35
"""The same where the broader concept is a sub-dimension; a whole dimension gets nothing: it joins everything."""

TO_RELATED = 0.05
"""Flat from 0 to 0.15; more joins what people keep apart."""

GENERAL_TO_RELATED = 0.2
"""The same in general knowledge, where nothing flows to broader concepts: its topics are too wide to join texts."""


_PARTS = ("data", "indices", "indptr")
"""Arrays that a csr_array is made of."""


@dataclass(frozen=True, slots=True)
class ConceptIndex:
    """The thesaurus as matrices.

    Attributes
    ----------
    concepts : tuple of Concept
    features : tuple of str
        Word, phrase ("a b") or pair of words ("a+b"), in stems, in the order of the rows of ``weights``.
    weights : csr_array of shape (n_features, n_concepts)
        How strongly a feature speaks for a concept, at least 0.
    spreading : csr_array of shape (n_concepts, n_concepts)
        Identity plus what flows to broader and related concepts.
    background : TermRows
        Content stems of each concept's terms and of each sentence: words that belong together.
    finder : FeatureFinder
        Finds the features in texts.
    """

    concepts: tuple[Concept, ...]
    features: tuple[str, ...]
    weights: sparse.csr_array
    spreading: sparse.csr_array
    background: TermRows
    finder: FeatureFinder


@cache
def concept_index() -> ConceptIndex:
    """The index over all concepts of city life; read once per process, built when the thesaurus changed."""
    listed = concepts()

    def build() -> dict[str, np.ndarray]:
        return _to_arrays(_build(listed, sentences(), _spreading(listed)))

    return _from_arrays(kept_arrays("city", build), listed)


@cache
def general_index() -> ConceptIndex:
    """The same over general knowledge: other things than a city's."""
    listed = general_concepts()

    def build() -> dict[str, np.ndarray]:
        spreading = _spreading(listed, to_broader=0.0, to_related=GENERAL_TO_RELATED)
        return _to_arrays(_build(listed, general_sentences(), spreading))

    return _from_arrays(kept_arrays("general", build), listed)


def _to_arrays(index: ConceptIndex) -> dict[str, np.ndarray]:
    arrays = {
        "features": joined_texts(index.features),
        "background.words": joined_texts(index.background.words),
        "background.numbers": index.background.numbers,
        "background.starts": index.background.starts,
    }
    arrays |= index.finder.to_arrays()
    for name, matrix in (("weights", index.weights), ("spreading", index.spreading)):
        arrays |= {f"{name}.{part}": getattr(matrix, part) for part in _PARTS}
        arrays[f"{name}.shape"] = np.array(matrix.shape)
    return arrays


def _from_arrays(arrays: Mapping[str, np.ndarray], listed: Sequence[Concept]) -> ConceptIndex:
    matrices = [
        sparse.csr_array(tuple(arrays[f"{name}.{part}"] for part in _PARTS), tuple(arrays[f"{name}.shape"].tolist()))
        for name in ("weights", "spreading")
    ]
    words = parted_texts(arrays["background.words"])
    return ConceptIndex(
        concepts=tuple(listed),
        features=tuple(parted_texts(arrays["features"])),
        weights=matrices[0],
        spreading=matrices[1],
        background=TermRows(words, arrays["background.numbers"], arrays["background.starts"]),
        finder=FeatureFinder.from_arrays(arrays),
    )


def _build(listed: Sequence[Concept], written: Sequence[Sentence], spreading: sparse.csr_array) -> ConceptIndex:
    preprocessor = Preprocessor()
    evidence: dict[str, Counter[int]] = defaultdict(Counter)
    background = []
    for number, concept in enumerate(listed):
        company: set[str] = set()
        for term in (concept.name_id, *concept.terms):
            tokens = preprocessor.tokens(term)
            company.update(token.stem for token in tokens if token.stem)
            for feature, weight in _term_evidence(tokens):
                evidence[feature][number] += weight
        background.append(tuple(sorted(company)))
    for sentence in written:
        background.append(tuple(sorted({t.stem for t in preprocessor.tokens(sentence.text) if t.stem})))
    features = {feature: row for row, feature in enumerate(sorted(evidence))}
    return ConceptIndex(
        listed,
        tuple(features),
        _weights(evidence, listed),
        spreading,
        TermRows.of(background),
        FeatureFinder.of(features),
    )


def _pair(first: str, second: str) -> str:
    return f"{first}+{second}" if first < second else f"{second}+{first}"


def _term_evidence(tokens: Sequence[Token]) -> Iterator[tuple[str, float]]:
    stems = sorted({token.stem for token in tokens if token.stem})
    if len(tokens) == 1:
        yield from ((stem, WORD) for stem in stems)
        return
    yield " ".join(token.root for token in tokens), PHRASE if stems else FUNCTION_PHRASE
    yield from ((stem, PART if len(stems) > 1 else ONLY_PART) for stem in stems)
    for first, second in combinations(stems, 2):
        yield _pair(first, second), PAIR / len(stems)


def _weights(evidence: dict[str, Counter[int]], listed: Sequence[Concept]) -> sparse.csr_array:
    """p(concept | feature) * bounded strength / (effective number of themes that share it) ** AMBIGUITY."""
    indptr, indices, data = [0], [], []
    for feature in sorted(evidence):
        for number, weight in sorted(evidence[feature].items()):
            indices.append(number)
            data.append(weight)
        indptr.append(len(indices))
    shape = (len(evidence), len(listed))
    strength = sparse.csr_array((np.log2(1 + np.array(data)), np.array(indices, int), np.array(indptr, int)), shape)
    strongest = strength.max(axis=1).toarray().ravel() if evidence else np.zeros(0)
    share = row_shares(strength @ _themes(listed))
    share.data *= -np.log(share.data)
    n_themes = np.exp(np.asarray(share.sum(axis=1)).ravel())
    factor = np.minimum(strongest, MAX_STRENGTH) / n_themes**AMBIGUITY
    return (sparse.diags_array(factor) @ row_shares(strength)).tocsr()


def _themes(listed: Sequence[Concept]) -> sparse.csr_array:
    """Concept → its ancestor on the third level, where a planner would draw the line; 0/1."""
    place = {concept.id: number for number, concept in enumerate(listed)}
    columns = [place.get(".".join(concept.id.split(".")[:3]), place[concept.id]) for concept in listed]
    n_concepts = len(listed)
    return sparse.csr_array((np.ones(n_concepts), (np.arange(n_concepts), columns)), shape=(n_concepts, n_concepts))


def _spreading(
    listed: Sequence[Concept], to_broader: float = TO_BROADER, to_related: float = TO_RELATED
) -> sparse.csr_array:
    place = {concept.id: number for number, concept in enumerate(listed)}
    flows = []
    for number, concept in enumerate(listed):
        flows.append((1.0, number, number))
        above, share = concept.broader, 1.0
        while to_broader and above is not None and above.count(".") > 0:
            share *= to_broader if above.count(".") > 1 else TO_SUB_DIMENSION
            flows.append((share, number, place[above]))
            above = listed[place[above]].broader
        flows += [(to_related, number, place[other]) for other in concept.related if other in place]
    shares, sources, targets = map(np.array, zip(*flows, strict=True)) if flows else ([], [], [])
    return sparse.csr_array((shares, (sources, targets)), shape=(len(listed), len(listed)))
