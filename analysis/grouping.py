"""From vectors to groups: equal texts folded, people's decisions laid on, clusters found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.claiming import FREE
from analysis.clustering import UNASSIGNED, ThemeClusterer, cluster_centroids, nearest_centroids
from analysis.contract import Document, DocumentId, Guidance, Settings
from analysis.progress import Progress, part, untold
from analysis.representing import MAX_LEARNING, Representation
from analysis.titles import Titled, word_rows
from analysis.token_rows import TokenRows

CONCEPTS_FINER = 0.4
"""On 380 forum ideas 4 AMI points more; without the rise from 100 to 400 texts 2 points less on 60."""

WORDS_COARSER = 0.33
"""Where words lead, on 1,000 texts 1 to 5 points more and a third fewer themes; on 60 it would cost 2 to 5."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The documents under analysis, in their fixed order, and where they came to lie.

    Attributes
    ----------
    documents : sequence of length n_documents
    tokens : TokenRows of the same length
    vectors : ndarray of shape (n_documents, n_components)
        Rows of length 1, or 0 for a text without known content words.
    concepts : csr_array of shape (n_documents, n_concepts)
        What the documents mean, by the thesaurus.
    owners : int ndarray of shape (n_documents,)
        Position in ``theme_keys`` where people decided, ``FREE`` elsewhere.
    labels : int ndarray of shape (n_documents,)
        Cluster, or ``UNASSIGNED``; the clusters of ``theme_keys`` come first, in that order.
    theme_keys : sequence of str
    granularity : float
        At which the clusters were looked for.
    is_grouped : bool
        False where the texts were too few and only what people decided was kept.
    """

    documents: Sequence[Document]
    tokens: TokenRows
    vectors: np.ndarray
    concepts: sparse.csr_array
    owners: np.ndarray
    labels: np.ndarray
    theme_keys: Sequence[str]
    granularity: float
    is_grouped: bool

    def centroids(self) -> np.ndarray:
        """Unit centres of the clusters, shape (n_clusters, n_components), in the order of the labels."""
        return cluster_centroids(self.vectors, self.labels, int(self.labels.max(initial=-1)) + 1)


def group(
    documents: Sequence[Document],
    tokens: TokenRows,
    said: Representation,
    settings: Settings,
    guidance: Guidance,
    titled: Titled,
    progress: Progress = untold,
) -> Grouping:
    """Cluster the documents under people's decisions; with too few of them keep only what was decided."""
    row_of = _rows_decided(documents, guidance)
    theme_keys, owners = _owners(row_of, len(documents), guidance, titled)
    if np.count_nonzero(tokens.content_counts()) < settings.min_documents:
        labels = np.where(owners == FREE, UNASSIGNED, owners)
        return Grouping(
            documents, tokens, said.vectors, said.concepts, owners, labels, theme_keys, settings.granularity, False
        )
    apart = [(row_of[a], row_of[b]) for a, b in guidance.apart if a in row_of and b in row_of]
    first_rows, position = _distinct(tokens, owners, {row for pair in apart for row in pair})
    granularity = settings.granularity * _fineness(said.concept_weight, len(first_rows))
    learned = _learning(first_rows, owners, position, apart, settings.seed)
    place = np.full(len(first_rows), -1)
    place[learned] = np.arange(len(learned))
    clusterer = ThemeClusterer(granularity, settings.max_clusters, settings.seed)
    words, titles = word_rows(tokens.taken(first_rows[learned]), titled, theme_keys)
    clusterer.fit(
        said.vectors[first_rows[learned]].astype(float, copy=False),
        words=words,
        owners=owners[first_rows[learned]],
        apart=[(place[position[a]], place[position[b]]) for a, b in apart],
        sizes=np.bincount(position, minlength=len(first_rows))[learned],
        titles=titles,
        progress=part(progress, 0.05, 0.9),
    )
    if len(learned) == len(first_rows):
        labels = clusterer.labels_[position]
    else:
        labels = nearest_centroids(said.vectors, clusterer.centroids_, part(progress, 0.9, 1.0))
        known = place[position] >= 0
        labels[known] = clusterer.labels_[place[position[known]]]
    labels, owners, theme_keys = _with_members(labels, owners, theme_keys)
    return Grouping(documents, tokens, said.vectors, said.concepts, owners, labels, theme_keys, granularity, True)


