"""Named reads of imports."""
from flask_babel import gettext as _
from sqlalchemy import select

from forum.consultations.queries import areas, groups
from forum.db import db
from forum.errors import NotFound
from forum.intake.models import ImportBatch


def batch_or_404(batch_id: int) -> ImportBatch:
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(_("Impor ini tidak ada."))
    return batch


def batch_by_digest(forum_session_id: int, digest: str) -> ImportBatch | None:
    return db.session.scalar(select(ImportBatch).where(
        ImportBatch.forum_session_id == forum_session_id, ImportBatch.digest == digest))


def batches_of(consultation_id: int) -> list[ImportBatch]:
    """Imports of a consultation, newest first."""
    return list(db.session.scalars(select(ImportBatch).where(ImportBatch.consultation_id == consultation_id)
                                   .order_by(ImportBatch.id.desc())))


def names_of_groups_and_areas(pack_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """Every way to write a group or an area (code, name, old name; case folded) → its id."""
    group_names = {name.casefold(): group.id for group in groups(pack_id)
                   for name in (group.code, group.name_id, group.name_en)}
    area_names = {name.casefold(): area.id for area in areas(pack_id)
                  for name in (*area.aliases, area.code, area.name)}
    return group_names, area_names
