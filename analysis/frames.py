"""Openings and closings that recur in many texts about different things: no theme is in them.

Whoever reports often writes the same first and last words each time ("laporan titipan warga perumahan, izin
meneruskan", "dikirim lewat kanal aduan"). No list holds them, but the texts do: a run of words at the beginning or
the end of many texts is a frame when the rest of these texts is no more alike than that of texts at large. Where a
theme begins alike ("lampu jalan mati di …"), the rest is mostly alike too, and the run stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from analysis.numerics import unit_sparse_rows
from analysis.preprocessing import MAX_CACHED_WORDS, Token
from analysis.progress import Progress, part, told, untold
from analysis.term_rows import TermRows
from analysis.token_rows import TokenRows

Run = tuple[str, ...]

LENGTHS = range(3, 13)
"""Words of a run: two meet by chance too often, and after twelve the next piece is no greeting any more."""

MIN_TEXTS = 5
MIN_SHARE = 0.05
"""A run counts as recurring in at least 5 texts and in one of twenty. At one of a hundred the openings of a theme of
which two fifths of the texts begin alike were taken for frames (AMI 75 instead of 80, docs/analysis-measured.md); a
rarer frame makes at most a small theme."""

MIN_REST = 3
"""Words with a theme that texts must have left in the mean: what is a text's whole matter is no frame."""

MOST_ALIKE = 2.0
"""How alike the rests of a frame's texts may be, as a multiple of the likeness of all texts. At 1.5 fewer openings that
belong to a theme are taken for frames (a fifth instead of a third), but at 60 texts a seventh of the words of frames
stays instead of a twentieth: 50 instead of 63 AMI (measured, see docs/analysis-measured.md)."""

MAX_LEARNING = 20_000
"""Texts among which frames are looked for; of more a sample is drawn."""

_NUMBER = "#"
"""Dates and ticket numbers are another each time."""


def without_frames(texts: TokenRows, random_state: int = 0, progress: Progress = untold) -> TokenRows:
    """The same texts, the words of frames without stem and root: they neither make nor name a theme."""
    n_texts = len(texts)
    chosen = np.arange(n_texts)
    if n_texts > MAX_LEARNING:
        chosen = np.sort(np.random.default_rng(random_state).choice(n_texts, MAX_LEARNING, replace=False))
    learnt = list(texts.taken(chosen)) if n_texts >= MIN_TEXTS else []
    progress(0.0)
    openings = find_frames(learnt)
    progress(0.3)
    closings = find_frames([row[::-1] for row in learnt])
    if not openings and not closings:
        return texts
    return TokenRows.of(_muted(row, openings, closings) for row in told(part(progress, 0.6, 1.0), texts))


def find_frames(texts: Sequence[Sequence[Token]]) -> frozenset[Run]:
    """Runs at the beginning of texts that are frames; for closings give every text from its end."""
    distinct = list({tuple(token.surface for token in row): row for row in texts}.values())
    least = max(MIN_TEXTS, MIN_SHARE * len(distinct))
    # A run recurs only where its first words do: of most texts nothing longer than the shortest run is looked at.
    firsts = [_words(row[: LENGTHS.start]) if len(row) > LENGTHS.start else () for row in distinct]
    common = {first for first, count in Counter(firsts).items() if count >= least and first}
    candidates = [(number, row) for number, row in enumerate(distinct) if firsts[number] in common]
    counts = Counter(run for _, row in candidates for run in _openings(row))
    recurring = {run for run, count in counts.items() if count >= least}
    rows_of: dict[Run, list[int]] = {}
    for number, row in candidates:
        for length, run in zip(LENGTHS, _openings(row), strict=False):
            if run in recurring and any(token.stem for token in row[:length]):
                rows_of.setdefault(run, []).append(number)
    if not rows_of:
        return frozenset()
    at_large = _likeness(distinct, [_longest(row, recurring) for row in distinct])
    frames: set[Run] = set()
    for run in sorted(rows_of, key=lambda run: (len(run), run)):
        rows = [distinct[number] for number in rows_of[run]]
        goes_on = run[:-1] not in frames or 2 * len(rows) >= len(rows_of[run[:-1]])
        n_left = [sum(bool(token.stem) for token in row[len(run) :]) for row in rows]
        if goes_on and np.mean(n_left) >= MIN_REST:
            lengths = [max(len(run), _longest(row, recurring)) for row in rows]
            if _likeness(rows, lengths) <= MOST_ALIKE * at_large:
                frames.add(run)
    return frozenset(frames)


def _openings(row: Sequence[Token]) -> Iterator[Run]:
    """The runs with which a text begins, shortest first; the text itself is none."""
    words = _words(row[: LENGTHS.stop - 1])
    return (words[:length] for length in LENGTHS if length <= len(words) and length < len(row))


def _words(row: Iterable[Token]) -> Run:
    return tuple(_NUMBER if token.surface.isdigit() else token.surface for token in row)


def _longest(row: Sequence[Token], runs: set[Run] | frozenset[Run]) -> int:
    """Length of the longest of the runs with which a text begins, 0 for none."""
    return max((len(run) for run in _openings(row) if run in runs), default=0)


def _likeness(rows: Sequence[Sequence[Token]], skipped: Sequence[int]) -> float:
    """Mean cosine of the words of two texts, those skipped at the beginning left out; 0 where there are no two."""
    stems = [
        sorted({token.stem for token in row[skip:] if token.stem}) for row, skip in zip(rows, skipped, strict=True)
    ]
    present = TermRows.of(stems).all_counts()
    if len(rows) < 2 or not present.nnz:
        return 0.0
    summed = np.asarray(unit_sparse_rows(present).sum(axis=0)).ravel()
    n_filled = sum(bool(words) for words in stems)
    return float((summed @ summed - n_filled) / max(1, n_filled * (n_filled - 1)))


def _muted(row: Sequence[Token], openings: frozenset[Run], closings: frozenset[Run]) -> tuple[Token, ...]:
    first = _longest(row, openings)
    last = len(row) - _longest(row[::-1], closings)
    if first >= last:  # the text is its own frame: nothing would be left of it
        return tuple(row)
    return (*map(_quiet, row[:first]), *row[first:last], *map(_quiet, row[last:]))


@lru_cache(maxsize=MAX_CACHED_WORDS)
def _quiet(token: Token) -> Token:
    """The same word without a theme; equal ones are one object, as `TokenRows` expects of a million texts."""
    return Token(token.surface, "", token.after_break)
