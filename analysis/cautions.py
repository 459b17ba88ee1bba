"""What a person should know before trusting a result, in plain Indonesian."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.contract import Guidance, Settings
from analysis.outcome import Cluster, Quality, Warning_

MANY_UNASSIGNED = 0.25
"""Share of unassigned texts from which a person is told."""


def plain_warnings(
    clusters: Sequence[Cluster], quality: Quality, n_wordless: int, settings: Settings, guidance: Guidance
) -> tuple[Warning_, ...]:
    """What a person should know before trusting the result, in Indonesian. ``n_wordless``: documents that hold no
    word with a theme."""
    n_documents = quality.n_documents
    with_words = n_documents - n_wordless
    found = []
    if n_documents == 0:
        found.append(Warning_("no_documents", "Belum ada masukan untuk dianalisis."))
    elif with_words < settings.min_documents:
        message = (
            f"Masukan yang dapat dibaca baru {with_words}; pengelompokan dimulai dari {settings.min_documents}. "
            "Bacalah satu per satu."
        )
        found.append(Warning_("too_few_documents", message, with_words))
    elif n_documents - quality.coverage * n_documents >= MANY_UNASSIGNED * n_documents:
        share = round(100 * (1 - quality.coverage))
        found.append(Warning_("many_unassigned", f"{share}% masukan tidak cocok ke kelompok mana pun.", share))
    if n_wordless:
        message = f"{n_wordless} masukan tidak memuat kata yang bermakna (kosong, emoji, atau salam saja)."
        found.append(Warning_("without_words", message, n_wordless))
    n_mixed = sum(cluster.is_mixed for cluster in clusters)
    if n_mixed:
        message = f"{n_mixed} kelompok usulan isinya campuran; periksa lebih dulu."
        found.append(Warning_("mixed_clusters", message, n_mixed))
    n_conflicts = _conflicts(guidance)
    if n_conflicts:
        message = f"{n_conflicts} pasang masukan diminta terpisah tetapi sudah diputuskan berada dalam satu tema."
        found.append(Warning_("apart_conflict", message, n_conflicts))
    return tuple(found)


def _conflicts(guidance: Guidance) -> int:
    theme_of = {member: theme.key for theme in guidance.themes for member in theme.members}
    return sum(a in theme_of and theme_of[a] == theme_of.get(b) for a, b in guidance.apart)
