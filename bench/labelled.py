"""Labelled texts and forum-like samples of them."""

from __future__ import annotations

import csv
import sys
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MAX_THEMES = {60: 8, 200: 12, 1000: 25}
"""Themes that a forum of about this size has at most; other sizes draw from all themes."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the theme that people gave it."""

    text: str
    label: str


def read_demo(path: Path) -> list[Labelled]:
    """The demo of a city pack: columns ``body`` and ``intended_theme``; ``none`` is a label like the others."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Labelled(row["body"], row["intended_theme"]) for row in csv.DictReader(file)]


def read_tsv(path: Path) -> list[Labelled]:
    """One text per line: text, label, language.

    Raises
    ------
    ValueError
        A line with another number of fields.
    """
    rows = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            parts = line.rstrip("\n").split("\t")
            if len(parts) != 3:
                raise ValueError(f"{path.name}, line {number}: needs text, label and language, separated by tabs")
            rows.append(Labelled(parts[0], sys.intern(parts[1])))
    return rows


def draw(rows: list[Labelled], size: int, seed: int, name: str) -> list[Labelled]:
    """A sample like a forum: some of the themes, texts of them at natural proportions; the same for equal arguments.

    ``size`` 0, or not below the number of rows, gives all rows in a random order.
    """
    random = np.random.default_rng([zlib.crc32(name.encode()), size, seed])
    if size == 0 or size >= len(rows):
        return [rows[place] for place in random.permutation(len(rows))]
    counts = Counter(row.label for row in rows)
    labels = sorted(counts)
    limit = MAX_THEMES.get(size, len(labels))
    if len(labels) > limit:
        weights = np.array([counts[label] for label in labels], float)
        labels = list(random.choice(labels, size=limit, replace=False, p=weights / weights.sum()))
    pool = [place for place, row in enumerate(rows) if row.label in labels]
    return [rows[place] for place in random.choice(pool, size=min(size, len(pool)), replace=False)]
