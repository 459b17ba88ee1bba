"""How much of the personal data in a list of invented texts is found, and how much of what is found is personal data.

A finding counts when kind, first and last character are those of the list; half a number masked is a number not found.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis import find_personal_data
from analysis.personal_data.kinds import MASKS

CASES = Path(__file__).parent / "personal_data_cases"
ALL_KINDS = "all"
_MARKED = re.compile(r"\{(" + "|".join(MASKS) + r")\|([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and what must be found in it as (kind, start, end); nothing for a text without personal data."""

    text: str
    expected: frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind. ``recall`` and ``precision`` lie in 0..1, 1 where nothing was to be found or was found."""

    kind: str
    n_expected: int
    n_found: int
    n_right: int

    @property
    def recall(self) -> float:
        return self.n_right / self.n_expected if self.n_expected else 1.0

    @property
    def precision(self) -> float:
        return self.n_right / self.n_found if self.n_found else 1.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--mistakes", action="store_true", help="also every text that is not read as the list says")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``personal-data.json`` to ``out``."""
    cases = read_cases(*sorted(CASES.glob("*.txt")))
    scores = measure(cases)
    print(table(scores))
    if options.mistakes:
        for line in mistakes(cases):
            print(line)
    out.mkdir(parents=True, exist_ok=True)
    rows = [asdict(score) | {"recall": score.recall, "precision": score.precision} for score in scores]
    (out / "personal-data.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def read_cases(*paths: Path) -> list[Case]:
    """Cases of files with one text per line, personal data as ``{kind|part}``; lines that begin with "# " are notes."""
    return [
        parse_case(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("# ")
    ]


def parse_case(line: str) -> Case:
    """A line with marks → the text without them, and where they stood."""
    text, expected, end = "", set(), 0
    for mark in _MARKED.finditer(line):
        text += line[end : mark.start()]
        expected.add((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        end = mark.end()
    return Case(text + line[end:], frozenset(expected))


def measure(cases: Iterable[Case]) -> list[Score]:
    """One score per kind, and last the one over all kinds."""
    expected, found, right = Counter(), Counter(), Counter()
    for case in cases:
        findings = found_in(case)
        expected.update(kind for kind, _, _ in case.expected)
        found.update(kind for kind, _, _ in findings)
        right.update(kind for kind, _, _ in findings & case.expected)
    scores = [Score(kind, expected[kind], found[kind], right[kind]) for kind in MASKS]
    return [*scores, Score(ALL_KINDS, expected.total(), found.total(), right.total())]


def found_in(case: Case) -> frozenset[tuple[str, int, int]]:
    """What the analysis finds, in the form of ``Case.expected``."""
    return frozenset((finding.kind, finding.start, finding.end) for finding in find_personal_data(case.text))


def mistakes(cases: Iterable[Case]) -> Iterator[str]:
    """One line per text that is not read as the list says: what was missed (-), what was found instead (+)."""
    for case in cases:
        found = found_in(case)
        if found != case.expected:
            missed = [f"-{kind} {case.text[start:end]!r}" for kind, start, end in sorted(case.expected - found)]
            wrong = [f"+{kind} {case.text[start:end]!r}" for kind, start, end in sorted(found - case.expected)]
            yield f"{case.text}   {' '.join(missed + wrong)}"


def table(scores: Sequence[Score]) -> str:
    """All scores as aligned text."""
    lines = [f"{'kind':<13}{'expected':>9}{'found':>7}{'right':>7}{'recall':>8}{'precision':>11}"]
    for score in scores:
        counts = f"{score.n_expected:>9}{score.n_found:>7}{score.n_right:>7}"
        lines.append(f"{score.kind:<13}{counts}{score.recall:>8.3f}{score.precision:>11.3f}")
    return "\n".join(lines)
