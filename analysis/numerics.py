"""Rows of length 1, rows that sum to 1, rows of cells, the largest cells of rows, rows stacked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

DIGITS = 9
"""Digits after the point to which sums of the same numbers in another order agree."""

PARTS_PER_LARGEST = 3
"""Parts into which a long row is cut for each cell that is wanted; 2 and 4 take as long."""

LEAST_PART = 5
"""Cells of such a part: shorter rows are sooner looked through whole."""


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; rows of length 0 stay. As scikit-learn's normalize, without its checks (1 ms)."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return rows / np.where(lengths > 0, lengths, 1)[:, None]


def row_of_cells(matrix: sparse.csr_array) -> np.ndarray:
    """Row of each cell that is kept, in their order."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def unit_sparse_rows(rows: sparse.csr_array) -> sparse.csr_array:
    """The same for a sparse matrix."""
    of_cell = row_of_cells(rows)
    lengths = np.sqrt(np.bincount(of_cell, rows.data**2, minlength=rows.shape[0]))
    scaled = rows.copy()
    scaled.data /= lengths[of_cell]
    return scaled


def row_shares(rows: sparse.csr_array) -> sparse.csr_array:
    """Rows of values of at least 0 scaled to a sum of 1; empty rows stay."""
    of_cell = row_of_cells(rows)
    shares = rows.copy()
    shares.data /= np.bincount(of_cell, rows.data, minlength=rows.shape[0])[of_cell]
    return shares


def largest_of_rows(rows: np.ndarray, limit: int) -> np.ndarray:
    """Which cells are the ``limit`` largest of their row, of equal ones the first; bool, shape of ``rows``.

    Found by selection, not by sorting whole rows. Rounding makes ties of equal texts real ties. Most rows are decided
    by numbers of half the length; exactly compared are those where they leave more cells than are wanted.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns)
    limit : int, from 1 to n_columns
    """
    border = _border(rows.astype(np.float32), limit).astype(float)
    is_large = rows >= (border - np.abs(border) * np.finfo(np.float32).eps - 2 * 10.0**-DIGITS)[:, None]
    unsure = np.flatnonzero(np.count_nonzero(is_large, axis=1) > limit)
    if len(unsure):
        is_large[unsure] = _largest_exactly(np.round(rows[unsure], DIGITS), limit)
    return is_large


def _border(rows: np.ndarray, limit: int) -> np.ndarray:
    """The smallest of the ``limit`` largest cells of each row, shape (n_rows,).

    Long rows are cut into parts first: so many of the largest cells of parts are a lower bound, and few cells are
    above it.
    """
    n_parts = PARTS_PER_LARGEST * limit
    size = rows.shape[1] // n_parts
    if size >= LEAST_PART:
        parts = rows[:, : size * n_parts].reshape(len(rows), size, n_parts)
        is_above = rows >= _border(parts.max(axis=1), limit)[:, None]
        n_above = np.count_nonzero(is_above, axis=1)
        above = np.full((len(rows), n_above.max(initial=limit)), -np.inf, dtype=rows.dtype)
        above[np.arange(above.shape[1]) < n_above[:, None]] = rows[is_above]
        rows = above
    # Counted from the largest: from the other end, many equal cells (0) take up to five times as long.
    return -np.partition(-rows, limit - 1, axis=1)[:, limit - 1]


def _largest_exactly(rows: np.ndarray, limit: int) -> np.ndarray:
    border = _border(rows, limit)[:, None]
    is_larger, is_equal = rows > border, rows == border
    n_equal = limit - np.count_nonzero(is_larger, axis=1)
    return is_larger | (is_equal & (np.cumsum(is_equal, axis=1) <= n_equal[:, None]))


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
