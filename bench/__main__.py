"""``python -m bench [MEASUREMENT]``: run the measurements, all of them by default."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import (
    burst,
    constraints,
    kills,
    labels,
    load,
    personal_data,
    phone,
    quality,
    receipts,
    slips,
    slow_disk,
    slow_phones,
    speed,
)

OUT = Path(__file__).parent / "out"

MEASUREMENTS = {
    "quality": quality,
    "slips": slips,
    "labels": labels,
    "constraints": constraints,
    "personal-data": personal_data,
    "speed": speed,
    "phone": phone,
    "load": load,
    "burst": burst,
    "slow-phones": slow_phones,
    "slow-disk": slow_disk,
    "receipts": receipts,
    "kills": kills,
}
"""Each module tells its options (``add_options``) and measures (``run``: prints a table, writes JSON to a folder)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 0 = done, 2 = data that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="what", metavar="MEASUREMENT")
    for name, module in MEASUREMENTS.items():
        command = commands.add_parser(name, help=module.__doc__.splitlines()[0])
        module.add_options(command)
    options = parser.parse_args(arguments)
    asked = [options] if options.what else [parser.parse_args([name]) for name in MEASUREMENTS]
    try:
        for measurement in asked:
            MEASUREMENTS[measurement.what].run(measurement, OUT)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
