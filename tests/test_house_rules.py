"""The conventions of the house as tests. Each failure says what to do instead."""
import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from forum import ROOMS
from forum.config import SETTINGS
from forum.security import audiences_of

ROOT = Path(__file__).parent.parent
# They start or command the whole house; everything else stays in its room.
OUTER = {"__init__", "commands", "demo", "serve"}
SHARED_DOORS = {"models", "queries"}
# Modules of a room that rooms to the right may use besides models and queries, and why.
EXTRA_DOORS = {
    "accounts": {"signed_in"},  # who acts
    "consultations": {"entrance", "halls", "questions"},  # address and QR; what phones ask again; what a form asks
    # rows in one transaction; words; files; the version of everything that is shown; how long words are kept; limits
    "submissions": {"storing", "receipt", "forms", "answering", "photos", "contacting", "pulse", "retention", "fair"},
    "answers": {"forms"},  # the names of what the city answers
    "priorities": {"issues"},  # plain values without a database: what a ranked theme is
    "review": {"accounting", "live"},  # named reads of where every entry is; of themes as they grow
}


def python_files(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def imports(path: Path) -> list[tuple[str, str, int]]:
    """(module, name, line) of every import; ``from forum.review import queries`` → forum.review, queries."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "", node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [("." * node.level + (node.module or ""), alias.name, node.lineno) for alias in node.names]
    return found


def room_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "forum" and len(parts) > 2 and parts[1] in ROOMS else None


@pytest.mark.parametrize("path", python_files("analysis"), ids=lambda path: path.name)
def test_analysis_is_a_calculator(path):
    for module, _, line in imports(path):
        assert module.partition(".")[0] not in {"forum", "flask", "sqlalchemy", "werkzeug", "huey", "jinja2"}, (
            f"{path.name}:{line} imports {module}: analysis/ takes plain values and returns plain values; "
            "let forum/review read the database and pass texts in.")


@pytest.mark.parametrize("path", python_files("forum"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_left_through_the_doors(path):
    room = room_of(path)
    for module, name, line in imports(path):
        where = f"{path.relative_to(ROOT)}:{line}"
        assert not module.startswith("."), f"{where}: write absolute imports, so that the origin shows."
        parts = module.split(".")
        if parts[0] == "analysis":
            assert room in {"review", "submissions", "moderation", "reactions", "wall", "priorities", "exports",
                            "answers"}, (
                f"{where}: only rooms that need language call analysis/.")
            assert len(parts) == 1, f"{where}: use analysis/ through its one door, `import analysis`."
        if parts[0] != "forum" or len(parts) < 2 or parts[1] not in ROOMS:
            continue
        target, part = parts[1], parts[2] if len(parts) > 2 else name
        if room is None:
            assert path.relative_to(ROOT).parts[1].removesuffix(".py") in OUTER, (
                f"{where}: a shared module must not know the room {target}; pass what it needs as an argument.")
        elif target != room:
            assert ROOMS.index(target) < ROOMS.index(room), (
                f"{where}: {room} may not import {target}, which lies to its right; move the code or turn the "
                "dependency round.")
            assert part in SHARED_DOORS | EXTRA_DOORS.get(target, set()), (
                f"{where}: from another room use models and queries only, not {part}.")


def test_foreign_keys_point_left(context):
    from forum.db import db

    owner = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in db.Model.registry.mappers}
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            target, room = owner[key.column.table.name], owner[table.name]
            if target in ROOMS and room in ROOMS:
                assert ROOMS.index(target) <= ROOMS.index(room), (
                    f"{table.name}.{key.parent.name} points right, to {target}; let {target} point here instead.")


def test_every_endpoint_declares_its_audience(app):
    for endpoint in app.view_functions:
        assert audiences_of(app, endpoint), (
            f"endpoint {endpoint} has no audience and answers 403 to everybody: add @open_to(...).")


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`FLASK_{setting.name}`" in readme, f"describe FLASK_{setting.name} in the README's settings table."


def test_every_class_of_the_glossary_exists(app):
    from forum.db import db

    glossary = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    words = re.findall(r"^\| `(\w+)`", glossary, re.MULTILINE)
    tables = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert len(words) >= 10, "the glossary in docs/architecture.md has lost its table."
    assert set(words) <= tables, f"the glossary names {sorted(set(words) - tables)}, which no room owns."


def test_every_room_says_what_it_is_for():
    for room in ROOMS:
        docstring = ast.get_docstring(ast.parse((ROOT / "forum" / room / "__init__.py").read_text(encoding="utf-8")))
        assert docstring, f"forum/{room}/__init__.py: say what the room is for, who enters, which tables it owns."
        assert "Own" in docstring, f"forum/{room}/__init__.py: say which tables the room owns."


@pytest.mark.parametrize("path", python_files("forum") + python_files("analysis"),
                         ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_a_drawer_of_odds_and_ends(path):
    assert path.stem not in {"utils", "util", "helpers", "misc", "common", "manager"}, (
        f"{path.name}: name the file after what it holds.")
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= 300, f"{path.relative_to(ROOT)} has {n_lines} lines: split it by noun."


def test_nothing_in_the_code_names_a_city():
    packs = [path.name for path in (ROOT / "forum" / "packs").iterdir() if path.is_dir()]
    assert packs
    for folder in ("forum", "analysis"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in {".py", ".html", ".js", ".css", ".po"} or "packs" in path.parts:
                continue
            text = path.read_text(encoding="utf-8").lower()
            for pack in packs:
                assert pack not in text, f"{path.relative_to(ROOT)} names {pack}: facts of a city live in its pack."


_LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_ATTRIBUTES = re.compile(r"""\b(?:title|alt|placeholder|aria-label)="([^"{]*)\"""")


def visible_text(template: str) -> list[str]:
    """What a template shows that does not come from an expression: text between tags, spoken attributes."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", text)
    spoken = _ATTRIBUTES.findall(text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|title hidden)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    lines = (line.strip() for line in [*text.splitlines(), *spoken])
    # A macro that writes an attribute leaves `class=""` between tags: that is not text.
    return [line for line in lines if _LETTERS.search(line.replace("&nbsp;", ""))
            and not re.fullmatch(r"""[\w-]+="[^"]*"[>]?""", line)]


