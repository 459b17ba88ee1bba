"""The sample consultation of a city pack, and what the very first start prepares.

This module stands outside the rooms, beside the commands: it calls the services of several rooms in
the order in which people would.
"""
import csv
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from flask import current_app
from sqlalchemy import func, select

from forum import audit
from forum.accounts.models import Account
from forum.accounts.services import NewAccount, add_accounts
from forum.consultations import city_pack
from forum.consultations import services as consultations
from forum.consultations.models import Consultation, ForumSession
from forum.consultations.notice import NoticeFacts
from forum.consultations.queries import current_notice, sessions_of
from forum.db import db, utc_now, writing
from forum.security import ROLES, digest
from forum.submissions import receipt
from forum.submissions.models import Submission
from forum.submissions.queries import pack_choices
from forum.submissions.storing import Content, add_submission

PACKS = Path(__file__).parent / "packs"
_ROWS_PER_WRITE = 10


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a start prints: the sample's join code, and sign-ins when they were made just now."""

    join_code: str | None
    sign_ins: tuple[tuple[str, str], ...]
    sign_ins_path: Path


def prepare_first_start() -> FirstStart:
    """On an empty database: sample accounts with random passwords, and the sample consultation."""
    path = Path(current_app.instance_path) / "sample-sign-ins.txt"
    sign_ins: tuple[tuple[str, str], ...] = ()
    if not db.session.scalar(select(func.count()).select_from(Account)):
        sign_ins = _add_accounts(path)
    if not db.session.scalar(select(func.count()).select_from(Consultation)):
        load(packs_with_demo()[0], actor=audit.COMMAND_LINE, now=utc_now())
    elif (unfinished := _unfinished_sample()) is not None:
        _complete(unfinished, packs_with_demo()[0], actor=audit.COMMAND_LINE, now=utc_now())
    return FirstStart(_sample_join_code(), sign_ins, path)


def packs_with_demo() -> list[Path]:
    """Folders of the packs that bring a sample consultation, by name."""
    return sorted(path.parent.parent for path in PACKS.glob("*/demo/consultation.json"))


def load(folder: Path, *, actor: audit.Actor, now: datetime) -> int:
    """Import a pack and its sample consultation with an open sitting; return the consultation's id."""
    pack_id = city_pack.import_pack(folder=folder, actor=actor, now=now)
    facts = json.loads((folder / "demo" / "consultation.json").read_text(encoding="utf-8"))
    consultation_id = consultations.create_consultation(
        pack_id=pack_id, is_sample=True, actor=actor, now=now, facts=NoticeFacts(
            **{name: facts[name] for name in NoticeFacts.__dataclass_fields__ if name in facts}))
    _complete(consultation_id, folder, actor=actor, now=now)
    return consultation_id


def _unfinished_sample() -> int | None:
    """The sample consultation whose loading was interrupted: nothing else leaves one that never had an open sitting."""
    was_open = select(ForumSession.consultation_id).where(ForumSession.opened_at.is_not(None))
    return db.session.scalar(select(Consultation.id).where(
        Consultation.is_sample, Consultation.state == "open", Consultation.id.not_in(was_open)).limit(1))


def _complete(consultation_id: int, folder: Path, *, actor: audit.Actor, now: datetime) -> None:
    """Add what the sample lacks: its sitting, its entries; the sitting opens when all are in."""
    sitting = json.loads((folder / "demo" / "consultation.json").read_text(encoding="utf-8"))["session"]
    starts_at = datetime.fromisoformat(sitting["starts_at"])
    begun = sessions_of(consultation_id)
    forum_session_id = begun[0].id if begun else consultations.create_session(
        consultation_id=consultation_id, title=sitting["title"], place=sitting["place"], starts_at=starts_at,
        actor=actor, now=now)
    with (folder / "demo" / "submissions.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for start in range(0, len(rows), _ROWS_PER_WRITE):
        _store(forum_session_id, rows[start:start + _ROWS_PER_WRITE], starts_at)
    consultations.open_session(forum_session_id=forum_session_id, actor=actor, now=now)


def _store(forum_session_id: int, rows: list[dict[str, str]], starts_at: datetime) -> None:
    with writing() as session:
        forum_session = session.get_one(ForumSession, forum_session_id)
        choices = pack_choices(forum_session.consultation.pack_id)
        groups, areas, dimensions = choices.group_ids, choices.area_ids, choices.dimension_ids
        notice_id = current_notice(forum_session.consultation_id).id
        # Keys and participants belong to this sitting, so that two samples do not meet.
        name = f"sample {forum_session.join_code}"
        keys = {str(uuid5(NAMESPACE_OID, f"{name} {row['number']}")): row for row in rows}
        stored = set(session.scalars(select(Submission.key).where(Submission.key.in_(keys))))
        for key, row in keys.items():
            if key in stored:
                continue
            content = Content(
                kind=row["kind"], body=row["body"], approach=row["approach"] or None,
                dimension_id=dimensions.get(row["dimension"]), place=row["place"],
                practice_where=row["practice_where"], practice_owner=row["practice_owner"],
                programme=row["programme"], rating=int(row["rating"]) if row["rating"] else None)
            add_submission(
                session, forum_session=forum_session, key=key, receipt=receipt.new(), content=content,
                now=starts_at + timedelta(minutes=int(row["minute"])),
                group_id=groups.get(row["group"]), area_id=areas.get(row["area"]),
                participant_digest=digest(f"{name} {row['participant']}"), notice_id=notice_id, source="sample")


def _add_accounts(path: Path) -> tuple[tuple[str, str], ...]:
    sign_ins = tuple((role, secrets.token_urlsafe(12)) for role in ROLES)
    names = {"administrator": "Administrator contoh", "facilitator": "Fasilitator contoh",
             "planner": "Perencana contoh"}
    # The file first, the accounts all at once: an interrupted start leaves no account without its password.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.writelines(f"{username} {password}\n" for username, password in sign_ins)
    path.chmod(0o600)
    add_accounts([NewAccount(role, names[role], role, password) for role, password in sign_ins],
                 actor=audit.COMMAND_LINE, now=utc_now())
    return sign_ins


def _sample_join_code() -> str | None:
    return db.session.scalar(select(ForumSession.join_code).join(Consultation).where(
        Consultation.is_sample, ForumSession.state == "open").order_by(ForumSession.id).limit(1))
