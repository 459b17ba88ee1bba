"""Independent pieces of work on two cores: sums let go of Python's lock, so that another thread works meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Aside = TypeVar("Aside")
Here = TypeVar("Here")


def side_by_side(aside: Callable[[], Aside], here: Callable[[], Here]) -> tuple[Aside, Here]:
    """What both give: ``aside`` works in another thread, ``here`` in this one, which alone may tell of its progress.

    An error of either passes through when both have ended. Only for pieces that are mostly sums over large arrays: two
    that walk through Python objects hold each other up (groupings of parts of the texts took as long in two threads as
    in one). Each has to give the same alone as beside the other.
    """
    with ThreadPoolExecutor(1) as other:
        waited_for = other.submit(aside)
        found = here()
        return waited_for.result(), found
