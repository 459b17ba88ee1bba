"""The ledger replayed: a sequence of decisions in, the themes that stand and the place of every entry out.

Pure: no database, no web. Lines are only ever added. An undo is a line that names another one, and can be
undone itself. The replay applies the lines that are in effect, in order of their ids. A line that cannot be
applied is left out and named, so whoever adds a line asks for a replay first and refuses when one is named.
"""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

THEME_MISSING = "theme_missing"        # the theme was never made, or its making is undone
THEME_CLOSED = "theme_closed"          # merged or dismissed
THEME_EXISTS = "theme_exists"
ELSEWHERE = "elsewhere"                # a member is in another theme
ALREADY_THERE = "already_there"
NOT_IN_THEME = "not_in_theme"
NO_MEMBERS = "no_members"
NO_SUCH_LINE = "no_such_line"
UNDONE_BEFORE = "undone_before"
UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True, slots=True)
class Line:
    """One decision.

    ``payload`` by kind, submission ids as ``members``:
    confirm: title, members, phrases, quotes, makes ``theme_id`` of entries that are in no theme; with ``planned``
    of none at all: the plan under revision has it.
    accept: members, join ``theme_id``. rename: title. dimension: dimension_id or None.
    merge: from (theme ids), optionally title; their members join ``theme_id``.
    split: from (a theme id), members, title, optionally quotes; makes ``theme_id``.
    move: members, to (a theme id, or None to set aside).
    dismiss: with ``theme_id`` sets all its members aside, without it those in members.
    undo: none; ``undoes_id`` names the line.
    """

    id: int
    kind: str
    theme_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    undoes_id: int | None = None


