from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class ImportBatch(Base):
    """One file that was read into one sitting."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("forum_session_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    forum_session_id: Mapped[int] = mapped_column(ForeignKey("forum_session.id"))
    filename: Mapped[str] = mapped_column(String)
    # SHA-256 of the file and of the choices it was read with: the same file is not read twice.
    digest: Mapped[str] = mapped_column(String)
    n_rows: Mapped[int]
    n_imported: Mapped[int] = mapped_column(default=0)
    n_empty: Mapped[int] = mapped_column(default=0)
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportedRow(Base):
    """Which line of which file an entry came from."""

    __tablename__ = "imported_row"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    line_number: Mapped[int]
