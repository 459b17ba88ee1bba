"""Themes that people made take over the groups that were found without them."""

from __future__ import annotations

import numpy as np

FREE = -1
"""Owner of a text that nobody decided."""

SURE_FROM, SURE_SHARE = 2, 0.8
"""Decided texts from which, and share of a group's decided texts from which, one more group joins a theme: two agree
seldom by chance. With three, a merge helps reviews less."""


def claim(found: np.ndarray, nearness: np.ndarray, owners: np.ndarray, n_owners: int) -> np.ndarray:
    """What becomes of each group, shape (n_groups,): n_owners + g for group g, or the owner that takes it over.

    A group is won by the owner with most decided texts in it, of equal ones by the nearer. An owner takes over the
    won group where it is strongest, and every other one that holds texts of almost no other owner: so a few texts
    that people put into one theme join whole groups, while a stray text takes nothing but itself along.

    Parameters
    ----------
    found : int ndarray of shape (n_documents,)
        Group of each document, found without owners; negative for none.
    nearness : ndarray of shape (n_documents,)
        Cosine of each document to the centre of its group.
    owners : int ndarray of shape (n_documents,)
        From 0 on, ``FREE`` where nobody decided.
    n_owners : int
        Those without a decided text included: they take nothing.
    """
    n_groups = int(found.max(initial=-1)) + 1
    counts = np.zeros((n_owners, n_groups))
    near = np.zeros_like(counts)
    rows = np.flatnonzero((owners != FREE) & (found >= 0))
    np.add.at(counts, (owners[rows], found[rows]), 1)
    np.add.at(near, (owners[rows], found[rows]), nearness[rows])
    strength = counts + np.round(near, 9) / (1 + len(rows))  # nearness only decides between equal counts
    winner = np.where(counts.any(axis=0), strength.argmax(axis=0), FREE)
    taken = np.arange(n_owners, n_owners + n_groups)
    for owner in range(n_owners):
        won = np.flatnonzero(winner == owner)
        if len(won):
            sure = (counts[owner, won] >= SURE_FROM) & (counts[owner, won] >= SURE_SHARE * counts[:, won].sum(axis=0))
            taken[won[sure]] = owner
            taken[won[strength[owner, won].argmax()]] = owner
    return taken


def after_claims(found: np.ndarray, taken: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels in which the owners go before the groups, decided texts with their owners; and which of them were moved.

    Moved is a decided text that was found elsewhere than in what its owner took over.
    """
    follows = np.append(taken, FREE)[found]  # the appended one stands for no group
    return np.where(owners == FREE, follows, owners), (owners != FREE) & (follows != owners)
