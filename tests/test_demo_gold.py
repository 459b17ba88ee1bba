"""The demo submissions are also the gold set of the analysis: these tests guard its shape and its difficulty.

The set is only worth something as gold while people word a theme differently. Two rules measure that: no
content word in more than 40 % of a theme's entries, and a supervised classifier on word counts stays under
45 % accuracy. Both fail when somebody "improves" the texts by making them more alike.
"""

import csv
import math
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

DEMO = Path(__file__).parents[1] / "forum" / "packs" / "pekalongan" / "demo"
COLUMNS = [
    "number", "kind", "body", "approach", "dimension", "place", "practice_where", "practice_owner",
    "programme", "rating", "group", "area", "minute", "participant", "intended_theme",
]  # fmt: skip
KINDS = {"problem": 0.40, "proposal": 0.38, "practice": 0.10, "evaluation": 0.12}
GROUPS = {"government", "academic", "business", "community", "media", "resident"}
DIMENSIONS = {"governance", "branding", "economy", "living", "society", "environment"}
APPROACHES = {"technology", "non_technology", "combined"}
# Kepmendagri suffixes of the kelurahan, by kecamatan
AREAS = {
    f"33.75.{kecamatan}.{kelurahan}"
    for kecamatan, all_kelurahan in {
        "01": "1002 1003 1004 1006 1008 1009 1012",
        "02": "1002 1004 1007 1008 1009 1010 1012",
        "03": "1002 1003 1004 1006 1007 1009 1010",
        "04": "1002 1003 1004 1006 1008 1010",
    }.items()
    for kelurahan in all_kelurahan.split()
}
# function words of four letters and more that Sastrawi's list does not hold
MORE_FUNCTION_WORDS = (
    "yang dengan untuk dari pada jangan kalau kalo tapi tetapi juga sudah belum masih saja bisa tidak saya kami"
    " sing karo nang neng ning kudu wong wis nanging seko teko saiki saben podo bareng dhewe koyo ngarep"
    " biar udah sampai sampe cuma doang gitu kayak setiap agar supaya lebih semua satu dua tiga"
)


