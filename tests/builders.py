"""Small builders with every default visible. Each needs an application context and returns ids.

``noise`` adds an unrelated consultation, so that a query that forgets its filter fails.
"""
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select

from forum.consultations.models import (
    Agency,
    Area,
    CityPack,
    Consultation,
    Dimension,
    ForumSession,
    Notice,
    StakeholderGroup,
)
from forum.db import db, utc_now, writing
from forum.security import digest
from forum.submissions import receipt
from forum.submissions.models import Consent, Submission, SubmissionVersion

_NAMESPACE = UUID("7d1b6c1e-2f57-4b0f-9a53-000000000000")


def make_pack(code: str = "kota-uji") -> int:
    """A small invented city: two dimensions with one sub-dimension each, one district, two villages."""
    with writing() as session:
        pack = CityPack(code=code, digest=digest(code), city_id="Kota Uji", city_en="Test City",
                        timezone="Asia/Jakarta", imported_at=utc_now(),
                        channels=[{"kind": "emergency", "name": "Panggilan darurat", "contact": "112",
                                   "note": {"id": "Keadaan darurat", "en": "Emergency"}}])
        session.add(pack)
        session.flush()
        for position, (dimension, part) in enumerate((("environment", "protection"), ("living", "mobility"))):
            parent = Dimension(pack_id=pack.id, code=dimension, name_id=f"Smart {dimension.capitalize()}",
                               name_en=f"Smart {dimension.capitalize()}", position=position)
            session.add(parent)
            session.flush()
            session.add(Dimension(pack_id=pack.id, parent_id=parent.id, code=f"{dimension}.{part}",
                                  name_id=part.capitalize(), name_en=part.capitalize(), position=position))
        district = Area(pack_id=pack.id, code="99.01", kind="district", name="Utara")
        session.add(district)
        session.flush()
        session.add(Area(pack_id=pack.id, parent_id=district.id, code="99.01.1001", kind="village", name="Pesisir",
                         aliases=["Pesisir Lor"]))
        session.add(Area(pack_id=pack.id, parent_id=district.id, code="99.01.1002", kind="village", name="Bukit"))
        for position, (group, helix) in enumerate((("resident", "community"), ("academic", "academy"),
                                                   ("community", "community"))):
            session.add(StakeholderGroup(pack_id=pack.id, code=group, name_id=group.capitalize(),
                                         name_en=group.capitalize(), helix=helix, position=position))
        session.add(Agency(pack_id=pack.id, code="DPU", name="Dinas Pekerjaan Umum"))
        return pack.id


def make_consultation(*, title: str = "Forum uji", moderation: str = "after", pack_id: int | None = None) -> int:
    pack_id = pack_id or db.session.scalar(select(func.min(CityPack.id))) or make_pack()
    with writing() as session:
        consultation = Consultation(pack_id=pack_id, title=title, purpose="Mendengar usulan untuk uji.",
                                    controller="Dinas Uji", contact="kontak@contoh.example",
                                    privacy_officer="Pejabat Uji", retention_months=24, moderation=moderation,
                                    created_at=utc_now())
        session.add(consultation)
        session.flush()
        session.add(Notice(consultation_id=consultation.id, number=1, created_at=utc_now(), contact_words={
            "id": "Saya bersedia dihubungi Dinas Uji.", "en": "I agree that Dinas Uji contacts me."}, items=[
            {"heading_id": "Tujuan", "text_id": "Untuk uji.", "heading_en": "Purpose", "text_en": "For tests."}]))
        return consultation.id


def make_forum_session(consultation_id: int, *, join_code: str = "KRM479", state: str = "open",
                       starts_at: datetime | None = None) -> int:
    with writing() as session:
        now = utc_now()
        forum_session = ForumSession(
            consultation_id=consultation_id, title="Sesi uji", place="Ruang uji", starts_at=starts_at or now,
            join_code=join_code, state=state, opened_at=None if state == "draft" else now,
            closed_at=now if state == "closed" else None, created_at=now)
        session.add(forum_session)
        session.flush()
        return forum_session.id


def make_submission(forum_session_id: int, body: str = "Selokan depan rumah mampet sejak hujan kemarin.", *,
                    kind: str = "problem", state: str = "accepted", participant: str | None = None,
                    group: str | None = "resident", area: str | None = "99.01.1001", **fields: object) -> int:
    with writing() as session:
        forum_session = session.get_one(ForumSession, forum_session_id)
        consultation = session.get_one(Consultation, forum_session.consultation_id)
        number = (session.scalar(select(func.count()).select_from(Submission)) or 0) + 1
        key, code = str(uuid5(_NAMESPACE, f"{forum_session_id} {number}")), receipt.new()
        submission = Submission(
            key=key, receipt_code=code, receipt_digest=digest(code),
            consultation_id=consultation.id, forum_session_id=forum_session_id, state=state,
            participant_digest=digest(participant) if participant else None,
            group_id=session.scalar(select(StakeholderGroup.id).where(
                StakeholderGroup.pack_id == consultation.pack_id, StakeholderGroup.code == group)),
            area_id=session.scalar(select(Area.id).where(
                Area.pack_id == consultation.pack_id, Area.code == area)),
            received_at=utc_now() + timedelta(microseconds=number))
        session.add(submission)
        session.flush()
        session.add(SubmissionVersion(submission_id=submission.id, number=1, kind=kind, body=body,
                                      created_at=utc_now(), **fields))
        notice_id = session.scalar(select(func.max(Notice.id)).where(Notice.consultation_id == consultation.id))
        session.add(Consent(submission_id=submission.id, notice_id=notice_id, purposes=["forum"],
                            given_at=utc_now()))
        return submission.id


def noise() -> None:
    """Another city's consultation with a sitting and entries of its own."""
    other = make_consultation(title="Forum lain", pack_id=make_pack("kota-lain"))
    sitting = make_forum_session(other, join_code="XYX777")
    for body in ("Lampu taman mati.", "Perlu bank sampah."):
        make_submission(sitting, body)
