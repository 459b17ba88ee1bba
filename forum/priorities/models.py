from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class Criterion(Base):
    """A yardstick of a consultation. The first three are Urgency, Seriousness, Growth (USG)."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("consultation_id", "code"),
        CheckConstraint("scale_min < scale_max", name="scale_rises"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    code: Mapped[str] = mapped_column(String)
    name_id: Mapped[str] = mapped_column(String)
    name_en: Mapped[str] = mapped_column(String)
    question_id: Mapped[str] = mapped_column(String, default="")
    question_en: Mapped[str] = mapped_column(String, default="")
    weight: Mapped[float] = mapped_column(Float, default=1.0)
    scale_min: Mapped[int] = mapped_column(default=1)
    scale_max: Mapped[int] = mapped_column(default=5)
    position: Mapped[int]


class Assessment(Base):
    """One assessor's sheet for one theme."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("theme_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Score(Base):
    """The value that an assessor gives a theme on one criterion."""

    __tablename__ = "score"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int]
