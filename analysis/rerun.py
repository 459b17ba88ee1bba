"""When a new analysis is worth while: enough new texts, or new texts about something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.placing import Placement

GROWN, UNFAMILIAR = "grown", "unfamiliar"

GROWN_FROM, GROWN_SHARE = 5, 0.2
"""New texts from which, and share of those read from which, a forum has grown. Chosen, not measured."""

UNFAMILIAR_FROM, UNFAMILIAR_SHARE = 10, 0.4
"""New texts from which, and share of loose ones among them from which, people speak of something else. Measured with
a sixth of the themes kept away from the run: 18 to 32 % of texts on its themes are loose, 31 to 84 % of the others."""


@dataclass(frozen=True, slots=True)
class RerunAdvice:
    """Whether to analyze anew.

    Attributes
    ----------
    reasons : tuple of str
        ``grown`` (many new texts), ``unfamiliar`` (they do not fit the groups); empty: no need.
    n_new : int
    share_loose : float in 0..1
        Of the new texts, those that fit nowhere or loosely.
    """

    reasons: tuple[str, ...]
    n_new: int
    share_loose: float

    @property
    def is_worthwhile(self) -> bool:
        return bool(self.reasons)


def advise_rerun(n_read: int, placements: Sequence[Placement], n_new: int | None = None) -> RerunAdvice:
    """Weigh the placements of the texts that came since a run which read ``n_read`` texts.

    ``n_new``: how many came, where only the latest of them were placed.
    """
    n_new = len(placements) if n_new is None else n_new
    share_loose = sum(one.is_loose for one in placements) / len(placements) if placements else 0.0
    reasons = []
    if n_new >= max(GROWN_FROM, GROWN_SHARE * n_read):
        reasons.append(GROWN)
    if len(placements) >= UNFAMILIAR_FROM and share_loose >= UNFAMILIAR_SHARE:
        reasons.append(UNFAMILIAR)
    return RerunAdvice(tuple(reasons), n_new, round(share_loose, 4))
