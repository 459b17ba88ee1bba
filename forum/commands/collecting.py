"""``flask forum pack|demo|create|open|close|import``: from an empty database to entries."""
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from forum import audit, demo
from forum.commands.refusals import in_plain_words
from forum.consultations import city_pack, services
from forum.consultations.models import ForumSession
from forum.consultations.notice import NoticeFacts
from forum.consultations.queries import consultation_or_404, forum_session_or_404, packs_to_choose_from, session_by_code
from forum.db import utc_now
from forum.errors import NotFound
from forum.intake import services as intake
from forum.intake import table_file
from forum.submissions.models import KINDS

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXISTING_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def add_to(group: AppGroup) -> None:
    for command in (pack, load_demo, create, open_session, close_session, import_file):
        group.add_command(command)


def sitting(code: str) -> ForumSession:
    """The sitting of a join code, or a refusal."""
    found = session_by_code(code)
    if found is None:
        raise NotFound(f"Tidak ada sesi dengan kode {code}.")
    return found


@click.command("pack")
@click.argument("folder", type=EXISTING_FOLDER)
@in_plain_words
def pack(folder: Path) -> None:
    """Import a city pack (the format is described in forum/packs/README.md)."""
    pack_id = city_pack.import_pack(folder=folder, actor=audit.COMMAND_LINE, now=utc_now())
    click.echo(f"Paket kota {pack_id} siap dipakai.")


@click.command("demo")
@click.option("--pack", "folder", type=EXISTING_FOLDER, help="A pack with a demo folder; default: the first one here.")
@in_plain_words
def load_demo(folder: Path | None) -> None:
    """Load a sample consultation with an open sitting."""
    consultation_id = demo.load(folder or demo.packs_with_demo()[0], actor=audit.COMMAND_LINE, now=utc_now())
    consultation = consultation_or_404(consultation_id)
    click.echo(f"Konsultasi {consultation_id}: {consultation.title}")


@click.command("create")
@click.option("--title", required=True)
@click.option("--purpose", required=True)
@click.option("--controller", required=True, help="Who is responsible for the data.")
@click.option("--contact", required=True, help="Office contact in the privacy notice.")
@click.option("--privacy-officer", default="")
@click.option("--months", default=24, show_default=True, type=click.IntRange(1, 120), help="Retention in months.")
@click.option("--city", help="Code of the city pack; default: the only one imported.")
@click.option("--session", "session_title", default="Sesi 1", show_default=True, help="Name of the first sitting.")
@click.option("--place", default="")
@click.option("--starts", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Local start, e.g. 2026-01-20T09:00.")
@in_plain_words
def create(title: str, purpose: str, controller: str, contact: str, privacy_officer: str, months: int,
           city: str | None, session_title: str, place: str, starts: datetime | None) -> None:
    """Create a consultation with its first sitting; print its number and join code."""
    packs = [one for one in packs_to_choose_from() if city in (None, one.code)]
    if len(packs) != 1:
        raise NotFound("Impor satu paket kota (forum pack FOLDER), atau pilih dengan --city: "
                       + (", ".join(one.code for one in packs_to_choose_from()) or "belum ada"))
    zone = ZoneInfo(packs[0].timezone)
    now = utc_now()
    consultation_id = services.create_consultation(
        pack_id=packs[0].id, actor=audit.COMMAND_LINE, now=now,
        facts=NoticeFacts(title, purpose, controller, contact, privacy_officer, months))
    forum_session_id = services.create_session(
        consultation_id=consultation_id, title=session_title, place=place,
        starts_at=starts.replace(tzinfo=zone) if starts else now, actor=audit.COMMAND_LINE, now=now)
    click.echo(f"{consultation_id} {forum_session_or_404(forum_session_id).join_code}")


@click.command("open")
@click.argument("code")
@in_plain_words
def open_session(code: str) -> None:
    """Open the sitting with this join code."""
    services.open_session(forum_session_id=sitting(code).id, actor=audit.COMMAND_LINE, now=utc_now())
    click.echo("Sesi terbuka.")


@click.command("close")
@click.argument("code")
@in_plain_words
def close_session(code: str) -> None:
    """Close the sitting with this join code."""
    services.close_session(forum_session_id=sitting(code).id, actor=audit.COMMAND_LINE, now=utc_now())
    click.echo("Sesi ditutup.")


@click.command("import")
@click.argument("path", metavar="FILE", type=EXISTING_FILE)
@click.option("--session", "code", required=True, help="Join code of the sitting.")
@click.option("--text", required=True, help="Column with the text; a number means that the file has no header.")
@click.option("--group", "group_column", help="Column with the stakeholder group.")
@click.option("--area", "area_column", help="Column with the kelurahan.")
@click.option("--kind", type=click.Choice(KINDS), default="problem", show_default=True)
@click.option("--encoding", default="utf-8", show_default=True)
@in_plain_words
def import_file(path: Path, code: str, text: str, group_column: str | None, area_column: str | None, kind: str,
                encoding: str) -> None:
    """Import a CSV or TSV file: each row with text becomes one entry. Nothing is stored if a line is unreadable."""
    content = path.read_bytes()
    table = table_file.read(content, filename=path.name, has_header=not text.isdecimal(), encoding=encoding)
    done = intake.import_table(
        forum_session_id=sitting(code).id, table=table, filename=path.name,
        content_digest=sha256(content).hexdigest(), kind=kind, actor=audit.COMMAND_LINE, now=utc_now(),
        columns=intake.Columns(text, group_column, area_column))
    click.echo(f"{done.n_rows} baris: {done.n_imported} menjadi masukan, {done.n_empty} tanpa teks. "
               f"Impor nomor {done.batch_id}.")
