"""What a hall full of phones asks of its sitting again and again, kept in memory for a moment.

A sitting that opens, closes or is edited in this process is read anew at once; what another process changed is seen
after `forum.recent.KEPT_SECONDS`, for it leaves a line in the audit log. Who decides on it (an entry that is stored)
reads the row itself.
"""
from dataclasses import dataclass

from flask import Flask, current_app, g
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forum import audit
from forum.consultations import join_code
from forum.consultations.models import Consultation, ForumSession, Notice, Question
from forum.consultations.queries import session_by_code
from forum.consultations.questions import Asked, asked_of
from forum.db import begin_snapshot, db
from forum.recent import version_of

MAX_KEPT = 1_000
"""Codes of sittings kept; unknown codes are not kept, so that guessing fills nothing."""

_CHANGED = "halls_changed"


@dataclass(frozen=True, slots=True)
class ContactWords:
    """To what people agree who leave a contact; the names serve the ``localized`` filter."""

    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A sitting as its phones see it. Equal values mean that the same page is true."""

    forum_session_id: int
    join_code: str
    consultation_id: int
    pack_id: int
    timezone: str
    is_open: bool
    versions: tuple[int, int]
    notice_ids: tuple[int, ...]
    # Of these notices, those that offered to leave a contact; and the words to agree to now, if it is offered.
    contact_notice_ids: frozenset[int]
    contact_words: ContactWords | None
    questions: tuple[Asked, ...]

    def notice_agreed_to(self, shown: str) -> int:
        """Id of the notice that a form showed (``shown``, as the form carries it), else of the current one."""
        return next((one for one in self.notice_ids if str(one) == shown), self.notice_ids[0])

    def asked_contact(self, shown: str) -> bool:
        """Whether the notice that a form showed offered to leave a contact, and contacts are still wanted."""
        return self.contact_words is not None and self.notice_agreed_to(shown) in self.contact_notice_ids


def init_app(app: Flask) -> None:
    app.extensions["forum_halls"] = {}


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: object) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, (ForumSession, Consultation, Notice, Question)) for row in changed):
        session.info[_CHANGED] = True


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    if session.info.pop(_CHANGED, False):
        current_app.extensions["forum_halls"].clear()


def hall_by_code(code: str) -> Hall | None:
    """The sitting that a join code names, however it was typed, in whatever state; true up to the recent version."""
    kept: dict[str, tuple[Hall, int]] = current_app.extensions["forum_halls"]
    normalized = join_code.normalize(code)
    hall, version = kept.get(normalized, (None, 0))
    if hall is None or version < (recent := version_of(hall.consultation_id)):
        if hall is not None:
            kept[normalized] = (hall, recent)  # the first to find it old reads it for all who come meanwhile
        hall = _keep(kept, normalized) if normalized else None
    if hall is not None:
        g.timezone = hall.timezone
    return hall


def _keep(kept: dict[str, tuple[Hall, int]], code: str) -> Hall | None:
    """Read a sitting and keep it; nothing is kept of one that cannot be read."""
    try:
        read = _read(code)
    except Exception:
        kept.pop(code, None)
        raise
    if read is None:
        kept.pop(code, None)
        return None
    if len(kept) >= MAX_KEPT:
        kept.clear()
    kept[code] = read
    return read[0]


def _read(code: str) -> tuple[Hall, int] | None:
    """The sitting and the version of its consultation at the same moment."""
    begin_snapshot()
    forum_session = session_by_code(code)
    if forum_session is None:
        return None
    consultation = forum_session.consultation
    notices = db.session.execute(select(Notice.id, Notice.contact_words).where(
        Notice.consultation_id == consultation.id).order_by(Notice.number.desc())).all()
    words = notices[0].contact_words if notices else None
    hall = Hall(forum_session.id, forum_session.join_code, consultation.id, consultation.pack_id,
                consultation.pack.timezone, forum_session.is_open,
                (forum_session.version, consultation.version), tuple(notice.id for notice in notices),
                frozenset(notice.id for notice in notices if notice.contact_words),
                ContactWords(words["id"], words["en"]) if words else None, asked_of(consultation.id))
    return hall, audit.version(consultation.id)
