"""How a decision becomes part of the ledger: lock, check, add one line, replay, write what changed.

Used by the verbs of this room inside their writing transaction; nothing here begins or ends one.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from forum import audit, formatting
from forum.consultations.models import Consultation
from forum.db import hold
from forum.errors import ForumError, NotFound, StaleVersion
from forum.review import ledger, projection, wording
from forum.review.ledger import Ledger, Line
from forum.review.models import Decision, Theme
from forum.submissions.models import Submission
from forum.typed import clean_line, clean_text

MAX_TITLE_CHARACTERS = 120
MAX_REASON_CHARACTERS = 300


class DecisionRefused(ForumError):
    """The decision does not fit what stands now."""


class UnusableDecision(ForumError):
    """A title, reason or choice that is missing or too long."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ThemeClosed(ForumError):
    """The theme was merged, dismissed or undone."""


class LaterDecisionsDepend(ForumError):
    """Undoing a line would leave later lines without ground. ``line_ids`` names them."""

    def __init__(self, message: str, line_ids: tuple[int, ...]) -> None:
        super().__init__(message)
        self.line_ids = line_ids


@dataclass(slots=True)
class OpenLedger:
    """The ledger of one consultation, locked until the caller's transaction ends."""

    session: Session | scoped_session[Session]
    consultation_id: int
    lines: list[Line]
    state: Ledger
    actor: audit.Actor
    now: datetime


def open_ledger(session: Session | scoped_session[Session], consultation_id: int, *, actor: audit.Actor,
                now: datetime) -> OpenLedger:
    """Lock the consultation's ledger and replay it. Raises `NotFound`."""
    # PostgreSQL lets writers side by side: the row of the consultation makes them take turns here.
    if hold(Consultation, consultation_id) is None:
        raise NotFound
    lines = projection.lines_of(session, consultation_id)
    return OpenLedger(session, consultation_id, lines, ledger.replay(lines), actor, now)


def decide(book: OpenLedger, kind: str, *, theme_id: int | None = None, payload: dict[str, Any] | None = None,
           undoes_id: int | None = None, reason: str = "") -> int:
    """Add one line and write its outcome; return its id.

    Raises `DecisionRefused` when the line does not fit, `LaterDecisionsDepend` when others then would not.
    """
    line = add_line(book, kind, theme_id=theme_id, payload=payload, undoes_id=undoes_id, reason=reason)
    take_effect(book, [line])
    return line.id


def add_line(book: OpenLedger, kind: str, *, theme_id: int | None = None, payload: dict[str, Any] | None = None,
             undoes_id: int | None = None, reason: str = "") -> Line:
    """Add one line whose outcome is not written yet: `take_effect` writes that of several at once."""
    decision = Decision(consultation_id=book.consultation_id, kind=kind, theme_id=theme_id, undoes_id=undoes_id,
                        payload=payload or {}, reason=checked_reason(reason), actor_id=book.actor.id,
                        actor_name=book.actor.name, created_at=book.now)
    book.session.add(decision)
    book.session.flush()
    audit.record(actor=book.actor, action=f"review.{kind}", subject_type="decision", subject_id=decision.id,
                 consultation_id=book.consultation_id, now=book.now, theme_id=theme_id, undoes_id=undoes_id)
    return Line(decision.id, kind, theme_id, decision.payload, undoes_id)


def take_effect(book: OpenLedger, lines: Sequence[Line]) -> None:
    """Write the outcome of added lines; raises as `decide`."""
    after = ledger.replay([*book.lines, *lines])
    _refuse_what_does_not_fit(book, {line.id for line in lines}, after)
    projection.project(book.session, book.consultation_id, book.state, after)


def _refuse_what_does_not_fit(book: OpenLedger, added: set[int], after: Ledger) -> None:
    if not after.inapplicable:
        return
    for one in after.inapplicable:
        if one.line_id in added:
            raise DecisionRefused(wording.why_not(one.why))
    ids = tuple(one.line_id for one in after.inapplicable)
    rows = book.session.scalars(select(Decision).where(Decision.id.in_(ids)).order_by(Decision.id))
    named = " · ".join(wording.sentence(decision) for decision in rows)
    raise LaterDecisionsDepend(
        _("Keputusan ini menjadi dasar keputusan yang lebih baru. Urungkan dahulu: %(lines)s", lines=named), ids)


def make_theme(book: OpenLedger, title: str) -> int:
    """An empty row for a theme; the line that follows gives it its members."""
    theme = Theme(consultation_id=book.consultation_id, title=checked_title(title), created_at=book.now)
    book.session.add(theme)
    book.session.flush()
    return theme.id


