"""Submissions while every fsync takes 10 ms more: storing together must beat a commit for each row at least fourfold.

A few lines of C (``slow_fsync.c``), compiled when this runs and loaded before everything else (LD_PRELOAD), stand
in front of the server and of the loop that it is compared with.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bar import Bar
from bench.http_client import drive
from bench.phones import idea, send
from bench.serving import forum_server

ROUNDS = 3
ROUND_SECONDS = 3.0
CONNECTIONS = 64
UNLIMITED = {"FLASK_ENTRIES_PER_SITTING": "1000000000"}
_SOURCE = Path(__file__).with_name("slow_fsync.c")


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over the rounds; rows and submissions a second."""

    one_row_a_commit: float
    submissions: float
    failures: int

    @property
    def bars(self) -> list[Bar]:
        return [Bar("submissions/s : rows/s, a commit each", self.submissions / self.one_row_a_commit, 4, False),
                Bar("answers that were not as expected", float(self.failures), 0, True)]


def compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("cc") or shutil.which("gcc")


def measure(rounds: int, seconds: float = ROUND_SECONDS) -> Figures:
    """Both under the same slow disk, rounds interleaved. Needs a `compiler`."""
    with TemporaryDirectory(prefix="forum-bench-") as folder:
        library = Path(folder) / "slow_fsync.so"
        subprocess.run([compiler() or "cc", "-shared", "-fPIC", "-o", library, _SOURCE, "-ldl"], check=True)
        slow = {"LD_PRELOAD": str(library)}
        commits, loads = [], []
        with forum_server(UNLIMITED | slow) as forum:
            for _ in range(rounds):
                commits.append(_raw_commits(slow, seconds))
                loads.append(drive(forum.port, lambda: send(forum.code, idea()), connections=CONNECTIONS,
                                   seconds=seconds))
    return Figures(round(statistics.median(commits), 1), round(statistics.median(one.per_second for one in loads), 1),
                   sum(one.failures(201) for one in loads))


def _raw_commits(environment: dict[str, str], seconds: float) -> float:
    done = subprocess.run([sys.executable, "-m", "bench.raw_commits", "--seconds", str(seconds)], check=True,
                          cwd=Path(__file__).parents[1], env=os.environ | environment, capture_output=True, text=True)
    return float(done.stdout)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="of which the median counts")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``slow-disk.json`` to ``out``; without a C compiler say so in a line."""
    if compiler() is None:
        print("MISSING: a C compiler (cc) to make the disk slow with; nothing was measured")
        return
    figures = measure(options.rounds)
    print(f"every fsync 10 ms slower: {figures.one_row_a_commit:.0f} rows/s with a commit each, "
          f"{figures.submissions:.0f} submissions/s from {CONNECTIONS} connections", "", *figures.bars, sep="\n")
    out.mkdir(parents=True, exist_ok=True)
    (out / "slow-disk.json").write_text(json.dumps(asdict(figures) | {
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in figures.bars]}, indent=1) + "\n")
