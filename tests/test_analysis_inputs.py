"""Whatever comes in, a Result comes out; what is wrong in the call is refused."""

import random

import pytest
from analysis_texts import crowd, forum
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Document, Guidance, Result, Settings, Theme, analyze


def documents(*texts: str) -> list[Document]:
    return [Document(number, text) for number, text in enumerate(texts)]


def placed_ids(result: Result) -> list:
    in_clusters = [member.id for cluster in result.clusters for member in cluster.members]
    return [*in_clusters, *result.unassigned, *result.set_aside]


def codes(result: Result) -> set[str]:
    return {warning.code for warning in result.warnings}


def words(seed: int, count: int) -> str:
    letters = random.Random(seed)
    return " ".join("".join(letters.choices("abdeghiklmnoprstu", k=5)) for _ in range(count))


ODD_INPUTS = {
    "nothing": [],
    "one": ["Lampu mati"],
    "five": ["Lampu mati", "Rob lagi", "Sampah", "Parkir", "Jalan"],
    "empty texts": [""] * 20,
    "white space": [" \n\t "] * 15 + ["\u200b"],
    "identical": ["Sampah menumpuk di pasar"] * 40,
    "two identical": ["Sampah menumpuk di pasar"] * 20 + ["Lampu gang mati"] * 20,
    "one word": ["rob"] * 7 + ["sampah"] * 7 + ["parkir"] * 7,
    "different single words": [words(seed, 1) for seed in range(30)],
    "emoji": ["😡😡😡", "👍", "🌊🌊", "🙏🏽"] * 5,
    "stop words": ["yang dan di ke dari untuk itu"] * 20,
    "very long": [words(1, 50_000), *(text.text for text in forum())],
    "only long": [words(seed, 400) for seed in range(14)],
    "one endless word": ["a" * 100_000] * 13,
    "NUL": ["banjir\x00 rob \x00"] * 6 + ["\x00"] * 8,
    "mixed script": ["水が高い rob", "вода поднялась", "الماء", "น้ำท่วม", "ꦲꦏ꧀ꦱꦫ ꦗꦮ", "ρομπ"] * 4,
    "English": [
        "The street lights are broken in our lane",
        "Please fix the street lights near the mosque",
        "Rubbish trucks come too late",
        "The rubbish is piling up by the market",
    ]
    * 5,
    "numbers": [str(number) for number in range(30)],
    "surrogates": ["\ud800 rob", "rob \udfff"] * 8,
    "control": ["\x1b[31mrob\x07", "rob\u202ebanjir"] * 8,
    "all different": [words(seed, 6) for seed in range(60)],
}


@pytest.mark.parametrize("texts", ODD_INPUTS.values(), ids=ODD_INPUTS.keys())
def test_every_document_is_in_exactly_one_place(texts):
    given = documents(*texts)

    result = analyze(given)

    assert sorted(placed_ids(result)) == list(range(len(texts)))
    assert result.quality.n_documents == len(texts)
    assert all(0 <= member.confidence <= 1 for cluster in result.clusters for member in cluster.members)
    assert all(cluster.label and cluster.quotes for cluster in result.clusters)
    assert all(0 <= cluster.stability <= 1 for cluster in result.clusters)
    assert all(len(member.words) <= 5 for cluster in result.clusters for member in cluster.members)
    assert [key for key, _, _ in result.positions] == list(range(len(texts)))
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for _, x, y in result.positions)
    assert result.moved == ()
    assert result == analyze(given[::-1])


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ([], "no_documents"),
        (["Lampu mati"] * 11, "too_few_documents"),
        ([""] * 20, "without_words"),
        ([words(seed, 1) for seed in range(60)], "many_unassigned"),
    ],
)
def test_a_person_is_told_in_indonesian(texts, code):
    result = analyze(documents(*texts))

    assert code in codes(result)
    assert all(warning.message.endswith(".") for warning in result.warnings)


def test_below_the_minimum_nothing_is_grouped_but_decisions_stand():
    guidance = Guidance(themes=(Theme("lampu", (0, 2)),))

    result = analyze(documents("Lampu mati", "Rob", "😡"), guidance=guidance)

    (cluster,) = result.clusters
    assert cluster.theme_key == "lampu"
    assert {member.id: member.confidence for member in cluster.members} == {0: 1.0, 2: 1.0}
    assert result.unassigned == (1,)