# Names that are the same in every language.
_UNTRANSLATED = {"English", "Indonesia", "Bahasa Indonesia", "CSV", "XLSX", "JSON", "QR", "WIB"}


@pytest.mark.parametrize("path", sorted((ROOT / "forum" / "templates").rglob("*.html")),
                         ids=lambda path: str(path.relative_to(ROOT / "forum" / "templates")))
def test_no_text_outside_the_catalogue(path):
    if path.name == "patterns.html":
        return  # the page of patterns is for builders
    loose = [line for line in visible_text(path.read_text(encoding="utf-8")) if line not in _UNTRANSLATED]
    assert not loose, f"{path.name} shows {loose[:3]}: wrap visible text in _('…')."


@pytest.mark.parametrize("path", sorted((ROOT / "forum" / "templates").rglob("*.html")),
                         ids=lambda path: str(path.relative_to(ROOT / "forum" / "templates")))
def test_no_code_inside_a_page(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle=|\son\w+=|javascript:", text), (
        f"{path.name}: the content-security-policy forbids inline code and styles; use a class or a module.")
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.DOTALL):
        assert not script.strip(), f"{path.name}: put scripts into forum/static."
    assert text.startswith("{#"), f"{path.name}: name the variables that it needs in a comment on the first line."


def test_no_address_of_another_host_on_a_page():
    for path in sorted((ROOT / "forum").rglob("*")):
        if path.suffix not in {".html", ".css", ".js"}:
            continue
        text = re.sub(r"http://www\.w3\.org/\S+", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"""(?:src|href)=["']https?:|url\(["']?https?:|import .*https?:""", text), (
            f"{path.relative_to(ROOT)} loads something from another host; bring our own.")


def test_rooms_are_in_the_order_of_the_map():
    readme = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    places = [readme.find(f"| `{room}` |") for room in ROOMS]
    assert -1 not in places, "docs/architecture.md: the table of rooms misses one."
    assert all(before < after for before, after in pairwise(places)), "docs/architecture.md: keep the rooms in order."
