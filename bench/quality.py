"""How far the themes agree with those that people see, beside usual methods in the same run."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from analysis.evaluation import agreement
from bench.bertopic_baseline import what_is_missing
from bench.groupings import METHODS
from bench.labelled import Labelled, draw, read_demo, read_tsv

PACKS = Path(__file__).parents[1] / "forum" / "packs"
BLIND = Path(__file__).parent / "blind"


@dataclass(frozen=True, slots=True)
class Cell:
    """Mean over the samples of one size. ``ami`` and its standard error are times 100; coverage lies in 0..1."""

    data: str
    n_texts: int
    n_samples: int
    method: str
    ami: float
    standard_error: float
    coverage: float
    n_found: float
    n_true: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    add_set_options(parser)
    parser.add_argument("--sizes", default="60,200,1000", metavar="N,…", help="texts per sample besides all")


def add_set_options(parser: argparse.ArgumentParser, n_samples: int = 8) -> None:
    """Which labelled texts a measurement reads (`read_sets`), and how many samples it draws of each set."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of NAME.tsv: text, label, language")
    parser.add_argument("--seeds", type=int, default=n_samples, metavar="N", help=f"samples (default {n_samples})")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``quality.json`` to ``out``."""
    sets = read_sets(options.data)
    sizes = [int(size) for size in options.sizes.split(",")]
    cells = measure(sets, sizes, options.seeds, report=lambda line: print(line, file=sys.stderr, flush=True))
    print(table(cells))
    if missing := what_is_missing():
        print(missing)
    write(cells, out / "quality.json")


def read_sets(folder: Path | None) -> dict[str, list[Labelled]]:
    """The demo of every city pack, the sets that the analysis never saw, and the TSV files of ``folder``.

    Raises
    ------
    ValueError, OSError
        A folder without TSV files, a file that cannot be read.
    """
    sets = {f"demo-{path.parents[1].name}": read_demo(path) for path in sorted(PACKS.glob("*/demo/submissions.csv"))}
    sets |= {f"blind-{path.stem}": read_tsv(path) for path in sorted(BLIND.glob("*.tsv"))}
    if folder is not None:
        found = sorted(folder.glob("*.tsv"))
        if not found:
            raise ValueError(f"{folder}: no TSV file there")
        sets |= {path.stem: read_tsv(path) for path in found}
    return sets


def measure(
    sets: dict[str, list[Labelled]], sizes: Sequence[int], n_seeds: int, report: Callable[[str], None]
) -> list[Cell]:
    """One cell per set, size below that of the set, and method; small sets also as a whole."""
    cells = []
    for name, rows in sets.items():
        asked = [size for size in sizes if size < len(rows)]
        if len(rows) < max(sizes):
            asked.append(len(rows))
        for size in asked:
            # Also the whole set several times would be one sample: the order of texts changes nothing.
            samples = [draw(rows, size, seed, name) for seed in range(n_seeds if size < len(rows) else 1)]
            for method in METHODS:
                cells.append(_cell(name, samples, method))
            report(f"{name}, {size} texts: done")
    return cells


def _cell(name: str, samples: Sequence[Sequence[Labelled]], method: str) -> Cell:
    scores, n_true = [], []
    for sample in samples:
        truth = [row.label for row in sample]
        n_true.append(len(set(truth)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # of a baseline that is asked for many topics
            scores.append(agreement(truth, METHODS[method]([row.text for row in sample], n_true[-1])))
    ami = 100 * np.array([score.ami for score in scores])
    return Cell(
        data=name,
        n_texts=len(samples[0]),
        n_samples=len(samples),
        method=method,
        ami=round(float(ami.mean()), 1),
        standard_error=round(float(ami.std(ddof=1) / len(ami) ** 0.5), 1) if len(ami) > 1 else 0.0,
        coverage=round(float(np.mean([score.coverage for score in scores])), 3),
        n_found=round(float(np.mean([score.n_clusters for score in scores])), 1),
        n_true=round(float(np.mean(n_true)), 1),
    )


def table(cells: Sequence[Cell]) -> str:
    """All cells as aligned text."""
    head = ("data", "n", "method", "AMI x 100", "± se", "coverage", "themes", "true")
    rows = [head] + [
        (cell.data, str(cell.n_texts), cell.method, f"{cell.ami:.1f}", f"{cell.standard_error:.1f}",
         f"{cell.coverage:.2f}", f"{cell.n_found:.1f}", f"{cell.n_true:.1f}")
        for cell in cells
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) if column in (0, 2) else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    )  # fmt: skip


def write(rows: Sequence, path: Path) -> None:
    """The rows of a table, which are dataclasses, as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
