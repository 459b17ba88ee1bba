"""``analyze``: the steps of the method in order, readable from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cautions import plain_warnings
from analysis.contract import (
    STAGE_CLUSTER,
    STAGE_LABEL,
    STAGE_PREPROCESS,
    STAGE_REPRESENT,
    Document,
    EarlierRun,
    Guidance,
    Settings,
)
from analysis.findings import Findings, find_out
from analysis.fingerprint import id_order, in_order, input_fingerprint, versions
from analysis.frames import without_frames
from analysis.grouping import group
from analysis.identity import carry_over, moves
from analysis.outcome import Result
from analysis.placing import Placer, make_placer
from analysis.preprocessing import Preprocessor, Token
from analysis.progress import Progress, part, rising
from analysis.reporting import describe
from analysis.representing import Representer
from analysis.term_rows import Terms
from analysis.titles import read_titles
from analysis.token_rows import TokenRows
from analysis.vectorizing import content_terms
from analysis.whole_process import single_threaded, uncollected

Report = Callable[[str, float], None]

_SPAN = {
    STAGE_PREPROCESS: (0.0, 0.1),
    STAGE_REPRESENT: (0.1, 0.5),
    STAGE_CLUSTER: (0.5, 0.7),
    STAGE_LABEL: (0.7, 1.0),
}
"""Shares of the whole work at the begin and end of each stage: between those measured at 1,000, 10,000 and 1,000,000
texts, which differ by half."""

MAX_BACKGROUND = 20_000
"""Background texts read, drawn at random; more would cost more than the documents themselves."""

_TOLD_EVERY = 200
"""Texts between two words on the progress while tokenising."""


def analyze(
    documents: Iterable[Document],
    settings: Settings | None = None,
    guidance: Guidance | None = None,
    progress: Report | None = None,
    background: Iterable[str] = (),
) -> Result:
    """Group texts into themes without being told how many there are.

    Parameters
    ----------
    documents : iterable of Document
        In any order: it does not change the result.
    settings, guidance : optional
        Defaults are ``Settings()`` and ``Guidance()``.
    progress : callable(stage, share), optional
        ``stage`` is one of ``STAGES``, ``share`` the part of the whole work that is done, from 0 to 1, never
        falling. What it raises (``Cancelled``) ends the work and passes through.
    background : iterable of str
        Other texts of the installation about its city, a paragraph each: plans, earlier consultations. Only how
        their words keep company counts, for words that the documents hold, and the less the more documents
        there are. In any order; equal ones count once.

    Returns
    -------
    Result
        Also for no, few, equal, empty or foreign texts: then with plain warnings.

    Raises
    ------
    ValueError
        Two documents with one id; a document in two themes, or in a theme and set aside; two themes with one
        key; a pair of a document with itself; two earlier clusters with one key, or with a document in both.
    EmbeddingUnavailable
        A ValueError: the folder of the settings, or the package that reads it, is missing or broken.
    """
    return _analyze(documents, settings or Settings(), guidance or Guidance(), progress, background, lambda seen: None)


def analyze_with_placer(
    documents: Iterable[Document],
    settings: Settings | None = None,
    guidance: Guidance | None = None,
    progress: Report | None = None,
    background: Iterable[str] = (),
) -> tuple[Result, Placer]:
    """The same as `analyze`, and a placer that puts new texts among the clusters by their keys."""
    settings = settings or Settings()
    seen: list[_Seen] = []
    result = _analyze(documents, settings, guidance or Guidance(), progress, background, seen.append)
    groups = {cluster.key: [member.id for member in cluster.members] for cluster in result.clusters}
    return result, make_placer(seen[0].representer, seen[0].documents, seen[0].vectors, groups, settings)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a placer needs of the work; kept only where one is asked for."""

    representer: Representer
    documents: Sequence[Document]
    vectors: np.ndarray


def _analyze(
    documents: Iterable[Document],
    settings: Settings,
    guidance: Guidance,
    progress: Report | None,
    background: Iterable[str],
    keep: Callable[[_Seen], None],
) -> Result:
    report = rising(progress or _silent)
    ordered = in_order(documents)
    _check(ordered, guidance)
    kept = [document for document in ordered if document.id not in guidance.set_aside]
    local = sorted(set(background))
    fingerprint = input_fingerprint(ordered, settings, guidance, local)
    with single_threaded(), uncollected():
        found = _find(kept, local, settings, guidance, report, keep)
        described = describe(kept, found, _share_of(STAGE_LABEL, report, 0.8, 1.0))
    clusters = carry_over(described.clusters, guidance.earlier, [document.id for document in kept])
    loose = (document.id for document, label in zip(kept, found.labels.tolist(), strict=True) if label < 0)
    unassigned = tuple(sorted(loose, key=id_order))
    result = Result(
        clusters=clusters,
        unassigned=unassigned,
        set_aside=tuple(sorted(_present(ordered, guidance.set_aside), key=id_order)),
        quality=found.quality,
        warnings=plain_warnings(clusters, found.quality, found.n_wordless, settings, guidance),
        settings=settings,
        fingerprint=fingerprint,
        versions=versions(settings),
        moved=moves(clusters, unassigned, guidance),
        positions=described.positions,
    )
    report(STAGE_LABEL, 1.0)
    return result


