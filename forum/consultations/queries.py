"""Named reads of consultations, sittings and city packs."""
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from forum.audit import AuditEntry
from forum.consultations import join_code
from forum.consultations.models import (
    Agency,
    Area,
    CityPack,
    Consultation,
    Dimension,
    ForumSession,
    Notice,
    ReferenceDocument,
    StakeholderGroup,
)
from forum.db import db
from forum.errors import NotFound
from forum.typed import LARGEST_ID


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """How many sittings a consultation has, and how many of them are open."""

    n_sessions: int
    n_open: int


@dataclass(frozen=True, slots=True)
class DimensionBranch:
    """A dimension with its sub-dimensions, both in the order of the pack."""

    dimension: Dimension
    parts: tuple[Dimension, ...]


def consultation_or_404(consultation_id: int) -> Consultation:
    """The consultation; sets the time zone of the page to its city's."""
    consultation = db.session.get(Consultation, consultation_id) if consultation_id <= LARGEST_ID else None
    if consultation is None:
        raise NotFound(_("Konsultasi ini tidak ada."))
    g.timezone = consultation.pack.timezone
    return consultation


def forum_session_or_404(forum_session_id: int) -> ForumSession:
    """The sitting; sets the time zone of the page to its city's."""
    forum_session = db.session.get(ForumSession, forum_session_id) if forum_session_id <= LARGEST_ID else None
    if forum_session is None:
        raise NotFound(_("Sesi ini tidak ada."))
    g.timezone = forum_session.consultation.pack.timezone
    return forum_session


def session_by_code(code: str) -> ForumSession | None:
    """The sitting that a join code names, however it was typed; in whatever state it is."""
    normalized = join_code.normalize(code)
    if not normalized:
        return None
    forum_session = db.session.scalar(select(ForumSession).where(ForumSession.join_code == normalized))
    if forum_session is not None:
        g.timezone = forum_session.consultation.pack.timezone
    return forum_session


def is_join_code_taken(code: str) -> bool:
    return db.session.scalar(select(ForumSession.id).where(ForumSession.join_code == code)) is not None


def consultations_newest_first(*, before: int | None = None, limit: int = 50) -> list[Consultation]:
    """One page of all consultations; ``before`` is the id that the page before ended with."""
    rows = select(Consultation).order_by(Consultation.id.desc()).limit(limit)
    if before is not None:
        rows = rows.where(Consultation.id < before)
    return list(db.session.scalars(rows))


def session_counts(consultation_ids: list[int]) -> dict[int, SessionCounts]:
    """Sittings of each consultation; one without sittings is absent."""
    n_open = func.sum(case((ForumSession.state == "open", 1), else_=0))
    rows = db.session.execute(
        select(ForumSession.consultation_id, func.count(), n_open)
        .where(ForumSession.consultation_id.in_(consultation_ids)).group_by(ForumSession.consultation_id))
    return {consultation_id: SessionCounts(n_sessions, n_open) for consultation_id, n_sessions, n_open in rows}


def edits_since(consultation_id: int, version: int) -> list[AuditEntry]:
    """What was saved in a consultation after this version of it, oldest first."""
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject_type == "consultation", AuditEntry.subject_id == consultation_id,
                                 AuditEntry.action == "consultations.edit").order_by(AuditEntry.id))
    return [entry for entry in entries if entry.detail["version"] > version]


def newest_own_consultation() -> Consultation | None:
    """The newest real consultation: who answers for the data is mostly the same the next time."""
    return db.session.scalar(select(Consultation).where(Consultation.is_sample.is_(False))
                             .order_by(Consultation.id.desc()).limit(1))


def sessions_of(consultation_id: int) -> list[ForumSession]:
    return list(db.session.scalars(select(ForumSession).where(ForumSession.consultation_id == consultation_id)
                                   .order_by(ForumSession.starts_at, ForumSession.id)))


def notice_or_404(notice_id: int) -> Notice:
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound
    return notice


def current_notice(consultation_id: int) -> Notice:
    """The newest privacy notice; every consultation has one from its first moment."""
    notice = db.session.scalar(select(Notice).where(Notice.consultation_id == consultation_id)
                               .order_by(Notice.number.desc()).limit(1))
    if notice is None:
        raise NotFound(_("Pemberitahuan privasi belum ada."))
    return notice


def pack_by_digest(code: str, digest: str) -> CityPack | None:
    return db.session.scalar(select(CityPack).where(CityPack.code == code, CityPack.digest == digest))


def packs_to_choose_from() -> list[CityPack]:
    """The newest edition of each city's pack, by city."""
    newest = select(func.max(CityPack.id)).group_by(CityPack.code)
    return list(db.session.scalars(select(CityPack).where(CityPack.id.in_(newest)).order_by(CityPack.city_id)))


def dimensions(pack_id: int) -> list[DimensionBranch]:
    rows = list(db.session.scalars(select(Dimension).where(Dimension.pack_id == pack_id)
                                   .order_by(Dimension.position, Dimension.id)))
    return [DimensionBranch(row, tuple(part for part in rows if part.parent_id == row.id))
            for row in rows if row.parent_id is None]


def areas(pack_id: int) -> list[Area]:
    """Villages with their district, in the order of districts and then of names."""
    rows = db.session.scalars(select(Area).where(Area.pack_id == pack_id, Area.kind == "village")
                              .options(joinedload(Area.parent)))
    return sorted(rows, key=lambda area: (area.parent.code if area.parent else "", area.name))


def place_names(pack_id: int) -> list[str]:
    """Every name and old name of the city's areas, for masking places in the analysis."""
    rows = db.session.execute(select(Area.name, Area.aliases).where(Area.pack_id == pack_id).order_by(Area.code))
    return [name for own, aliases in rows for name in (own, *aliases)]


def groups(pack_id: int) -> list[StakeholderGroup]:
    return list(db.session.scalars(select(StakeholderGroup).where(StakeholderGroup.pack_id == pack_id)
                                   .order_by(StakeholderGroup.position)))


def agencies(pack_id: int) -> list[Agency]:
    return list(db.session.scalars(select(Agency).where(Agency.pack_id == pack_id).order_by(Agency.code)))


def reference_documents() -> list[ReferenceDocument]:
    """Documents that were learnt, in the order in which they came; their paragraphs are not read yet."""
    return list(db.session.scalars(select(ReferenceDocument).order_by(ReferenceDocument.id)))


def earlier_consultations(consultation: Consultation) -> list[int]:
    """Ids of the real consultations of the same city before this one, the newest first."""
    return list(db.session.scalars(
        select(Consultation.id).join(CityPack, CityPack.id == Consultation.pack_id)
        .where(CityPack.code == consultation.pack.code, Consultation.id < consultation.id,
               Consultation.is_sample.is_(False)).order_by(Consultation.id.desc())))
