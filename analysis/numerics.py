"""Rows of length 1, rows that sum to 1, the largest cells of rows, rows stacked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; rows of length 0 stay. As scikit-learn's normalize, without its checks (1 ms)."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return rows / np.where(lengths > 0, lengths, 1)[:, None]


def unit_sparse_rows(rows: sparse.csr_array) -> sparse.csr_array:
    """The same for a sparse matrix."""
    of_cell = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(of_cell, rows.data**2, minlength=rows.shape[0]))
    scaled = rows.copy()
    scaled.data /= lengths[of_cell]
    return scaled


def row_shares(rows: sparse.csr_array) -> sparse.csr_array:
    """Rows of values of at least 0 scaled to a sum of 1; empty rows stay."""
    of_cell = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    shares = rows.copy()
    shares.data /= np.bincount(of_cell, rows.data, minlength=rows.shape[0])[of_cell]
    return shares


def largest_of_rows(rows: np.ndarray, limit: int) -> np.ndarray:
    """Which cells are the ``limit`` largest of their row, of equal ones the first; bool, shape of ``rows``.

    Found by selection, not by sorting whole rows. Rounding makes ties of equal texts real ties.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns)
    limit : int, from 1 to n_columns
    """
    rounded = np.round(rows, 9)
    place = rounded.shape[1] - limit
    border = np.partition(rounded, place, axis=1)[:, place, None]
    is_large = rounded >= border
    for row in np.flatnonzero(np.count_nonzero(is_large, axis=1) > limit):  # ties at the border: keep the first of them
        ties = np.flatnonzero(rounded[row] == border[row])
        is_large[row, ties[limit - np.count_nonzero(rounded[row] > border[row]) :]] = False
    return is_large


def stack_rows(
    pieces: Iterable[sparse.csr_array], shape: tuple[int, int], most_per_row: int, precision: type
) -> sparse.csr_array:
    """Sparse matrices of some rows each, under one another, filled in place: joined at the end, all of a million rows
    would be there twice. No row has more than ``most_per_row`` cells; room that is not filled is not taken."""
    room = shape[0] * most_per_row
    index = np.int32 if room < 2**31 else np.int64
    data, indices = np.empty(room, dtype=precision), np.empty(room, dtype=index)
    indptr = np.zeros(shape[0] + 1, dtype=index)
    row = end = 0
    for piece in pieces:
        data[end : end + piece.nnz] = piece.data
        indices[end : end + piece.nnz] = piece.indices
        indptr[row + 1 : row + 1 + piece.shape[0]] = piece.indptr[1:] + end
        row, end = row + piece.shape[0], end + piece.nnz
    return sparse.csr_array((data[:end], indices[:end], indptr), shape=shape)
