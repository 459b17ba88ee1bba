"""How far a grouping agrees with one that people made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score


@dataclass(frozen=True, slots=True)
class Agreement:
    """Scores of found labels against true ones; unassigned documents (-1) count as one more group.

    Attributes
    ----------
    v_measure : float in 0..1
        Rosenberg and Hirschberg 2007. Rises with the number of groups by chance: do not compare across k.
    ami : float, at most 1; 0 = chance
        Adjusted mutual information (Vinh, Epps and Bailey 2010): the number to compare methods by.
    ari : float, at most 1; 0 = chance
        Adjusted Rand index (Hubert and Arabie 1985).
    purity : float in 0..1
        Share of documents that belong to the majority of their group; 1 when every document is alone.
    b_cubed_f1 : float in 0..1
        Bagga and Baldwin 1998: mean per-document precision and recall, combined.
    n_clusters : int
        Groups found, unassigned not counted.
    coverage : float in 0..1
        Share of documents that are in a group.
    """

    v_measure: float
    ami: float
    ari: float
    purity: float
    b_cubed_f1: float
    n_clusters: int
    coverage: float


def agreement(truth: Sequence[Hashable], found: Sequence[int]) -> Agreement:
    """Compare ``found`` labels (-1 = unassigned) with ``truth``, both of the same length, at least 1.

    Raises
    ------
    ValueError
        Different lengths, or nothing to compare.
    """
    if len(truth) != len(found) or not found:
        raise ValueError("truth and found must have the same length, at least 1")
    named = [str(value) for value in truth]
    return Agreement(
        v_measure=float(v_measure_score(named, found)),
        ami=float(adjusted_mutual_info_score(named, found)),
        ari=float(adjusted_rand_score(named, found)),
        purity=_purity(named, found),
        b_cubed_f1=_b_cubed_f1(named, found),
        n_clusters=len(set(found) - {-1}),
        coverage=sum(label != -1 for label in found) / len(found),
    )


def _purity(truth: Sequence[str], found: Sequence[int]) -> float:
    groups: dict[int, Counter[str]] = defaultdict(Counter)
    for true, label in zip(truth, found, strict=True):
        groups[label][true] += 1
    return sum(max(counts.values()) for counts in groups.values()) / len(truth)


def _b_cubed_f1(truth: Sequence[str], found: Sequence[int]) -> float:
    together = Counter(zip(truth, found, strict=True))
    true_sizes, found_sizes = Counter(truth), Counter(found)
    precision = sum(count**2 / found_sizes[label] for (_, label), count in together.items()) / len(truth)
    recall = sum(count**2 / true_sizes[true] for (true, _), count in together.items()) / len(truth)
    return 2 * precision * recall / (precision + recall)
