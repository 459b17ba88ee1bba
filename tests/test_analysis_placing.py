"""One new text among the groups of a run or the themes of people, and when a new run is worth while."""

import csv
from pathlib import Path

import pytest
from analysis_texts import GOLD, THEMES, forum

from analysis import (
    GROWN,
    UNFAMILIAR,
    Document,
    Guidance,
    Placement,
    Placer,
    Settings,
    Theme,
    advise_rerun,
    analyze,
    analyze_with_placer,
    learn_placer,
)
from analysis.learned_state import pack, unpack
from analysis.placing import ESTIMATORS
from analysis.thesaurus import general_sentences

DEMO = sorted((Path(__file__).parents[1] / "forum" / "packs").glob("*/demo/submissions.csv"))[0]


def demo_documents() -> list[Document]:
    with DEMO.open(encoding="utf-8", newline="") as file:
        return [Document(number, row["body"]) for number, row in enumerate(csv.DictReader(file))]


@pytest.mark.parametrize("size", [60, 200, 378])
def test_texts_of_the_run_go_where_the_run_put_them(size):
    documents = demo_documents()[:size]

    result, placer = analyze_with_placer(documents)

    where = {member.id: cluster.key for cluster in result.clusters for member in cluster.members}
    placements = placer.place_all([document.text for document in documents])
    same = sum(placed.key == where.get(document.id) for placed, document in zip(placements, documents, strict=True))
    assert same >= 0.95 * size


def test_the_result_is_that_of_an_analysis_without_a_placer():
    result, _placer = analyze_with_placer(forum(), Settings(seed=3))

    assert repr(result) == repr(analyze(forum(), Settings(seed=3)))


def test_a_new_text_joins_its_theme():
    placer = learn_placer(forum(), {theme: [key for key, name in GOLD.items() if name == theme] for theme in THEMES})

    assert placer.place("Tolong truk sampah datang tiap hari, TPS sudah meluber").key == "waste"
    assert placer.place("Banyu pasang mlebu omah, pompa ora urip").key == "flood"
    assert placer.place("Gang kami peteng, PJU mati kabeh").key == "light"


def test_texts_of_another_forum_than_the_placers_agree_with_people():
    themes = {theme: [key for key, name in GOLD.items() if name == theme][::2] for theme in THEMES}
    learned = {key for keys in themes.values() for key in keys}
    new = [document for document in forum() if document.id not in learned]

    placer = learn_placer([document for document in forum() if document.id in learned], themes)

    right = sum(placer.place(document.text).key == GOLD[document.id] for document in new)
    assert right >= 0.9 * len(new)


def test_a_theme_of_people_is_a_group_to_go_to():
    members = tuple(key for key, theme in GOLD.items() if theme == "clinic")[:4]
    guidance = Guidance(themes=(Theme("puskesmas", members),))

    result, placer = analyze_with_placer(forum(), guidance=guidance)

    key_of_theme = next(cluster.key for cluster in result.clusters if cluster.theme_key == "puskesmas")
    assert placer.place("Antrean dokter puskesmas lama sekali, pasien lansia berdiri").key == key_of_theme


@pytest.mark.parametrize("text", ["", "🙂🙂", "\x00\x00", "yang dan di", "xylofon kriptografi", "   \n"])
def test_what_says_nothing_known_goes_nowhere(text):
    _result, placer = analyze_with_placer(forum())

    assert placer.place(text) == Placement(key=None, confidence=0.0, runner_up=None, is_loose=True)


@pytest.mark.parametrize("documents", [[], [Document(1, "Sampah menumpuk")], [Document(1, ""), Document(2, "🙂")]])
def test_without_groups_nothing_is_placed(documents):
    _result, placer = analyze_with_placer(documents)

    assert placer.place("Sampah menumpuk").key is None
    assert Placer.from_bytes(placer.to_bytes()).place("Sampah menumpuk").key is None


def test_a_confident_placement_is_far_from_the_next():
    _result, placer = analyze_with_placer(forum())

    between = placer.place("Lampu mati, sampah menumpuk, rob masuk rumah, puskesmas antre, parkir liar")
    clear = placer.place("Truk sampah jarang datang, TPS penuh sampah")

    assert 0 <= between.confidence < clear.confidence <= 1
    assert between.runner_up is not None
    assert between.runner_up != between.key


def test_a_stored_placer_places_as_before():
    _result, placer = analyze_with_placer(forum(), Settings(place_names=("Kampung Melati",)))

    again = Placer.from_bytes(placer.to_bytes())

    texts = [*(document.text for document in forum()), "Kampung Melati", "sama sekali lain"]
    for before, after in zip(placer.place_all(texts), again.place_all(texts), strict=True):
        assert (after.key, after.runner_up) == (before.key, before.runner_up)
        assert after.confidence == pytest.approx(before.confidence, abs=1e-3)


def test_a_stored_placer_knows_the_world_beside_the_city():
    texts = [sentence.text for sentence in general_sentences()][:150]
    _result, placer = analyze_with_placer([Document(number, text) for number, text in enumerate(texts)])
    content = placer.to_bytes()
    assert unpack(content, ESTIMATORS)["representer"].general_weight_ > 0

    again = Placer.from_bytes(content)

    assert [one.key for one in again.place_all(texts)] == [one.key for one in placer.place_all(texts)]


def test_a_stored_placer_holds_no_text():
    _result, placer = analyze_with_placer(forum())
    stored = unpack(placer.to_bytes(), ESTIMATORS)

    words = stored["representer"].words_.vocabulary_
    assert words
    assert not any(" " in word for word in words)


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04 broken", pack({"made_by": "0 another version"})])
def test_bytes_of_something_else_are_refused(content):
    with pytest.raises(ValueError, match=r"stored state|another version"):
        Placer.from_bytes(content)


def test_only_numbers_and_words_can_be_stored():
    with pytest.raises(TypeError, match="builtin_function"):
        pack({"a": print})
    with pytest.raises(ValueError, match="unknown class Representer"):
        unpack(analyze_with_placer([])[1].to_bytes(), {})


def placements(n_loose: int, n_firm: int) -> list[Placement]:
    return [Placement(None, 0.0, None, True)] * n_loose + [Placement("k", 0.5, None, False)] * n_firm


@pytest.mark.parametrize(
    ("n_read", "n_loose", "n_firm", "reasons"),
    [
        (100, 0, 0, ()),
        (100, 0, 19, ()),
        (100, 0, 20, (GROWN,)),
        (10, 0, 4, ()),
        (10, 0, 5, (GROWN,)),
        (1000, 9, 0, ()),
        (1000, 10, 0, (UNFAMILIAR,)),
        (1000, 4, 6, (UNFAMILIAR,)),
        (1000, 3, 7, ()),
        (40, 10, 0, (GROWN, UNFAMILIAR)),
    ],
)
def test_a_new_run_is_advised_for_a_reason(n_read, n_loose, n_firm, reasons):
    advice = advise_rerun(n_read, placements(n_loose, n_firm))

    assert advice.reasons == reasons
    assert advice.is_worthwhile == bool(reasons)
    assert advice.n_new == n_loose + n_firm


def test_texts_about_something_else_are_loose_more_often():
    known = [document for document in forum() if GOLD[document.id] != "parking"]
    _result, placer = analyze_with_placer(known[::2])

    def share_loose(texts):
        return sum(one.is_loose for one in placer.place_all(texts)) / len(texts)

    assert share_loose(THEMES["parking"]) > share_loose([document.text for document in known[1::2]])
    assert UNFAMILIAR in advise_rerun(1000, placer.place_all(THEMES["parking"])).reasons
