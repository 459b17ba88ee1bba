"""Themes that people see without sharing words: agreement on the demo, names, dimensions, weights."""

import csv
from pathlib import Path

import numpy as np
import pytest
from analysis_texts import forum

from analysis import Document, analyze
from analysis.concept_vectors import ConceptVectorizer
from analysis.evaluation import agreement
from analysis.evidence import LEAST_WEIGHT, MOST_WEIGHT, Evidence
from analysis.grouping import _fineness
from analysis.labeling import label_clusters
from analysis.preprocessing import Preprocessor
from analysis.thesaurus import general_sentences
from analysis.vectorizing import CooccurrenceVectorizer

DEMO = Path(__file__).parents[1] / "forum" / "packs" / "pekalongan" / "demo" / "submissions.csv"

FLOOR = 45
"""AMI * 100 on the whole demo; 52 to 58 was measured, 15 without the thesaurus. Raise it when that rises."""

GENERAL_FLOOR = 45
"""AMI * 100 on 145 sentences of four subjects of general knowledge; 54 was measured."""


@pytest.fixture(scope="module")
def demo():
    with DEMO.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def result(demo):
    return analyze(Document(int(row["number"]), row["body"]) for row in demo)


def test_ideas_that_share_no_words_come_together(demo, result):
    found = {member.id: number for number, cluster in enumerate(result.clusters) for member in cluster.members}
    scores = agreement([row["intended_theme"] for row in demo], [found.get(int(row["number"]), -1) for row in demo])

    assert 100 * scores.ami >= FLOOR
    assert scores.coverage >= 0.9
    assert 0.4 * 26 <= scores.n_clusters <= 1.6 * 26


def test_no_label_is_a_word_of_a_few_members(result, demo):
    stems = {int(row["number"]): {t.stem for t in Preprocessor().tokens(row["body"])} for row in demo}
    held_by_few = []
    for cluster in result.clusters:
        words = [token.stem for token in Preprocessor().tokens(cluster.label)]
        held = sum(words[0] in stems[member.id] for member in cluster.members)
        if len(words) == 1 and 0 < held < 0.1 * len(cluster.members):
            held_by_few.append(cluster.label)

    assert held_by_few == []
    assert len({cluster.label for cluster in result.clusters}) == len(result.clusters)


def test_sub_dimensions_are_suggested_with_confidence(result):
    codes = {code for cluster in result.clusters for code, _ in cluster.dimensions}
    assert {"environment.protection", "environment.waste", "living.mobility"} <= codes
    assert all(code.count(".") == 1 for code in codes)
    for cluster in result.clusters:
        confidence = [sure for _, sure in cluster.dimensions]
        assert confidence == sorted(confidence, reverse=True)
        assert all(0 < sure <= 1 for sure in confidence)
        assert sum(confidence) <= 1.0001


def test_the_largest_theme_of_the_demo_gets_the_dimension_that_people_gave(result):
    flood = next(cluster for cluster in result.clusters if "rob" in cluster.label.lower().split())

    assert flood.dimensions[0][0] == "environment.protection"


def weight_of(texts: list[str]) -> float:
    preprocessor = Preprocessor()
    tokens = [preprocessor.tokens(text) for text in texts]
    return Evidence(tokens, CooccurrenceVectorizer()).concept_weight(ConceptVectorizer().fit(tokens))


def test_concepts_lead_where_they_speak_and_stay_in_the_background_elsewhere():
    random = np.random.default_rng(0)
    syllables = ["ka", "ro", "mi", "te", "lu", "sa", "no", "pi"]
    invented = ["".join(random.choice(syllables, 4)) for _ in range(60)]
    foreign = [" ".join(random.choice(invented, 10)) for _ in range(100)]

    assert weight_of(foreign) == LEAST_WEIGHT
    assert 1 < weight_of([document.text for document in forum()]) <= MOST_WEIGHT


def test_general_knowledge_speaks_where_texts_are_about_it_and_is_silent_where_nothing_is_known():
    preprocessor = Preprocessor()

    def weights(texts: list[str]) -> tuple[float, float]:
        tokens = [preprocessor.tokens(text) for text in texts]
        evidence = Evidence(tokens, CooccurrenceVectorizer())
        city, general = ConceptVectorizer().fit(tokens), ConceptVectorizer(knowledge="general").fit(tokens)
        return evidence.concept_weight(city), evidence.general_weight(general)

    of_world = weights([sentence.text for sentence in general_sentences()[::6]])
    of_city = weights([document.text for document in forum()])

    assert of_world[1] > of_world[0]
    assert of_city[1] < of_city[0]
    assert weights(["qwx zvb plk mnt"] * 3)[1] == 0


def test_texts_about_other_things_than_a_city_come_together_and_no_general_dimension_is_suggested():
    subjects = ("sports", "medicine", "entertainment", "nature")
    written = [one for one in general_sentences() if one.concept.split(".")[1] in subjects][::2]

    result = analyze(Document(number, one.text) for number, one in enumerate(written))

    found = {member.id: number for number, cluster in enumerate(result.clusters) for member in cluster.members}
    truth = [one.concept.split(".")[1] for one in written]
    assert 100 * agreement(truth, [found.get(number, -1) for number in range(len(written))]).ami >= GENERAL_FLOOR
    assert not [code for cluster in result.clusters for code, _ in cluster.dimensions if code.startswith("general")]


@pytest.mark.parametrize(("weight", "n_documents", "factor"), [
    (0.4, 1_000, 0.67), (1.0, 1_000, 0.835), (2.0, 1_000, 1.4), (4.0, 100, 1.0), (0.4, 60, 1.0), (1.5, 300, 1.16),
])
def test_large_forums_are_grouped_finer_where_concepts_lead_and_coarser_where_words_do(weight, n_documents, factor):
    assert _fineness(weight, n_documents) == pytest.approx(factor, abs=0.01)


def test_a_forum_too_small_to_measure_is_taken_to_speak_of_city_life():
    assert weight_of([]) == weight_of(["rob"]) > 1


def labelled(*texts: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    tokens = [Preprocessor().tokens(text) for text in texts]
    others = [Preprocessor().tokens(text) for text in ("pasar ikan", "pasar malam")]
    return label_clusters([tokens, others], [names, ()])[0]


SCATTERED = ("kasur basah", "lantai diurug", "pompa mati", "tanggul retak", "motor keropos", "sumur asin")


def test_a_concept_names_a_cluster_whose_words_scatter():
    assert labelled(*SCATTERED, names=("banjir rob",))[0] == "Banjir rob"


def test_words_that_people_share_are_preferred_to_the_name_of_a_concept():
    assert labelled(*["pompa mati lagi"] * 4, names=("banjir rob",))[0] == "Pompa mati"


def test_a_name_is_given_once():
    tokens = [Preprocessor().tokens(text) for text in SCATTERED]

    labels = [label for label, _ in label_clusters([tokens, tokens], [("banjir rob", "tanggul laut")] * 2)]

    assert labels == ["Banjir rob", "Tanggul laut"]
