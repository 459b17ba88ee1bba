"""``flask doctor``: is everything where it should be?"""
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select, text

from forum.accounts.models import Account
from forum.consultations.models import CityPack
from forum.consultations.queries import consultations_newest_first
from forum.db import db, utc_now
from forum.jobs import Job
from forum.review import word_model
from forum.submissions import retention

_LOW_DISK_BYTES = 500 * 1024 * 1024


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check the installation; exit 1 when something needs attention."""
    all_good = True
    for good, what in _findings():
        click.echo(f"{'ok   ' if good else 'PERLU'}  {what}")
        all_good = all_good and good
    sys.exit(0 if all_good else 1)


def _findings() -> Iterator[tuple[bool, str]]:
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}"
    yield from _database()
    instance = Path(current_app.instance_path)
    key = instance / "secret_key"
    if key.exists():
        mode = stat.S_IMODE(key.stat().st_mode)
        yield mode == 0o600, f"kunci rahasia hanya dapat dibaca pemiliknya (mode {mode:o})"
    free = shutil.disk_usage(instance).free
    yield free > _LOW_DISK_BYTES, f"ruang kosong {free // 1024 ** 2:,} MB"
    if found := word_model.finding():
        yield found
    english = Path(current_app.root_path) / "translations" / "en" / "LC_MESSAGES" / "messages.mo"
    yield english.exists(), "terjemahan Inggris tersedia (kalau belum: make translations)"


def _database() -> Iterator[tuple[bool, str]]:
    try:
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception as error:
        db.session.rollback()
        yield False, f"basis data belum siap, jalankan: flask --app wsgi db upgrade ({type(error).__name__})"
        return
    yield True, f"basis data {db.engine.dialect.name}, versi {revision}"
    if db.engine.dialect.name == "sqlite":
        yield db.session.scalar(text("PRAGMA quick_check")) == "ok", "isi berkas basis data utuh"
    n_packs = db.session.scalar(select(func.count()).select_from(CityPack))
    yield bool(n_packs), f"paket kota: {n_packs} (kalau belum ada: flask --app wsgi forum pack FOLDER)"
    n_administrators = db.session.scalar(select(func.count()).select_from(Account).where(
        Account.role == "administrator", Account.is_active))
    yield bool(n_administrators), f"administrator aktif: {n_administrators}"
    now = utc_now()
    n_late = sum(retention.overdue(one, now).n_entries for one in consultations_newest_first())
    yield not n_late, f"masukan yang masa simpannya berakhir: {n_late} (hapus isinya: flask --app wsgi forum purge)"
    n_waiting = db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "queued"))
    yield not n_waiting, f"pekerjaan yang menunggu pekerja: {n_waiting}"
