"""From the ledger's outcome to the rows that everybody reads: only rows that differ are written."""
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, scoped_session

from forum.review.ledger import Ledger, Line, replay
from forum.review.models import Decision, Theme, ThemeMember

_ROWS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What the rows say otherwise than the ledger does. Empty when they agree.

    ``members``: submission id → (theme id, line id) that should be stored, or ``None`` for no row.
    """

    themes: dict[int, dict[str, object]]
    members: dict[int, tuple[int | None, int] | None]

    def __bool__(self) -> bool:
        return bool(self.themes or self.members)


def lines_of(session: Session | scoped_session[Session], consultation_id: int) -> list[Line]:
    """Every line of a consultation, oldest first."""
    rows = session.execute(
        select(Decision.id, Decision.kind, Decision.theme_id, Decision.payload, Decision.undoes_id)
        .where(Decision.consultation_id == consultation_id).order_by(Decision.id))
    return [Line(*row) for row in rows]


def replayed(session: Session | scoped_session[Session], consultation_id: int) -> Ledger:
    """The ledger of a consultation as a fresh replay gives it."""
    return replay(lines_of(session, consultation_id))


def difference(session: Session | scoped_session[Session], consultation_id: int, ledger: Ledger) -> Difference:
    """Compare the stored rows with the outcome of a replay."""
    themes: dict[int, dict[str, object]] = {}
    rows = session.execute(
        select(Theme.id, Theme.title, Theme.state, Theme.merged_into_id, Theme.dimension_id, Theme.phrases,
               Theme.quotes).where(Theme.consultation_id == consultation_id))
    for row in rows:
        stored = dict(row._mapping)
        theme_id = stored.pop("id")
        wanted = _columns(ledger, theme_id, stored)
        if wanted != stored:
            themes[theme_id] = wanted
    members: dict[int, tuple[int | None, int] | None] = dict(ledger.decided)
    stored_members = session.execute(
        select(ThemeMember.submission_id, ThemeMember.theme_id, ThemeMember.decision_id)
        .where(ThemeMember.consultation_id == consultation_id))
    for submission_id, theme_id, decision_id in stored_members:
        if members.get(submission_id) == (theme_id, decision_id):
            del members[submission_id]
        elif submission_id not in ledger.decided:
            members[submission_id] = None
    return Difference(themes, members)


def _columns(ledger: Ledger, theme_id: int, stored: dict[str, object]) -> dict[str, object]:
    """What the row of a theme should hold; one whose making is undone keeps its words for the ledger page."""
    theme = ledger.themes.get(theme_id)
    if theme is None:
        return {**stored, "state": "undone", "merged_into_id": None}
    return {"title": theme.title, "state": theme.state, "merged_into_id": theme.merged_into,
            "dimension_id": theme.dimension_id, "phrases": list(theme.phrases), "quotes": list(theme.quotes)}


def project(session: Session | scoped_session[Session], consultation_id: int, before: Ledger, after: Ledger) -> None:
    """Write the outcome into the rows, inside the caller's writing transaction.

    Every theme whose row or members change gets the next version, so that a page opened before is stale.
    """
    change = difference(session, consultation_id, after)
    touched = {theme_id for theme_id in after.themes.keys() & before.themes.keys()
               if before.themes[theme_id].members != after.themes[theme_id].members}
    touched |= change.themes.keys() & (before.themes.keys() | _revived(session, before, after))
    for theme_id, columns in change.themes.items():
        session.execute(update(Theme).where(Theme.id == theme_id).values(**columns))
    for theme_id in touched:
        session.execute(update(Theme).where(Theme.id == theme_id).values(version=Theme.version + 1))
    _write_members(session, consultation_id, change)
    session.expire_all()


def _revived(session: Session | scoped_session[Session], before: Ledger, after: Ledger) -> set[int]:
    """Themes whose making was undone and now stands again: rows older than this transaction."""
    back = after.themes.keys() - before.themes.keys()
    if not back:
        return set()
    return set(session.scalars(select(Theme.id).where(Theme.id.in_(back), Theme.state == "undone")))


def _write_members(session: Session | scoped_session[Session], consultation_id: int, change: Difference) -> None:
    ids = list(change.members)
    for start in range(0, len(ids), _ROWS_PER_STATEMENT):
        session.execute(delete(ThemeMember).where(
            ThemeMember.submission_id.in_(ids[start:start + _ROWS_PER_STATEMENT])))
    rows = [{"submission_id": submission_id, "consultation_id": consultation_id, "theme_id": place[0],
             "decision_id": place[1]} for submission_id, place in change.members.items() if place is not None]
    if rows:
        session.execute(insert(ThemeMember), rows)