@dataclass(frozen=True, slots=True)
class ThemeState:
    """A theme as the ledger leaves it; ``state`` is confirmed, dismissed or merged, ``members`` ascend."""

    title: str
    state: str
    members: tuple[int, ...]
    merged_into: int | None = None
    dimension_id: int | None = None
    phrases: tuple[str, ...] = ()
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """A line that is in effect but cannot be applied, and the code of why."""

    line_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The outcome of a replay.

    ``decided``: submission id → (theme id, or None when set aside; id of the line that put it there).
    A submission that is not in it was never decided on. ``in_effect``: ids of the lines not undone.
    """

    themes: dict[int, ThemeState]
    decided: dict[int, tuple[int | None, int]]
    in_effect: frozenset[int]
    inapplicable: tuple[Inapplicable, ...]

    @property
    def confirmed(self) -> dict[int, ThemeState]:
        return {theme_id: theme for theme_id, theme in self.themes.items() if theme.state == "confirmed"}

    @property
    def set_aside(self) -> frozenset[int]:
        return frozenset(member for member, (theme_id, _line) in self.decided.items() if theme_id is None)


def replay(lines: Iterable[Line]) -> Ledger:
    """Apply the lines that are in effect, oldest first."""
    ordered = sorted(lines, key=lambda line: line.id)
    in_effect = lines_in_effect(ordered)
    replaying = _Replay()
    inapplicable = list(_bad_undos(ordered))
    for line in ordered:
        if line.id not in in_effect or line.kind == "undo":
            continue
        why = replaying.apply(line)
        if why:
            inapplicable.append(Inapplicable(line.id, why))
    return Ledger(replaying.themes(), dict(replaying.place), in_effect, tuple(inapplicable))


def lines_in_effect(lines: Iterable[Line]) -> frozenset[int]:
    """Ids of the lines that no line in effect undoes."""
    ordered = sorted(lines, key=lambda line: line.id)
    undone: set[int] = set()
    # From the end, because only a line that is itself in effect can undo an earlier one.
    for line in reversed(ordered):
        if line.kind == "undo" and line.undoes_id is not None and line.id not in undone:
            undone.add(line.undoes_id)
    return frozenset(line.id for line in ordered if line.id not in undone)


def last_of_chain(lines: Iterable[Line]) -> dict[int, int]:
    """For every line that is no undo, the last line of its chain of undos: what to undo to change it again.

    ``{7: 7}`` was never undone; ``{7: 9}`` was undone by 9; undoing 9 puts 7 in effect again.
    """
    ordered = sorted(lines, key=lambda line: line.id)
    undone_by = {line.undoes_id: line.id for line in ordered if line.kind == "undo"}
    last = {}
    for line in ordered:
        if line.kind != "undo":
            end = line.id
            while end in undone_by:
                end = undone_by[end]
            last[line.id] = end
    return last


def themes_named(line: Line) -> frozenset[int]:
    """Every theme that a line is about."""
    sources = line.payload.get("from")
    named = {line.theme_id, line.payload.get("to"), *(sources if isinstance(sources, list | tuple) else (sources,))}
    return frozenset(theme_id for theme_id in named if theme_id is not None)


def _bad_undos(ordered: list[Line]) -> Iterable[Inapplicable]:
    seen: set[int] = set()
    named: set[int] = set()
    for line in ordered:
        if line.kind == "undo":
            if line.undoes_id not in seen:
                yield Inapplicable(line.id, NO_SUCH_LINE)
            elif line.undoes_id in named:
                yield Inapplicable(line.id, UNDONE_BEFORE)
            named.add(line.undoes_id)
        seen.add(line.id)


@dataclass(slots=True)
class _Open:
    """A theme while the replay is under way."""

    title: str
    state: str = "confirmed"
    members: set[int] = field(default_factory=set)
    merged_into: int | None = None
    dimension_id: int | None = None
    phrases: tuple[str, ...] = ()
    quotes: tuple[int, ...] = ()


class _Replay:
    """Every ``_kind`` checks first and changes after, and returns the code of why it cannot be, or ''."""

    def __init__(self) -> None:
        self.place: dict[int, tuple[int | None, int]] = {}
        self._open: dict[int, _Open] = {}
        self._verbs: dict[str, Callable[[Line], str]] = {
            "confirm": self._confirm, "accept": self._accept, "rename": self._rename, "merge": self._merge,
            "split": self._split, "move": self._move, "dismiss": self._dismiss, "dimension": self._dimension}

    def apply(self, line: Line) -> str:
        verb = self._verbs.get(line.kind)
        return verb(line) if verb else UNKNOWN_KIND

    def themes(self) -> dict[int, ThemeState]:
        return {theme_id: ThemeState(
            title=one.title, state=one.state, members=tuple(sorted(one.members)), merged_into=one.merged_into,
            dimension_id=one.dimension_id, phrases=one.phrases, quotes=one.quotes)
            for theme_id, one in self._open.items()}

    def _confirm(self, line: Line) -> str:
        members = _members(line)
        has_ground = members or line.payload.get("planned")
        why = self._cannot_make(line) or ("" if has_ground else NO_MEMBERS) or self._in_a_theme(members)
        if not why:
            self._open[line.theme_id] = _Open(
                title=line.payload["title"], phrases=tuple(line.payload.get("phrases", ())),
                quotes=tuple(line.payload.get("quotes", ())))
            self._put(members, line.theme_id, line.id)
        return why

    def _accept(self, line: Line) -> str:
        members = _members(line)
        why = self._not_live(line.theme_id) or ("" if members else NO_MEMBERS) or self._in_a_theme(members)
        if not why:
            self._put(members, line.theme_id, line.id)
        return why

    def _rename(self, line: Line) -> str:
        why = self._not_live(line.theme_id)
        if not why:
            self._open[line.theme_id].title = line.payload["title"]
        return why

    def _dimension(self, line: Line) -> str:
        why = self._not_live(line.theme_id)
        if not why:
            self._open[line.theme_id].dimension_id = line.payload.get("dimension_id")
        return why

    def _merge(self, line: Line) -> str:
        sources = tuple(dict.fromkeys(line.payload["from"]))
        if not sources or line.theme_id in sources:
            return ALREADY_THERE
        for theme_id in (line.theme_id, *sources):
            why = self._not_live(theme_id)
            if why:
                return why
        survivor = self._open[line.theme_id]
        merged = [self._open[theme_id] for theme_id in sources]
        for one in merged:
            self._put(tuple(one.members), line.theme_id, line.id)
            one.state, one.merged_into = "merged", line.theme_id
        survivor.title = line.payload.get("title") or survivor.title
        survivor.phrases = _in_turns(survivor.phrases, *(one.phrases for one in merged))
        survivor.quotes = _in_turns(survivor.quotes, *(one.quotes for one in merged))
        return ""

    def _split(self, line: Line) -> str:
        members, source = _members(line), line.payload["from"]
        why = self._cannot_make(line) or ("" if members else NO_MEMBERS) or self._not_live(source)
        if not why and not self._open[source].members.issuperset(members):
            why = NOT_IN_THEME
        if not why:
            self._open[line.theme_id] = _Open(
                title=line.payload["title"], dimension_id=self._open[source].dimension_id,
                quotes=tuple(line.payload.get("quotes", ())))
            self._put(members, line.theme_id, line.id)
        return why

    def _move(self, line: Line) -> str:
        members, target = _members(line), line.payload.get("to")
        why = ("" if members else NO_MEMBERS) or ("" if target is None else self._not_live(target))
        if not why and any(member in self.place and self.place[member][0] == target for member in members):
            why = ALREADY_THERE
        if not why:
            self._put(members, target, line.id)
        return why

    def _dismiss(self, line: Line) -> str:
        if line.theme_id is None:
            members = _members(line)
            why = "" if members else NO_MEMBERS
            if not why and any(member in self.place for member in members):
                why = ELSEWHERE
        else:
            why = self._not_live(line.theme_id)
            members = () if why else tuple(self._open[line.theme_id].members)
        if not why:
            self._put(members, None, line.id)
            if line.theme_id is not None:
                self._open[line.theme_id].state = "dismissed"
        return why

    def _put(self, members: tuple[int, ...], theme_id: int | None, line_id: int) -> None:
        """The only place where an entry changes its place: it leaves the old one as it enters the new one."""
        for member in members:
            before = self.place.get(member, (None, 0))[0]
            if before is not None:
                self._open[before].members.discard(member)
            if theme_id is not None:
                self._open[theme_id].members.add(member)
            self.place[member] = (theme_id, line_id)

    def _not_live(self, theme_id: int | None) -> str:
        if theme_id not in self._open:
            return THEME_MISSING
        return "" if self._open[theme_id].state == "confirmed" else THEME_CLOSED

    def _cannot_make(self, line: Line) -> str:
        if line.theme_id is None:
            return THEME_MISSING
        return THEME_EXISTS if line.theme_id in self._open else ""

    def _in_a_theme(self, members: tuple[int, ...]) -> str:
        return ELSEWHERE if any(self.place.get(member, (None, 0))[0] is not None for member in members) else ""


def _members(line: Line) -> tuple[int, ...]:
    return tuple(dict.fromkeys(line.payload.get("members", ())))


def _in_turns(*lists: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first of each, then the second of each, without repeats: every merged theme stays audible."""
    return tuple(dict.fromkeys(one for turn in zip_longest(*lists) for one in turn if one is not None))
