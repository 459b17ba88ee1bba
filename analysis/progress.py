"""How far the work is, told from inside to whoever waits; telling it is also the chance to stop the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[float], None]
"""Is told the share done, from 0 to 1, of one part of the work; what it raises ends the work."""

Item = TypeVar("Item")


def untold(share: float) -> None:
    """Nobody waits."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """The progress of what lies between two shares of the whole."""
    return lambda share: progress(start + (end - start) * share)


def told(progress: Progress, items: Sequence[Item]) -> Iterator[Item]:
    """The items, with progress before each, or of many before every hundredth part of them."""
    step = max(1, len(items) // 100)
    for number, item in enumerate(items):
        if number % step == 0:
            progress(number / len(items))
        yield item


def rising(report: Callable[[str, float], None]) -> Callable[[str, float], None]:
    """The same report, whose share never falls: a loop that cannot know its length may guess."""
    highest = 0.0

    def tell(stage: str, share: float) -> None:
        nonlocal highest
        highest = max(highest, share)
        report(stage, highest)

    return tell
