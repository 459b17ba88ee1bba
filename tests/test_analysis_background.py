"""What the installation's own texts (plans, earlier consultations) add, and that they change nothing else."""

import csv
from pathlib import Path

from analysis_texts import forum

from analysis import analyze
from analysis.preprocessing import Preprocessor
from analysis.representing import Representer

DEMO = sorted((Path(__file__).parents[1] / "forum" / "packs").glob("*/demo/submissions.csv"))[0]

PLANS = [
    "Pembangunan tanggul dan pompa mengurangi rob yang menggenangi rumah warga pesisir.",
    "Pengangkut sampah melayani TPS dan bank sampah di setiap kampung.",
    "Lampu PJU tenaga surya dipasang di gang yang gelap.",
]


def test_background_gives_the_same_bytes_in_any_order_and_however_often_a_text_is_there():
    once = analyze(forum(), background=PLANS)

    assert repr(analyze(forum(), background=[*reversed(PLANS), PLANS[0]])) == repr(once)


def test_background_is_part_of_the_fingerprint():
    without, with_plans = analyze(forum()), analyze(forum(), background=PLANS)

    assert with_plans.fingerprint != without.fingerprint
    assert analyze(forum(), background=PLANS[:2]).fingerprint != with_plans.fingerprint
    assert analyze(forum(), background=()).fingerprint == without.fingerprint


def test_background_brings_no_text_and_no_word_of_its_own():
    result = analyze(forum(), background=[f"{text} kosmodrom" for text in PLANS])

    assert sum(len(cluster.members) for cluster in result.clusters) + len(result.unassigned) == len(forum())
    assert "kosmodrom" not in repr(result)


def test_background_of_other_words_changes_nothing_but_the_fingerprint():
    foreign = analyze(forum(), background=["Kosmodrom meluncurkan satelit.", "", "🙂", "\x00"])

    assert foreign.clusters == analyze(forum()).clusters


def local_weight_of(texts):
    preprocessor = Preprocessor()
    representer = Representer(local_background=[("sampah", "truk")]).fit([preprocessor.tokens(text) for text in texts])
    return representer.words_.local_weight, representer.concept_weight_


def test_background_counts_where_words_lead_and_stays_out_where_concepts_do():
    some, between = local_weight_of([document.text for document in forum()])
    with DEMO.open(encoding="utf-8", newline="") as file:
        none, leading = local_weight_of([row["body"] for row in csv.DictReader(file)])

    assert 1 < between < 2
    assert 0 < some < 1
    assert leading >= 2
    assert none == 0
