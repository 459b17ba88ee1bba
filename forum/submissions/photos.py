"""Files of photos in the instance folder: under random names, written whole, given out to those who may see them."""
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from flask import Response, current_app, send_file
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from forum.db import db
from forum.errors import NotFound
from forum.submissions import pictures
from forum.submissions.models import Photo, Submission

FOLDER = "uploads"
_ON_ITS_WAY = timedelta(days=1)
MAX_REQUEST_BYTES = 40 * 1024 * 1024
"""Read so far even if the photo is too large: the words beside it must come back to their author."""


def take(upload: FileStorage | None) -> str | None:
    """Check a photo and keep it in a file; return its name, ``None`` when none was sent.

    Raises `forum.submissions.pictures.UnusablePhoto`.
    """
    if not was_sent(upload):
        return None
    picture = pictures.written_anew(upload.stream.read(pictures.MAX_BYTES + 1))
    name = secrets.token_hex(16) + ".jpg"
    path = _path(name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(picture.content)
        file.flush()
        os.fsync(file.fileno())  # an entry that is acknowledged has its photo
    return name


def was_sent(upload: FileStorage | None) -> bool:
    """Whether the field of the form holds a file: browsers send an empty one when none was chosen."""
    return upload is not None and bool(upload.filename)


def forget(name: str | None) -> None:
    """Remove a file that no entry has."""
    if name:
        _path(name).unlink(missing_ok=True)


def ownerless(now: datetime) -> list[Path]:
    """Files that no entry names and that are older than a day: a younger one may belong to an entry on its way."""
    old = [path for path in (Path(current_app.instance_path) / FOLDER).glob("*.jpg")
           if path.stat().st_mtime < (now - _ON_ITS_WAY).timestamp()]
    named = set(db.session.scalars(select(Photo.name))) if old else set()
    return [path for path in old if path.name not in named]


def sweep(now: datetime) -> int:
    """Remove `ownerless` files; return their number."""
    found = ownerless(now)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def photo_of(submission_id: int) -> Photo | None:
    return db.session.scalar(select(Photo).where(Photo.submission_id == submission_id))


def with_photo(submission_ids: list[int]) -> set[int]:
    """Those of these entries that have a photo."""
    return set(db.session.scalars(select(Photo.submission_id).where(Photo.submission_id.in_(submission_ids))))


def answer(submission: Submission) -> Response:
    """The photo of an entry, for the one who may see it now; no cache keeps it. Raises `NotFound`."""
    photo = photo_of(submission.id)
    if photo is None or not _path(photo.name).is_file():
        raise NotFound(_("Foto ini tidak ada."))
    response = send_file(_path(photo.name), mimetype="image/jpeg", conditional=False, etag=False)
    response.headers["Cache-Control"] = "no-store"
    # The page that a browser makes around a picture has a style of its own, and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return response


def _path(name: str) -> Path:
    return Path(current_app.instance_path) / FOLDER / name
