"""Texts that say the same in nearly the same words, found without comparing every pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy import sparse

from analysis.contract import Document, DocumentId
from analysis.fingerprint import id_order, in_order
from analysis.numerics import row_of_cells, unit_sparse_rows
from analysis.preprocessing import Preprocessor
from analysis.vectorizing import content_terms

THRESHOLD = 0.75
"""Cosine from which two texts are called near duplicates. The demo's 378 ideas hold five pairs written by one person
twice: all lie above, no other pair does. Of copies with a greeting, a typing mistake or a word less 99 % do."""

_CHUNK = 2_000
"""Texts compared at once with their candidates."""


def near_duplicates(
    documents: Iterable[Document], threshold: float = THRESHOLD, place_names: Iterable[str] = ()
) -> tuple[tuple[DocumentId, ...], ...]:
    """Groups of texts that say nearly the same.

    Similarity is the cosine of ``SimilarityIndex``: stop words, greetings and places do not count. Two texts can reach
    the threshold only if they share one of their rarest words (prefix filtering: Bayardo, Ma and Srikant 2007,
    "Scaling up all pairs similarity search"), so only such pairs are compared.

    Parameters
    ----------
    documents : iterable of Document
    threshold : float in 0..1, above 0
        1 asks for the same content words.

    Returns
    -------
    tuple of groups of at least two ids
        Largest first, then by the first id; ids ascending. A text is in one group at most; in a large group the
        first and the last may differ more than the threshold says.

    Raises
    ------
    ValueError
        A threshold outside.
    """
    from scipy.sparse.csgraph import connected_components  # brings all of SciPy's solvers, which nobody else needs

    if not 0 < threshold <= 1:
        raise ValueError("threshold must be above 0 and at most 1")
    preprocessor = Preprocessor(place_names)
    members: dict[tuple[str, ...], list[DocumentId]] = {}
    for document in in_order(documents):
        terms = content_terms(preprocessor.tokens(document.text))
        if terms:
            members.setdefault(terms, []).append(document.id)
    listed = list(members)
    pairs = list(_pairs(_weights(listed, [len(members[terms]) for terms in listed]), threshold))
    left, right = (np.concatenate(side) if pairs else np.zeros(0, int) for side in (
        [pair[0] for pair in pairs], [pair[1] for pair in pairs]))  # fmt: skip
    graph = sparse.csr_array((np.ones(len(left)), (left, right)), shape=(len(listed), len(listed)))
    _, component = connected_components(graph, directed=False) if listed else (0, np.zeros(0, int))
    groups: dict[int, list[DocumentId]] = {}
    for terms, number in zip(listed, component, strict=True):
        groups.setdefault(int(number), []).extend(members[terms])
    found = [tuple(sorted(group, key=id_order)) for group in groups.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda group: (-len(group), id_order(group[0]))))


def _weights(listed: list[tuple[str, ...]], sizes: list[int]) -> sparse.csr_array:
    """TF-IDF rows of length 1; columns from the rarest term to the most frequent, equal ones by the alphabet."""
    frequency: dict[str, int] = {}
    for terms, size in zip(listed, sizes, strict=True):
        for term in set(terms):
            frequency[term] = frequency.get(term, 0) + size
    order = sorted(frequency, key=lambda term: (frequency[term], term))
    column = {term: place for place, term in enumerate(order)}
    idf = np.array([np.log((1 + sum(sizes)) / (1 + frequency[term])) + 1 for term in order])
    indptr, indices, counts = [0], [], []
    for terms in listed:
        places, times = np.unique([column[term] for term in terms], return_counts=True)
        indices.append(places)
        counts.append(times)
        indptr.append(indptr[-1] + len(places))
    if not listed:
        return sparse.csr_array((0, 0))
    flat = np.concatenate(indices)
    data = (1 + np.log(np.concatenate(counts))) * idf[flat]
    return unit_sparse_rows(sparse.csr_array((data, flat, np.array(indptr)), shape=(len(listed), len(order))))


def _pairs(rows: sparse.csr_array, threshold: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row numbers (left below right) of pairs that reach the threshold, chunk by chunk."""
    prefix = _prefixes(rows, threshold)
    by_term = prefix.T.tocsr()
    for start in range(0, rows.shape[0], _CHUNK):
        candidates = (prefix[start : start + _CHUNK] @ by_term).tocoo()
        left, right = candidates.row + start, candidates.col
        wanted = left < right
        left, right = left[wanted], right[wanted]
        for first in range(0, len(left), 100_000):  # bounds memory where a rare word is not so rare
            one, other = left[first : first + 100_000], right[first : first + 100_000]
            cosine = np.asarray(rows[one].multiply(rows[other]).sum(axis=1)).ravel()
            near = np.round(cosine, 9) >= threshold
            yield one[near], other[near]


def _prefixes(rows: sparse.csr_array, threshold: float) -> sparse.csr_array:
    """0/1: of each row the rarest terms, until what is left of it is shorter than the threshold."""
    before = np.concatenate([[0.0], np.cumsum(rows.data**2)])
    starts = before[rows.indptr[:-1]]
    of_cell = row_of_cells(rows)
    left_over = 1 - (before[:-1] - starts[of_cell])  # squared length from this cell to the end
    kept = left_over >= threshold**2 - 1e-9
    return sparse.csr_array((np.ones(kept.sum()), (of_cell[kept], rows.indices[kept])), shape=rows.shape)
