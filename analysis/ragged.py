"""Rows of different lengths as one array, row after row, and where each of them starts."""

from __future__ import annotations

import numpy as np


def take(numbers: np.ndarray, starts: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some of the rows, in the order given.

    Parameters
    ----------
    numbers : ndarray of shape (n_cells,)
    starts : int ndarray of shape (n_rows + 1,)
        Where each row starts in ``numbers``, and where the last one ends.
    rows : int ndarray
    """
    lengths = starts[rows + 1] - starts[rows]
    taken = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    places = np.arange(taken[-1]) + np.repeat(starts[rows] - taken[:-1], lengths)
    return numbers[places], taken


def keep(numbers: np.ndarray, starts: np.ndarray, is_kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same rows with some of their cells only; ``starts`` begins at 0, ``is_kept`` is as long as ``numbers``."""
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(is_kept)])
    return numbers[is_kept], before[starts]
