"""A city pack becomes rows once per edition; a bad file is refused by name and line, and nothing is written."""
import csv
import json
import shutil
from pathlib import Path

import pytest
from builders import make_pack
from sqlalchemy import func, select

from forum.audit import COMMAND_LINE, AuditEntry
from forum.consultations import queries
from forum.consultations.city_pack import BadPack, import_pack
from forum.consultations.models import Agency, Area, CityPack, Dimension, StakeholderGroup
from forum.db import db, utc_now

PACKS = Path(__file__).parents[1] / "forum" / "packs"
FOLDERS = sorted(path for path in PACKS.iterdir() if (path / "pack.json").is_file())
GOOD = {
    "pack.json": json.dumps({
        "code": "kota-karang", "version": 1, "city": {"id": "Kota Karang", "en": "Coral City"},
        "timezone": "Asia/Makassar", "channels": [{
            "kind": "emergency", "name": "Panggilan darurat", "contact": "112",
            "note": {"id": "Keadaan darurat.", "en": "Emergencies."}}]}, indent=1),
    "dimensions.csv": "code,parent,name_id,name_en,description_id,description_en,position\n"
                      "living,,Hidup,Living,\"Rumah, jalan.\",\"Homes, roads.\",2\n"
                      "living.road,living,Jalan,Roads,Jalan dan lampu.,Roads and lamps.,1\n"
                      "economy,,Usaha,Economy,Pasar.,Markets.,1\n",
    "areas.csv": "code,parent,kind,name,aliases\n10.01,,district,Utara,\n10.01.1002,10.01,village,Teluk,\n"
                 "10.01.1001,10.01,village,Bukit,Bukit Lama|Gunungan\n",
    "groups.csv": "code,name_id,name_en,helix,position\nresident,Warga,Resident,community,2\n"
                  "media,Media,Media,media,1\n",
    "agencies.csv": "code,name_id,note\nDPU,Dinas Pekerjaan Umum,dahulu Dinas PU\n",
}


@pytest.fixture
def folder(tmp_path):
    """A small good pack, to be broken."""
    pack = tmp_path / "kota-karang"
    pack.mkdir()
    for name, text in GOOD.items():
        (pack / name).write_text(text, encoding="utf-8")
    return pack


def imported(folder):
    return import_pack(folder=folder, actor=COMMAND_LINE, now=utc_now())