def _find(
    documents: Sequence[Document],
    background: Sequence[str],
    settings: Settings,
    guidance: Guidance,
    report: Report,
    keep: Callable[[_Seen], None],
) -> Findings:
    """All that needs tokens and vectors, which are the largest part of the memory: they go when it is left."""
    tokens = _tokenize(documents, settings, _share_of(STAGE_PREPROCESS, report, 0.0, 0.8))
    tokens = without_frames(tokens, settings.seed, _share_of(STAGE_PREPROCESS, report, 0.8, 1.0))
    learning = _share_of(STAGE_REPRESENT, report)
    learning(0.0)
    representer = Representer(settings.seed, _background_terms(background, settings), settings.embedding_folder)
    said = representer.fit_represent(tokens, learning)
    keep(_Seen(representer, documents, said.vectors))
    clustering = _share_of(STAGE_CLUSTER, report)
    clustering(0.0)
    titled = read_titles(guidance.themes, settings, representer)
    grouping = group(documents, tokens, said, settings, guidance, titled, clustering)
    finding = _share_of(STAGE_LABEL, report, 0.0, 0.8)
    finding(0.0)
    return find_out(grouping, representer, settings, finding)


def _share_of(stage: str, report: Report, start: float = 0.0, end: float = 1.0) -> Progress:
    """Report the share of a stage, or of a part of it, as a share of the whole."""
    first, last = _SPAN[stage]
    return part(lambda share: report(stage, first + (last - first) * share), start, end)


def _silent(stage: str, share: float) -> None:
    pass


def _present(documents: Iterable[Document], ids: frozenset) -> list:
    return [document.id for document in documents if document.id in ids]


def _check(documents: Sequence[Document], guidance: Guidance) -> None:
    repeated = [key for key, count in Counter(document.id for document in documents).items() if count > 1]
    if repeated:
        raise ValueError(f"document ids must be unique; repeated: {sorted(map(str, repeated))[:5]}")
    if len({theme.key for theme in guidance.themes}) < len(guidance.themes):
        raise ValueError("theme keys must be unique")
    decided = Counter(member for theme in guidance.themes for member in set(theme.members))
    twice = [key for key, count in decided.items() if count > 1]
    if twice:
        raise ValueError(f"decided into two themes: {sorted(map(str, twice))[:5]}")
    both = guidance.set_aside & decided.keys()
    if both:
        raise ValueError(f"in a theme and set aside: {sorted(map(str, both))[:5]}")
    if any(first == second for first, second in guidance.apart):
        raise ValueError("a document cannot be kept apart from itself")
    if guidance.earlier is not None:
        _check_earlier(guidance.earlier)


def _check_earlier(earlier: EarlierRun) -> None:
    if len({cluster.key for cluster in earlier.clusters}) < len(earlier.clusters):
        raise ValueError("keys of earlier clusters must be unique")
    members = Counter(key for cluster in earlier.clusters for key in set(cluster.members))
    members.update(earlier.unassigned)
    twice = [key for key, count in members.items() if count > 1]
    if twice:
        raise ValueError(f"in two earlier clusters: {sorted(map(str, twice))[:5]}")


def _tokenize(documents: Sequence[Document], settings: Settings, progress: Progress) -> TokenRows:
    preprocessor = Preprocessor(settings.place_names)
    progress(0.0)

    def rows() -> Iterator[tuple[Token, ...]]:
        for number, document in enumerate(documents):
            if number % _TOLD_EVERY == 0:
                progress(number / len(documents))
            yield preprocessor.tokens(document.text)

    return TokenRows.of(rows())


def _background_terms(texts: Sequence[str], settings: Settings) -> list[Terms]:
    """Stems of the texts that may say anything about the company of words; a bounded number of them."""
    if len(texts) > MAX_BACKGROUND:
        chosen = np.random.default_rng(settings.seed).choice(len(texts), MAX_BACKGROUND, replace=False)
        texts = [texts[row] for row in np.sort(chosen)]
    preprocessor = Preprocessor(settings.place_names)
    return [terms for text in texts if len(terms := content_terms(preprocessor.tokens(text))) > 1]
