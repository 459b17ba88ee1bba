"""What a few decisions of people do for the texts that they did not decide."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis import Document, Guidance, Result, Theme, analyze
from analysis.evaluation import agreement
from bench.labelled import Labelled, draw
from bench.quality import add_set_options, read_sets, write

N_PINS = 10
"""Texts drawn at random, each put into a theme for its true label."""

OTHER_PINS = (5, 20, 40)
"""Numbers of such texts measured besides."""

TITLES = Path(__file__).parent / "theme_titles.tsv"
"""What people might call the themes of some sets (set, label, title), each written after reading three of its texts."""

UNTITLED: Mapping[str, str] = MappingProxyType({})

N_READ = 5
"""Texts that a person reads of a group, the surest, before merging, splitting or confirming it."""

N_CORRECTED = 10
"""Texts found in a group of another theme, and moved."""

Decide = Callable[[Sequence[str], Result, int], Guidance]
"""True labels (the ids are their positions), the result without decisions, seed → what a person who sees the true
themes would decide."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean over samples. AMI times 100 over the texts without decision, ``before`` and after; ``gain`` ± its error."""

    data: str
    n_texts: int
    n_samples: int
    decision: str
    n_decided: float
    before: float
    after: float
    gain: float
    standard_error: float
    kept: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    add_set_options(parser)
    parser.add_argument("--size", type=int, default=300, metavar="N", help="texts per sample (default 300)")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``constraints.json`` to ``out``."""
    sets = read_sets(options.data)
    effects = measure(sets, options.size, options.seeds, lambda line: print(line, file=sys.stderr, flush=True))
    print(table(effects))
    write(effects, out / "constraints.json")


def pins(
    truth: Sequence[str], result: Result, seed: int, n_pins: int = N_PINS, titles: Mapping[str, str] = UNTITLED
) -> Guidance:
    """Texts at random, each in the theme of its true label, which has a title where ``titles`` knows the label."""
    drawn = np.random.default_rng([n_pins, seed]).choice(len(truth), min(n_pins, len(truth)), replace=False)
    return _themes(((truth[row], int(row)) for row in drawn), titles)


def planned(truth: Sequence[str], result: Result, seed: int, n_pins: int, titles: Mapping[str, str]) -> Guidance:
    """The same where all themes of the texts that ``titles`` knows are there before: those of a plan under revision."""
    pinned = pins(truth, result, seed, n_pins, titles).themes
    rest = sorted({*truth} & titles.keys() - {theme.key for theme in pinned})
    return Guidance((*pinned, *(Theme(label, (), titles[label]) for label in rest)))


def corrections(truth: Sequence[str], result: Result, seed: int) -> Guidance:
    """Texts that lie in a group of another theme, moved to the largest group of their own, the surest of which are
    confirmed: the way a facilitator works."""
    home: dict[str, list[int]] = {}
    wrong = []
    for cluster in result.clusters:
        rows = [member.id for member in cluster.members]
        label, _ = _majority(truth[row] for row in rows)
        home.setdefault(label, [row for row in rows[:N_READ] if truth[row] == label])
        wrong += [row for row in rows if truth[row] != label]
    wrong = sorted(row for row in wrong if truth[row] in home)
    drawn = np.random.default_rng([N_CORRECTED, seed]).permutation(len(wrong))[:N_CORRECTED]
    moved = [wrong[place] for place in drawn]
    confirmed = {row for row in moved for row in home[truth[row]]}
    return _themes((truth[row], row) for row in sorted(confirmed.union(moved)))


def merge(truth: Sequence[str], result: Result, seed: int) -> Guidance:
    """The two groups of one true theme that hold most texts of it, joined by the surest texts of both."""
    groups = [[member.id for member in cluster.members[:N_READ]] for cluster in result.clusters]
    best: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, read in enumerate(groups):
        label, _ = _majority(truth[row] for row in read)
        best[label].append((len(result.clusters[number].members), number))
    twice = {label: sorted(found, reverse=True)[:2] for label, found in best.items() if len(found) > 1}
    if not twice:
        return Guidance()
    label = max(sorted(twice), key=lambda label: twice[label][1])
    rows = [row for _, number in twice[label] for row in groups[number] if truth[row] == label]
    return _themes((label, row) for row in rows)


def split(truth: Sequence[str], result: Result, seed: int) -> Guidance:
    """The group that mixes two true themes most, taken apart by a few texts of each."""
    mixed = []
    for cluster in result.clusters:
        counts = Counter(truth[member.id] for member in cluster.members).most_common(2)
        if len(counts) == 2:
            mixed.append((counts[1][1], cluster.key, cluster, [label for label, _ in counts]))
    if not mixed:
        return Guidance()
    _, _, cluster, labels = max(mixed, key=lambda found: found[:2])
    rows = []
    for label in labels:
        rows += [(label, member.id) for member in cluster.members if truth[member.id] == label][:N_READ]
    return _themes(rows)


def decisions(titles: Mapping[str, str]) -> dict[str, Decide]:
    """What is measured on a set, by name; with ``titles``, by label, also themes that have one, or are planned."""
    titled = {
        f"{n_pins} pins, titled": partial(pins, n_pins=n_pins, titles=titles) for n_pins in (N_PINS, *OTHER_PINS)
    }
    titled |= {f"{n_pins} pins, planned": partial(planned, n_pins=n_pins, titles=titles) for n_pins in (0, N_PINS)}
    return {
        f"{N_PINS} pins": pins,
        "one merge": merge,
        "one split": split,
        f"{N_CORRECTED} corrections": corrections,
        **{f"{n_pins} pins": partial(pins, n_pins=n_pins) for n_pins in OTHER_PINS},
        **(titled if titles else {}),
    }


def read_titles(path: Path = TITLES) -> dict[str, dict[str, str]]:
    """Title by label, by set."""
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            titles[row["set"]][row["label"]] = row["title"]
    return titles


def measure(
    sets: dict[str, list[Labelled]], size: int, n_seeds: int, report: Callable[[str], None]
) -> list[Effect]:
    """One effect per set and decision, on samples of ``size`` texts."""
    effects = []
    titles = read_titles()
    for name, rows in sets.items():
        samples = [draw(rows, size, seed, name) for seed in range(n_seeds)]
        free = [_analyze(sample, Guidance()) for sample in samples]
        for decision, decide in decisions(titles.get(name, UNTITLED)).items():
            effects.append(_effect(name, decision, decide, samples, free))
        report(f"{name}: done")
    return effects


def _effect(
    name: str, decision: str, decide: Decide, samples: Sequence[Sequence[Labelled]], free: Sequence[Result]
) -> Effect:
    seen = []
    for seed, (sample, before) in enumerate(zip(samples, free, strict=True)):
        truth = [row.label for row in sample]
        guidance = decide(truth, before, seed)
        decided = {row: theme.key for theme in guidance.themes for row in theme.members}
        if not guidance.themes:
            continue
        after = _analyze(sample, guidance)
        rest = [row for row in range(len(sample)) if row not in decided]
        scores = [100 * _ami(truth, result, rest) for result in (before, after)]
        where = {member.id: cluster.theme_key for cluster in after.clusters for member in cluster.members}
        kept = np.mean([where[row] == key for row, key in decided.items()] or [1.0])
        seen.append((len(decided), *scores, scores[1] - scores[0], kept))
    if not seen:
        return Effect(name, len(samples[0]), 0, decision, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    means = np.mean(seen, axis=0)
    error = np.std([gain for *_, gain, _ in seen], ddof=1) / len(seen) ** 0.5 if len(seen) > 1 else 0.0
    n_decided, before_, after_, gain, kept = (float(value) for value in means)
    return Effect(
        name, len(samples[0]), len(seen), decision, round(n_decided, 1), round(before_, 1), round(after_, 1),
        round(gain, 1), round(float(error), 1), round(kept, 3),
    )  # fmt: skip


def _analyze(sample: Sequence[Labelled], guidance: Guidance) -> Result:
    return analyze((Document(row, one.text) for row, one in enumerate(sample)), guidance=guidance)


def _ami(truth: Sequence[str], result: Result, rows: Sequence[int]) -> float:
    found = {member.id: number for number, cluster in enumerate(result.clusters) for member in cluster.members}
    return agreement([truth[row] for row in rows], [found.get(row, -1) for row in rows]).ami


def _themes(pairs: Iterable[tuple[str, int]], titles: Mapping[str, str] = UNTITLED) -> Guidance:
    members: dict[str, list[int]] = defaultdict(list)
    for label, row in pairs:
        members[label].append(row)
    return Guidance(tuple(Theme(label, tuple(members[label]), titles.get(label, "")) for label in sorted(members)))


def _majority(labels: Iterable[str]) -> tuple[str, int]:
    counts = Counter(labels)
    return max(sorted(counts.items()), key=lambda pair: pair[1])


def table(effects: Sequence[Effect]) -> str:
    """All effects as aligned text."""
    lines = [f"{'data':24} {'n':>5} {'decision':15} {'decided':>7} {'before':>7} {'after':>6} {'gain':>5} "
             f"{'± se':>5} {'kept':>6}"]  # fmt: skip
    lines += [
        f"{one.data:24} {one.n_texts:5} {one.decision:15} {one.n_decided:7.1f} {one.before:7.1f} {one.after:6.1f} "
        f"{one.gain:+5.1f} {one.standard_error:5.1f} {one.kept:6.1%}"
        for one in effects
    ]
    return "\n".join(lines)