def n_rows(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.usefixtures("context")
class TestGoodPacks:
    def test_rows_are_read_in_the_order_of_the_pack(self, folder):
        make_pack()
        pack_id = imported(folder)

        pack = db.session.get(CityPack, pack_id)
        assert (pack.code, pack.city_id, pack.city_en, pack.timezone) == (
            "kota-karang", "Kota Karang", "Coral City", "Asia/Makassar")
        assert pack.channels[0]["contact"] == "112"
        assert [(branch.dimension.code, [part.code for part in branch.parts])
                for branch in queries.dimensions(pack_id)] == [("economy", []), ("living", ["living.road"])]
        assert queries.dimensions(pack_id)[1].dimension.description_id == "Rumah, jalan."
        assert [(area.parent.name, area.name, area.aliases) for area in queries.areas(pack_id)] == [
            ("Utara", "Bukit", ["Bukit Lama", "Gunungan"]), ("Utara", "Teluk", [])]
        assert [group.code for group in queries.groups(pack_id)] == ["media", "resident"]
        assert [(agency.code, agency.name) for agency in queries.agencies(pack_id)] == [
            ("DPU", "Dinas Pekerjaan Umum")]
        assert db.session.scalar(select(AuditEntry)).action == "consultations.import_pack"

    def test_the_same_edition_is_imported_once(self, folder):
        assert imported(folder) == imported(folder)
        assert (n_rows(CityPack), n_rows(Area), n_rows(AuditEntry)) == (1, 3, 1)

    def test_a_changed_file_is_a_new_edition_and_the_one_to_choose(self, folder):
        first = imported(folder)
        (folder / "agencies.csv").write_text(GOOD["agencies.csv"] + "DLH,Dinas Lingkungan,\n", encoding="utf-8")

        second = imported(folder)

        assert first != second
        assert [pack.id for pack in queries.packs_to_choose_from()] == [second]
        assert len(queries.agencies(first)) == 1
        assert len(queries.agencies(second)) == 2

    def test_what_windows_programs_save_is_read_too(self, folder):
        for name, text in GOOD.items():
            (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n")
        assert len(queries.areas(imported(folder))) == 2

    @pytest.mark.parametrize("shipped", FOLDERS, ids=lambda path: path.name)
    def test_every_pack_that_comes_with_the_product_is_imported_whole(self, shipped):
        imported(shipped)
        for model, name in ((Dimension, "dimensions"), (Area, "areas"), (StakeholderGroup, "groups"),
                            (Agency, "agencies")):
            with (shipped / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                expected = [row["code"] for row in csv.DictReader(file)]
            assert db.session.scalars(select(model.code).order_by(model.id)).all() == expected
        assert all(area.parent for area in db.session.scalars(select(Area).filter_by(kind="village")))


AREAS, DIMENSIONS, GROUPS = GOOD["areas.csv"], GOOD["dimensions.csv"], GOOD["groups.csv"]


@pytest.mark.usefixtures("context")
class TestBadPacks:
    @pytest.mark.parametrize(("name", "content", "words"), [
        ("areas.csv", AREAS.replace("kind,name", "name,kind", 1), ["areas.csv baris 1", "code,parent,kind,name"]),
        ("areas.csv", "", ["areas.csv baris 1"]),
        ("areas.csv", AREAS.splitlines()[0], ["areas.csv baris 2", "belum ada baris"]),
        ("areas.csv", AREAS + "10.02.1,10.02,village,Jauh,\n", ["areas.csv baris 5", "10.02", "induk"]),
        ("areas.csv", AREAS + "10.01.1001,10.01,village,Kembar,\n", ["areas.csv baris 5", "10.01.1001", "baris 4"]),
        ("areas.csv", AREAS + "10.03,,village,Tanpa induk,\n", ["areas.csv baris 5", "district"]),
        ("areas.csv", AREAS + "10.01.9,10.01.1001,village,Cucu,\n", ["areas.csv baris 5", "dua tingkat"]),
        ("areas.csv", AREAS + "10.01.9,10.01,village,,\n", ["areas.csv baris 5", "name kosong"]),
        ("areas.csv", AREAS + "10.01.9,10.01,village,Ada, koma,\n", ["areas.csv baris 5", "6 kolom"]),
        ("areas.csv", AREAS + '10.01.9,10.01,village,"Tidak ditutup,\n', ["areas.csv baris 5", "petik"]),
        ("areas.csv", AREAS.encode() + b"10.01.9,10.01,village,Caf\xe9,\n", ["areas.csv baris 5", "UTF-8"]),
        ("areas.csv", AREAS + "10.01.9,10.01,village,A\x00B,\n", ["areas.csv baris 5", "kendali"]),
        ("dimensions.csv", DIMENSIONS.replace(",2\n", ",kedua\n"), ["dimensions.csv baris 2", "kedua"]),
        ("dimensions.csv", DIMENSIONS.replace(",2\n", ",²\n"), ["dimensions.csv baris 2", "²"]),
        ("groups.csv", GROUPS.replace("community", "umum"), ["groups.csv baris 2", "umum", "community"]),
        ("pack.json", '{"code": "kota",\n "city": }', ["pack.json baris 2", "JSON"]),
        ("pack.json", "[" * 100_000, ["pack.json", "JSON"]),
        ("pack.json", "[]", ["pack.json", "code"]),
        ("pack.json", GOOD["pack.json"].replace("kota-karang", "Kota Karang"), ["pack.json", "code"]),
        ("pack.json", GOOD["pack.json"].replace('"Coral City"', "7"), ["pack.json", "city"]),
        ("pack.json", GOOD["pack.json"].replace("Asia/Makassar", "Asia"), ["pack.json", "timezone"]),
        ("pack.json", GOOD["pack.json"].replace("Asia/Makassar", "../../etc/passwd"), ["pack.json", "timezone"]),
        ("pack.json", GOOD["pack.json"].replace('"112"', "112"), ["pack.json", "channels"]),
        ("agencies.csv", None, ["agencies.csv", "tidak ada"]),
    ], ids=lambda value: None if isinstance(value, list) else str(value)[-24:])
    def test_the_refusal_names_file_and_line_and_what_to_mend(self, folder, name, content, words):
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

        with pytest.raises(BadPack) as refusal:
            imported(folder)

        for word in words:
            assert word in str(refusal.value)
        assert (n_rows(CityPack), n_rows(Dimension), n_rows(AuditEntry)) == (0, 0, 0)

    def test_a_folder_that_is_not_there_is_named(self, folder):
        shutil.rmtree(folder)
        with pytest.raises(BadPack, match="kota-karang"):
            imported(folder)