def _fineness(weight: float, n_documents: int) -> float:
    """Factor on the resolution, 1 - ``WORDS_COARSER`` to 1 + ``CONCEPTS_FINER``, by the weight of the concepts.

    Where concepts lead, communities must be finer: concepts join neighbouring themes more readily than words do, and
    modularity joins small communities in large graphs (the resolution limit, Fortunato and Barthélemy 2007): from
    none at 100 texts to the whole at 400. Where words lead, large graphs fall into groups of wordings within one
    theme: coarser, from none at 60 texts to the whole at 240; half of it at weight 1.
    """
    finer = CONCEPTS_FINER * np.clip(weight - 1, 0, 1) * np.clip(np.log2(max(n_documents, 1) / 100) / 2, 0, 1)
    coarser = WORDS_COARSER * np.clip(1.5 - weight, 0, 1) * np.clip(np.log2(max(n_documents, 1) / 60) / 2, 0, 1)
    return float((1 + finer) * (1 - coarser))


def _rows_decided(documents: Sequence[Document], guidance: Guidance) -> dict[DocumentId, int]:
    """Row of each document that people decided something about."""
    asked = {member for theme in guidance.themes for member in theme.members}
    asked.update(member for pair in guidance.apart for member in pair)
    return {document.id: row for row, document in enumerate(documents) if document.id in asked} if asked else {}


def _owners(
    row_of: dict[DocumentId, int], n_documents: int, guidance: Guidance, titled: Titled
) -> tuple[list[str], np.ndarray]:
    """Keys of the themes that have members among the documents or a telling title, and each row's theme or ``FREE``."""
    owners = np.full(n_documents, FREE)
    keys: list[str] = []
    for theme in sorted(guidance.themes, key=lambda theme: theme.key):
        rows = [row_of[member] for member in theme.members if member in row_of]
        if rows or theme.key in titled.keys:
            owners[rows] = len(keys)
            keys.append(theme.key)
    return keys, owners


def _with_members(
    labels: np.ndarray, owners: np.ndarray, theme_keys: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Labels, owners and keys without the themes that are known by their title only and that no document joined."""
    numbers = np.unique(labels[labels >= 0])
    labels, owners = (
        np.where(of_row >= 0, np.searchsorted(numbers, of_row), of_row) for of_row in (labels, owners)
    )
    return labels, owners, [theme_keys[number] for number in numbers if number < len(theme_keys)]


def _learning(
    first_rows: np.ndarray, owners: np.ndarray, position: np.ndarray, apart: Sequence[tuple[int, int]], seed: int
) -> np.ndarray:
    """Which of the distinct rows the clusters are found on: all, or a sample with everything that people decided."""
    if len(first_rows) <= MAX_LEARNING:
        return np.arange(len(first_rows))
    decided = owners[first_rows] != FREE
    decided[[position[row] for pair in apart for row in pair]] = True
    free = np.flatnonzero(~decided)
    drawn = np.random.default_rng(seed).choice(free, min(MAX_LEARNING, len(free)), replace=False)
    return np.sort(np.concatenate([np.flatnonzero(decided), drawn]))


def _distinct(tokens: TokenRows, owners: np.ndarray, single: set[int]) -> tuple[np.ndarray, np.ndarray]:
    """Rows that stand for all equal ones, and for each row its place among them.

    Texts with equal words are one node of the graph: copies must not become a theme by their number alone.
    Rows in ``single`` (to be kept apart from something) stand for themselves.
    """
    alone = np.full(len(tokens), -1)
    alone[list(single)] = list(single)
    keys = (*tokens.content_digests().T, owners, alone)
    order = np.lexsort(keys)  # stable: of equal rows the first comes first
    is_new = np.zeros(len(order), dtype=bool)
    is_new[:1] = True
    for key in keys:
        is_new[1:] |= key[order[1:]] != key[order[:-1]]
    first_rows = np.sort(order[is_new])
    position = np.empty(len(order), dtype=int)
    position[order] = np.searchsorted(first_rows, order[is_new])[np.cumsum(is_new) - 1]
    return first_rows, position
