"""``analyze``: the steps of the method in order, readable from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

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
from analysis.fingerprint import document_order, id_order, input_fingerprint, versions
from analysis.grouping import group
from analysis.identity import carry_over, moves
from analysis.numerics import single_threaded
from analysis.outcome import Result
from analysis.placing import Placer, make_placer
from analysis.preprocessing import Preprocessor, Token
from analysis.reporting import describe, measure
from analysis.representing import Representation, Representer
from analysis.vectorizing import Terms, content_terms

Progress = Callable[[str, float], None]

_DONE_AFTER = {STAGE_PREPROCESS: 0.4, STAGE_REPRESENT: 0.6, STAGE_CLUSTER: 0.85, STAGE_LABEL: 1.0}
"""Share of the whole work done at the end of a stage; measured roughly at 1,000 texts."""

MAX_BACKGROUND = 20_000
"""Background texts read, drawn at random; more would cost more than the documents themselves."""

_REPORT_EVERY = 200
"""Texts between two reports of progress while tokenising."""


def analyze(
    documents: Iterable[Document],
    settings: Settings | None = None,
    guidance: Guidance | None = None,
    progress: Progress | None = None,
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
    return _analyze(documents, settings or Settings(), guidance or Guidance(), progress, background)[0]


def analyze_with_placer(
    documents: Iterable[Document],
    settings: Settings | None = None,
    guidance: Guidance | None = None,
    progress: Progress | None = None,
    background: Iterable[str] = (),
) -> tuple[Result, Placer]:
    """The same as `analyze`, and a placer that puts new texts among the clusters by their keys."""
    settings = settings or Settings()
    result, representer, kept, said = _analyze(documents, settings, guidance or Guidance(), progress, background)
    groups = {cluster.key: [member.id for member in cluster.members] for cluster in result.clusters}
    return result, make_placer(representer, kept, said.vectors, groups, settings)


def _analyze(
    documents: Iterable[Document],
    settings: Settings,
    guidance: Guidance,
    progress: Progress | None,
    background: Iterable[str],
) -> tuple[Result, Representer, list[Document], Representation]:
    report = progress or _silent
    ordered = sorted(documents, key=document_order)
    _check(ordered, guidance)
    kept = [document for document in ordered if document.id not in guidance.set_aside]
    local = sorted(set(background))
    fingerprint = input_fingerprint(ordered, settings, guidance, local)
    with single_threaded():
        tokens = _tokenize(kept, settings, report)
        report(STAGE_REPRESENT, _DONE_AFTER[STAGE_PREPROCESS])
        representer = Representer(settings.seed, _background_terms(local, settings), settings.embedding_folder)
        said = representer.fit(tokens).represent(tokens, _within(STAGE_REPRESENT, STAGE_PREPROCESS, report))
        report(STAGE_CLUSTER, _DONE_AFTER[STAGE_REPRESENT])
        grouping = group(kept, tokens, said, settings, guidance)
        report(STAGE_LABEL, _DONE_AFTER[STAGE_CLUSTER])
        described = describe(grouping, representer, settings)
        quality = measure(grouping)
    report(STAGE_LABEL, 1.0)
    clusters = carry_over(described.clusters, guidance.earlier, [document.id for document in kept])
    loose = (document.id for document, label in zip(kept, grouping.labels, strict=True) if label < 0)
    unassigned = tuple(sorted(loose, key=id_order))
    result = Result(
        clusters=clusters,
        unassigned=unassigned,
        set_aside=tuple(sorted(_present(ordered, guidance.set_aside), key=id_order)),
        quality=quality,
        warnings=plain_warnings(grouping, clusters, quality, settings, guidance),
        settings=settings,
        fingerprint=fingerprint,
        versions=versions(settings),
        moved=moves(clusters, unassigned, guidance),
        positions=described.positions,
    )
    return result, representer, kept, said


def _within(stage: str, before: str, report: Progress) -> Callable[[float], None]:
    """Report the share of a stage as a share of the whole."""
    start, end = _DONE_AFTER[before], _DONE_AFTER[stage]
    return lambda share: report(stage, start + (end - start) * share)


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


def _tokenize(documents: Sequence[Document], settings: Settings, report: Progress) -> list[tuple[Token, ...]]:
    preprocessor = Preprocessor(settings.place_names)
    tokens = []
    for number, document in enumerate(documents):
        if number % _REPORT_EVERY == 0:
            report(STAGE_PREPROCESS, _DONE_AFTER[STAGE_PREPROCESS] * number / len(documents))
        tokens.append(preprocessor.tokens(document.text))
    return tokens


def _background_terms(texts: Sequence[str], settings: Settings) -> list[Terms]:
    """Stems of the texts that may say anything about the company of words; a bounded number of them."""
    if len(texts) > MAX_BACKGROUND:
        chosen = np.random.default_rng(settings.seed).choice(len(texts), MAX_BACKGROUND, replace=False)
        texts = [texts[row] for row in np.sort(chosen)]
    preprocessor = Preprocessor(settings.place_names)
    return [terms for text in texts if len(terms := content_terms(preprocessor.tokens(text))) > 1]
