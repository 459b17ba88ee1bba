"""Labels, phrases and quotes are words that people wrote, and tell the clusters apart."""

import re

from analysis_texts import THEMES, forum

from analysis import Document, Settings, analyze
from analysis.labeling import UNNAMED, label_clusters
from analysis.lexicon import stop_words
from analysis.preprocessing import Preprocessor


def labelled(*clusters: list[str]):
    preprocessor = Preprocessor()
    return label_clusters([[preprocessor.tokens(text) for text in texts] for texts in clusters])


def test_every_label_and_phrase_stands_in_a_text_of_its_cluster():
    result = analyze(forum())
    texts = {document.id: document.text.casefold() for document in forum()}

    for cluster in result.clusters:
        own = " | ".join(texts[member.id] for member in cluster.members)
        assert all(phrase.casefold() in own for phrase in (cluster.label, *cluster.phrases))


def test_labels_are_short_different_and_begin_with_a_capital():
    clusters = analyze(forum()).clusters

    labels = [cluster.label for cluster in clusters]
    assert len(set(labels)) == len(labels)
    assert all(label[0].isupper() for label in labels)
    assert all(len(cluster.phrases) <= 3 for cluster in clusters)
    for label in labels:
        content = [token for token in Preprocessor().tokens(label) if token.stem]
        assert 1 <= len(content) <= 3


def test_labels_name_what_the_theme_is_about():
    telling = {"waste": "sampah", "flood": r"rob|pasang|tanggul", "light": r"lampu|pju|gelap",
               "clinic": r"puskesmas|pasien|dokter|obat", "parking": r"parkir|karcis|trotoar"}

    for cluster in analyze(forum()).clusters:
        theme = cluster.members[0].id.split("-")[0]
        assert re.search(telling[theme], cluster.label.casefold())


def test_a_label_is_never_made_of_stop_words_alone():
    listed = stop_words()

    for cluster in analyze(forum(), Settings(granularity=3)).clusters:
        for phrase in (cluster.label, *cluster.phrases):
            assert not set(phrase.casefold().split()) <= listed


def test_the_headline_prefers_words_that_others_do_not_share():
    (first, _), (second, _) = labelled(
        ["jalan berlubang parah", "jalan berlubang dalam", "jalan berlubang lagi"],
        ["jalan macet", "jalan macet parah", "jalan macet sore"],
    )

    assert (first, second) == ("Jalan berlubang", "Jalan macet")


def test_among_single_words_the_one_that_tells_clusters_apart_wins():
    (first, _), _ = labelled(
        ["jalan. lubang", "lubang. jalan", "jalan. batu. lubang"],
        ["jalan. macet", "macet. jalan", "jalan. truk. macet"],
    )

    assert first == "Lubang"


def test_two_clusters_with_the_same_words_get_different_labels():
    (first, _), (second, _) = labelled(["rob pasang"] * 3, ["rob pasang"] * 3)

    assert first != second


def test_a_phrase_may_bridge_one_short_word_but_no_full_stop():
    (bridged, _), (broken, further) = labelled(
        ["lampu di taman"] * 3,
        ["pasar. kambing"] * 3,
    )

    assert bridged == "Lampu di taman"
    assert " " not in broken
    assert all(" " not in phrase for phrase in further)


def test_abbreviations_are_shown_in_capitals():
    ((label, _),) = labelled(["pju rusak", "pju rusak lagi", "PJU rusak"])

    assert label == "PJU rusak"


def test_phrases_repeat_no_word_of_the_label():
    for cluster in analyze(forum()).clusters:
        shown = ". ".join((cluster.label, *cluster.phrases))
        stems = [token.stem for token in Preprocessor().tokens(shown) if token.stem]
        assert len(stems) == len(set(stems))


def test_the_most_frequent_spelling_is_shown():
    ((label, _),) = labelled(["pelayanan"] * 3 + ["melayani"] * 2)

    assert label == "Pelayanan"


def test_clusters_without_words_get_a_plain_name():
    assert labelled(["😀", "yang itu"]) == [(UNNAMED, ())]


def test_quotes_are_members_and_do_not_repeat_themselves():
    copies = [Document(f"copy-{number}", "Sampah menumpuk di depan pasar setiap pagi") for number in range(10)]
    texts = {document.id: document.text for document in [*forum(), *copies]}

    for cluster in analyze([*forum(), *copies]).clusters:
        members = {member.id for member in cluster.members}
        assert 1 <= len(cluster.quotes) <= 3
        assert members.issuperset(cluster.quotes)
        assert len({texts[key] for key in cluster.quotes}) == len(cluster.quotes)


def test_a_random_mixture_is_marked_as_mixed():
    guidance_free = analyze(forum())
    one_of_each = [Document(f"{theme}-{n}", texts[n]) for n in range(12) for theme, texts in THEMES.items()]
    thrown_together = analyze(one_of_each, Settings(max_clusters=1))

    assert not any(cluster.is_mixed for cluster in guidance_free.clusters)
    assert [cluster.is_mixed for cluster in thrown_together.clusters] == [True]
    assert "mixed_clusters" in {warning.code for warning in thrown_together.warnings}


def test_surer_documents_choose_the_words():
    preprocessor = Preprocessor()
    texts = ["Lampu padam", "Lampu redup", "Kabel kendor", "Kabel putus"]
    tokens = [preprocessor.tokens(text) for text in texts]

    def headline(*sureness: float) -> str:
        return label_clusters([tokens], sureness=[sureness])[0][0]

    assert headline(0.9, 0.9, 0.1, 0.1) == "Lampu"
    assert headline(0.1, 0.1, 0.9, 0.9) == "Kabel"


def test_a_label_shows_badly_typed_words_as_they_were_meant():
    tokens = [Preprocessor().tokens(text) for text in ("smpah numpuk", "smpah bau", "smph di kali", "smpah lagi")]

    [(label, _)] = label_clusters([tokens])

    assert label == "Sampah"
