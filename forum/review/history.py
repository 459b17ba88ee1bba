"""Reading the ledger: what can be undone, what happened to a theme."""
from dataclasses import dataclass

from sqlalchemy import select

from forum.db import db
from forum.review import ledger, projection, wording
from forum.review.acts import lines_and_acts
from forum.review.models import Decision

LINES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: undo line ``decision_id``. ``brings_back``: that line is itself an undo.

    ``n_at_once``: lines that the same act wrote, and that the button takes back together.
    """

    decision_id: int
    sentence: str
    brings_back: bool
    n_at_once: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger in words.

    ``in_effect`` is false once it is undone. ``change_id`` is the line to undo in order to change that, or
    ``None`` for lines that are undos themselves: they are changed at the line that they name. ``n_at_once``: at the
    newest line of an act, how many can be changed together.
    """

    decision: Decision
    sentence: str
    in_effect: bool
    change_id: int | None
    n_at_once: int = 1


def offers(consultation_id: int) -> tuple[Offer, ...]:
    """What one tap can take back: the last act in effect, and the undo before it when that was the last act."""
    lines, acts = lines_and_acts(consultation_id)
    if not lines:
        return ()
    in_effect = ledger.lines_in_effect(lines)
    last = ledger.last_of_chain(lines)
    chosen: list[tuple[int, int, bool]] = []  # line in words, line to undo, brings back
    newest = lines[-1]
    if newest.kind == "undo":
        base = next(base for base, end in last.items() if end == newest.id)
        if base not in in_effect:
            chosen.append((base, newest.id, True))
    standing = [line.id for line in lines if line.kind != "undo" and line.id in in_effect]
    if standing:
        chosen.append((standing[-1], last[standing[-1]], False))
    rows = {row.id: row for row in db.session.scalars(
        select(Decision).where(Decision.id.in_([base for base, _end, _back in chosen])))}
    together = _changed_together(acts, last)
    return tuple(Offer(end, wording.sentence(rows[base], len(together[end])), back, len(together[end]))
                 for base, end, back in chosen)


def page(consultation_id: int, *, before: int | None = None) -> tuple[list[Entry], int | None]:
    """Lines of the ledger in words, newest first, and the id that the next page continues before."""
    query = select(Decision).where(Decision.consultation_id == consultation_id)
    if before:
        query = query.where(Decision.id < before)
    rows = list(db.session.scalars(query.order_by(Decision.id.desc()).limit(LINES_PER_PAGE + 1)))
    shown = rows[:LINES_PER_PAGE]
    return _entries(consultation_id, shown, by_act=True), shown[-1].id if len(rows) > len(shown) else None


def of_theme(consultation_id: int, theme_id: int) -> list[Entry]:
    """Every line that is about a theme, newest first, undone ones included."""
    by_id = {line.id: line for line in projection.lines_of(db.session, consultation_id)}
    about = []
    for line in by_id.values():
        named = line
        while named.kind == "undo" and named.undoes_id in by_id:
            named = by_id[named.undoes_id]
        if theme_id in ledger.themes_named(named):
            about.append(line.id)
    rows = list(db.session.scalars(select(Decision).where(Decision.id.in_(about)).order_by(Decision.id.desc())))
    return _entries(consultation_id, rows)


def _entries(consultation_id: int, rows: list[Decision], *, by_act: bool = False) -> list[Entry]:
    lines, acts = lines_and_acts(consultation_id)
    in_effect = ledger.lines_in_effect(lines)
    last = ledger.last_of_chain(lines)
    n_at_once = {ends[-1]: len(ends) for ends in _changed_together(acts, last).values()} if by_act else {}
    named = _named_by(rows)  # held while the sentences are made: the session keeps no row that nobody holds
    entries = [Entry(row, wording.sentence(row), row.id in in_effect, end := last.get(row.id), n_at_once.get(end, 1))
               for row in rows]
    del named
    return entries


def _changed_together(acts: dict[int, tuple[int, ...]], last: dict[int, int]) -> dict[int, list[int]]:
    """For every end of a chain (see `ledger.last_of_chain`) the ends that its act wrote, ascending."""
    ends = set(last.values())
    return {end: [line_id for line_id in acts[end] if line_id in ends] for end in ends}


def _named_by(rows: list[Decision]) -> list[Decision]:
    """The lines that undos name, directly or by way of other undos: one query for each link of the chain."""
    found: list[Decision] = []
    wanted = {row.undoes_id for row in rows if row.undoes_id is not None}
    while wanted:
        link = list(db.session.scalars(select(Decision).where(Decision.id.in_(wanted))))
        found += link
        wanted = {row.undoes_id for row in link if row.undoes_id is not None}
    return found