def test_twelve_texts_are_enough():
    chosen = [document for document in forum() if document.id[-2:] < "06" and document.id[:5] in ("waste", "clini")]

    result = analyze(chosen)

    assert "too_few_documents" not in codes(result)
    assert len(result.clusters) >= 2


def test_identical_texts_are_one_cluster_whatever_their_number():
    assert [len(cluster.members) for cluster in analyze(documents(*["Sampah pasar"] * 40)).clusters] == [40]

    two = analyze(documents(*ODD_INPUTS["two identical"]))

    assert [len(cluster.members) for cluster in two.clusters] == [20, 20]


def test_many_copies_of_one_text_do_not_disturb_the_other_themes():
    copies = [Document(f"copy-{number:03}", "Sampah menumpuk di depan pasar setiap pagi") for number in range(300)]

    alone, among_copies = analyze(forum()), analyze([*forum(), *copies])

    def groups(result: Result) -> set[frozenset]:
        return {
            frozenset(member.id for member in cluster.members if not member.id.startswith("copy"))
            for cluster in result.clusters
        }

    assert groups(among_copies) == groups(alone)
    assert len(among_copies.clusters[0].members) == 312


def test_words_that_fit_nowhere_stay_unassigned():
    strange = [Document("odd-1", "Gletscher Alpenveilchen Murmeltier"), Document("odd-2", "😀"), Document("odd-3", "")]

    result = analyze([*forum(), *strange])

    assert set(result.unassigned) == {"odd-1", "odd-2", "odd-3"}


def test_numbers_and_texts_as_ids_may_be_mixed():
    mixed = [Document(number if number % 2 else str(number), doc.text) for number, doc in enumerate(forum())]
    mixed.append(Document("1", "Lampu mati"))

    assert len(placed_ids(analyze(mixed))) == 61


def test_a_repeated_id_is_refused():
    with pytest.raises(ValueError, match="unique"):
        analyze([Document(1, "satu"), Document(1, "dua")])


SENSELESS = [
    {"seed": -1},
    {"seed": 2**32},
    {"granularity": 0},
    {"granularity": float("nan")},
    {"min_documents": 1},
    {"max_clusters": 0},
]


@pytest.mark.parametrize("values", SENSELESS)
def test_senseless_settings_are_refused(values):
    with pytest.raises(ValueError, match="must be"):
        Settings(**values)


ODD_PIECES = ["\x00", "\ud800", "\u202e", "水", "الماء", "😡", "İ", "ﬁ", "１２３", "a-a", "a2", "'", "--", "x" * 50]
PIECES = [*" ".join(document.text for document in forum()[::9]).split(), *ODD_PIECES]
ODD_WORDS = st.one_of(st.sampled_from(PIECES), st.text(max_size=6))


@settings(max_examples=30)
@given(
    texts=st.lists(st.one_of(st.sampled_from(PIECES), st.lists(ODD_WORDS, max_size=10).map(" ".join)), max_size=30),
    granularity=st.sampled_from([1e-6, 1.0, 1e6]),
    max_clusters=st.sampled_from([None, 1, 3]),
    n_decided=st.integers(0, 10),
)
def test_no_text_and_no_setting_breaks_it(texts, granularity, max_clusters, n_decided):
    calls = []
    decided = tuple(range(min(n_decided, len(texts))))
    guidance = Guidance(themes=(Theme("satu", decided[::2]), Theme("dua", decided[1::2])))
    chosen = Settings(granularity=granularity, max_clusters=max_clusters, min_documents=2)

    result = analyze(documents(*texts), chosen, guidance, lambda stage, share: calls.append(share))

    assert sorted(placed_ids(result)) == list(range(len(texts)))
    assert result == analyze(documents(*texts)[::-1], chosen, guidance)
    assert calls == sorted(calls)
    assert calls[-1] == 1


@pytest.mark.parametrize("size", [1, 5, 12, 60, 300])
def test_a_forum_of_any_size_has_a_sensible_number_of_themes(size):
    result = analyze(crowd(size))

    assert len(placed_ids(result)) == size
    assert len(result.clusters) in {1: {0}, 5: {0}, 12: {2, 3, 4, 5, 6}}.get(size, set(range(4, 13)))
    assert size < 60 or result.quality.coverage > 0.95
