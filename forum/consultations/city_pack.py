"""Import of a city pack: a folder of plain files (see ``forum/packs/README.md``) becomes rows."""
from datetime import datetime
from pathlib import Path

from forum import audit
from forum.consultations import queries
from forum.consultations.models import Agency, Area, CityPack, Dimension, StakeholderGroup
from forum.consultations.pack_files import BadPack, PackFiles, read_pack
from forum.db import db, writing

__all__ = ["BadPack", "import_pack"]


def import_pack(*, folder: Path, actor: audit.Actor, now: datetime) -> int:
    """Read a pack and return its id; the same edition again returns the id that it has already.

    Raises `BadPack` before anything is written.
    """
    files = read_pack(folder)
    with writing() as session:
        known = queries.pack_by_digest(files.code, files.digest)
        if known:
            return known.id
        pack = CityPack(code=files.code, digest=files.digest, city_id=files.city_id, city_en=files.city_en,
                        timezone=files.timezone, channels=files.channels, imported_at=now)
        session.add(pack)
        session.flush()
        _add_dimensions(pack.id, files)
        _add_areas(pack.id, files)
        session.add_all(
            StakeholderGroup(pack_id=pack.id, code=row["code"], name_id=row["name_id"], name_en=row["name_en"],
                             helix=row["helix"], position=int(row["position"])) for row in files.groups)
        session.add_all(Agency(pack_id=pack.id, code=row["code"], name=row["name_id"]) for row in files.agencies)
        audit.record(actor=actor, action="consultations.import_pack", subject_type="city_pack", subject_id=pack.id,
                     now=now, code=pack.code, digest=pack.digest)
        return pack.id


def _add_dimensions(pack_id: int, files: PackFiles) -> None:
    ids: dict[str, int] = {}
    for row in files.dimensions:
        dimension = Dimension(
            pack_id=pack_id, code=row["code"], parent_id=ids.get(row["parent"]), name_id=row["name_id"],
            name_en=row["name_en"], description_id=row["description_id"], description_en=row["description_en"],
            position=int(row["position"]))
        db.session.add(dimension)
        db.session.flush()
        ids[row["code"]] = dimension.id


def _add_areas(pack_id: int, files: PackFiles) -> None:
    ids: dict[str, int] = {}
    for row in files.areas:
        area = Area(pack_id=pack_id, code=row["code"], parent_id=ids.get(row["parent"]), kind=row["kind"],
                    name=row["name"], aliases=[alias.strip() for alias in row["aliases"].split("|") if alias.strip()])
        db.session.add(area)
        db.session.flush()
        ids[row["code"]] = area.id
