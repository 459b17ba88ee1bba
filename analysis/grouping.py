"""From vectors to groups: equal texts folded, people's decisions laid on, clusters found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.clustering import UNASSIGNED, ThemeClusterer, cluster_centroids
from analysis.community import FREE
from analysis.contract import Document, DocumentId, Guidance, Settings
from analysis.preprocessing import Token
from analysis.representing import Representation
from analysis.vectorizing import content_terms

CONCEPTS_FINER = 0.4
"""On 380 forum ideas 4 AMI points more; without the rise from 100 to 400 texts 2 points less on 60."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The documents under analysis, in their fixed order, and where they came to lie.

    Attributes
    ----------
    documents, tokens : sequences of length n_documents
    vectors : ndarray of shape (n_documents, n_components)
        Rows of length 1, or 0 for a text without known content words.
    concepts : csr_array of shape (n_documents, n_concepts)
        What the documents mean, by the thesaurus.
    owners : int ndarray of shape (n_documents,)
        Position in ``theme_keys`` where people decided, ``FREE`` elsewhere.
    labels : int ndarray of shape (n_documents,)
        Cluster, or ``UNASSIGNED``; the clusters of ``theme_keys`` come first, in that order.
    theme_keys : sequence of str
    """

    documents: Sequence[Document]
    tokens: Sequence[Sequence[Token]]
    vectors: np.ndarray
    concepts: sparse.csr_array
    owners: np.ndarray
    labels: np.ndarray
    theme_keys: Sequence[str]

    def centroids(self) -> np.ndarray:
        """Unit centres of the clusters, shape (n_clusters, n_components), in the order of the labels."""
        return cluster_centroids(self.vectors, self.labels, int(self.labels.max(initial=-1)) + 1)


def group(
    documents: Sequence[Document],
    tokens: Sequence[Sequence[Token]],
    said: Representation,
    settings: Settings,
    guidance: Guidance,
) -> Grouping:
    """Cluster the documents under people's decisions; with too few of them keep only what was decided."""
    row_of = {document.id: row for row, document in enumerate(documents)}
    theme_keys, owners = _owners(row_of, guidance)
    terms = [content_terms(words) for words in tokens]
    if sum(map(bool, terms)) < settings.min_documents:
        labels = np.where(owners == FREE, UNASSIGNED, owners)
        return Grouping(documents, tokens, said.vectors, said.concepts, owners, labels, theme_keys)
    apart = [(row_of[a], row_of[b]) for a, b in guidance.apart if a in row_of and b in row_of]
    first_rows, position = _distinct(terms, owners, {row for pair in apart for row in pair})
    granularity = settings.granularity * (1 + _finer_by(said.concept_weight, len(first_rows)))
    clusterer = ThemeClusterer(granularity, settings.max_clusters, settings.seed)
    clusterer.fit(
        said.vectors[first_rows],
        owners=owners[first_rows],
        apart=[(position[a], position[b]) for a, b in apart],
        sizes=np.bincount(position, minlength=len(first_rows)),
    )
    labels = clusterer.labels_[position]
    return Grouping(documents, tokens, said.vectors, said.concepts, owners, labels, theme_keys)


def _finer_by(weight: float, n_documents: int) -> float:
    """How much finer communities must be where concepts lead: 0 up to ``CONCEPTS_FINER``.

    Concepts join neighbouring themes more readily than words do, and modularity joins small communities in large
    graphs (the resolution limit, Fortunato and Barthélemy 2007): from none at 100 texts to the whole at 400.
    """
    leading = float(np.clip(weight - 1, 0, 1))
    large = float(np.clip(np.log2(max(n_documents, 1) / 100) / 2, 0, 1))
    return CONCEPTS_FINER * leading * large


def _owners(row_of: dict[DocumentId, int], guidance: Guidance) -> tuple[list[str], np.ndarray]:
    """Keys of the themes that have members among the documents, and each row's theme or ``FREE``."""
    owners = np.full(len(row_of), FREE)
    keys: list[str] = []
    for theme in sorted(guidance.themes, key=lambda theme: theme.key):
        rows = [row_of[member] for member in theme.members if member in row_of]
        if rows:
            owners[rows] = len(keys)
            keys.append(theme.key)
    return keys, owners


def _distinct(
    terms: Sequence[tuple[str, ...]], owners: np.ndarray, single: set[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that stand for all equal ones, and for each row its place among them.

    Texts with equal words are one node of the graph: copies must not become a theme by their number alone.
    Rows in ``single`` (to be kept apart from something) stand for themselves.
    """
    places: dict[tuple, int] = {}
    first_rows, position = [], []
    for row, row_terms in enumerate(terms):
        key = (row_terms, int(owners[row]), row if row in single else None)
        if key not in places:
            places[key] = len(first_rows)
            first_rows.append(row)
        position.append(places[key])
    return np.array(first_rows, dtype=int), np.array(position, dtype=int)
