"""The plain values that cross the door of ``analysis``: frozen, comparable, free of numpy."""

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
    """A theme that people made, with the documents that they decided to be in it."""

    key: str
    members: tuple[DocumentId, ...]


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
    """

    themes: tuple[Theme, ...] = ()
    set_aside: frozenset[DocumentId] = frozenset()
    apart: tuple[tuple[DocumentId, DocumentId], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A document in a cluster.

    ``confidence`` lies in 0..1: how much nearer the document is to this cluster than to the next one.
    0 means that it could as well be elsewhere; 1 that no other cluster is near, or that people decided.
    """

    id: DocumentId
    confidence: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """A proposed group ("kelompok usulan"): evidence, never edited.

    Attributes
    ----------
    key : str
        Unique within the result; made from the member ids, so the same group keeps its key.
    theme_key : str or None
        Key of the theme that people made, when this cluster continues one.
    members : tuple of Member
        Surest first.
    label : str
        Words that occur in the texts, as they are written there; where people word their theme too differently
        for that, the name of the concept that they share.
    phrases : tuple of up to 3 str
        Words that occur in the texts, as they are written there.
    quotes : tuple of up to 3 ids
        Documents that say it best, best first.
    cohesion : float in -1..1
        Mean cosine similarity of the members to the centre of the cluster; above 0.6 is tight.
    is_mixed : bool
        True when cohesion is so low that a person should look before using the cluster ("campuran").
    dimensions : tuple of up to 3 (code, confidence)
        Suggested sub-dimensions ("environment.waste"), best first, with the share of the members' meaning that
        lies there (0..1); above 0.5 a planner will hardly object.
    """

    key: str
    theme_key: str | None
    members: tuple[Member, ...]
    label: str
    phrases: tuple[str, ...]
    quotes: tuple[DocumentId, ...]
    cohesion: float
    is_mixed: bool
    dimensions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """Numbers on the whole result.

    Attributes
    ----------
    n_documents, n_clusters : int
    coverage : float in 0..1
        Share of the documents (set aside excluded) that are in a cluster.
    cohesion : float in -1..1
        Mean over clustered documents of the cosine similarity to their cluster's centre.
    separation : float in -1..1
        Simplified silhouette: own centre against the nearest other centre, in cosine distances.
        1 = far apart, 0 = touching, below 0 = overlapping.
    """

    n_documents: int
    n_clusters: int
    coverage: float
    cohesion: float
    separation: float


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - the plain name is taken by a built-in class
    """Something a person should know. ``code`` is for programs, ``message`` is Indonesian for people.

    ``count`` is the number in the message (texts, clusters, pairs, or per cent for ``many_unassigned``), so that
    a caller can say it in another language.
    """

    code: str
    message: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What ``analyze`` returns. Every input id is in exactly one of clusters, unassigned, set_aside.

    ``clusters`` are ordered by size, largest first, then by key. ``fingerprint`` is a SHA-256 over texts, ids,
    settings, guidance and the version of the method: equal fingerprints mean equal results.
    """

    clusters: tuple[Cluster, ...]
    unassigned: tuple[DocumentId, ...]
    set_aside: tuple[DocumentId, ...]
    quality: Quality
    warnings: tuple[Warning_, ...]
    settings: Settings
    fingerprint: str
    versions: tuple[tuple[str, str], ...]