def consultation_of(session: Session | scoped_session[Session], theme_id: int) -> int:
    found = session.scalar(select(Theme.consultation_id).where(Theme.id == theme_id))
    if found is None:
        raise NotFound(_("Tema ini tidak ada."))
    return found


def live_theme(book: OpenLedger, theme_id: int, version: int | None, *, unsaved: str = "") -> Theme:
    """The row of a confirmed theme in the version that the caller has seen (``None``: any).

    Raises `ThemeClosed` with where it went, `StaleVersion` with what changed and what is not saved.
    """
    theme = book.session.scalar(select(Theme).where(Theme.id == theme_id,
                                                    Theme.consultation_id == book.consultation_id))
    if theme is None:
        raise NotFound(_("Tema ini tidak ada."))
    if theme.state != "confirmed":
        raise ThemeClosed(wording.where_it_went(theme))
    if version is not None and theme.version != version:
        raise StaleVersion(_what_changed(book, theme, unsaved))
    return theme


def _what_changed(book: OpenLedger, theme: Theme, unsaved: str) -> str:
    last = next((line.id for line in reversed(book.lines) if theme.id in themes_of(book, line)), None)
    decision = book.session.get(Decision, last) if last else None
    members = len(book.state.themes[theme.id].members)
    text = _("Tema ini berubah sejak halaman Anda dibuka.")
    if decision is not None:
        text = _("%(name)s mengubah tema ini sejak halaman Anda dibuka (%(time)s): %(what)s",
                 name=decision.actor_name, time=formatting.local_time(decision.created_at),
                 what=wording.sentence(decision))
    text += " " + _("Sekarang berjudul “%(title)s” dengan %(count)s masukan.", title=theme.title, count=members)
    if unsaved:
        text += " " + _("Judul yang Anda tulis, “%(title)s”, belum disimpan.", title=unsaved)
    return text + " " + _("Periksa, lalu kirim lagi bila masih perlu.")


def themes_of(book: OpenLedger, line: Line) -> frozenset[int]:
    """Themes that a line is about; of an undo, those of the line it names."""
    by_id = {one.id: one for one in book.lines}
    while line.kind == "undo" and line.undoes_id in by_id:
        line = by_id[line.undoes_id]
    return ledger.themes_named(line)


def own_entries(book: OpenLedger, submission_ids: Iterable[int]) -> list[int]:
    """The chosen entries, ascending; refuses none, foreign, hidden and withdrawn ones."""
    ids = sorted(set(submission_ids))
    if not ids:
        raise UnusableDecision(_("Pilih paling sedikit satu masukan."))
    found = set(book.session.scalars(select(Submission.id).where(
        Submission.consultation_id == book.consultation_id, Submission.state == "accepted",
        Submission.id.in_(ids))))
    if len(found) < len(ids):
        raise DecisionRefused(_("%(count)s masukan yang dipilih sudah disembunyikan atau ditarik. "
                                "Periksa pilihan Anda, lalu kirim lagi.", count=len(ids) - len(found)))
    return ids


def refuse_if_in_a_theme(book: OpenLedger, submission_ids: Iterable[int], *, unsaved: str = "") -> None:
    """Say which themes took the entries in the meantime, by title, and which title is not saved."""
    taken = [book.state.decided[member][0] for member in submission_ids if member in book.state.decided]
    titles = sorted({book.state.themes[theme_id].title for theme_id in taken if theme_id is not None})
    if titles:
        text = _("%(count)s masukan ini sudah masuk tema %(titles)s.",
                 count=sum(theme_id is not None for theme_id in taken),
                 titles=", ".join(f"“{title}”" for title in titles))
        if unsaved:
            text += " " + _("Judul yang Anda tulis, “%(title)s”, belum disimpan.", title=unsaved)
        raise DecisionRefused(text)


def checked_title(title: str) -> str:
    title = clean_line(title)
    if not title:
        raise UnusableDecision(_("Tulis judul tema."))
    if len(title) > MAX_TITLE_CHARACTERS:
        raise UnusableDecision(_("Judul tema paling banyak %(count)s karakter.", count=MAX_TITLE_CHARACTERS))
    return title


def checked_reason(reason: str) -> str:
    reason = clean_text(reason)
    if len(reason) > MAX_REASON_CHARACTERS:
        raise UnusableDecision(_("Alasan paling banyak %(count)s karakter.", count=MAX_REASON_CHARACTERS))
    return reason
