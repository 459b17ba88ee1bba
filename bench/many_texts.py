"""As many texts as are wanted, all invented: pieces of the thesaurus's sentences and of the demo, put together anew.

Words are mistyped here and there, so that the number of different words grows with the number of texts, as people's
does: among 1,000, 10,000 and 100,000 texts about 4,700, 10,000 and 32,000.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.thesaurus import concepts, sentences
from bench.labelled import Labelled, read_demo

DEMO = Path(__file__).parents[1] / "forum" / "packs" / "pekalongan" / "demo" / "submissions.csv"

MISTYPED = 0.25
"""Share of the texts with a word that is typed wrongly."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BLOCK = 10_000
"""Texts whose random numbers are drawn together; a block depends on its number alone."""


def many_texts(size: int) -> Iterator[Labelled]:
    """``size`` texts; the label is the sub-dimension or the theme that both pieces of the text are about.

    The first n of any size are the same.
    """
    sources = _sources()
    labels = sorted(sources)
    for first in range(0, size, _BLOCK):
        random = np.random.default_rng([first])
        for _ in range(min(_BLOCK, size - first)):
            label = labels[random.integers(len(labels))]
            written = sources[label]
            opening = written[random.integers(len(written))]
            ending = written[random.integers(len(written))]
            words = opening[: random.integers(3, 16)] + ending[random.integers(len(ending)) :]
            if random.random() < MISTYPED:
                place = random.integers(len(words))
                words[place] = _mistyped(words[place], random)
            yield Labelled(" ".join(words), label)


def _sources() -> dict[str, list[list[str]]]:
    """Words of every sentence by label."""
    of_concept = {concept.id: concept.sub_dimension for concept in concepts()}
    found = defaultdict(list)
    for sentence in sentences():
        found[of_concept[sentence.concept]].append(sentence.text.split())
    for row in read_demo(DEMO):
        found[row.label].append(row.text.split())
    return {label: written for label, written in found.items() if len(written) > 1}


def _mistyped(word: str, random: np.random.Generator) -> str:
    """One letter replaced, and every other time another one added."""
    place = random.integers(len(word))
    word = word[:place] + _LETTERS[random.integers(26)] + word[place + 1 :]
    place = random.integers(len(word))
    return word[:place] + _LETTERS[random.integers(26)] + word[place:] if random.random() < 0.5 else word
