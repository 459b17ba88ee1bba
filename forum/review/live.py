"""Themes as a hall may watch them grow: what people confirmed, what the latest run proposes, what came since."""
from dataclasses import dataclass

from sqlalchemy import func, select

import analysis
from forum.db import db
from forum.review import newcomers, queries
from forum.review.board import survivor, undecided_clusters
from forum.review.models import Theme


@dataclass(slots=True)
class LiveTheme:
    """A theme (``is_reviewed``) or a proposed group.

    ``n_entries``: accepted entries that people put there or the latest run suggests; ``n_new``: those that came after
    the run and belong there for now.
    """

    title: str
    is_reviewed: bool
    n_entries: int = 0
    n_new: int = 0

    @property
    def n_all(self) -> int:
        return self.n_entries + self.n_new


def live_themes(consultation_id: int) -> list[LiveTheme]:
    """Every theme and proposed group with entries, largest first; empty before the first run or decision."""
    stored = {theme.id: theme for theme in db.session.scalars(
        select(Theme).where(Theme.consultation_id == consultation_id))}
    themes = {theme.id: LiveTheme(theme.title, True) for theme in stored.values() if theme.state == "confirmed"}
    members = queries.live_members_select(consultation_id).subquery()
    for theme_id, n in db.session.execute(select(members.c.theme_id, func.count()).group_by(members.c.theme_id)):
        themes[theme_id].n_entries = n
    groups: dict[int, LiveTheme] = {}
    run = queries.latest_run(consultation_id)
    for cluster, n in undecided_clusters(run):
        theme = survivor(stored, cluster.theme_id)
        row = themes[theme.id] if theme else groups.setdefault(cluster.id, _group(cluster.label))
        row.n_entries += n
    for home, n in (newcomers.counts(run) if run else {}).items():
        row = themes.get(home.theme_id or 0) or groups.get(home.cluster_id)
        if row is not None:  # a group that people have dismissed or shared out stays gone
            row.n_new += n
    found = [one for one in (*themes.values(), *groups.values()) if one.n_all]
    return sorted(found, key=lambda one: (-one.n_all, not one.is_reviewed, one.title.casefold()))


def _group(label: str) -> LiveTheme:
    """A proposed group. Its label is made of people's words, so personal data is masked in it."""
    return LiveTheme(analysis.mask(label), False)
