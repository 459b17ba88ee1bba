"""Clusters keep their keys from run to run; what lies elsewhere is told with the reason."""

import pytest
from analysis_texts import THEMES, forum

from analysis import Document, EarlierCluster, EarlierRun, Guidance, Theme, analyze
from analysis.identity import carry_over
from analysis.outcome import Cluster, Member


def earlier_of(result, changed=()) -> EarlierRun:
    clusters = tuple(
        EarlierCluster(one.key, one.label, tuple(member.id for member in one.members), one.theme_key)
        for one in result.clusters
    )
    return EarlierRun(clusters, frozenset(result.unassigned), frozenset(changed))


def cluster(key: str, *members, theme_key=None) -> Cluster:
    listed = tuple(Member(one, 0.5) for one in members)
    return Cluster(key, theme_key, listed, key, (), members[:1], 0.8, False)


def theme_of(result, theme: str):
    return max(result.clusters, key=lambda one: sum(member.id.startswith(theme) for member in one.members))


@pytest.fixture(scope="module")
def first():
    return analyze(forum())


def test_the_same_texts_again_move_nothing(first):
    again = analyze(forum(), guidance=Guidance(earlier=earlier_of(first)))

    assert again.clusters == first.clusters
    assert again.moved == ()


def test_an_earlier_run_moves_no_document(first):
    strange = EarlierRun((EarlierCluster("x", "Apa saja", tuple(document.id for document in forum()[::5])),))

    result = analyze(forum(), guidance=Guidance(earlier=strange))

    assert {frozenset(one.members) for one in result.clusters} == {frozenset(one.members) for one in first.clusters}
    assert result.fingerprint == first.fingerprint


def test_a_grown_cluster_keeps_its_key_and_new_texts_are_told(first):
    more = [Document(f"waste-9{number}", text + " lagi") for number, text in enumerate(THEMES["waste"][:3])]

    result = analyze([*forum(), *more], guidance=Guidance(earlier=earlier_of(first)))

    assert theme_of(result, "waste").key == theme_of(first, "waste").key
    moved = {move.id: move for move in result.moved}
    assert {moved[one.id].code for one in more} == {"new"}
    assert all(move.before is None for move in moved.values() if move.code == "new")


def test_keys_are_paired_so_that_the_overlap_of_all_is_largest():
    before = EarlierRun((EarlierCluster("a", "A", (1, 2, 3, 4, 5)), EarlierCluster("b", "B", (6, 7, 8))))

    renamed = carry_over([cluster("x", 1, 2, 3), cluster("y", 4, 5, 6, 7, 8)], before, range(1, 9))

    assert {one.key: {member.id for member in one.members} for one in renamed} == {
        "a": {1, 2, 3},
        "b": {4, 5, 6, 7, 8},
    }


def test_little_in_common_is_no_continuation_and_no_key_is_used_twice():
    before = EarlierRun((EarlierCluster("a", "A", tuple(range(10))), EarlierCluster("x", "X", (20, 21, 22))))

    renamed = carry_over([cluster("x", 0, 30, 31, 32), cluster("y", 20, 21, 22)], before, range(40))

    keys = {one.key: {member.id for member in one.members} for one in renamed}
    assert keys["x"] == {20, 21, 22}
    assert len(keys) == 2
    assert "a" not in keys


def test_new_documents_do_not_weaken_a_continuation():
    before = EarlierRun((EarlierCluster("a", "A", (1, 2, 3)),))

    (renamed,) = carry_over([cluster("x", 1, 2, 3, *range(100, 200))], before, range(200))

    assert renamed.key == "a"


def test_a_theme_continues_itself_whatever_its_members():
    before = EarlierRun((EarlierCluster("a", "A", (1, 2), "7"), EarlierCluster("b", "B", (3, 4))))

    renamed = carry_over([cluster("x", 3, 4, theme_key="7"), cluster("y", 1, 2)], before, range(5))

    assert next(one.key for one in renamed if one.theme_key == "7") == "a"


def test_reasons(first):
    waste, flood = theme_of(first, "waste"), theme_of(first, "flood")
    loose = next(member.id for member in theme_of(first, "clinic").members)
    odd = [Document("odd", "Gletscher Alpenveilchen Murmeltier")]
    clusters = [one for one in earlier_of(first).clusters if one.key not in (waste.key, flood.key)]
    clusters = [
        EarlierCluster(one.key, one.label, tuple(key for key in one.members if key != loose)) for one in clusters
    ]
    strayed, corrected = waste.members[0].id, waste.members[1].id
    clusters += [
        EarlierCluster(waste.key, waste.label, tuple(m.id for m in waste.members if m.id not in (strayed, corrected))),
        EarlierCluster(flood.key, flood.label, (*(m.id for m in flood.members), strayed, corrected, "odd")),
    ]
    earlier = EarlierRun(tuple(clusters), frozenset({loose}), frozenset({corrected}))

    result = analyze([*forum(), *odd], guidance=Guidance(earlier=earlier))

    moved = {move.id: move for move in result.moved}
    assert moved.keys() == {strayed, corrected, loose, "odd"}
    assert (moved[strayed].code, moved[strayed].before, moved[strayed].after) == ("nearer", flood.key, waste.key)
    assert moved[strayed].words
    assert waste.label in moved[strayed].message
    assert flood.label in moved[strayed].message
    assert moved[corrected].code == "text_changed"
    assert moved[loose].code == "was_unassigned"
    assert (moved["odd"].code, moved["odd"].after) == ("no_longer_fits", None)
    assert all(move.message.endswith(".") for move in result.moved)


def test_people_and_their_themes_are_named_as_reasons(first):
    light = theme_of(first, "light")
    decided, rest = [member.id for member in light.members[:6]], [member.id for member in light.members[6:]]
    merged = EarlierCluster("all", "Semua", tuple(document.id for document in forum()))

    result = analyze(
        forum(), guidance=Guidance(themes=(Theme("7", tuple(decided)),), earlier=EarlierRun((merged,)))
    )

    codes = {move.id: move.code for move in result.moved}
    assert {codes[one] for one in decided} == {"decided"}
    joined = [one for one in rest if codes.get(one) == "joined_theme"]
    assert joined
    assert set(codes.values()) <= {"decided", "joined_theme", "dissolved", "nearer"}


@pytest.mark.parametrize(
    "earlier",
    [
        EarlierRun((EarlierCluster("a", "A", (1,)), EarlierCluster("a", "B", (2,)))),
        EarlierRun((EarlierCluster("a", "A", (1,)), EarlierCluster("b", "B", (1,)))),
        EarlierRun((EarlierCluster("a", "A", (1,)),), frozenset({1})),
    ],
)
def test_an_earlier_run_that_contradicts_itself_is_refused(earlier):
    with pytest.raises(ValueError, match="earlier"):
        analyze([], guidance=Guidance(earlier=earlier))
