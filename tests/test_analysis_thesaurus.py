"""The thesaurus of city life: well formed, and read into concepts, features and weights."""

from collections import Counter

import numpy as np
import pytest
from scipy import sparse

from analysis import thesaurus
from analysis.concept_index import concept_index, general_index
from analysis.concept_vectors import ConceptVectorizer, _strongest
from analysis.preprocessing import Preprocessor
from analysis.stem_table import compute_table
from analysis.stemming import stored_frequencies, stored_stems
from analysis.thesaurus import DIMENSIONS, TOPICS, concepts, general_concepts, general_sentences, sentences

DETAILED = [concept for concept in concepts() if concept.id.count(".") >= 2]


def in_dimension(name: str) -> list[thesaurus.Concept]:
    return [concept for concept in concepts() if concept.id.partition(".")[0] == name]


def test_ids_are_unique_and_hang_together():
    known = {concept.id for concept in concepts()}
    present = {concept.id for concept in concepts() if concept.broader is None}

    assert len(known) == len(concepts()) >= 130
    assert present <= set(DIMENSIONS)
    for concept in concepts():
        assert concept.broader is None or concept.broader in known, concept.id
        assert concept.broader is None or concept.id.startswith(concept.broader.split(".")[0] + "."), concept.id
        lost = [other for other in concept.related if other.split(".")[0] in present and other not in known]
        assert not lost, f"{concept.id}: related {lost} is nowhere"
        assert concept.id not in concept.related


@pytest.mark.parametrize("concept", DETAILED, ids=lambda concept: concept.id)
def test_a_concept_is_named_and_has_words_enough(concept):
    assert concept.name_id
    assert concept.name_en
    assert len(concept.terms_id) >= 15
    assert len(concept.terms_jv) >= 4
    assert all(1 <= len(term.split()) <= 6 for term in concept.terms)


def test_every_dimension_that_is_there_is_covered():
    for name in DIMENSIONS:
        listed = in_dimension(name)
        if listed:
            about = Counter(sentence.concept.split(".")[0] for sentence in sentences())
            assert len(listed) >= 60, name
            assert len({concept.sub_dimension for concept in listed} - {name}) >= 3, name
            assert about[name] >= 200 or not about[name], name


def test_sentences_are_about_known_concepts_in_known_languages():
    known = {concept.id for concept in concepts()}

    assert len(sentences()) >= 1_500
    assert {sentence.language for sentence in sentences()} == {"id", "jv", "mix"}
    assert {sentence.concept for sentence in sentences()} <= known
    assert len({sentence.text for sentence in sentences()}) == len(sentences())


def test_general_knowledge_is_well_formed_and_apart_from_the_city():
    known = {concept.id for concept in general_concepts()}
    topics = {f"general.{topic}" for topic in TOPICS}

    assert {concept.id for concept in general_concepts() if concept.broader is None} == topics
    assert {".".join(concept.id.split(".")[:2]) for concept in general_concepts()} == topics
    assert not known & {concept.id for concept in concepts()}
    for concept in general_concepts():
        assert set(concept.related) <= known, concept.id
        assert len(concept.terms_id) >= 15, concept.id
        assert len(concept.terms_jv) >= 8, concept.id
    about = Counter(sentence.concept.split(".")[1] for sentence in general_sentences())
    assert about.keys() == set(TOPICS)
    assert min(about.values()) >= 60


@pytest.mark.parametrize(("files", "told"), [
    ({"living.txt": "[living]\nname: a | b\n\n[living]\nname: a | b"}, "twice"),
    ({"living.txt": "[living.health]\nname: a | b\nbroader: living"}, "broader"),
    ({"living.txt": "living\nname: a | b"}, "cannot read"),
    ({"living.txt": "[living]\nname: a | b\nbrader: living"}, "cannot read"),
    ({"living.txt": "[living]\nname: a | b", "living.sentences.txt": "society\tid\ttext"}, "line 1"),
])
def test_a_damaged_file_is_told_and_not_read(monkeypatch, files, told):
    monkeypatch.setattr(thesaurus, "_read", lambda name: files.get(name, ""))
    monkeypatch.setattr(thesaurus, "concepts", thesaurus.concepts.__wrapped__)

    with pytest.raises(ValueError, match=told):
        thesaurus.sentences.__wrapped__()


def test_dimensions_that_are_not_there_are_passed_over(monkeypatch):
    monkeypatch.setattr(thesaurus, "_read", lambda name: "[living]\nname: hidup | life" if name == "living.txt" else "")

    assert [concept.name_id for concept in thesaurus.concepts.__wrapped__()] == ["hidup"]


