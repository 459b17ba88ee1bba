"""From assessors' sheets to a ranked list that says how firm each rank is. Pure: values in, values out.

Method. Urgency, Seriousness and Growth, each on a scale, added up per assessor (Kepner, C. H. and
Tregoe, B. B., The New Rational Manager, 1981); the total of a theme is the mean over its assessors.
Ranks follow "standard competition ranking" (1224): equal totals share a rank, and as many ranks
are left out after it. All comparisons are made in exact fractions, so a tie is a tie.
"""
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

WEIGHT_SHIFT = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A criterion as the formula sees it. ``weight`` is not negative."""

    code: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessor's values for one theme: criterion code → value on that criterion's scale."""

    theme_id: int
    assessor_id: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a theme stands, and how firmly.

    Attributes
    ----------
    rank : int, from 1
        Standard competition rank; themes of equal total share it.
    total : float
        Mean over the assessors of Σ weight × value; with the three default criteria 3 to 15.
    means : dict of str to float
        Mean value per criterion code, unweighted.
    lowest, highest, deviation : float
        Spread of the assessors' totals: minimum, maximum, standard deviation. The assessors are the
        whole panel and not a sample of one, so the deviation divides by n; one assessor gives 0.
    n_assessors : int, at least 1
    best_rank, worst_rank : int, ``best_rank <= rank <= worst_rank``
        See `rank_themes`.
    is_tied : bool
        Whether another theme has the same total.
    """

    theme_id: int
    rank: int
    total: float
    means: dict[str, float]
    lowest: float
    highest: float
    deviation: float
    n_assessors: int
    best_rank: int
    worst_rank: int
    is_tied: bool


def rank_themes(sheets: Iterable[Sheet], yardsticks: Sequence[Yardstick]) -> list[Ranked]:
    """Rank every theme that has at least one sheet; the result does not depend on the order of input.

    The interval from ``best_rank`` to ``worst_rank`` spans the theme's rank in the list as it is and
    in each of these variations, all of them computed exactly, none drawn at random:

    * each assessor in turn is left out (leave-one-out; a theme that only this assessor scored keeps
      the score, so that the same themes are compared throughout);
    * each criterion's weight in turn is lowered and raised by 10 %, the other weights unchanged.

    Returns
    -------
    list of Ranked, ordered by rank, then by theme id.

    Raises
    ------
    ValueError : no criterion, a criterion twice, a negative weight, no weight above 0, two sheets of
        one assessor for one theme, or a sheet that lacks a criterion.
    """
    weights = _weights(yardsticks)
    by_theme = _by_theme(sheets, weights)
    ranks = _ranks(_totals(by_theme, weights))
    best, worst = dict(ranks), dict(ranks)
    for varied in _variations(by_theme, weights):
        for theme_id, rank in varied.items():
            best[theme_id] = min(best[theme_id], rank)
            worst[theme_id] = max(worst[theme_id], rank)
    shared = {rank for rank, n_themes in Counter(ranks.values()).items() if n_themes > 1}
    ordered = sorted(by_theme, key=lambda theme_id: (ranks[theme_id], theme_id))
    return [_ranked(theme_id, by_theme[theme_id], weights, ranks[theme_id], best[theme_id], worst[theme_id],
                    ranks[theme_id] in shared) for theme_id in ordered]


def _weights(yardsticks: Sequence[Yardstick]) -> dict[str, Fraction]:
    """Weights as written in decimals: 0.1 is one tenth, not the nearest binary number."""
    weights = {yardstick.code: Fraction(repr(float(yardstick.weight))) for yardstick in yardsticks}
    if len(weights) != len(yardsticks):
        raise ValueError("a criterion occurs twice")
    if not any(weights.values()) or min(weights.values()) < 0:
        raise ValueError("weights must not be negative, and at least one must be above 0")
    return weights


def _by_theme(sheets: Iterable[Sheet], weights: Mapping[str, Fraction]) -> dict[int, dict[int, Sheet]]:
    by_theme: dict[int, dict[int, Sheet]] = {}
    for sheet in sheets:
        if set(weights) - set(sheet.values):
            raise ValueError(f"the sheet of assessor {sheet.assessor_id} for theme {sheet.theme_id} is not complete")
        of_theme = by_theme.setdefault(sheet.theme_id, {})
        if sheet.assessor_id in of_theme:
            raise ValueError(f"assessor {sheet.assessor_id} has two sheets for theme {sheet.theme_id}")
        of_theme[sheet.assessor_id] = sheet
    return by_theme


def _total(sheet: Sheet, weights: Mapping[str, Fraction]) -> Fraction:
    return sum((weight * sheet.values[code] for code, weight in weights.items()), Fraction(0))


def _totals(by_theme: Mapping[int, Mapping[int, Sheet]], weights: Mapping[str, Fraction],
            without: int | None = None) -> dict[int, Fraction]:
    """Mean total per theme; ``without`` leaves one assessor out where others remain."""
    totals = {}
    for theme_id, of_theme in by_theme.items():
        kept = [sheet for assessor_id, sheet in of_theme.items() if assessor_id != without] or list(of_theme.values())
        totals[theme_id] = sum((_total(sheet, weights) for sheet in kept), Fraction(0)) / len(kept)
    return totals


def _ranks(totals: Mapping[int, Fraction]) -> dict[int, int]:
    """Standard competition ranking: one more than the number of themes with a higher total."""
    descending = sorted(totals.values(), reverse=True)
    first_place: dict[Fraction, int] = {}
    for place, total in enumerate(descending, start=1):
        first_place.setdefault(total, place)
    return {theme_id: first_place[total] for theme_id, total in totals.items()}


def _variations(by_theme: Mapping[int, Mapping[int, Sheet]], weights: Mapping[str, Fraction]
                ) -> Iterable[dict[int, int]]:
    """Ranks with each assessor left out in turn, then with each weight moved down and up in turn."""
    for assessor_id in sorted({assessor_id for of_theme in by_theme.values() for assessor_id in of_theme}):
        yield _ranks(_totals(by_theme, weights, without=assessor_id))
    for code in weights:
        for factor in (1 - WEIGHT_SHIFT, 1 + WEIGHT_SHIFT):
            yield _ranks(_totals(by_theme, {**weights, code: weights[code] * factor}))


def _ranked(theme_id: int, of_theme: Mapping[int, Sheet], weights: Mapping[str, Fraction], rank: int,
            best_rank: int, worst_rank: int, is_tied: bool) -> Ranked:
    totals = [_total(sheet, weights) for sheet in of_theme.values()]
    n = len(totals)
    mean = sum(totals, Fraction(0)) / n
    variance = sum(((total - mean) ** 2 for total in totals), Fraction(0)) / n
    means = {code: float(Fraction(sum(sheet.values[code] for sheet in of_theme.values()), n)) for code in weights}
    return Ranked(theme_id=theme_id, rank=rank, total=float(mean), means=means, lowest=float(min(totals)),
                  highest=float(max(totals)), deviation=sqrt(variance), n_assessors=n, best_rank=best_rank,
                  worst_rank=worst_rank, is_tied=is_tied)
