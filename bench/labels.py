"""How often the words that head a group lead to its theme: precision of labels and phrases.

The precision of a phrase is the share of those texts that hold it whose gold theme is the one of most members of the
group under it. Labels that are names of concepts stand in no text; of them only the share is told.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis import Document, analyze
from bench.labelled import Labelled, draw
from bench.quality import add_set_options, read_sets, write


@dataclass(frozen=True, slots=True)
class LabelCell:
    """Means over the samples of one size: precision of headlines and of all phrases, share of headlines that are
    names of concepts; all in 0..1."""

    data: str
    n_texts: int
    n_samples: int
    headline_precision: float
    phrase_precision: float
    named_by_concept: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    add_set_options(parser, 4)
    parser.add_argument("--sizes", default="200,1000", metavar="N,…", help="texts per sample besides all")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``labels.json`` to ``out``."""
    sizes = [int(size) for size in options.sizes.split(",")]
    cells = []
    for name, rows in read_sets(options.data).items():
        asked = [size for size in sizes if size < len(rows)] or [len(rows)]
        for size in asked:
            seeds = range(options.seeds if size < len(rows) else 1)
            cells.append(measure(name, [draw(rows, size, seed, name) for seed in seeds]))
            print(f"{name}, {size} texts: done", file=sys.stderr, flush=True)
    print(table(cells))
    write(cells, out / "labels.json")


def measure(name: str, samples: Sequence[Sequence[Labelled]]) -> LabelCell:
    """One cell; every sample weighs the same, and in it every phrase."""
    found = [_of_sample(sample) for sample in samples]
    headline, phrase, named = (round(float(np.mean(values)), 3) for values in zip(*found, strict=True))
    return LabelCell(name, len(samples[0]), len(samples), headline, phrase, named)


def _of_sample(sample: Sequence[Labelled]) -> tuple[float, float, float]:
    texts = [f" {' '.join(row.text.casefold().split())} " for row in sample]
    result = analyze([Document(number, row.text) for number, row in enumerate(sample)])
    headlines, phrases, n_named = [], [], 0
    for cluster in result.clusters:
        theme = Counter(sample[member.id].label for member in cluster.members).most_common(1)[0][0]
        headline = precision(cluster.label, theme, texts, sample)
        if headline is None:
            n_named += 1
        else:
            headlines.append(headline)
        phrases += [precision(phrase, theme, texts, sample) for phrase in cluster.phrases]
    told = headlines + [one for one in phrases if one is not None]
    n_labels = max(1, len(result.clusters))
    return float(np.mean(headlines or [0])), float(np.mean(told or [0])), n_named / n_labels


def precision(phrase: str, theme: str, texts: Sequence[str], sample: Sequence[Labelled]) -> float | None:
    """Share of the texts with this phrase that are of this theme; None where no text holds it."""
    holding = [row for text, row in zip(texts, sample, strict=True) if phrase.casefold() in text]
    return sum(row.label == theme for row in holding) / len(holding) if holding else None


def table(cells: Sequence[LabelCell]) -> str:
    """All cells as aligned text."""
    lines = [f"{'data':24} {'n':>5} {'headlines':>9} {'phrases':>8} {'by concept':>10}"]
    lines += [
        f"{one.data:24} {one.n_texts:5} {one.headline_precision:9.2f} {one.phrase_precision:8.2f} "
        f"{one.named_by_concept:10.2f}"
        for one in cells
    ]
    return "\n".join(lines)
