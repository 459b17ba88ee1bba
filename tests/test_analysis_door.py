"""``analysis`` is a calculator with one door: what it may import, and what it hands out."""

import ast
import dataclasses
from pathlib import Path

import pytest

import analysis

FOLDER = Path(analysis.__file__).parent
ALLOWED = {"analysis", "numpy", "scipy", "sklearn", "threadpoolctl", "Sastrawi", "model2vec"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: use absolute imports"
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_the_calculator_imports_no_web_and_no_storage(path):
    import sys

    outside = imported(path) - ALLOWED - set(sys.stdlib_module_names)

    assert not outside, f"{path.name} imports {outside}: analysis/ gets plain values and returns plain values"


VALUES = [
    "Document", "Settings", "Guidance", "Theme", "Cluster", "Member", "Move", "SubTheme",
    "Quality", "Warning_", "Result", "Finding",
]


@pytest.mark.parametrize("name", VALUES)
def test_what_crosses_the_door_cannot_be_changed(name):
    kind = getattr(analysis, name)

    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)
    assert all(field.type for field in dataclasses.fields(kind))


def test_everything_on_the_door_is_named_and_documented():
    assert sorted(analysis.__all__) == sorted(set(analysis.__all__))
    for name in analysis.__all__:
        thing = getattr(analysis, name)
        if callable(thing) and not isinstance(thing, type(str | int)):
            assert thing.__doc__, f"{name} needs a docstring"


def test_every_word_list_is_accounted_for():
    sources = (FOLDER / "wordlists" / "SOURCES.md").read_text(encoding="utf-8")

    for path in (FOLDER / "wordlists").glob("*.txt"):
        assert f"`{path.name}`" in sources
