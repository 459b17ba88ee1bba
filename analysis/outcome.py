"""The plain values that come out at the door of ``analysis``: frozen, comparable, free of numpy."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.contract import DocumentId, Settings


@dataclass(frozen=True, slots=True)
class Member:
    """A document in a cluster.

    Attributes
    ----------
    id : DocumentId
    confidence : float in 0..1
        How much nearer the document is to this cluster than to the next one. 0 means that it could as well be
        elsewhere; 1 that no other cluster is near, or that people decided.
    words : tuple of up to 5 str
        Words and phrases of the text, as written, that spoke for this cluster, loudest first; empty where none did.
        Among more than 50,000 documents only the most typical have words and ``approach``.
    approach : (code, confidence) or None
        What the text answers with: ``technology``, ``non_technology`` or ``combined``, with a confidence in 0..1;
        None where it names no answer.
    dimension : (code, confidence) or None
        The sub-dimension ("environment.waste") in which most of its meaning lies, with that share (0..1).
    """

    id: DocumentId
    confidence: float
    words: tuple[str, ...] = ()
    approach: tuple[str, float] | None = None
    dimension: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A part of a cluster on the second level: ``members`` share something that the others do not.

    ``key`` is made from the member ids. ``label`` is made like that of a cluster.
    """

    key: str
    label: str
    members: tuple[DocumentId, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A proposed group ("kelompok usulan"): evidence, never edited.

    Attributes
    ----------
    key : str
        Unique within the result; that of the earlier cluster which this one continues, else made from the member
        ids, so that the same group keeps its key.
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
    stability : float in 0..1
        How much of the cluster comes back when a part of the texts is left out, mean Jaccard similarity: from 0.75
        on it stands firm, below 0.6 another hall could have given another group. 0 where nothing was grouped.
    sub_themes : tuple of SubTheme
        Second level, largest first; empty for small or even clusters. Members may be in none of them.
    approach : (code, confidence) or None
        As ``Member.approach``, over the members that name an answer.
    position : (x, y), each in -1..1
        Centre on the map; ``radius`` reaches to its outermost member.
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
    stability: float = 0.0
    sub_themes: tuple[SubTheme, ...] = ()
    approach: tuple[str, float] | None = None
    position: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0


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
class Move:
    """A document that lies elsewhere than in the earlier run, and why.

    Attributes
    ----------
    id : DocumentId
    before, after : str or None
        Key of the earlier cluster and of the one now; None for no cluster.
    code : str
        ``decided`` (people put it there), ``new`` (the earlier run has not read it), ``text_changed``,
        ``no_longer_fits``, ``joined_theme`` (drawn to a theme that people made), ``was_unassigned``, ``dissolved``
        (its cluster is gone), ``nearer`` (its cluster is still there, but another lies nearer). The first that holds.
    words : tuple of str
        Words of the text that spoke for its place now.
    message : str
        The reason in Indonesian for people.
    """

    id: DocumentId
    before: str | None
    after: str | None
    code: str
    words: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What ``analyze`` returns. Every input id is in exactly one of clusters, unassigned, set_aside.

    ``clusters`` are ordered by size, largest first, then by key. ``fingerprint`` is a SHA-256 over texts, ids,
    settings, guidance and the version of the method: equal fingerprints mean equal results,
    but for keys and ``moved``, which also depend on ``Guidance.earlier``.

    ``moved`` is in the order of ids; empty without ``Guidance.earlier``. ``positions`` gives (id, x, y) in -1..1 of
    every document that is not set aside, in the order of ids: near neighbours share a cluster, the surest members lie
    in its middle, clusters alike lie near each other as far as a plane allows; unassigned documents lie outside.
    Only nearness means anything, not left or right.
    """

    clusters: tuple[Cluster, ...]
    unassigned: tuple[DocumentId, ...]
    set_aside: tuple[DocumentId, ...]
    quality: Quality
    warnings: tuple[Warning_, ...]
    settings: Settings
    fingerprint: str
    versions: tuple[tuple[str, str], ...]
    moved: tuple[Move, ...] = ()
    positions: tuple[tuple[DocumentId, float, float], ...] = ()
