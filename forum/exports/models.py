from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class ExportRecord(Base):
    """One file that left the house: format, lines, and the hash of its content."""

    __tablename__ = "export_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    format: Mapped[str] = mapped_column(String)
    n_lines: Mapped[int]
    # SHA-256 of the list itself (the same state gives the same hash in every format).
    content_hash: Mapped[str] = mapped_column(String)
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
