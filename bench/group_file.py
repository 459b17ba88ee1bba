"""``python -m bench.group_file FILE --method METHOD [--themes K]``: one method, timed as a process.

FILE has text, label and language per line, separated by tabs. Prints the number of each text's group, one per line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.whole_process import leave_at_once
from bench.groupings import METHODS
from bench.labelled import read_tsv


def main(arguments: Sequence[str] | None = None) -> int:
    """0 = done, 2 = a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.group_file", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--method", required=True, choices=[*METHODS])
    parser.add_argument("--themes", type=int, metavar="K", help="for methods with true k; default: as many as labels")
    options = parser.parse_args(arguments)
    try:
        rows = read_tsv(options.file)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    n_themes = options.themes or len({row.label for row in rows})
    texts = [row.text for row in rows]
    rows.clear()  # what is measured is the method
    print(*METHODS[options.method](texts, n_themes), sep="\n")
    return 0


if __name__ == "__main__":
    leave_at_once()  # every method alike
    raise SystemExit(main())
