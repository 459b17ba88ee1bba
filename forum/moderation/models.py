from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class ModerationEntry(Base):
    """One act of moderation, with the reason that was given."""

    __tablename__ = "moderation_entry"
    __table_args__ = (
        CheckConstraint("action IN ('accept', 'hide', 'restore')", name="action_known"),
        CheckConstraint("action <> 'hide' OR reason <> ''", name="hide_needs_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    action: Mapped[str] = mapped_column(String)
    reason: Mapped[str] = mapped_column(String, default="")
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
