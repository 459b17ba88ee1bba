"""Where documents and clusters lie on a flat map that people can read.

Centres are laid out by classical scaling (Torgerson 1952) of their vectors and pushed apart until their circles do
not overlap; the members fill their circle in rings, the most typical in the middle, each ring in the order of the
direction in which its texts lean. A projection of the texts themselves would be one cloud: sixty dimensions of
meaning do not fit into two, but which group, how typical and next to which do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PUSH_ROUNDS = 200
GAP = 1.5
"""Between two circles, in distances of neighbouring documents."""

MAX_PUSHED = 400
"""Clusters above are laid out without pushing: a map of so many is read by zooming in, not by eye."""

DIGITS = 4

CHUNK = 20_000
"""Documents looked at once; bounds memory."""


def lay_out(
    vectors: np.ndarray, centroids: np.ndarray, rows_of: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions of documents and clusters.

    Parameters
    ----------
    vectors : ndarray of shape (n_documents, n_components)
    centroids : ndarray of shape (n_clusters, n_components)
    rows_of : sequence of int ndarrays
        Documents of each cluster, most typical first. The documents of none lie outside, in rings around all.

    Returns
    -------
    places : ndarray of shape (n_documents, 2)
    centres : ndarray of shape (n_clusters, 2)
    radii : ndarray of shape (n_clusters,)
        All within -1..1. The same input gives the same bytes: the larger side of each axis points right and up.
    """
    axes = _plane(centroids, vectors)
    radii = np.array([_outer_radius(len(rows)) for rows in rows_of])
    centres = _push_apart(_spread(centroids @ axes, radii), radii)
    places = np.zeros((len(vectors), 2))
    leaning = np.zeros((len(vectors), 2))
    for start in range(0, len(vectors), CHUNK):
        leaning[start : start + CHUNK] = vectors[start : start + CHUNK] @ axes
    for centre, rows in zip(centres, rows_of, strict=True):
        places[rows] = centre + _rings(leaning[rows] - leaning[rows].mean(axis=0) if len(rows) else leaning[rows])
    placed = np.concatenate([*rows_of, np.zeros(0, dtype=int)]).astype(int)
    outside = np.setdiff1d(np.arange(len(vectors)), placed)
    reach = (np.hypot(*centres.T) + radii).max(initial=0.0)
    places[outside] = _rings(leaning[outside], first=int(np.ceil(reach)) + 2 if len(placed) else 0)
    scale = max(1.0, np.hypot(*places.T).max(initial=0.0), (np.hypot(*centres.T) + radii).max(initial=0.0))
    return np.round(places / scale, DIGITS), np.round(centres / scale, DIGITS), np.round(radii / scale, DIGITS)


def _plane(centroids: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Two directions, shape (n_components, 2), along which the centres differ most; of the texts where there are
    fewer than three centres. Signs fixed so that the largest part of each is positive."""
    points = centroids if len(centroids) > 2 else vectors[:2_000]
    axes = np.zeros((vectors.shape[1] if vectors.ndim == 2 else centroids.shape[1], 2))
    if len(points) > 1:
        _, strength, right = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
        for column in range(min(2, len(right))):
            if strength[column] > 1e-9:
                largest = np.argmax(np.abs(np.round(right[column], 9)))
                axes[:, column] = right[column] * np.sign(right[column, largest])
    return axes


def _outer_radius(n_members: int) -> float:
    """Radius of the ring in which the last of so many documents lies, half a document wider."""
    ring = 0
    while 1 + 3 * ring * (ring + 1) < n_members:
        ring += 1
    return ring + 0.5


def _spread(flat: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Centres scaled so that the area they span has room for all circles."""
    if len(flat) < 2:
        return np.zeros_like(flat)
    flat = flat - flat.mean(axis=0)
    room = 1.5 * np.sqrt((radii**2).sum())
    size = np.hypot(*flat.T).max()
    if size < 1e-9:  # all centres alike: on a circle
        angle = 2 * np.pi * np.arange(len(flat)) / len(flat)
        return room * np.column_stack([np.cos(angle), np.sin(angle)])
    return flat * (room / size)


def _push_apart(centres: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Move overlapping circles away from each other, half the overlap each, until none overlap or rounds are over."""
    n_clusters = len(centres)
    if n_clusters < 2 or n_clusters > MAX_PUSHED:
        return centres
    least = radii[:, None] + radii[None, :] + GAP
    np.fill_diagonal(least, 0.0)
    tie = 2 * np.pi * np.arange(n_clusters) / n_clusters  # equal centres part in fixed directions
    centres = centres + 1e-3 * np.column_stack([np.cos(tie), np.sin(tie)])
    for _ in range(PUSH_ROUNDS):
        apart = centres[:, None, :] - centres[None, :, :]
        distance = np.hypot(apart[..., 0], apart[..., 1])
        overlap = np.maximum(least - distance, 0.0)
        if overlap.max() < 1e-3:
            break
        direction = apart / np.maximum(distance, 1e-9)[..., None]
        centres = centres + 0.5 * (overlap[..., None] * direction).sum(axis=1)
    return centres - centres.mean(axis=0)


def _rings(leaning: np.ndarray, first: int = 0) -> np.ndarray:
    """Places around 0, one document a place: ring r has room for 6 r, each ring ordered by direction.

    Parameters
    ----------
    leaning : ndarray of shape (n, 2)
        In the order from the inside out; their direction orders each ring.
    first : int
        The innermost ring; 0 begins with one document in the middle.
    """
    places = np.zeros((len(leaning), 2))
    angles = np.round(np.arctan2(leaning[:, 1], leaning[:, 0]), 9)
    start, ring = 0, first
    while start < len(leaning):
        count = min(max(1, 6 * ring), len(leaning) - start)
        order = start + np.argsort(angles[start : start + count], kind="stable")
        turn = -np.pi + 2 * np.pi * (np.arange(count) + 0.5) / count
        places[order] = ring * np.column_stack([np.cos(turn), np.sin(turn)])
        start, ring = start + count, ring + 1
    return places
