"""Personal data in a long list of invented texts (``bench/personal_data_cases``), and in texts made to be slow."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import find_personal_data, mask
from analysis.personal_data.kinds import MASKS
from bench.__main__ import main
from bench.personal_data import ALL_KINDS, CASES, Case, measure, mistakes, parse_case, read_cases

WITH = [*read_cases(CASES / "positive.txt"), *read_cases(CASES / "positive_later.txt")]
WITHOUT = [*read_cases(CASES / "negative.txt"), *read_cases(CASES / "negative_later.txt")]


def shape(case: Case) -> str:
    """The text with what must be found, and every number, made alike."""
    text = case.text
    for kind, start, end in sorted(case.expected, key=lambda span: -span[1]):
        text = text[:start] + kind + text[end:]
    return re.sub(r"\d+", "0", text.lower())


def test_the_list_is_long_and_varied():
    assert len(WITH) >= 400
    assert len(WITHOUT) >= 400
    assert all(case.expected for case in WITH)
    assert not any(case.expected for case in WITHOUT)
    kinds = Counter(kind for case in WITH for kind, _, _ in case.expected)
    assert min(kinds[kind] for kind in MASKS) >= 30
    assert max(Counter(map(shape, [*WITH, *WITHOUT])).values()) <= 12
    assert len({case.text for case in [*WITH, *WITHOUT]}) == len(WITH) + len(WITHOUT)


def test_nearly_all_is_found_and_hardly_anything_else():
    *kinds, overall = measure([*WITH, *WITHOUT])

    assert overall.kind == ALL_KINDS
    assert overall.recall >= 0.98
    assert overall.precision >= 0.95
    assert {score.kind: score for score in kinds if score.recall < 0.95 or score.precision < 0.9} == {}


def test_masks_stand_where_the_data_stood_and_the_rest_is_untouched():
    right = [case for case in WITH if not list(mistakes([case]))]

    assert len(right) >= 0.95 * len(WITH)
    for case in right:
        expected = case.text
        for kind, start, end in sorted(case.expected, key=lambda span: -span[1]):
            expected = expected[:start] + MASKS[kind] + expected[end:]
        assert mask(case.text) == expected


def test_a_marked_line_is_read_with_the_places_of_its_marks():
    assert parse_case("WA {phone|0812 0000 1111} / {email|a@contoh.id}") == Case(
        "WA 0812 0000 1111 / a@contoh.id", frozenset({("phone", 3, 17), ("email", 20, 31)})
    )


def test_a_miss_and_a_wrong_kind_lower_the_numbers():
    cases = [parse_case("hp {email|081200001111}"), parse_case("rapat {phone|besok}")]

    *_, overall = measure(cases)

    assert (overall.n_expected, overall.n_found, overall.n_right) == (2, 1, 0)
    assert (overall.recall, overall.precision) == (0, 0)
    assert len(list(mistakes(cases))) == 2


def test_the_command_prints_a_line_per_kind_and_writes_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("bench.__main__.OUT", tmp_path)

    assert main(["personal-data", "--mistakes"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:10]] == [*MASKS, ALL_KINDS]
    stored = json.loads((tmp_path / "personal-data.json").read_text(encoding="utf-8"))
    assert [row["kind"] for row in stored] == [*MASKS, ALL_KINDS]
    assert all(0 <= row["recall"] <= 1 for row in stored)


PIECES = ["0812 ", "08", "nik ", "rek ", "bca 1234567890 / ", "jl a. ", "gang gang ", "rt 1 rw ", "G 1 A", "a@", "a.b."]
ODD = ["(", "x at y dot ", "\x00", "\ud800", "٣", "水", "\n", "🌊", "[]]]"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*PIECES, *ODD]), max_size=40))
def test_findings_lie_in_the_text_one_after_the_other(pieces):
    text = "".join(pieces)

    found = find_personal_data(text)

    borders = [place for finding in found for place in (finding.start, finding.end)]
    assert borders == sorted(borders)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in found)
    assert find_personal_data(mask(text)) == ()


@pytest.mark.parametrize("piece", PIECES)
def test_a_pattern_repeated_without_end_is_read_to_its_end(piece):
    """With quadratic or worse time this would not come back: fifty thousand characters each."""
    text = piece * (50_000 // len(piece))

    assert mask(text + " hubungi 081200001111").endswith("[nomor telepon]")
