"""``python -m bench.group_file FILE --method METHOD [--themes K] [--model FOLDER]``: one method, timed as a process.

FILE has text, label and language per line, separated by tabs. Prints the number of each text's group, one per line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import bertopic_baseline
from bench.groupings import METHODS
from bench.labelled import read_tsv


def main(arguments: Sequence[str] | None = None) -> int:
    """0 = done, 2 = a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.group_file", description=__doc__)
    parser.add_argument("file", type=Path)
    # A model of random weights groups at random: it can be timed here, and stands nowhere among the methods.
    parser.add_argument("--method", required=True, choices=[*METHODS, bertopic_baseline.NAME_WITH_MODEL])
    parser.add_argument("--themes", type=int, metavar="K", help="for methods with true k; default: as many as labels")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="sentence model of the method that needs one")
    options = parser.parse_args(arguments)
    if (options.method == bertopic_baseline.NAME_WITH_MODEL) != (options.model is not None):
        parser.error(f"--model goes with {bertopic_baseline.NAME_WITH_MODEL}")
    try:
        rows = read_tsv(options.file)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    n_themes = options.themes or len({row.label for row in rows})
    texts = [row.text for row in rows]
    rows.clear()  # what is measured is the method
    if options.model:
        groups = bertopic_baseline.group_with_model(texts, options.model)
    else:
        groups = METHODS[options.method](texts, n_themes)
    print(*groups, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
