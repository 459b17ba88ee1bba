"""Who did what to which object, when: one entry per staff action, inside the caller's transaction."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, Index, String, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime, db
from forum.prepared import Prepared


class AuditEntry(Base):
    """A line of the audit log. It holds no text of participants, only ids and what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        Index("ix_audit_entry_consultation", "consultation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String)
    action: Mapped[str] = mapped_column(String)
    subject_type: Mapped[str] = mapped_column(String)
    subject_id: Mapped[int | None]
    consultation_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Actor:
    """The person or command that acts. ``id`` is an account id, or ``None`` for the command line."""

    __slots__ = ("id", "name")

    def __init__(self, id: int | None, name: str) -> None:
        self.id = id
        self.name = name


_insert_lines = Prepared(insert(AuditEntry.__table__), (
    "at", "actor_id", "actor_name", "action", "subject_type", "subject_id", "consultation_id", "detail"))

COMMAND_LINE = Actor(None, "command line")
PARTICIPANT = Actor(None, "participant")


def line(*, actor: Actor, action: str, subject_type: str, subject_id: int | None, now: datetime,
         consultation_id: int | None = None, **detail: Any) -> dict[str, Any]:
    """The columns of one entry; ``action`` is ``room.verb``."""
    return {"at": now, "actor_id": actor.id, "actor_name": actor.name, "action": action,
            "subject_type": subject_type, "subject_id": subject_id, "consultation_id": consultation_id,
            "detail": detail}


def record(**columns: Any) -> None:
    """Add one entry to the transaction that is open; the arguments are those of `line`."""
    db.session.add(AuditEntry(**line(**columns)))


def record_all(connection: Connection, lines: Sequence[dict[str, Any]]) -> None:
    """Add many entries, made by `line`, in one statement and in the connection's transaction."""
    _insert_lines.run(connection, lines)


LATE_LINES = 1024
"""A transaction under way may still bring a line whose number is at most this far below the newest one."""


def version(consultation_id: int) -> int:
    """A number that grows with every line about a consultation; 0 when there is none.

    The number of the newest line alone would not do: PostgreSQL numbers lines before their transactions end, so a
    line can appear below the newest one. Hence the latest ones are counted too.
    """
    newest = select(func.max(AuditEntry.id).label("id")).where(AuditEntry.consultation_id == consultation_id).cte()
    n_late = select(func.count()).select_from(AuditEntry).where(
        AuditEntry.consultation_id == consultation_id, AuditEntry.id > newest.c.id - LATE_LINES).scalar_subquery()
    number, count = db.session.execute(select(newest.c.id, n_late)).one()
    return number * LATE_LINES + count - 1 if number else 0
