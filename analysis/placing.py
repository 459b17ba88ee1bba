"""One new text among the groups that are there: at once, without a new analysis.

A text is seen as the analysis saw the others (same words, same weights), and goes to the group whose centre is
nearest, as in the last step of the analysis; what is near to none goes nowhere. The suggestion is provisional: the
next run, which sees all texts together, may put it elsewhere, and people decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.clustering import MIN_SIMILARITY, UNASSIGNED, cluster_centroids, similarities
from analysis.concept_index import concept_index, general_index
from analysis.concept_vectors import ConceptVectorizer
from analysis.contract import Document, DocumentId, Settings
from analysis.embedding import EmbeddingVectorizer
from analysis.fingerprint import METHOD_VERSION, in_order
from analysis.learned_state import pack, unpack
from analysis.preprocessing import Preprocessor
from analysis.representing import Representer
from analysis.vectorizing import CooccurrenceVectorizer

DIGITS = 4

LOOSE_SHARE = 0.2
"""Share of the texts in groups that counts as loose; the similarity at that rank is the measure for new ones."""

_LEARNERS = (Representer, CooccurrenceVectorizer, ConceptVectorizer, EmbeddingVectorizer)
ESTIMATORS = {one.__name__: one for one in _LEARNERS}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new text fits best for now.

    Attributes
    ----------
    key : str or None
        Of the group; None when the text fits nowhere.
    confidence : float in 0..1
        (own - next best) / own similarity, as ``Member.confidence``; 0 when the text fits nowhere.
    runner_up : str or None
        The next best group, where it is near enough to be one.
    is_loose : bool
        True when the text fits nowhere, or is less like its group than four fifths of the texts are like theirs.
    """

    key: str | None
    confidence: float
    runner_up: str | None
    is_loose: bool


_NOWHERE = Placement(None, 0.0, None, True)


class Placer:
    """Groups with their centres, ready for new texts. Make one with `learn_placer` or `analyze_with_placer`.

    Parameters
    ----------
    representer : Representer
        Fitted on the texts in the groups.
    keys : sequence of str
        Names of the groups.
    centroids : ndarray of shape (n_groups, n_components)
        Rows of length 1.
    loose_below : float in -1..1
        Cosine similarity to its group under which a text is loose.
    place_names : iterable of str
        As in ``Settings``.
    """

    def __init__(
        self,
        representer: Representer,
        keys: Sequence[str],
        centroids: np.ndarray,
        loose_below: float = MIN_SIMILARITY,
        place_names: Iterable[str] = (),
    ) -> None:
        self._representer = representer
        self._keys = list(keys)
        self._centroids = np.asarray(centroids)
        self._loose_below = loose_below
        self._preprocessor = Preprocessor(place_names)

    def place(self, text: str) -> Placement:
        """The group for one text."""
        return self.place_all([text])[0]

    def place_all(self, texts: Sequence[str]) -> list[Placement]:
        """The groups for several texts, in their order; together they cost less than one by one."""
        if not self._keys or not texts:
            return [_NOWHERE for _ in texts]
        vectors = self._representer.transform([self._preprocessor.tokens(text) for text in texts])
        return [self._placement(row) for row in np.round(vectors @ self._centroids.T, 6)]

    def _placement(self, similarity: np.ndarray) -> Placement:
        order = np.argsort(-similarity, kind="stable")
        best, second = order[0], order[1] if len(order) > 1 else None
        if similarity[best] < MIN_SIMILARITY:
            return _NOWHERE
        own = float(similarity[best])
        other = float(similarity[second]) if second is not None else 0.0
        confidence = np.clip((own - other) / own if second is not None else own, 0, 1)
        runner_up = self._keys[second] if second is not None and other >= MIN_SIMILARITY else None
        return Placement(self._keys[best], round(float(confidence), DIGITS), runner_up, own < self._loose_below)

    def renamed(self, names: Mapping[str, str]) -> Placer:
        """The same groups under other keys; those without a name are left out."""
        kept = [number for number, key in enumerate(self._keys) if key in names]
        return Placer(
            self._representer, [names[self._keys[number]] for number in kept], self._centroids[kept],
            self._loose_below, self._preprocessor.place_names,
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """Everything that is needed to place texts elsewhere or later; holds single words, but no texts."""
        return pack({
            "made_by": _made_by(),
            "place_names": self._preprocessor.place_names,
            "keys": self._keys,
            "centroids": self._centroids,
            "loose_below": self._loose_below,
            "representer": self._representer,
        })

    @classmethod
    def from_bytes(cls, content: bytes) -> Placer:
        """The placer that ``to_bytes`` was called on.

        Raises
        ------
        ValueError
            Other bytes, or those of a version that saw texts differently (or with a model that is not there any
            more): analyze anew.
        """
        stored = unpack(content, ESTIMATORS)
        if stored.get("made_by") != _made_by():
            raise ValueError("made by another version of the analysis")
        stored["representer"].transform([])  # a model of meanings that is gone shows now, not at the first text
        return cls(
            stored["representer"], stored["keys"], stored["centroids"], stored["loose_below"], stored["place_names"]
        )


def learn_placer(
    documents: Iterable[Document], groups: Mapping[str, Iterable[DocumentId]], settings: Settings | None = None
) -> Placer:
    """A placer from texts and the groups that they are in, without an analysis (themes that people made).

    Parameters
    ----------
    documents : iterable of Document
        Also those in no group: they show how words are used.
    groups : mapping of key to document ids
        Ids that are not among the documents are ignored; groups without any are left out.
    settings : Settings, optional
        Seed and place names are used.
    """
    settings = settings or Settings()
    ordered = in_order(documents)
    preprocessor = Preprocessor(settings.place_names)
    tokens = [preprocessor.tokens(document.text) for document in ordered]
    representer = Representer(settings.seed, embedding_folder=settings.embedding_folder).fit(tokens)
    return make_placer(representer, ordered, representer.transform(tokens), groups, settings)


def make_placer(
    representer: Representer,
    documents: Sequence[Document],
    vectors: np.ndarray,
    groups: Mapping[str, Iterable[DocumentId]],
    settings: Settings,
) -> Placer:
    """A placer from documents that a fitted representer has turned into vectors already."""
    row_of = {document.id: row for row, document in enumerate(documents)}
    labels = np.full(len(documents), UNASSIGNED)
    keys = []
    for key in sorted(groups):
        rows = [row_of[member] for member in groups[key] if member in row_of]
        if rows:
            labels[rows] = len(keys)
            keys.append(key)
    centroids = cluster_centroids(vectors, labels, len(keys))
    placed = labels >= 0
    own = similarities(vectors, centroids, labels)[0][placed]
    loose_below = round(float(np.quantile(own, LOOSE_SHARE)), 6) if len(own) else MIN_SIMILARITY
    return Placer(representer, keys, centroids, loose_below, settings.place_names)


@cache
def _made_by() -> str:
    """Version of the method and digest of what the thesaurus knows: stored numbers fit no other."""
    known = [word for index in (concept_index(), general_index())
             for word in (*index.features, *(concept.id for concept in index.concepts))]  # fmt: skip
    return f"{METHOD_VERSION} {hashlib.sha256(chr(10).join(known).encode()).hexdigest()[:16]}"
