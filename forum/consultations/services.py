"""Verbs of consultations: create and edit, open and close, sittings."""
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from forum import audit
from forum.consultations import join_code, notice, queries, reference_file
from forum.consultations.models import CityPack, Consultation, ForumSession, Notice, ReferenceDocument
from forum.consultations.notice import NoticeFacts
from forum.db import hold, writing
from forum.errors import ForumError, NotFound, StaleVersion
from forum.typed import LARGEST_ID, clean_line


class PackMissing(ForumError):
    """A consultation needs an imported city pack."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ConsultationClosed(ForumError):
    """Nothing of a closed consultation can be opened."""


class WrongState(ForumError):
    """The sitting or consultation is already in another state."""


class AlreadyLearnt(ForumError):
    """A planning document with the same bytes is there."""


class ConsultationChanged(StaleVersion):
    """Somebody else saved since the form was opened.

    ``fields`` names what they changed, in the order of `FIELDS`; ``version`` is the stored one.
    """

    def __init__(self, message: str, fields: tuple[str, ...], version: int) -> None:
        super().__init__(message)
        self.fields = fields
        self.version = version


FIELDS = (*NoticeFacts.__dataclass_fields__, "moderation")


def create_consultation(*, pack_id: int, facts: NoticeFacts, moderation: str = "after", is_sample: bool = False,
                        actor: audit.Actor, now: datetime) -> int:
    """Create a consultation with its first privacy notice; return its id."""
    with writing() as session:
        if session.get(CityPack, pack_id) is None:
            raise PackMissing(_("Paket kota belum ada. Minta administrator mengimpornya."))
        consultation = Consultation(
            pack_id=pack_id, title=facts.title, purpose=facts.purpose, controller=facts.controller,
            contact=facts.contact, privacy_officer=facts.privacy_officer, retention_months=facts.retention_months,
            asks_contact=facts.asks_contact, moderation=moderation, is_sample=is_sample, created_at=now)
        session.add(consultation)
        session.flush()
        session.add(_notice(consultation.id, 1, facts, now))
        _record("create", consultation, actor, now)
        return consultation.id


def edit_consultation(*, consultation_id: int, facts: NoticeFacts, moderation: str, version: int,
                      actor: audit.Actor, now: datetime) -> None:
    """Change a consultation; a change of what the privacy notice says makes a new notice.

    ``version`` is the one that the form was opened with. Raises `ConsultationChanged` when somebody
    else saved since.
    """
    with writing() as session:
        consultation = _held(queries.consultation_or_404(consultation_id))
        if consultation.version != version:
            raise _changed_by_others(consultation, version)
        typed = {**asdict(facts), "moderation": moderation}
        changed = [name for name in FIELDS if getattr(consultation, name) != typed[name]]
        if not changed:
            return
        for name in changed:
            setattr(consultation, name, typed[name])
        consultation.version += 1
        current = queries.current_notice(consultation_id)
        if (current.items, current.contact_words) != (notice.items(facts), notice.contact_words(facts)):
            session.add(_notice(consultation.id, current.number + 1, facts, now))
        _record("edit", consultation, actor, now, version=consultation.version, changed=changed)


def _notice(consultation_id: int, number: int, facts: NoticeFacts, now: datetime) -> Notice:
    return Notice(consultation_id=consultation_id, number=number, items=notice.items(facts),
                  contact_words=notice.contact_words(facts), created_at=now)


def _changed_by_others(consultation: Consultation, version: int) -> ConsultationChanged:
    edits = queries.edits_since(consultation.id, version)
    changed = {name for edit in edits for name in edit.detail["changed"]}
    names = ", ".join(sorted({edit.actor_name for edit in edits})) or _("orang lain")
    return ConsultationChanged(
        _("Sejak halaman ini dibuka, konsultasi sudah diubah oleh %(names)s. Isian Anda belum tersimpan: bandingkan "
          "dengan yang tersimpan sekarang, lalu simpan lagi.", names=names),
        tuple(name for name in FIELDS if name in changed), consultation.version)


def close_consultation(*, consultation_id: int, actor: audit.Actor, now: datetime) -> None:
    """Close a consultation and every open sitting of it. What was collected stays readable."""
    with writing():
        consultation = _held(queries.consultation_or_404(consultation_id))
        if not consultation.is_open:
            raise WrongState(_("Konsultasi ini sudah ditutup."))
        consultation.state = "closed"
        for forum_session in queries.sessions_of(consultation_id):
            if forum_session.state == "open":
                forum_session.state, forum_session.closed_at = "closed", now
        _record("close", consultation, actor, now)


def reopen_consultation(*, consultation_id: int, actor: audit.Actor, now: datetime) -> None:
    """Open a closed consultation again; its sittings stay closed until each is opened."""
    with writing():
        consultation = _held(queries.consultation_or_404(consultation_id))
        if consultation.is_open:
            raise WrongState(_("Konsultasi ini sudah terbuka."))
        consultation.state = "open"
        _record("reopen", consultation, actor, now)


def create_session(*, consultation_id: int, title: str, place: str, starts_at: datetime, actor: audit.Actor,
                   now: datetime) -> int:
    """Add a sitting (draft) with a join code of its own; return its id."""
    with writing() as session:
        consultation = queries.consultation_or_404(consultation_id)
        if not consultation.is_open:
            raise ConsultationClosed(_("Konsultasi ini sudah ditutup. Buka kembali dahulu."))
        code = join_code.make()
        while queries.is_join_code_taken(code):
            code = join_code.make()
        forum_session = ForumSession(consultation_id=consultation.id, title=title, place=place, starts_at=starts_at,
                                     join_code=code, created_at=now)
        session.add(forum_session)
        session.flush()
        audit.record(actor=actor, action="consultations.create_session", subject_type="forum_session",
                     subject_id=forum_session.id, consultation_id=consultation.id, now=now)
        return forum_session.id


def open_session(*, forum_session_id: int, actor: audit.Actor, now: datetime) -> None:
    """Let participants in; a closed sitting may be opened again."""
    with writing():
        forum_session = _held(queries.forum_session_or_404(forum_session_id))
        if not forum_session.consultation.is_open:
            raise ConsultationClosed(_("Konsultasi ini sudah ditutup. Buka kembali dahulu."))
        if forum_session.state == "open":
            raise WrongState(_("Sesi ini sudah terbuka."))
        before = forum_session.state
        forum_session.state, forum_session.closed_at = "open", None
        forum_session.opened_at = forum_session.opened_at or now
        forum_session.version += 1
        audit.record(actor=actor, action="consultations.open_session", subject_type="forum_session",
                     subject_id=forum_session.id, consultation_id=forum_session.consultation_id, now=now, before=before)


def close_session(*, forum_session_id: int, actor: audit.Actor, now: datetime) -> None:
    """Let nobody new in. Receipts stay readable."""
    with writing():
        forum_session = _held(queries.forum_session_or_404(forum_session_id))
        if forum_session.state != "open":
            raise WrongState(_("Sesi ini tidak sedang terbuka."))
        forum_session.state, forum_session.closed_at = "closed", now
        forum_session.version += 1
        audit.record(actor=actor, action="consultations.close_session", subject_type="forum_session",
                     subject_id=forum_session.id, consultation_id=forum_session.consultation_id, now=now)


def set_limits(*, forum_session_id: int, is_limited: bool, actor: audit.Actor, now: datetime) -> None:
    """Lift the fair limits on the phones of a sitting, or set them again."""
    _switch(forum_session_id, "consultations.set_limits", "is_limited", is_limited, actor, now)


def set_wall(*, forum_session_id: int, shows_ideas: bool, actor: audit.Actor, now: datetime) -> None:
    """Show what people write on the wall of the hall, or no longer."""
    _switch(forum_session_id, "consultations.set_wall", "wall_shows_ideas", shows_ideas, actor, now)


def _switch(forum_session_id: int, action: str, name: str, value: bool, actor: audit.Actor, now: datetime) -> None:
    """Turn a switch of a sitting; turned as it stands already, nothing happens."""
    with writing():
        forum_session = _held(queries.forum_session_or_404(forum_session_id))
        if getattr(forum_session, name) == value:
            return
        setattr(forum_session, name, value)
        audit.record(actor=actor, action=action, subject_type="forum_session", subject_id=forum_session.id,
                     consultation_id=forum_session.consultation_id, now=now, **{name: value})


def learn_document(*, title: str, content: bytes, actor: audit.Actor, now: datetime) -> int:
    """Keep what a planning document says, for the analysis to learn how words are used; return its id.

    It never leaves the server.
    Raises `reference_file.UnreadableDocument`, and `AlreadyLearnt` for a file with the same bytes.
    """
    digest = sha256(content).hexdigest()
    paragraphs = reference_file.read(content)
    with writing() as session:
        known = session.scalar(select(ReferenceDocument).where(ReferenceDocument.digest == digest))
        if known is not None:
            raise AlreadyLearnt(_("Dokumen ini sudah dipelajari sebagai nomor %(number)s.", number=known.id))
        document = ReferenceDocument(title=clean_line(title)[:200] or digest[:12], digest=digest,
                                     n_paragraphs=len(paragraphs), paragraphs=paragraphs, added_at=now)
        session.add(document)
        session.flush()
        audit.record(actor=actor, action="consultations.learn_document", subject_type="reference_document",
                     subject_id=document.id, now=now, n_paragraphs=len(paragraphs))
        return document.id


def forget_document(*, document_id: int, actor: audit.Actor, now: datetime) -> None:
    """Remove a planning document; runs that used it keep its number only."""
    with writing() as session:
        document = session.get(ReferenceDocument, document_id) if document_id <= LARGEST_ID else None
        if document is None:
            raise NotFound(_("Dokumen ini tidak ada."))
        session.delete(document)
        audit.record(actor=actor, action="consultations.forget_document", subject_type="reference_document",
                     subject_id=document_id, now=now)


Held = TypeVar("Held", Consultation, ForumSession)


def _held(row: Held) -> Held:
    """The row as it is now, kept from other writers until the commit (on SQLite they queue anyway)."""
    return hold(type(row), row.id) or row


def _record(verb: str, consultation: Consultation, actor: audit.Actor, now: datetime, **detail: object) -> None:
    audit.record(actor=actor, action=f"consultations.{verb}", subject_type="consultation", subject_id=consultation.id,
                 consultation_id=consultation.id, now=now, **detail)
