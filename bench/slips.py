"""What is left of the agreement with people when words are typed badly.

Words are spoilt as people spoil them on phones: vowels left out, all or one; a letter lost, doubled, swapped with the
next. The same samples in both columns, the same slips in every run.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.evaluation import agreement
from bench.groupings import this_analysis
from bench.labelled import Labelled, draw
from bench.quality import add_set_options, read_sets, write

SHARE = 0.1
"""Of the words of four letters and more."""

_WORD = re.compile(r"[A-Za-z]{4,}")
_VOWELS = frozenset("aeiouAEIOU")


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean AMI times 100 over the samples, of the texts as they are and spoilt; ``loss`` ± its standard error."""

    data: str
    n_texts: int
    n_samples: int
    as_written: float
    spoilt: float
    loss: float
    standard_error: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    add_set_options(parser)
    parser.add_argument("--size", type=int, default=200, metavar="N", help="texts per sample (default 200)")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``slips.json`` to ``out``."""
    effects = []
    for name, rows in read_sets(options.data).items():
        size = min(options.size, len(rows))
        effects.append(measure(name, [draw(rows, size, seed, name) for seed in range(options.seeds)]))
        print(f"{name}: done", file=sys.stderr, flush=True)
    print(table(effects))
    write(effects, out / "slips.json")


def measure(name: str, samples: Sequence[Sequence[Labelled]]) -> Effect:
    """One set; slip by slip the same in every run."""
    pairs = []
    for seed, sample in enumerate(samples):
        chance = random.Random(seed)
        truth = [row.label for row in sample]
        versions = ([row.text for row in sample], [spoilt(row.text, SHARE, chance) for row in sample])
        pairs.append([100 * agreement(truth, this_analysis(texts, 0)).ami for texts in versions])
    as_written, badly = np.array(pairs).T
    error = (as_written - badly).std(ddof=1) / len(pairs) ** 0.5 if len(pairs) > 1 else 0.0
    means = as_written.mean(), badly.mean(), (as_written - badly).mean(), error
    return Effect(name, len(samples[0]), len(samples), *(round(float(mean), 1) for mean in means))


def spoilt(text: str, share: float, chance: random.Random) -> str:
    """The text with that share of its longer words typed badly, and those in lower case."""
    return _WORD.sub(lambda match: _slip(match[0].lower(), chance) if chance.random() < share else match[0], text)


def _slip(word: str, chance: random.Random) -> str:
    """One of five kinds, vowels left out in six of ten."""
    kind, place = chance.random(), chance.randrange(1, len(word) - 1)
    vowels = [number for number in range(1, len(word)) if word[number] in _VOWELS]
    if kind < 0.35:
        return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
    if kind < 0.6 and vowels:
        place = chance.choice(vowels)
        return word[:place] + word[place + 1 :]
    if kind < 0.75:
        return word[:place] + word[place + 1 :]
    if kind < 0.9:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place] + word[place:]


def table(effects: Sequence[Effect]) -> str:
    """All sets as aligned text."""
    lines = [f"{'data':18}{'texts':>7}{'as written':>12}{'spoilt':>9}{'loss':>7}{'± se':>7}"]
    lines += [
        f"{one.data:18}{one.n_texts:7}{one.as_written:12.1f}{one.spoilt:9.1f}{one.loss:7.1f}{one.standard_error:7.1f}"
        for one in effects
    ]
    return "\n".join(lines)
