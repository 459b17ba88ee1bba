"""Every city pack in forum/packs keeps the format of forum/packs/README.md; the one of Pekalongan is complete.

Plain files only, no application: a city that writes its own pack runs this file alone.
"""
import csv
import json
import re
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

PACKS = Path(__file__).parents[1] / "forum" / "packs"
FOLDERS = sorted(path for path in PACKS.iterdir() if path.is_dir() and not path.name.startswith("__"))
COLUMNS = {
    "dimensions.csv": ["code", "parent", "name_id", "name_en", "description_id", "description_en", "position"],
    "areas.csv": ["code", "parent", "kind", "name", "aliases"],
    "groups.csv": ["code", "name_id", "name_en", "helix", "position"],
    "agencies.csv": ["code", "name_id", "note"],
}
MAY_BE_EMPTY = {"parent", "aliases", "note"}
PACK_KEYS = {"code", "version", "city", "region_code", "timezone", "controller", "channels"}
CONSULTATION_KEYS = {"title", "purpose", "controller", "contact", "privacy_officer", "retention_months", "session"}
SESSION_KEYS = {"title", "place", "starts_at", "duration_minutes"}
HELIX = {"academy", "business", "community", "government", "media"}

WITH_DEMO = [folder for folder in FOLDERS if (folder / "demo").is_dir()]  # a pack may do without
every_pack = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
every_demo = pytest.mark.parametrize("folder", WITH_DEMO, ids=lambda path: path.name)
every_table = pytest.mark.parametrize("name", COLUMNS)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def pack(folder: Path) -> dict:
    return json.loads((folder / "pack.json").read_text(encoding="utf-8"))


def consultation(folder: Path) -> dict:
    return json.loads((folder / "demo" / "consultation.json").read_text(encoding="utf-8"))


def aliases(row: dict[str, str]) -> list[str]:
    return row["aliases"].split("|") if row["aliases"] else []


def sound(name: str) -> str:
    """A name as a careless typist may write it: lower case, letters and digits only."""
    return re.sub(r"[\W_]", "", name.casefold())


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


@every_pack
@every_table
def test_a_table_has_its_columns_and_full_rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file, strict=True))
    assert header == COLUMNS[name]
    assert rows, f"{name} has no rows."
    for number, row in enumerate(rows, start=2):
        assert len(row) == len(header), f"{name}:{number} has {len(row)} cells instead of {len(header)}."
        for column, cell in zip(header, row, strict=True):
            assert cell == " ".join(cell.split()), f"{name}:{number} {column}: stray space or line break in {cell!r}."
            assert cell or column in MAY_BE_EMPTY, f"{name}:{number}: {column} is empty."


@every_pack
@every_table
def test_codes_are_unique_and_parents_stand_above(folder, name):
    seen: set[str] = set()
    for row in table(folder, name):
        assert row["code"] not in seen, f"{name}: the code {row['code']} occurs twice."
        parent = row.get("parent")
        if parent:
            assert parent in seen, f"{name}: the parent {parent} of {row['code']} does not stand above it."
            assert row["code"].startswith(f"{parent}."), f"{name}: {row['code']} does not continue its parent's code."
        seen.add(row["code"])


@every_pack
@pytest.mark.parametrize("name", ["dimensions.csv", "groups.csv"])
def test_positions_count_from_one_within_a_parent(folder, name):
    positions = defaultdict(list)
    for row in table(folder, name):
        positions[row.get("parent", "")].append(row["position"])
    for parent, found in positions.items():
        expected = [str(number) for number in range(1, len(found) + 1)]
        assert found == expected, f"{name}: positions below {parent or 'the top'} are {found}."


@every_pack
@pytest.mark.parametrize(("name", "column"), [
    ("dimensions.csv", "name_id"), ("dimensions.csv", "name_en"), ("groups.csv", "name_id"), ("groups.csv", "name_en"),
    ("agencies.csv", "name_id")])
def test_no_two_rows_share_a_name(folder, name, column):
    assert not repeated([row[column].casefold() for row in table(folder, name)])


@every_pack
def test_dimensions_have_two_levels_and_short_descriptions(folder):
    rows = table(folder, "dimensions.csv")
    parents = {row["code"]: row["parent"] for row in rows}
    for row in rows:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)?", row["code"]), row["code"]
        assert not parents.get(row["parent"]), f"{row['code']} is on a third level."
        for column in ("description_id", "description_en"):
            assert row[column].endswith("."), f"{row['code']} {column}: end the sentence."
            assert len(row[column]) <= 100, f"{row['code']} {column}: too long for a phone."


@every_pack
def test_areas_are_districts_with_villages(folder):
    rows = table(folder, "areas.csv")
    kinds = {row["code"]: row["kind"] for row in rows}
    region = pack(folder)["region_code"]
    assert set(kinds.values()) <= {"district", "village"}
    for row in rows:
        assert re.fullmatch(r"\d\d\.\d\d\.\d\d(\.\d{4})?", row["code"]), f"{row['code']} is no Kepmendagri code."
        assert row["code"].startswith(f"{region}."), f"{row['code']} lies outside {region}."
        if row["kind"] == "district":
            assert not row["parent"], f"the district {row['code']} has a parent."
        else:
            assert kinds.get(row["parent"]) == "district", f"the village {row['code']} lies in no district."