def test_the_stored_stems_are_those_of_the_stemmer():
    stored = {word: (root, stored_frequencies()[word]) for word, root in stored_stems().items()}

    assert len(stored) > 1_000
    assert stored == compute_table(), "run `python -m analysis stems` after editing the thesaurus"


def test_the_sources_tell_of_every_kind_of_file():
    told = (thesaurus.files("analysis") / "thesaurus" / "SOURCES.md").read_text(encoding="utf-8")

    kinds = ("<dimension>.txt", "<dimension>.sentences.txt", "general/<topic>.txt", "general/<topic>.sentences.txt")
    for name in (*kinds, "stems.txt"):
        assert f"`{name}`" in told


def top_concepts(text: str, limit: int = 3) -> list[str]:
    tokens = Preprocessor().tokens(text)
    weights = ConceptVectorizer().fit([tokens]).concepts([tokens]).toarray()[0]
    return [concept_index().concepts[number].id for number in np.argsort(-weights, kind="stable")[:limit]]


@pytest.mark.parametrize(("text", "concept"), [
    ("Setiap purnama kasur wis kudu diunggahke amarga banyu segara mlebu", "tidal-flood"),
    ("Truk sampah tidak datang, ember dan karung menumpuk di depan gang", "waste"),
    ("Anak ditimbang di posyandu, gizinya kurang", "living.health"),
])
def test_a_text_means_concepts_that_it_does_not_name(text, concept):
    assert any(concept in found for found in top_concepts(text))


def _features_of(tokens) -> set[str]:
    names = list(concept_index().features)
    return {names[row] for row in concept_index().finder.counts([tokens]).indices}


def test_the_strongest_concepts_are_kept_and_of_equal_ones_the_first():
    random = np.random.default_rng(3)
    dense = random.integers(0, 6, (40, 50)) / 3  # many ties, and rows of every length
    dense[random.random(dense.shape) < random.random((40, 1))] = 0
    dense[7] = 0
    expected = np.zeros_like(dense)
    for row, values in enumerate(dense):
        kept = sorted(np.flatnonzero(values), key=lambda column: (-values[column], column))[:12]
        expected[row, kept] = values[kept]

    found = _strongest(sparse.csr_array(dense), 12)

    assert np.array_equal(found.toarray(), expected)
    assert found.nnz == np.count_nonzero(expected)
    few = sparse.csr_array(dense[:, :12])
    assert np.array_equal(_strongest(few, 12).toarray(), dense[:, :12])


def test_phrases_are_found_in_the_running_text_and_pairs_across_gaps():
    tokens = Preprocessor().tokens("Laut naik ke jalan; kasur basah harus diganjal dengan bata")
    found = _features_of(tokens)

    assert "laut naik ke jalan" in found
    assert "ganjal+kasur" in found
    assert "bata+kasur" in found


def test_place_names_make_no_phrase():
    plain, masked = Preprocessor(), Preprocessor(("Laut Naik",))

    assert "laut naik ke jalan" in _features_of(plain.tokens("di Laut Naik ke jalan"))
    assert "laut naik ke jalan" not in _features_of(masked.tokens("di Laut Naik ke jalan"))


def test_words_of_many_themes_speak_softly():
    index = concept_index()
    total = np.asarray(index.weights.sum(axis=1)).ravel()
    n_concepts = np.diff(index.weights.indptr)
    single = np.array(["+" not in feature and " " not in feature for feature in index.features])

    assert total[single & (n_concepts >= 15)].mean() < 0.5 * total[single & (n_concepts == 1)].mean()
    assert np.isfinite(index.weights.data).all()
    assert (index.weights.data >= 0).all()


def test_weight_flows_up_but_not_to_whole_dimensions():
    index = concept_index()
    place = {concept.id: number for number, concept in enumerate(index.concepts)}
    fine = place["environment.protection.tidal-flood.household-damage"]
    reached = index.spreading[[fine]].toarray()[0]

    assert 1 == reached[fine] > reached[place["environment.protection.tidal-flood"]]
    assert reached[place["environment.protection.tidal-flood"]] > reached[place["environment.protection"]] > 0
    assert reached[place["environment"]] == 0


def test_no_weight_flows_to_whole_topics_of_general_knowledge():
    index = general_index()
    place = {concept.id: number for number, concept in enumerate(index.concepts)}
    topics = [place[f"general.{topic}"] for topic in TOPICS]
    flow = index.spreading.tolil()
    flow[topics, topics] = 0

    assert not flow[:, topics].toarray().any()
    assert flow[place["general.science.physics"]].toarray().any()
