"""The verb of exports: write a file and keep a record that it left."""
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _

from forum import audit
from forum.db import writing
from forum.errors import ForumError
from forum.exports import csv_file, json_file, queries, xlsx_file
from forum.exports.models import ExportRecord

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "answers.csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


class UnknownFormat(ForumError):
    """The list is not written in this format."""

    status = HTTPStatus.NOT_FOUND


def export(*, consultation_id: int, fmt: str, actor: audit.Actor, now: datetime) -> tuple[bytes, str, str]:
    """Write the issue list; return its bytes, its file name and its media type.

    The same state gives the same bytes and the same name. Raises `UnknownFormat`, `NotFound`.
    """
    if fmt not in FORMATS:
        raise UnknownFormat(_("Format yang tersedia: %(formats)s.", formats=", ".join(FORMATS).upper()))
    contents = queries.contents(consultation_id)
    content_hash = contents.issue_list.content_hash
    if fmt == "csv":
        data = csv_file.write(contents.issue_list)
    elif fmt == "answers.csv":
        data = csv_file.write_answers(contents)
    elif fmt == "xlsx":
        data = xlsx_file.write(contents)
    else:
        data = json_file.write(contents)
    # Written outside the transaction: other writers do not wait for a workbook.
    n_lines = len(contents.entries if fmt == "answers.csv" else contents.issue_list.rows)
    with writing() as session:
        record = ExportRecord(consultation_id=consultation_id, format=fmt, n_lines=n_lines,
                              content_hash=content_hash, actor_name=actor.name, created_at=now)
        session.add(record)
        session.flush()
        audit.record(actor=actor, action="exports.export", subject_type="export_record", subject_id=record.id,
                     now=now, consultation_id=consultation_id, format=fmt, n_lines=n_lines,
                     content_hash=content_hash)
    return data, f"isu-prioritas-{consultation_id}-{content_hash[:8]}.{fmt}", FORMATS[fmt]
