from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, UtcDateTime

QUESTION_KINDS = ("text", "choice", "choices", "scale")


class CityPack(Base):
    """What a city calls its dimensions, areas, groups and agencies: one imported edition.

    An edition is never changed after a consultation uses it; a new import is a new edition.
    """

    __tablename__ = "city_pack"
    __table_args__ = (UniqueConstraint("code", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String)
    digest: Mapped[str] = mapped_column(String)
    city_id: Mapped[str] = mapped_column(String)
    city_en: Mapped[str] = mapped_column(String)
    timezone: Mapped[str] = mapped_column(String)
    channels: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Dimension(Base):
    """A dimension of the smart-city programme, or one of its sub-dimensions."""

    __tablename__ = "dimension"
    __table_args__ = (UniqueConstraint("pack_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("city_pack.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("dimension.id"))
    code: Mapped[str] = mapped_column(String)
    name_id: Mapped[str] = mapped_column(String)
    name_en: Mapped[str] = mapped_column(String)
    description_id: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]


class Area(Base):
    """A district (kecamatan) or village (kelurahan), with the old names that people still use."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("pack_id", "code"),
        CheckConstraint("kind IN ('district', 'village')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("city_pack.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    code: Mapped[str] = mapped_column(String)
    kind: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)

    parent: Mapped["Area | None"] = relationship(remote_side=[id])


class StakeholderGroup(Base):
    """Whom a participant speaks for (unsur)."""

    __tablename__ = "stakeholder_group"
    __table_args__ = (UniqueConstraint("pack_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("city_pack.id"), index=True)
    code: Mapped[str] = mapped_column(String)
    name_id: Mapped[str] = mapped_column(String)
    name_en: Mapped[str] = mapped_column(String)
    helix: Mapped[str] = mapped_column(String)
    position: Mapped[int]


class Agency(Base):
    """A city agency (OPD)."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("pack_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("city_pack.id"), index=True)
    code: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String)


class Consultation(Base):
    """One round of listening with a purpose, a controller of the data, and one or more sittings."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state_known"),
        CheckConstraint("moderation IN ('before', 'after')", name="moderation_known"),
        CheckConstraint("retention_months > 0", name="retention_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("city_pack.id"))
    title: Mapped[str] = mapped_column(String)
    purpose: Mapped[str] = mapped_column(Text)
    controller: Mapped[str] = mapped_column(String)
    contact: Mapped[str] = mapped_column(String)
    privacy_officer: Mapped[str] = mapped_column(String, default="")
    retention_months: Mapped[int]
    # Whether phones offer to leave a contact; the current notice says so too, with the words of the consent.
    asks_contact: Mapped[bool] = mapped_column(default=True)
    # 'after': shown at once, staff hide later. 'before': waits until staff let it through.
    moderation: Mapped[str] = mapped_column(String, default="after")
    state: Mapped[str] = mapped_column(String, default="open")
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    pack: Mapped[CityPack] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class Notice(Base):
    """The privacy notice exactly as participants saw it; a change makes a new number."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    # The seven items that the law asks for, in order: [{"heading_id", "text_id", "heading_en", "text_en"}].
    items: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # To what people agree who leave a contact: {"id": …, "en": …}; empty where none is asked for.
    contact_words: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Question(Base):
    """A question of a consultation beside the idea: a line of text, one choice, several choices, or a scale 1 to 5."""

    __tablename__ = "question"
    __table_args__ = (CheckConstraint("kind IN ('text', 'choice', 'choices', 'scale')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String)
    text_id: Mapped[str] = mapped_column(String)
    text_en: Mapped[str] = mapped_column(String)
    # What can be chosen, in order: [{"id": …, "en": …}]; an answer names the place in this list.
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    is_required: Mapped[bool]
    is_open: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ForumSession(Base):
    """One sitting (sesi forum): a place, a time, a join code; draft, then open, then closed."""

    __tablename__ = "forum_session"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state_known"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_only_after_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str] = mapped_column(String)
    place: Mapped[str] = mapped_column(String, default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    join_code: Mapped[str] = mapped_column(String, unique=True)
    state: Mapped[str] = mapped_column(String, default="draft")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Fair limits on phones: a facilitator may lift them; how many entries they held back, and when last.
    is_limited: Mapped[bool] = mapped_column(default=True)
    n_held_back: Mapped[int] = mapped_column(default=0)
    held_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the wall of the hall shows what people write, beside numbers and themes.
    wall_shows_ideas: Mapped[bool] = mapped_column(default=True)
    # How full the buckets of the fair limits are (`forum.submissions.fair.Bucket`): of entries, and of reactions.
    allowance_used: Mapped[float] = mapped_column(Float, default=0.0)
    allowance_used_by_new: Mapped[float] = mapped_column(Float, default=0.0)
    allowance_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reactions_used: Mapped[float] = mapped_column(Float, default=0.0)
    reactions_used_by_new: Mapped[float] = mapped_column(Float, default=0.0)
    reactions_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_open(self) -> bool:
        return self.state == "open" and self.consultation.is_open


class ReferenceDocument(Base):
    """A plan or minutes of this city, kept to learn how words are used; it never leaves the server."""

    __tablename__ = "reference_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String)
    digest: Mapped[str] = mapped_column(String, unique=True)
    n_paragraphs: Mapped[int]
    paragraphs: Mapped[list[str]] = mapped_column(JSON, deferred=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
