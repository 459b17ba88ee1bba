"""``python -m bench [quality]``: run the measurements."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import quality

OUT = Path(__file__).parent / "out"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, everything by default; 0 = done, 2 = data that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["quality"], help="default: everything there is")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of NAME.tsv: text, label, language")
    parser.add_argument("--seeds", type=int, default=8, metavar="N", help="samples per cell (default 8)")
    parser.add_argument("--sizes", default="60,200,1000", metavar="N,…", help="texts per sample besides all")
    options = parser.parse_args(arguments)
    try:
        sets = quality.read_sets(options.data)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    sizes = [int(size) for size in options.sizes.split(",")]
    cells = quality.measure(sets, sizes, options.seeds, report=lambda line: print(line, file=sys.stderr, flush=True))
    print(quality.table(cells))
    quality.write(cells, OUT / "quality.json")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
