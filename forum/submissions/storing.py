"""Rows of entries, built inside the caller's transaction: for the phone, the desk and imports alike.

This is the one door for writing that rooms to the right may use (intake stores paper cards and
files through it). Nothing here commits, and nothing here decides whether an entry is welcome.
"""
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session, scoped_session

from forum.consultations.models import ForumSession
from forum.prepared import Prepared, one_of
from forum.security import digest
from forum.submissions.models import Consent, Contact, Photo, Submission, SubmissionVersion

PURPOSES = ("forum",)


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody wrote, with the fields of its kind.

    ``kind`` is one of `KINDS`, ``approach`` one of `APPROACHES` or ``None`` (not known),
    ``dimension_id`` a row of the consultation's pack or ``None``, ``rating`` 1 to 5 for an
    evaluation. ``answers`` maps the id of a question (as text) to a line, a number or a list of numbers
    (`forum.submissions.answering`). Texts are as typed, cleaned by
    `forum.typed.clean_text`; a text that does not apply is empty.
    """

    kind: str
    body: str
    approach: str | None = None
    dimension_id: int | None = None
    place: str = ""
    practice_where: str = ""
    practice_owner: str = ""
    programme: str = ""
    rating: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)


FIELDS = tuple(Content.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class LeftContact:
    """A telephone number or e-mail address, and a name or nothing, that its author agreed to leave."""

    address: str
    name: str

    def __repr__(self) -> str:
        return "LeftContact(…)"  # whatever prints an order must not print this


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that is to be stored.

    Attributes
    ----------
    forum_session_id, consultation_id : its sitting.
    state : ``accepted``, or ``waiting`` where staff look first.
    key : UUID that names the entry for good; a second one with the same key violates the unique index.
    receipt : normalized receipt code (`forum.submissions.receipt.new`).
    received_at : by the clock of the server.
    participant_digest : of the random key of the participant's browser, which is stored nowhere;
        ``None`` when unknown, then the entry counts as one person.
    notice_id : the notice to which the participant agreed; ``None`` stores no consent.
    source : one of `forum.submissions.models.SOURCES`.
    photo : name of its file (`forum.submissions.photos`), or ``None``.
    contact : left under the same notice, or ``None``.
    """

    forum_session_id: int
    consultation_id: int
    state: str
    key: str
    receipt: str
    content: Content
    received_at: datetime
    group_id: int | None = None
    area_id: int | None = None
    participant_digest: str | None = None
    notice_id: int | None = None
    source: str = "phone"
    photo: str | None = None
    contact: LeftContact | None = None


_SUBMISSION: Any = Submission.__table__
_insert_entries = Prepared(insert(Submission.__table__), (
    "key", "receipt_code", "receipt_digest", "consultation_id", "forum_session_id", "participant_digest", "group_id",
    "area_id", "source", "current_number", "received_at", "state"))
_insert_versions = Prepared(insert(SubmissionVersion.__table__), ("submission_id", "number", "created_at", *FIELDS))
_insert_consents = Prepared(insert(Consent.__table__), ("submission_id", "notice_id", "purposes", "given_at"))
_insert_photos = Prepared(insert(Photo.__table__), ("submission_id", "name", "created_at"))
_insert_contacts = Prepared(insert(Contact.__table__), ("submission_id", "address", "name", "notice_id", "given_at"))
# Asked for afterwards: rows that each return their id are inserted one by one, at four times the price.
_ids = Prepared(select(_SUBMISSION.c.key, _SUBMISSION.c.id).where(one_of(_SUBMISSION.c.key, "keys")))


def content_of(version: Any) -> Content:
    """The content of a stored version, or of any row with its columns."""
    return Content(**{name: getattr(version, name) for name in FIELDS})


def first_state(moderation: str) -> str:
    """State of a new entry in a consultation with this moderation."""
    return "waiting" if moderation == "before" else "accepted"


def add_submission(session: Session | scoped_session[Session], *, forum_session: ForumSession, key: str, receipt: str,
                   content: Content, now: datetime, **more: Any) -> int:
    """Add one entry to a sitting and return its id; ``more`` are the other fields of `Entry`."""
    consultation = forum_session.consultation
    entry = Entry(forum_session.id, consultation.id, first_state(consultation.moderation), key, receipt, content, now,
                  **more)
    return add_entries(session.connection(), [entry])[0]


def add_entries(connection: Connection, entries: Sequence[Entry]) -> list[int]:
    """Add entries, each with its first version and its consent; return their ids in the same order.

    One statement per table, however many entries there are.
    """
    if not entries:
        return []
    _insert_entries.run(connection, [_submission(entry) for entry in entries])
    id_of: dict[str, int] = dict(_ids.rows(connection, {"keys": [entry.key for entry in entries]}))
    ids = [id_of[entry.key] for entry in entries]
    _insert_versions.run(connection, [
        _version(submission_id, 1, entry.content, entry.received_at)
        for submission_id, entry in zip(ids, entries, strict=True)])
    consents = [{"submission_id": submission_id, "notice_id": entry.notice_id, "purposes": list(PURPOSES),
                 "given_at": entry.received_at}
                for submission_id, entry in zip(ids, entries, strict=True) if entry.notice_id is not None]
    _insert_consents.run(connection, consents)
    photos = [{"submission_id": submission_id, "name": entry.photo, "created_at": entry.received_at}
              for submission_id, entry in zip(ids, entries, strict=True) if entry.photo is not None]
    _insert_photos.run(connection, photos)
    contacts = [{"submission_id": submission_id, "address": entry.contact.address, "name": entry.contact.name,
                 "notice_id": entry.notice_id, "given_at": entry.received_at}
                for submission_id, entry in zip(ids, entries, strict=True) if entry.contact is not None]
    _insert_contacts.run(connection, contacts)
    return ids


def add_version(session: Session | scoped_session[Session], *, submission: Submission, content: Content,
                now: datetime) -> int:
    """Add the next version of an entry and make it the current one; return its number."""
    submission.current_number += 1
    session.add(SubmissionVersion(**_version(submission.id, submission.current_number, content, now)))
    session.flush()
    return submission.current_number


def _submission(entry: Entry) -> dict[str, Any]:
    return {"key": entry.key, "receipt_code": entry.receipt, "receipt_digest": digest(entry.receipt),
            "consultation_id": entry.consultation_id, "forum_session_id": entry.forum_session_id,
            "participant_digest": entry.participant_digest,
            "group_id": entry.group_id, "area_id": entry.area_id, "source": entry.source, "current_number": 1,
            "received_at": entry.received_at, "state": entry.state}


def _version(submission_id: int, number: int, content: Content, now: datetime) -> dict[str, Any]:
    return {"submission_id": submission_id, "number": number, "created_at": now,
            **{name: getattr(content, name) for name in FIELDS}}
