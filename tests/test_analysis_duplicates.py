"""Near duplicates are found without comparing all pairs, whatever they are greeted with and wherever they are."""

import csv
import random
from itertools import combinations
from pathlib import Path

import pytest
from analysis_texts import forum

from analysis import Document, SimilarityIndex, near_duplicates

DEMO = sorted((Path(__file__).parents[1] / "forum" / "packs").glob("*/demo/submissions.csv"))[0]

COPIES = [
    Document(1, "Truk pengangkut sampah jarang datang ke kampung kami"),
    Document(2, "Assalamualaikum, mohon maaf, truk pengangkut sampah jarang datang ke kampung kami. Terima kasih."),
    Document(3, "TRUK PENGANGKUT SAMPAH JARANG DATANG KE KAMPUNG KAMI!!!"),
    Document(4, "Truk pengangkut sampahnya jarang datang ke kampung Melati"),
]
OTHERS = [
    Document(5, "Assalamualaikum, mohon maaf, lampu PJU mati. Terima kasih."),
    Document(6, "Lampu jalan padam di Kampung Melati"),
    Document(7, "Antrean puskesmas lama di Kampung Melati"),
    Document(8, "yang dan di untuk itu"),
    Document(9, "👍"),
    Document(10, ""),
]


def test_copies_are_one_group_and_greetings_and_places_join_nothing():
    assert near_duplicates([*OTHERS, *COPIES], place_names=["Melati"]) == ((1, 2, 3, 4),)


def test_the_order_of_texts_changes_nothing():
    documents = [*COPIES, *OTHERS, *forum()]
    expected = near_duplicates(documents)
    random.Random(5).shuffle(documents)

    assert near_duplicates(documents) == expected


def test_ideas_written_twice_by_one_person_are_found_and_no_others():
    with DEMO.open(encoding="utf-8", newline="") as file:
        documents = [Document(number, row["body"]) for number, row in enumerate(csv.DictReader(file))]

    groups = near_duplicates(documents)

    assert [len(group) for group in groups] == [2] * 5
    assert all(any(word in documents[a].text for word in documents[b].text.split()) for a, b in groups)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 1.0])
def test_the_groups_are_those_of_comparing_every_pair(threshold):
    words = ["sampah", "truk", "rob", "pompa", "lampu", "gang", "parkir", "karcis", "dokter", "obat", "tanggul"]
    source = random.Random(11)
    documents = [Document(n, " ".join(source.choices(words, k=source.randint(1, 6)))) for n in range(120)]
    index = SimilarityIndex(documents)
    parent = list(range(len(documents)))

    def root(node):
        while parent[node] != node:
            node = parent[node]
        return node

    near = {(a, b) for a in range(120) for b, score in index.most_similar(documents[a].text, 120)
            if score >= threshold}  # fmt: skip
    for a, b in combinations(range(120), 2):
        if (a, b) in near or (b, a) in near:
            parent[root(b)] = root(a)
    groups: dict = {}
    for number in range(120):
        groups.setdefault(root(number), []).append(number)

    expected = {tuple(group) for group in groups.values() if len(group) > 1}
    assert set(near_duplicates(documents, threshold)) == expected


def test_ten_thousand_equal_texts_are_one_group():
    documents = [Document(number, "Sampah menumpuk di pasar") for number in range(10_000)]

    assert [len(group) for group in near_duplicates(documents)] == [10_000]


@pytest.mark.parametrize("documents", [[], OTHERS[3:], [Document("a", "Sampah"), Document("b", "Rob")]])
def test_nothing_alike_gives_no_group(documents):
    assert near_duplicates(documents) == ()


@pytest.mark.parametrize("threshold", [0, -1, 1.1])
def test_a_threshold_outside_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        near_duplicates(COPIES, threshold)
