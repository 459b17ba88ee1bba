"""What the installation's own texts (plans, earlier consultations) add, and that they change nothing else."""

from analysis_texts import forum

from analysis import analyze

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
