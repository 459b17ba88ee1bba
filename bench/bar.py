"""A figure of a run beside the limit that it must keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio, time or size of this run beside its limit."""

    what: str
    value: float
    limit: float
    at_most: bool

    @property
    def is_met(self) -> bool:
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def __str__(self) -> str:
        comparison = "at most" if self.at_most else "at least"
        return f"{self.what:46}{self.value:8.2f}  {comparison} {self.limit:<6g}{'ok' if self.is_met else 'MISSED'}"
