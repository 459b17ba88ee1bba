"""The index that a phone keeps: small, plain, and in agreement with the server's similar texts."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from analysis_texts import forum

from analysis import Document, SimilarityIndex, phone_index, similar_by_index
from analysis.phone_similarity import light_key

DEMO = sorted((Path(__file__).parents[1] / "forum" / "packs").glob("*/demo/submissions.csv"))[0]


def demo_texts() -> list[str]:
    with DEMO.open(encoding="utf-8", newline="") as file:
        return [row["body"] for row in csv.DictReader(file)]


def packed(index: dict) -> bytes:
    return json.dumps(index, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("sampah", "sampah"), ("sampahnya", "sampah"), ("pengangkutan", "angkut"), ("mengangkut", "angkut"),
        ("dibersihkan", "bersih"), ("rumahe", "rumah"), ("pembangunan", "bangun"), ("meme", "meme"), ("", ""),
        ("ikan", "ikan"), ("rob", "rob"), ("penanggulangan", "anggula"),
    ],
)  # fmt: skip
def test_forms_of_a_word_share_a_key(word, key):
    assert light_key(word) == key


def test_the_phone_finds_what_the_server_finds():
    texts = demo_texts()
    documents = [Document(number, text) for number, text in enumerate(texts) if number % 5]
    index, server = phone_index(documents), SimilarityIndex(documents)
    shares = []
    for text in texts[::5]:
        near = {key for key, _ in server.most_similar(text)}
        if near:
            shares.append(len(near & {key for key, _ in similar_by_index(text, index)}) / len(near))

    assert len(shares) > 30
    assert sum(shares) / len(shares) >= 0.7


def test_every_idea_finds_itself_first():
    index = phone_index(forum())

    for document in forum():
        (key, score), *_rest = similar_by_index(document.text, index)
        assert key == document.id
        assert score == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("text", ["", "yang dan di untuk itu", "👍", "mohon izin, terima kasih", "xylofon kriptografi"])
def test_texts_without_common_content_find_nothing(text):
    assert similar_by_index(text, phone_index(forum())) == ()


def test_the_index_survives_json_and_the_order_of_ideas_changes_nothing():
    index = phone_index(forum())

    assert json.loads(packed(index)) == index
    assert packed(phone_index(reversed(forum()))) == packed(index)


def test_the_index_of_the_demo_is_small():
    documents = [Document(number, text) for number, text in enumerate(demo_texts())]

    assert len(gzip.compress(packed(phone_index(documents)), mtime=0)) < 30_000


def test_numbers_and_addresses_of_people_are_not_in_the_index():
    index = phone_index([*forum(), Document("x", "Soal sampah: 0812-3456-7890, sekarwangi@pos.example")])
    text = packed(index).decode()

    assert "0812" not in text
    assert "sekarwangi" not in text
    assert "sampah" in " ".join(index["terms"]).split()


def test_places_make_no_two_ideas_alike():
    documents = [Document(1, "Lampu mati di Kampung Melati"), Document(2, "Antrean puskesmas Melati")]

    index = phone_index(documents, place_names=["Melati"])

    assert [key for key, _ in similar_by_index("Puskesmas Melati antre lama", index)] == [2]


def test_an_empty_forum_has_an_index():
    assert similar_by_index("Sampah menumpuk", phone_index([])) == ()


def test_the_number_of_terms_is_bounded_and_frequent_ones_stay(monkeypatch):
    monkeypatch.setattr("analysis.phone_similarity.MAX_TERMS", 3)

    index = phone_index(forum())

    assert len(index["idf"]) == len(index["ideas"]) == 3
    assert {"sampah", "rob"} & set(" ".join(index["terms"]).split())
    assert len(index["terms"]) == 3
