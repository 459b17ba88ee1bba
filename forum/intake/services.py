"""Verbs of intake: import a table into a sitting, undo an import.

An import is stored in short pieces, so that phones which send meanwhile never wait long. Every row
gets a key made of the file and its line: an import that was interrupted goes on where it stopped,
and the same file cannot be stored twice.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from uuid import NAMESPACE_OID, uuid5

from flask_babel import gettext as _
from sqlalchemy import select, update

from forum import audit
from forum.consultations.models import ForumSession
from forum.consultations.queries import forum_session_or_404
from forum.db import hold, writing
from forum.errors import ForumError, NotFound
from forum.intake import queries
from forum.intake.models import ImportBatch, ImportedRow
from forum.intake.table_file import TableFile, UnreadableFile
from forum.submissions import receipt
from forum.submissions.models import KINDS, Submission
from forum.submissions.storing import Content, add_submission
from forum.typed import clean_line, clean_text

# Measured on a busy two-core machine: 1.4 ms a row, at worst 4.7. A piece stays below the 50 ms that a
# job may hold the queue.
_ROWS_PER_WRITE = 10
MAX_CHARACTERS = 20_000
MAX_NAME_CHARACTERS = 200


class AlreadyImported(ForumError):
    """The same file with the same choices is in this sitting already."""


class AlreadyUndone(ForumError):
    """The batch was undone before."""


class UnknownKind(ForumError):
    """A kind that is none."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what: names, or numbers from 1 in a file without header."""

    text: str
    group: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``n_rows`` = ``n_imported`` + ``n_empty``: no row is lost in silence."""

    batch_id: int
    n_rows: int
    n_imported: int
    n_empty: int


@dataclass(frozen=True, slots=True)
class _Row:
    line_number: int
    text: str
    group_id: int | None
    area_id: int | None


def import_table(*, forum_session_id: int, table: TableFile, filename: str, content_digest: str, columns: Columns,
                 kind: str = "problem", actor: audit.Actor, now: datetime) -> Imported:
    """Store each row with text as one entry of the sitting, in whatever state the sitting is.

    Rows whose text is empty are counted, not stored. Group and area are matched by code or name, old
    names included; what matches nothing stays empty. ``content_digest`` names the bytes of the file.

    Raises `UnreadableFile` for a missing column or a text of more than `MAX_CHARACTERS`,
    `AlreadyImported` for a file that is in this sitting already; nothing is stored then. `AlreadyUndone` when
    somebody undoes the import while it runs; what was stored is withdrawn then.
    """
    if kind not in KINDS:
        raise UnknownKind(_("Jenis “%(kind)s” tidak dikenal. Pilih: %(kinds)s.", kind=kind, kinds=", ".join(KINDS)))
    forum_session = forum_session_or_404(forum_session_id)
    rows = _rows(table, columns, forum_session)
    digest = sha256(f"{content_digest} {columns} {kind}".encode()).hexdigest()
    batch_id = _begin(forum_session_id, filename, digest, rows, actor, now)
    with_text = [row for row in rows if row.text]
    for piece in _pieces(with_text):
        _store(batch_id, forum_session_id, digest, kind, piece, now)
    _finish(batch_id, actor, now)
    return Imported(batch_id, len(rows), len(with_text), len(rows) - len(with_text))


def undo_import(*, batch_id: int, actor: audit.Actor, now: datetime) -> int:
    """Withdraw every entry of a batch that is not withdrawn yet; return how many."""
    with writing() as session:
        batch = _held_batch(batch_id)
        # One statement, because phones wait meanwhile: a file may hold many thousand rows.
        n_entries = session.execute(
            update(Submission).where(Submission.state != "withdrawn", Submission.id.in_(
                select(ImportedRow.submission_id).where(ImportedRow.batch_id == batch_id)))
            .values(state="withdrawn", withdrawn_at=now), execution_options={"synchronize_session": False}).rowcount
        batch.undone_at = now
        audit.record(actor=actor, action="intake.undo_import", subject_type="import_batch", subject_id=batch_id,
                     consultation_id=batch.consultation_id, now=now, n_entries=n_entries)
        return n_entries


def _held_batch(batch_id: int) -> ImportBatch:
    """The batch, held until the transaction ends. Raises `AlreadyUndone`, `NotFound`."""
    batch = hold(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(_("Impor ini tidak ada."))
    if batch.undone_at:
        raise AlreadyUndone(_("Impor ini sudah dibatalkan."))
    return batch


def _rows(table: TableFile, columns: Columns, forum_session: ForumSession) -> list[_Row]:
    text_at = table.column(columns.text)
    group_at = table.column(columns.group) if columns.group else None
    area_at = table.column(columns.area) if columns.area else None
    groups, areas = queries.names_of_groups_and_areas(forum_session.consultation.pack_id)
    rows = []
    for line_number, fields in table.rows:
        text = clean_text(fields[text_at])
        if len(text) > MAX_CHARACTERS:
            raise UnreadableFile(
                _("Baris %(line)s: teks %(count)s karakter, paling banyak %(most)s. Bagi atau pendekkan baris itu.",
                  line=line_number, count=len(text), most=MAX_CHARACTERS))
        rows.append(_Row(line_number, text,
                         groups.get(fields[group_at].strip().casefold()) if group_at is not None else None,
                         areas.get(fields[area_at].strip().casefold()) if area_at is not None else None))
    return rows


def _begin(forum_session_id: int, filename: str, digest: str, rows: Sequence[_Row], actor: audit.Actor,
           now: datetime) -> int:
    """The batch row: a new one, or the one of an interrupted import of the same file."""
    n_with_text = sum(1 for row in rows if row.text)
    with writing() as session:
        forum_session = hold(ForumSession, forum_session_id)
        if forum_session is None:
            raise NotFound
        batch = queries.batch_by_digest(forum_session_id, digest)
        if batch and (batch.undone_at or batch.n_imported >= n_with_text):
            raise AlreadyImported(
                _("Berkas ini sudah pernah diimpor ke sesi ini (impor nomor %(number)s).", number=batch.id))
        if batch is None:
            batch = ImportBatch(consultation_id=forum_session.consultation_id, forum_session_id=forum_session_id,
                                filename=clean_line(filename)[:MAX_NAME_CHARACTERS], digest=digest, n_rows=len(rows),
                                n_empty=len(rows) - n_with_text, actor_name=actor.name, created_at=now)
            session.add(batch)
            session.flush()
            # Before the first row: an import that is interrupted has an author too.
            audit.record(actor=actor, action="intake.begin_import", subject_type="import_batch", subject_id=batch.id,
                         consultation_id=batch.consultation_id, now=now, n_rows=batch.n_rows)
        return batch.id


def _pieces(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    for start in range(0, len(rows), _ROWS_PER_WRITE):
        yield rows[start:start + _ROWS_PER_WRITE]


def _store(batch_id: int, forum_session_id: int, digest: str, kind: str, rows: Sequence[_Row], now: datetime) -> None:
    keys = {str(uuid5(NAMESPACE_OID, f"{forum_session_id} {digest} {row.line_number}")): row for row in rows}
    with writing() as session:
        batch = _held_batch(batch_id)
        forum_session = session.get_one(ForumSession, forum_session_id)
        stored = set(session.scalars(select(Submission.key).where(Submission.key.in_(keys))))
        for key, row in keys.items():
            if key in stored:
                continue
            submission_id = add_submission(
                session, forum_session=forum_session, key=key, receipt=receipt.new(),
                content=Content(kind=kind, body=row.text), now=now, group_id=row.group_id, area_id=row.area_id,
                source="import")
            session.add(ImportedRow(submission_id=submission_id, batch_id=batch_id, line_number=row.line_number))
        batch.n_imported += len(keys) - len(stored)


def _finish(batch_id: int, actor: audit.Actor, now: datetime) -> None:
    with writing():
        batch = _held_batch(batch_id)
        audit.record(actor=actor, action="intake.import", subject_type="import_batch", subject_id=batch_id,
                     consultation_id=batch.consultation_id, now=now, n_rows=batch.n_rows,
                     n_imported=batch.n_imported)
