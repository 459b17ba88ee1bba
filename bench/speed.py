"""Time and memory of whole processes, from a file of texts to printed groups, beside usual methods in the same run.

The machines are shared, so only ratios inside one run are worth comparing; of several rounds the fastest counts. A
size that is measured once may have waited for its neighbours: then processor time says more than the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bertopic_baseline
from bench.bar import Bar
from bench.groupings import METHODS
from bench.lookups import lookup_bars
from bench.many_texts import many_texts

ANALYSIS, KMEANS, BERTOPIC = "analysis", "TF-IDF + k-means (true k)", bertopic_baseline.NAME
WITH_MODEL = bertopic_baseline.NAME_WITH_MODEL
LARGEST_FOR = {ANALYSIS: sys.maxsize, KMEANS: 10_000, BERTOPIC: 1_000, WITH_MODEL: 1_000}
"""Texts up to which a method is run; beyond, the others take many minutes."""

ROUNDS = 3
ONE_ROUND_ABOVE = 20_000
"""Sizes above are measured once: they run long enough for the disturbances to even out."""

ROOT = Path(__file__).parents[1]

LOOKED_UP = 10_000
"""Texts among which one is placed and looked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process. ``wall`` and ``cpu`` are seconds from start to end, imports included; ``peak`` is resident MB."""

    method: str
    n_texts: int
    wall: float
    cpu: float
    peak: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument(
        "--sizes", default="1000,10000", metavar="N,…", help="numbers of texts (default 1000,10000; up to 1000000)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="of which the fastest counts")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``speed.json`` to ``out``."""
    sizes = sorted(int(size) for size in options.sizes.split(","))
    runs = measure(sizes, options.rounds, report=lambda line: print(line, file=sys.stderr, flush=True))
    met = bars(runs) + (lookup_bars(LOOKED_UP) if LOOKED_UP in sizes else [])
    print(table(runs, met))
    if missing := bertopic_baseline.what_is_missing():
        print(missing)
    out.mkdir(parents=True, exist_ok=True)
    content = {"runs": [asdict(one) for one in runs], "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in met]}
    (out / "speed.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def measure(sizes: Sequence[int], rounds: int, report: Callable[[str], None]) -> list[Run]:
    """The fastest run of each method that is made for a size; rounds interleaved."""
    fastest = []
    with TemporaryDirectory(prefix="forum-bench-") as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.tsv"
            write_texts(path, size)
            asked = [name for name in LARGEST_FOR if name in METHODS and size <= LARGEST_FOR[name]]
            taken = [
                [one_process(name, path, size) for name in asked]
                for _ in range(rounds if size <= ONE_ROUND_ABOVE else 1)
            ]
            fastest += [min(of_method, key=lambda one: one.wall) for of_method in zip(*taken, strict=True)]
            report(f"{size} texts: done")
    return fastest


def write_texts(path: Path, size: int) -> None:
    """So many invented texts as lines of text, label, language."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{row.text}\t{row.label}\tmix\n" for row in many_texts(size))


def one_process(method: str, path: Path, size: int) -> Run:
    """Time and peak memory of a process of its own.

    Raises
    ------
    ValueError
        The process failed.
    """
    command = [sys.executable, "-m", "bench.group_file", str(path), "--method", method]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=_environment())
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ValueError(f"{method} failed on {size} texts (code {process.returncode})")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(method, size, round(wall, 2), round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / unit))


def _environment() -> dict[str, str]:
    """Python keeps its bytecode, as it does for the packages that pip installed: the first round writes it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def bars(runs: Sequence[Run]) -> list[Bar]:
    """What this run can say about the limits."""
    by = {(one.method, one.n_texts): one for one in runs}
    found = []

    def ratio(what: str, above: tuple[str, int], below: tuple[str, int], limit: float, at_most: bool = True) -> None:
        if above in by and below in by:
            found.append(Bar(f"time, {what}", by[above].wall / by[below].wall, limit, at_most))
            found.append(Bar(f"processor time, {what}", by[above].cpu / by[below].cpu, limit, at_most))

    ratio("BERTopic (SVD vectors) : analysis, 1,000", (BERTOPIC, 1_000), (ANALYSIS, 1_000), 20, False)
    ratio("BERTopic (defaults) : analysis, 1,000", (WITH_MODEL, 1_000), (ANALYSIS, 1_000), 20, False)
    ratio("analysis : k-means, 10,000", (ANALYSIS, 10_000), (KMEANS, 10_000), 3)
    ratio("1,000,000 : 100,000 texts", (ANALYSIS, 1_000_000), (ANALYSIS, 100_000), 10)
    for size, limit in ((10_000, 1_000), (1_000_000, 2_000)):
        if (ANALYSIS, size) in by:
            found.append(Bar(f"peak memory at {size:,} texts, MB", by[ANALYSIS, size].peak, limit, True))
    return found


def table(runs: Sequence[Run], met: Sequence[Bar]) -> str:
    """All runs and limits as aligned text."""
    lines = [f"{'texts':>9}  {'method':45}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}"]
    lines += [f"{one.n_texts:9}  {one.method:45}{one.wall:9.2f}{one.cpu:9.2f}{one.peak:9.0f}" for one in runs]
    return "\n".join([*lines, "", *map(str, met)])