@every_pack
def test_area_names_are_unique_among_siblings(folder):
    names = [f"{row['parent']} {sound(row['name'])}" for row in table(folder, "areas.csv")]
    assert not repeated(names)


@every_pack
def test_an_alias_belongs_to_one_area_only(folder):
    rows = table(folder, "areas.csv")
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in (row["name"], *aliases(row)):
            owners[sound(name)].add(row["code"])
    for row in rows:
        own = aliases(row)
        assert all(alias == alias.strip() and sound(alias) for alias in own), f"{row['code']}: an alias is empty."
        assert not repeated([alias.casefold() for alias in (row["name"], *own)]), f"{row['code']} repeats an alias."
        for alias in own:
            others = owners[sound(alias)] - {row["code"]}
            assert not others, f"{alias!r} of {row['code']} also names {sorted(others)}."


@every_pack
def test_groups_name_a_helix(folder):
    rows = table(folder, "groups.csv")
    assert {row["helix"] for row in rows} <= HELIX
    assert all(re.fullmatch(r"[a-z0-9-]+", row["code"]) for row in rows)


@every_pack
def test_pack_json_has_its_keys(folder):
    facts = pack(folder)
    assert set(facts) == PACK_KEYS
    assert facts["code"] == folder.name
    assert re.fullmatch(r"[a-z0-9-]+", facts["code"])
    assert type(facts["version"]) is int
    assert facts["version"] >= 1
    assert set(facts["city"]) == {"id", "en"}
    assert all(facts["city"].values())
    assert facts["controller"]
    assert re.fullmatch(r"\d\d\.\d\d", facts["region_code"])
    assert ZoneInfo(facts["timezone"])


@every_pack
def test_channels_say_where_else_to_turn(folder):
    channels = pack(folder)["channels"]
    assert not repeated([channel["name"] for channel in channels])
    for channel in channels:
        assert set(channel) == {"kind", "name", "contact", "note"}, channel["name"]
        assert channel["kind"] in {"emergency", "complaint"}, channel["name"]
        assert set(channel["note"]) == {"id", "en"}, channel["name"]
        assert all(channel["note"].values()), channel["name"]
        assert channel["contact"] or channel["kind"] == "complaint", "an emergency channel without a number is no help."


@every_pack
def test_sources_are_named_for_every_file(folder):
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    for name in ("pack.json", *COLUMNS):
        assert f"`{name}`" in sources, f"SOURCES.md does not say where {name} comes from."


@every_demo
def test_the_demo_is_plainly_fictitious(folder):
    demo = consultation(folder)
    assert set(demo) == CONSULTATION_KEYS
    assert all(demo.values())
    assert demo["contact"].endswith(".example"), "use an address that cannot reach anybody."
    for key in ("title", "controller", "privacy_officer"):
        assert "contoh" in demo[key], f"{key}: mark sample data as such."
    assert demo["retention_months"] > 0


@every_demo
def test_the_demo_sitting_keeps_the_clock_of_its_city(folder):
    sitting = consultation(folder)["session"]
    assert set(sitting) == SESSION_KEYS
    assert sitting["title"]
    assert sitting["place"]
    assert sitting["duration_minutes"] > 0
    starts_at = datetime.fromisoformat(sitting["starts_at"])
    there = starts_at.astimezone(ZoneInfo(pack(folder)["timezone"]))
    assert starts_at.utcoffset() == there.utcoffset(), f"{sitting['starts_at']} is not in the city's time zone."


@every_demo
@pytest.mark.parametrize(("column", "name"), [
    ("dimension", "dimensions.csv"), ("group", "groups.csv"), ("area", "areas.csv")])
def test_demo_submissions_use_codes_of_the_pack(folder, column, name):
    with (folder / "demo" / "submissions.csv").open(encoding="utf-8", newline="") as file:
        used = {row[column] for row in csv.DictReader(file)} - {""}
    assert used, f"no submission names a {column}."
    assert used <= {row["code"] for row in table(folder, name)}


@every_pack
def test_the_readme_explains_every_column_and_key(folder):
    readme = (PACKS / "README.md").read_text(encoding="utf-8")
    words = {*COLUMNS, *pack(folder), *(column for columns in COLUMNS.values() for column in columns)}
    if (folder / "demo").is_dir():
        words |= CONSULTATION_KEYS | SESSION_KEYS
    missing = sorted(word for word in words if f"`{word}`" not in readme)
    assert not missing, f"forum/packs/README.md does not explain {missing}."


def test_pekalongan_is_complete():
    folder = PACKS / "pekalongan"
    below = Counter(row["parent"] for row in table(folder, "dimensions.csv"))
    top = {"governance", "branding", "economy", "living", "society", "environment"}
    assert below == {"": 6, **dict.fromkeys(top, 3)}
    areas = table(folder, "areas.csv")
    villages = Counter(row["parent"] for row in areas)
    assert villages == {"": 4, "33.75.01": 7, "33.75.02": 7, "33.75.03": 7, "33.75.04": 6}
    # In this city a kelurahan's name says which one is meant, without its kecamatan.
    assert not repeated([sound(row["name"]) for row in areas])
    # The abbreviation of the women's movement must not turn into a place.
    assert "pkk" not in {sound(alias) for row in areas for alias in aliases(row)}
    assert [row["code"] for row in table(folder, "groups.csv")] == [
        "government", "academic", "business", "community", "media", "resident"]
