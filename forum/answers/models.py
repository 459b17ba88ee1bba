from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class Response(Base):
    """What the city answers to a theme (tanggapan resmi), with its reason."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("status IN ('accommodated', 'partly', 'not')", name="status_known"),
        CheckConstraint("text <> ''", name="needs_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), unique=True)
    status: Mapped[str] = mapped_column(String)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    actor_name: Mapped[str] = mapped_column(String)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(Base):
    """That the results of a consultation are public, since when."""

    __tablename__ = "publication"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_name: Mapped[str] = mapped_column(String)