@pytest.fixture(scope="module")
def rows():
    with (DEMO / "submissions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def by_theme(rows):
    themes = defaultdict(list)
    for row in rows:
        themes[row["intended_theme"]].append(row)
    return dict(themes)


def test_columns_and_numbers(rows):
    assert list(rows[0]) == COLUMNS
    assert 330 <= len(rows) <= 380
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert all(value == value.strip() and None not in row for row in rows for value in row.values())


def test_kinds_carry_the_fields_of_their_own(rows):
    counts = Counter(row["kind"] for row in rows)
    assert set(counts) == set(KINDS)
    for kind, share in KINDS.items():
        assert abs(counts[kind] / len(rows) - share) < 0.03, (kind, counts[kind])
    for row in rows:
        is_practice, is_evaluation = row["kind"] == "practice", row["kind"] == "evaluation"
        assert bool(row["practice_where"]) == bool(row["practice_owner"]) == is_practice, row["number"]
        assert bool(row["programme"]) == is_evaluation, row["number"]
        assert (row["rating"] in set("12345")) == is_evaluation, row["number"]
        assert is_evaluation or row["rating"] == "", row["number"]
        assert row["approach"] in APPROACHES | {""}
        assert not row["approach"] or row["kind"] == "proposal", row["number"]


def test_dimensions_are_spread_and_often_unknown(rows):
    counts = Counter(row["dimension"] for row in rows)
    assert set(counts) == DIMENSIONS | {""}
    assert 0.30 <= counts[""] / len(rows) <= 0.40
    assert min(counts[dimension] for dimension in DIMENSIONS) >= 15


def test_all_groups_and_kelurahan_speak(rows):
    groups = Counter(row["group"] for row in rows)
    assert set(groups) == GROUPS
    assert {group for group, _ in groups.most_common(2)} == {"resident", "community"}
    areas = Counter(row["area"] for row in rows)
    assert set(areas) == AREAS | {""}
    assert len(AREAS) == 27
    assert 0.05 <= areas[""] / len(rows) <= 0.11


def test_one_person_has_one_group_and_one_area(rows):
    people = defaultdict(list)
    for row in rows:
        people[int(row["participant"])].append(row)
    assert 190 <= len(people) <= 230
    for person, sent in people.items():
        assert len({(row["group"], row["area"]) for row in sent}) == 1, person
    sizes = Counter(len(sent) for sent in people.values())
    assert max(sizes) <= 5
    assert (sizes[1] + sizes[2]) / len(people) >= 0.6
    assert sizes[4] + sizes[5] >= 3


def test_minutes_rise_within_the_sitting(rows):
    minutes = [int(row["minute"]) for row in rows]
    assert minutes == sorted(minutes)
    assert 0 <= minutes[0] <= 10
    assert 120 <= minutes[-1] <= 150


def test_theme_sizes_have_a_long_tail(by_theme):
    sizes = {theme: len(entries) for theme, entries in by_theme.items() if theme != "none"}
    assert 22 <= len(sizes) <= 26
    assert 45 <= max(sizes.values()) <= 60
    assert min(sizes.values()) == 3
    assert sum(size <= 12 for size in sizes.values()) >= 8
    assert 8 <= len(by_theme["none"]) <= 14
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", theme) for theme in by_theme)


def test_bodies_are_unique_and_of_all_lengths(rows):
    bodies = [re.sub(r"\W+", " ", row["body"]).strip().casefold() for row in rows]
    assert len(set(bodies)) == len(bodies)
    lengths = [len(body.split()) for body in bodies]
    assert sum(length <= 6 for length in lengths) >= 12
    assert sum(length >= 28 for length in lengths) >= 25
    assert sum(length >= 58 for length in lengths) >= 8
    assert max(length for length in lengths) <= 95


def test_openings_do_not_repeat(rows):
    openings = Counter(" ".join(row["body"].casefold().split()[:3]) for row in rows)
    assert max(openings.values()) <= 2, openings.most_common(3)


def test_a_few_ideas_were_sent_twice(rows):
    """Near duplicates: same idea with small changes, always within one theme."""
    entries = [(row, set(re.findall(r"\w+", row["body"].casefold()))) for row in rows]
    pairs = []
    for (a, words_a), (b, words_b) in combinations(entries, 2):
        shared = len(words_a & words_b)
        if shared >= 5 and shared / min(len(words_a), len(words_b)) >= 0.5:
            pairs.append((a["number"], b["number"], a["intended_theme"] == b["intended_theme"]))
    assert 6 <= len(pairs) <= 10, pairs
    assert all(same_theme for *_, same_theme in pairs), pairs


def test_personal_data_is_plainly_invented(rows):
    """Only the reserved domain example.com and numbers made of zeros: enough to exercise masking."""
    found = 0
    for row in rows:
        for address in re.findall(r"\S+@\S+", row["body"]):
            found += 1
            assert address.rstrip(".").endswith("@example.com"), row["number"]
        for number in re.findall(r"\d[\d\-]{7,}\d", row["body"]):
            found += 1
            assert set(re.sub(r"\D", "", number).removeprefix("0812")) == {"0"}, row["number"]
    assert 3 <= found <= 6


def test_no_content_word_carries_a_theme(by_theme):
    """No word of four letters or more, nor its stem, in more than 40 % of a theme's entries (at least 2)."""
    stemmer = StemmerFactory().create_stemmer()
    function_words = set(StopWordRemoverFactory().get_stop_words()) | set(MORE_FUNCTION_WORDS.split())
    stems = {}
    for theme, entries in by_theme.items():
        document_frequency = Counter()
        for row in entries:
            words = set(re.findall(r"[^\W\d_]{4,}", row["body"].casefold())) - function_words
            for word in words - stems.keys():
                stems[word] = stemmer.stem(word)
            document_frequency.update(words | {stems[word] for word in words})
        size = len(entries)
        limit = math.floor(0.4 * size) if size >= 5 else math.ceil(0.4 * size)
        word, count = document_frequency.most_common(1)[0]
        assert count <= limit, f"{theme}: '{word}' in {count} of {size} entries, reword some of them"


def test_a_supervised_word_classifier_fails(by_theme):
    texts, themes = zip(
        *((row["body"], theme) for theme, rows in by_theme.items() if len(rows) >= 5 for row in rows),
        strict=True,
    )
    model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LinearSVC(random_state=0))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    predicted = cross_val_predict(model, list(texts), list(themes), cv=folds)
    accuracy = sum(a == b for a, b in zip(predicted, themes, strict=True)) / len(themes)
    assert accuracy < 0.45, f"{accuracy:.2f}: the themes are told apart by words alone"
    # not obscure either: real people do name their trouble now and then
    assert accuracy > 0.20, f"{accuracy:.2f}: the texts share too few words to be plausible"
