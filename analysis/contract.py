"""The plain values that go in at the door of ``analysis``, frozen, free of numpy; those that come out: ``outcome``."""

from __future__ import annotations

from dataclasses import dataclass

DocumentId = str | int

STAGE_PREPROCESS = "preprocess"
STAGE_REPRESENT = "represent"
STAGE_CLUSTER = "cluster"
STAGE_LABEL = "label"
STAGES = (STAGE_PREPROCESS, STAGE_REPRESENT, STAGE_CLUSTER, STAGE_LABEL)
"""The stages in the order in which ``progress`` reports them."""


class Cancelled(Exception):
    """Raised by a ``progress`` callback to stop the work; it passes through ``analyze`` unchanged."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text as a person wrote it. ``id`` is opaque to the analysis and unique within one call."""

    id: DocumentId
    text: str


MAX_SEED = 2**32 - 1
"""The largest that NumPy's random state takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set. Equal settings, texts and seed give equal results.

    Attributes
    ----------
    seed : int, from 0 to ``MAX_SEED``
        Start of every random choice.
    granularity : float, greater than 0
        Below 1 fewer and broader themes, above 1 more and finer ones. Sensible between 0.5 and 3.
    place_names : tuple of str
        Names of areas and streets in the city, of one or more words. They never make or name a theme.
    min_documents : int, at least 2
        With fewer texts than this (set aside not counted) nothing is grouped: a person reads them faster.
        Members of themes stay in their themes all the same.
    max_clusters : int or None
        Upper limit on the number of clusters, theirs included that people made; None for no limit.
    embedding_folder : str or None
        Folder with a local model of word meanings (model2vec); None for none. What it holds counts, not where it is.
    """

    seed: int = 0
    granularity: float = 1.0
    place_names: tuple[str, ...] = ()
    min_documents: int = 12
    max_clusters: int | None = None
    embedding_folder: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"seed must be from 0 to {MAX_SEED}")
        if not 0 < self.granularity < float("inf"):
            raise ValueError("granularity must be a number above 0")
        if self.min_documents < 2:
            raise ValueError("min_documents must be at least 2")
        if self.max_clusters is not None and self.max_clusters < 1:
            raise ValueError("max_clusters must be at least 1")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme that people made, with the documents that they decided to be in it.

    ``title`` is what people call it, in their words; it speaks for the theme beside its members. Empty for none. A
    theme with a title may have no members, as those of the plan under revision: documents join it where it is surely
    meant.
    """

    key: str
    members: tuple[DocumentId, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class EarlierCluster:
    """A cluster of an earlier run: its key, label and members then, and the theme that it continued, if any."""

    key: str
    label: str
    members: tuple[DocumentId, ...]
    theme_key: str | None = None


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier run over some of the same documents.

    Attributes
    ----------
    clusters : tuple of EarlierCluster
        With different keys. A document is in one of them at most; ids that are gone since are ignored.
    unassigned : frozenset of ids
        Read by the earlier run and in no cluster of it.
    changed : frozenset of ids
        Documents whose text has been changed since.
    """

    clusters: tuple[EarlierCluster, ...]
    unassigned: frozenset[DocumentId] = frozenset()
    changed: frozenset[DocumentId] = frozenset()


@dataclass(frozen=True, slots=True)
class Guidance:
    """What people decided. The analysis obeys it to the letter.

    Attributes
    ----------
    themes : tuple of Theme
        A member of a theme stays in the cluster with that ``theme_key``, with confidence 1.
        Undecided documents may join. Ids that are not among the documents are ignored (withdrawn texts).
    set_aside : frozenset of ids
        Never clustered; they come back in ``Result.set_aside``.
    apart : tuple of (id, id)
        Pairs that must not share a cluster. A pair that both were decided into one theme stays there
        (membership is the stronger decision) and gives a warning.
    earlier : EarlierRun or None
        What an earlier run proposed. It moves no document: clusters that continue an earlier one keep its key, and
        ``Result.moved`` tells what lies elsewhere now.
    """

    themes: tuple[Theme, ...] = ()
    set_aside: frozenset[DocumentId] = frozenset()
    apart: tuple[tuple[DocumentId, DocumentId], ...] = ()
    earlier: EarlierRun | None = None
