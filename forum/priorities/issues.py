"""A theme as planners and exports see it: where it ranks, how firmly, and who stands behind it.

Plain values without a database. Texts of participants are here only as masked quotes.
"""
from collections.abc import Iterable
from dataclasses import dataclass

from forum.priorities.ranking import Ranked

SMALL_CELL = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages, for the ``localized`` filter; ``code`` is that of the city pack."""

    code: str
    name_id: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many distinct people of one stakeholder group, or of one area."""

    name: Name
    n_people: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, word for word, with personal data masked."""

    submission_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Support:
    """Who stands behind a theme. People are distinct; one person may count in several groups or areas.

    ``kinds`` and ``approaches`` count entries by code; entries that name no approach are under ``""``.
    ``n_people`` wrote the entries; ``n_supporters`` wrote one or agree with one. ``n_agree``, ``n_disagree`` and
    ``n_pass`` reacted so to at least one entry; somebody who did both to different entries counts in both.
    """

    n_people: int
    n_entries: int
    by_group: tuple[Share, ...]
    by_area: tuple[Share, ...]
    kinds: dict[str, int]
    approaches: dict[str, int]
    n_supporters: int = 0
    n_agree: int = 0
    n_disagree: int = 0
    n_pass: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """A confirmed theme with everything that the ranking page and the exports show.

    ``ranked`` is ``None`` while nobody has scored it. ``submission_ids`` are the live members, ascending.
    """

    theme_id: int
    title: str
    phrases: tuple[str, ...]
    dimension: Name | None
    sub_dimension: Name | None
    ranked: Ranked | None
    support: Support
    quotes: tuple[Quote, ...]
    submission_ids: tuple[int, ...]

    @property
    def code(self) -> str:
        return issue_code(self.theme_id)


def issue_code(theme_id: int) -> str:
    """The name of a theme in reports: I-0007."""
    return f"I-{theme_id:04d}"


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """By rank; equal ranks by title; then those that nobody has scored, by title, at the end those without entries."""
    return sorted(issues, key=lambda issue: (
        (0, issue.ranked.rank) if issue.ranked else (1, not issue.submission_ids), issue.title.casefold(),
        issue.theme_id))


def without_small_cells(shares: Iterable[Share]) -> tuple[tuple[Name, int | None], ...]:
    """For public pages: counts below `SMALL_CELL` are withheld (``None``), so that nobody stands alone.

    The total is public too, and so is this code. So further counts are withheld, the smallest first and equal
    ones together, until not all that are withheld are the same: whoever exchanges two different ones gets the
    same page, and so none can be worked out. Where nothing would be left to show, nothing is listed at all.

    Withheld ones come last, by name: their place must not tell their size. Groups of nobody are shown.
    """
    listed = list(shares)
    counts = [share.n_people for share in listed if share.n_people]
    limit = _withheld_up_to(counts)
    if limit >= max(counts, default=1):
        return ()
    withheld = sorted((share.name for share in listed if 0 < share.n_people <= limit),
                      key=lambda name: (not name.code, name.name_id))
    shown = ((share.name, share.n_people) for share in listed if not 0 < share.n_people <= limit)
    return (*shown, *((name, None) for name in withheld))


def _withheld_up_to(counts: list[int]) -> int:
    """The greatest count to withhold: 0 when none is small, the greatest of all when no other would do."""
    if min(counts, default=SMALL_CELL) >= SMALL_CELL:
        return 0
    return next((limit for limit in sorted({SMALL_CELL - 1, *counts})
                 if limit >= SMALL_CELL - 1 and len({count for count in counts if count <= limit}) > 1), max(counts))
