"""Communities in a neighbour graph: how many there are follows from the graph, nobody has to say it.

Modularity optimisation by local moving and aggregation (Blondel, Guillaume, Lambiotte and Lefebvre 2008,
"Fast unfolding of communities in large networks"), with a resolution parameter (Reichardt and Bornholdt 2006).
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.numerics import largest_of_rows, row_of_cells
from analysis.progress import Progress, part, told, untold

MIN_EDGE = 0.1
"""Cosine up to which two texts have nothing in common but chance: no edge, also where nothing nearer is known."""

MIN_GAIN = 1e-10
"""Moves that gain less are noise of floating-point sums."""

SELECTED_AT_ONCE = 200
"""Rows whose nearest are selected at once: selection copies them a few times."""

TOLD_EVERY = 2_000
"""Nodes visited between two words on the progress."""


def neighbour_graph(
    vectors: np.ndarray, n_neighbours: int, chunk_size: int = 1_000, progress: Progress = untold
) -> sparse.csr_array:
    """Symmetric cosine graph: an edge where one node is among the other's nearest.

    Parameters
    ----------
    vectors : ndarray of shape (n_nodes, n_components)
        Rows of length 1.
    n_neighbours : int
        Edges that each node asks for; it has more where others ask for it.
    chunk_size : int
        Rows compared at once; bounds memory to little more than chunk_size * n_nodes * 8 bytes.

    Returns
    -------
    csr_array of shape (n_nodes, n_nodes)
        Weights above ``MIN_EDGE`` up to 1; no self loops.
    """
    n_nodes = len(vectors)
    n_neighbours = min(n_neighbours, n_nodes - 1)
    if n_neighbours < 1:
        return sparse.csr_array((n_nodes, n_nodes))
    rows, columns, weights = [], [], []
    for start in told(progress, range(0, n_nodes, chunk_size)):
        similarity = vectors[start : start + chunk_size] @ vectors.T
        own = np.arange(len(similarity))
        similarity[own, own + start] = -np.inf
        for first in range(0, len(similarity), SELECTED_AT_ONCE):
            some = similarity[first : first + SELECTED_AT_ONCE]
            row, column = np.divmod(np.flatnonzero(largest_of_rows(some, n_neighbours)), n_nodes)
            rows.append(row + start + first)
            columns.append(column)
            weights.append(some[row, column])
    row, column, weight = map(np.concatenate, (rows, columns, weights))
    kept = weight > MIN_EDGE
    directed = sparse.csr_array((weight[kept], (row[kept], column[kept])), shape=(n_nodes, n_nodes))
    return directed.maximum(directed.T).tocsr()


def communities(
    graph: sparse.csr_array, *, resolution: float, random_state: int, progress: Progress = untold
) -> np.ndarray:
    """Partition the nodes of a graph by modularity.

    Parameters
    ----------
    graph : csr_array of shape (n_nodes, n_nodes)
        Symmetric, weights above 0.
    resolution : float above 0
        Higher gives more and smaller communities.
    random_state : int
        Seed of the order in which nodes are visited.

    Returns
    -------
    int ndarray of shape (n_nodes,)
        Community of each node, numbered from 0 in order of first appearance.
    """
    random = np.random.default_rng(random_state)
    membership = np.arange(graph.shape[0])
    nodes = graph
    start, end = 0.0, 0.5  # nobody knows how many rounds there will be; the first takes most of the time
    while True:
        moved = _move_locally(nodes, resolution, random, part(progress, start, end))
        start, end = end, (1 + end) / 2
        if len(np.unique(moved)) == len(moved):
            return _renumber(membership)
        membership = moved[membership]
        nodes = _aggregate(nodes, moved)


def _renumber(labels: np.ndarray) -> np.ndarray:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=int)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _aggregate(graph: sparse.csr_array, membership: np.ndarray) -> sparse.csr_array:
    """Communities become nodes; weights inside a community become its self loop."""
    n_groups = int(membership.max(initial=-1)) + 1
    of_edge = np.repeat(membership, np.diff(graph.indptr)), membership[graph.indices]
    return sparse.csr_array((graph.data, of_edge), shape=(n_groups, n_groups))  # edges of one pair are summed


def _move_locally(
    graph: sparse.csr_array, resolution: float, random: np.random.Generator, progress: Progress
) -> np.ndarray:
    """Move single nodes to the neighbouring community with the best gain until no move gains."""
    n_nodes = graph.shape[0]
    degree = np.asarray(graph.sum(axis=1)).ravel().tolist()
    total = sum(degree)
    if total == 0:
        return np.arange(n_nodes)
    neighbours = _neighbour_lists(graph)
    community = list(range(n_nodes))
    community_degree = degree.copy()
    waiting = deque(random.permutation(n_nodes).tolist())
    is_waiting = [True] * n_nodes
    n_visits = 0
    while waiting:
        if n_visits % TOLD_EVERY == 0:
            progress(1 - len(waiting) / n_nodes)
        n_visits += 1
        node = waiting.popleft()
        is_waiting[node] = False
        current = community[node]
        links = {current: 0.0}
        for other, weight in neighbours[node]:
            candidate = community[other]
            links[candidate] = links.get(candidate, 0.0) + weight
        community_degree[current] -= degree[node]
        scale = resolution * degree[node] / total
        best, best_gain = current, links[current] - scale * community_degree[current]
        for candidate, weight in links.items():
            gain = weight - scale * community_degree[candidate]
            if gain > best_gain + MIN_GAIN:
                best, best_gain = candidate, gain
        community_degree[best] += degree[node]
        if best != current:
            community[node] = best
            for other, _ in neighbours[node]:
                if community[other] != best and not is_waiting[other]:
                    is_waiting[other] = True
                    waiting.append(other)
    return _renumber(np.array(community))


def _neighbour_lists(graph: sparse.csr_array) -> list[list[tuple[int, float]]]:
    """Per node its (neighbour, weight) pairs without the self loop: plain lists walk faster than arrays."""
    is_other = graph.indices != row_of_cells(graph)
    ends = np.concatenate([np.zeros(1, dtype=int), np.cumsum(is_other)])[graph.indptr].tolist()
    pairs = list(zip(graph.indices[is_other].tolist(), graph.data[is_other].tolist(), strict=True))
    return [pairs[start:end] for start, end in pairwise(ends)]
