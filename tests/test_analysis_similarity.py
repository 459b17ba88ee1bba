"""Similar texts share content, not greetings and places."""

import pytest
from analysis_texts import forum

from analysis import Document, SimilarityIndex, similar


def test_the_same_idea_in_other_words_is_found_first():
    found = similar("mohon bapak lurah, gang kami gelap, lampu padam terus", forum())

    assert len(found) == 3
    assert all(key.startswith("light") for key, _ in found)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_the_very_text_scores_one():
    text = forum()[20]

    assert similar(text.text, forum(), limit=1) == ((text.id, 1.0),)


@pytest.mark.parametrize(
    "text", ["", "mohon segera ditindaklanjuti terima kasih pak", "yang dan di untuk itu", "👍👍", "\x00", "xqzt wvkp"]
)
def test_texts_without_content_resemble_nothing(text):
    assert similar(text, forum()) == ()


def test_shared_stop_words_and_greetings_do_not_make_texts_alike():
    documents = [
        Document(1, "Assalamualaikum mohon bapak segera memperhatikan kami: kambing lepas"),
        Document(2, "lampu padam"),
    ]

    assert similar("Assalamualaikum mohon bapak segera memperhatikan kami: lampu", documents)[0][0] == 2


def test_place_names_do_not_make_texts_alike():
    documents = [Document(1, "Rob di Klego"), Document(2, "Parkir semrawut")]

    index = SimilarityIndex(documents, place_names=("Klego",))

    assert index.most_similar("Sampah di Klego") == ()


def test_one_word_in_common_among_many_is_not_similar():
    assert similar("kambing kerbau sapi domba kelinci merpati rusa bebek trotoar", forum()) == ()
    assert similar("trotoar", forum()) != ()


def test_limits_and_small_collections():
    assert similar("lampu", []) == ()
    assert similar("lampu", forum(), limit=0) == ()
    assert len(similar("lampu", forum(), limit=50)) >= 5
    assert similar("lampu mati", [Document("x", "Lampu mati")]) == (("x", 1.0),)


def test_the_order_of_documents_does_not_matter():
    assert similar("sampah pasar bau", forum()) == similar("sampah pasar bau", forum()[::-1])
