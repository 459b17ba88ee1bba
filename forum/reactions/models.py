from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class Reaction(Base):
    """What one participant thinks of another's entry: +1 agree, 0 pass, -1 disagree. Changeable."""

    __tablename__ = "reaction"
    __table_args__ = (
        UniqueConstraint("submission_id", "participant_digest"),
        CheckConstraint("value IN (-1, 0, 1)", name="value_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    participant_digest: Mapped[str] = mapped_column(String, index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_group.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    value: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
