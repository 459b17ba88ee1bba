from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.consultations.models import Area, Dimension, ForumSession, StakeholderGroup
from forum.db import Base, UtcDateTime

KINDS = ("problem", "proposal", "practice", "evaluation")
APPROACHES = ("technology", "non_technology", "combined")
SOURCES = ("phone", "desk", "import", "sample")


class Submission(Base):
    """One entry of one participant. What was written stands in its versions and is never overwritten."""

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'hidden', 'withdrawn')", name="state_known"),
        CheckConstraint("source IN ('phone', 'desk', 'import', 'sample')", name="source_known"),
        CheckConstraint("current_number >= 1", name="version_from_one"),
        Index("ix_submission_consultation_state", "consultation_id", "state"),
        Index("ix_submission_session_received", "forum_session_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made by the phone before it uses the network; a repeat of the same key is the same entry.
    key: Mapped[str] = mapped_column(String, unique=True)
    receipt_code: Mapped[str] = mapped_column(String)
    receipt_digest: Mapped[str] = mapped_column(String, unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    forum_session_id: Mapped[int] = mapped_column(ForeignKey("forum_session.id"))
    # Tells people apart without knowing them; entries without one count as one person each.
    participant_digest: Mapped[str | None] = mapped_column(String, index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_group.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    state: Mapped[str] = mapped_column(String, default="accepted")
    source: Mapped[str] = mapped_column(String, default="phone")
    current_number: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When its words went because their time was over (`forum.submissions.retention`); who reads words skips it.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    forum_session: Mapped[ForumSession] = relationship()
    group: Mapped[StakeholderGroup | None] = relationship()
    area: Mapped[Area | None] = relationship()


class SubmissionVersion(Base):
    """What a participant wrote, as typed. Number 1 is the first; a correction adds the next."""

    __tablename__ = "submission_version"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        CheckConstraint("kind IN ('problem', 'proposal', 'practice', 'evaluation')", name="kind_known"),
        CheckConstraint("approach IS NULL OR approach IN ('technology', 'non_technology', 'combined')",
                        name="approach_known"),
        CheckConstraint("rating IS NULL OR (rating BETWEEN 1 AND 5)", name="rating_in_range"),
        CheckConstraint("rating IS NULL OR kind = 'evaluation'", name="rating_only_for_evaluation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String)
    body: Mapped[str] = mapped_column(Text)
    approach: Mapped[str | None] = mapped_column(String)
    dimension_id: Mapped[int | None] = mapped_column(ForeignKey("dimension.id"))
    place: Mapped[str] = mapped_column(String, default="")
    practice_where: Mapped[str] = mapped_column(String, default="")
    practice_owner: Mapped[str] = mapped_column(String, default="")
    programme: Mapped[str] = mapped_column(String, default="")
    rating: Mapped[int | None]
    # To the questions of the consultation: their id as text, then a text, a number, or a list of numbers.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    dimension: Mapped[Dimension | None] = relationship()


class Photo(Base):
    """The one picture that may come with an entry; the file lies in the instance folder, without metadata."""

    __tablename__ = "photo"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Contact(Base):
    """How an author may be asked back, left by a consent of its own: to the contact words of this notice, then.

    Kept apart, so that nothing that reads entries reads it; gone with the entry, or alone whenever its author says.
    """

    __tablename__ = "contact"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String, default="")
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Consent(Base):
    """Proof that a participant agreed: to which notice, for which purposes, when."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    purposes: Mapped[list[Any]] = mapped_column(JSON)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
