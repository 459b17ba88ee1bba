"""What one participant thinks of what another wrote."""
from datetime import datetime
from enum import IntEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, UtcDateTime


class Stance(IntEnum):
    """The one sign convention, from the button of the phone to the exported file: agreeing is positive.

    Forms, scripts and files carry the ``word``; the database keeps the number.
    """

    AGREE = 1
    PASS = 0
    DISAGREE = -1

    @property
    def word(self) -> str:
        """``agree``, ``pass`` or ``disagree``."""
        return self.name.lower()

    @classmethod
    def of_word(cls, word: str) -> "Stance | None":
        return next((stance for stance in cls if stance.word == word), None)


class Reaction(Base):
    """What one participant thinks of another's entry now: a `Stance`. Changeable, one row for each pair."""

    __tablename__ = "reaction"
    __table_args__ = (
        UniqueConstraint("submission_id", "participant_digest"),
        CheckConstraint("value IN (-1, 0, 1)", name="value_known"),
        CheckConstraint("n_changes >= 1", name="changes_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    participant_digest: Mapped[str] = mapped_column(String, index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_group.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    value: Mapped[int]
    # Made by the phone for each change before it uses the network.
    key: Mapped[str] = mapped_column(String)
    # Grows with every change that the phone makes: what arrives late never replaces what was chosen later.
    sequence: Mapped[int] = mapped_column(BigInteger)
    # How often it was given, the first time included: what the fair limit counts.
    n_changes: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
