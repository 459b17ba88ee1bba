"""What people call a theme speaks for it, as a text does that they put there; it is no text and joins no group.

So a theme may be there before any text: those of the plan under revision. It takes over a group, or gathers texts of
several, only where its title is surely meant: a plan has more themes than a forum speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.claiming import FREE, claim
from analysis.contract import Settings, Theme
from analysis.mixture import MIN_SIMILARITY, word_presence
from analysis.preprocessing import Preprocessor, Token
from analysis.representing import Representer
from analysis.vectorizing import content_terms

LEAST_LIKENESS = 0.6
"""Cosine to the title of a theme without texts from which a group, or a text, is one of it. With 0.5 titles from
another field gather a third to a half of the texts, with 0.6 a sixth to two fifths; from 0.65 on true ones are missed.
"""

NEARER = 0.1
"""Cosine by which a title is nearer to another group before it is not heard here, and before the only text of its theme
here is a stray: then neither takes anything over. Some titles are near to much ("Air panas di kamar mandi" to all that
guests write of bathrooms). Not to hear them elsewhere gives 0.3 more with forty decided texts (24 samples of five sets;
0.2 gives half of that), strays 0.2 more with ten, and groups hold 0.01 to 0.03 more of what they are called. Where more
than one text of a theme lies, they know better: with all of them as strays forty give 0.3 less."""

LEAST_TEXTS = 3
"""Texts nearer to such a title than to their own group that begin one with it. If no title may begin a group, those of
the demo give 0.6 points instead of 3."""


@dataclass(frozen=True, slots=True)
class Titled:
    """Themes with a title in which something is said, in the order of their keys.

    Attributes
    ----------
    keys : tuple of str
    tokens : sequence of the same length
    vectors : ndarray of shape (n_titles, n_components)
        The titles as `representer` sees texts: rows of length 1, or 0.
    """

    keys: tuple[str, ...]
    tokens: Sequence[Sequence[Token]]
    vectors: np.ndarray


def read_titles(themes: Iterable[Theme], settings: Settings, representer: Representer) -> Titled:
    """See the titles of themes as texts are seen; those without a word of content say nothing and are left out."""
    preprocessor = Preprocessor(settings.place_names)
    read = ((theme.key, preprocessor.tokens(theme.title)) for theme in sorted(themes, key=lambda theme: theme.key))
    telling = [(key, tokens) for key, tokens in read if content_terms(tokens)]
    said = [tokens for _, tokens in telling]
    return Titled(tuple(key for key, _ in telling), said, representer.transform(said))


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles beside the texts among which groups are sought.

    Attributes
    ----------
    owners : int ndarray of shape (n_titles,)
        The theme of each, ascending: no theme has two.
    vectors : ndarray of shape (n_titles, n_components)
    words : csr_array of shape (n_titles, n_words)
        In the columns of the texts.
    """

    owners: np.ndarray
    vectors: np.ndarray
    words: sparse.csr_array

    @classmethod
    def none(cls, n_components: int, n_words: int) -> Titles:
        """Where no theme has one."""
        return cls(np.zeros(0, dtype=int), np.zeros((0, n_components)), sparse.csr_array((0, n_words)))

    def taken(self, rows: np.ndarray) -> Titles:
        """Some of them."""
        return Titles(self.owners[rows], self.vectors[rows], self.words[rows])


def word_rows(
    texts: Sequence[Sequence[Token]], titled: Titled, theme_keys: Sequence[str]
) -> tuple[sparse.csr_array, Titles]:
    """Which words the texts hold (`analysis.mixture.word_presence`), and the titles of ``theme_keys`` in the same."""
    owner_of = {key: owner for owner, key in enumerate(theme_keys)}
    rows = [row for row, key in enumerate(titled.keys) if key in owner_of]
    words = word_presence([*texts, *(titled.tokens[row] for row in rows)] if rows else texts)
    n_texts = len(texts)
    owners = np.array([owner_of[titled.keys[row]] for row in rows], dtype=int)
    return words[:n_texts], Titles(owners, titled.vectors[rows], words[n_texts:])


def claim_by_titles(
    found: np.ndarray, nearness: np.ndarray, owners: np.ndarray, centroids: np.ndarray, titles: Titles, n_owners: int
) -> np.ndarray:
    """`analysis.claiming.claim`, where every group also hears the title that it is nearest to, as one decided text.

    A title that is clearly nearer to another group is not heard. A text that lies alone in a group of which the title
    of its theme says nothing counts for nothing there: whoever puts it into "Bau" from among those on hot water does
    not mean hot water. Between equal counts the group of the title goes before that of a text. Asked the other way
    round, which group is nearest to each title, gains up to a third of an AMI point less (five sets, ten decided texts
    of 300).

    Parameters
    ----------
    found, nearness, owners : ndarrays of shape (n_documents,)
    centroids : ndarray of shape (n_groups, n_components)
    n_owners : int
    """
    if not len(titles.owners):
        return claim(found, nearness, owners, n_owners)
    likeness = np.round(centroids @ titles.vectors.T, 9)
    is_at_home = likeness >= likeness.max(axis=0) - NEARER
    settled = np.where(_strays(found, owners, is_at_home | (likeness >= LEAST_LIKENESS), titles), FREE, owners)
    least = np.where(np.isin(titles.owners, owners), MIN_SIMILARITY, LEAST_LIKENESS)
    likeness = np.where((likeness >= least) & is_at_home, likeness, -1.0)
    heard = np.flatnonzero(likeness.max(axis=1) >= 0)
    nearest = likeness[heard].argmax(axis=1)
    return claim(
        np.concatenate([found, heard]),
        np.concatenate([nearness, 1 + likeness[heard, nearest]]),  # before any text of equal count
        np.concatenate([settled, titles.owners[nearest]]),
        n_owners,
    )


def _strays(found: np.ndarray, owners: np.ndarray, fits: np.ndarray, titles: Titles) -> np.ndarray:
    """Which decided texts lie, alone of their theme, in a group that its title does not fit; bool, (n_documents,).

    ``fits`` tells it of each group and title, shape (n_groups, n_titles): the title is near, or to no other nearer.
    """
    rows = np.flatnonzero((found >= 0) & np.isin(owners, titles.owners))
    title = np.searchsorted(titles.owners, owners[rows])
    theme_and_group = owners[rows] * len(fits) + found[rows]
    _, place, together = np.unique(theme_and_group, return_inverse=True, return_counts=True)
    is_stray = np.zeros(len(found), dtype=bool)
    is_stray[rows] = (together[place] == 1) & ~fits[found[rows], title]
    return is_stray


def that_speak(
    titles: Titles,
    vectors: np.ndarray,
    nearness: np.ndarray,
    owners: np.ndarray,
    taken: np.ndarray,
    may_begin: bool = True,
) -> Titles:
    """Titles of themes that have texts or took over a group, and those that some texts are nearer to than to their own.

    The latter begin new groups, unless they may not.

    Parameters
    ----------
    vectors : ndarray of shape (n_documents, n_components)
    nearness, owners : ndarrays of shape (n_documents,)
        Cosine of each document to the centre of its group; as in `claim_by_titles`.
    taken : ndarray of shape (n_groups,)
        What that one gave.
    """
    is_held = np.isin(titles.owners, np.concatenate([owners, taken]))
    is_near = np.round(vectors @ titles.vectors.T, 9) >= np.maximum(nearness, LEAST_LIKENESS)[:, None]
    begins = may_begin & (np.count_nonzero(is_near, axis=0) >= LEAST_TEXTS)
    return titles.taken(np.flatnonzero(is_held | begins))
