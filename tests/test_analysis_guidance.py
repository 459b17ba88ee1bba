"""People's decisions are obeyed to the letter, and the undecided texts follow them."""

import pytest
from analysis_texts import GOLD, forum

from analysis import Document, Guidance, Result, Settings, Theme, analyze
from analysis.evaluation import agreement


def cluster_of(result: Result) -> dict:
    return {member.id: cluster for cluster in result.clusters for member in cluster.members}


def some(theme: str, count: int) -> tuple[str, ...]:
    return tuple(key for key, name in GOLD.items() if name == theme)[:count]


def test_decided_members_stay_together_under_the_key_of_their_theme():
    strange_mixture = (*some("waste", 2), *some("light", 2), *some("clinic", 2))
    guidance = Guidance(themes=(Theme("campur", strange_mixture), Theme("rob", some("flood", 3))))

    result = analyze(forum(), guidance=guidance)

    where = cluster_of(result)
    assert {where[key].theme_key for key in strange_mixture} == {"campur"}
    assert {where[key].theme_key for key in some("flood", 3)} == {"rob"}
    sure = {member.id: member.confidence for member in where["waste-00"].members}
    assert all(sure[key] == 1.0 for key in strange_mixture)


@pytest.mark.parametrize("seed", range(3))
def test_random_decisions_survive_whatever_they_are(seed):
    import random

    random_source = random.Random(seed)
    ids = sorted(GOLD)
    random_source.shuffle(ids)
    themes = tuple(Theme(f"t{number}", tuple(ids[number * 4 : number * 4 + 4])) for number in range(7))
    set_aside = frozenset(ids[40:45])

    result = analyze(forum(), guidance=Guidance(themes=themes, set_aside=set_aside))

    where = cluster_of(result)
    assert all(where[member].theme_key == theme.key for theme in themes for member in theme.members)
    assert set(result.set_aside) == set_aside
    assert set_aside.isdisjoint(where)
    assert set_aside.isdisjoint(result.unassigned)
    assert len(where) + len(result.unassigned) + len(set_aside) == len(GOLD)


def test_undecided_texts_are_drawn_to_existing_themes():
    guidance = Guidance(themes=tuple(Theme(theme, some(theme, 3)) for theme in sorted(set(GOLD.values()))))

    result = analyze(forum(), guidance=guidance)

    where = cluster_of(result)
    assert all(where[key].theme_key == theme for key, theme in GOLD.items() if key in where)
    assert len(where) >= 58


def test_new_texts_follow_two_themes_that_people_merged():
    merged = Guidance(themes=(Theme("malam", (*some("light", 9), *some("flood", 9))),))
    newer = [key for key, theme in GOLD.items() if theme in ("light", "flood") and key[-2:] >= "09"]

    where = cluster_of(analyze(forum(), guidance=merged))

    assert [where[key].theme_key for key in newer] == ["malam"] * 6


def test_decisions_raise_the_agreement_of_the_rest():
    """Where the grouping came out too fine, four decisions per theme gather the undecided texts too."""
    themes = tuple(Theme(theme, some(theme, 4)) for theme in sorted(set(GOLD.values())))
    pinned = {member for theme in themes for member in theme.members}
    rest = [key for key in GOLD if key not in pinned]

    def score(guidance: Guidance) -> float:
        number = {}
        for index, cluster in enumerate(analyze(forum(), Settings(granularity=2.5), guidance).clusters):
            number.update({member.id: index for member in cluster.members})
        return agreement([GOLD[key] for key in rest], [number.get(key, -1) for key in rest]).ami

    assert score(Guidance(themes=themes)) >= score(Guidance()) + 0.03


def test_pairs_kept_apart_do_not_share_a_cluster():
    apart = (("waste-00", "waste-01"), ("waste-00", "waste-06"), ("light-04", "light-10"))

    where = cluster_of(analyze(forum(), guidance=Guidance(apart=apart)))

    for first, second in apart:
        assert first not in where or where[first] is not where.get(second)


def test_a_decided_text_stays_and_the_undecided_one_of_a_pair_goes():
    guidance = Guidance(themes=(Theme("sampah", some("waste", 6)),), apart=(("waste-00", "waste-08"),))

    where = cluster_of(analyze(forum(), guidance=guidance))

    assert where["waste-00"].theme_key == "sampah"
    assert "waste-08" not in where or where["waste-08"].theme_key != "sampah"


def test_equal_texts_can_be_kept_apart():
    twins = [Document("a", "Sampah pasar bau"), Document("b", "Sampah pasar bau")]

    where = cluster_of(analyze([*forum(), *twins], guidance=Guidance(apart=(("a", "b"),))))

    assert ("a" in where) + ("b" in where) >= 1
    assert where.get("a") is not where.get("b")


def test_a_pair_inside_one_theme_stays_and_is_reported():
    guidance = Guidance(themes=(Theme("sampah", some("waste", 4)),), apart=(("waste-00", "waste-01"),))

    result = analyze(forum(), guidance=guidance)

    assert cluster_of(result)["waste-00"].theme_key == cluster_of(result)["waste-01"].theme_key == "sampah"
    assert "apart_conflict" in {warning.code for warning in result.warnings}


def test_a_dismissed_theme_is_neither_in_the_vectors_nor_in_the_clusters():
    without = [document for document in forum() if not document.id.startswith("flood")]
    set_aside = frozenset(key for key, theme in GOLD.items() if theme == "flood")

    result = analyze(forum(), guidance=Guidance(set_aside=set_aside))

    assert result.clusters == analyze(without).clusters


def test_withdrawn_members_and_emptied_themes_are_ignored():
    guidance = Guidance(
        themes=(Theme("sampah", ("gone", *some("waste", 2))), Theme("kosong", ("gone too",))),
        set_aside=frozenset({"gone three"}),
        apart=(("gone", "waste-00"),),
    )

    result = analyze(forum(), guidance=guidance)

    assert [cluster.theme_key for cluster in result.clusters if cluster.theme_key] == ["sampah"]
    assert result.set_aside == ()


@pytest.mark.parametrize(
    "guidance",
    [
        Guidance(themes=(Theme("a", ("waste-00",)), Theme("b", ("waste-00",)))),
        Guidance(themes=(Theme("a", ("waste-00",)), Theme("a", ("waste-01",)))),
        Guidance(themes=(Theme("a", ("waste-00",)),), set_aside=frozenset({"waste-00"})),
        Guidance(apart=(("waste-00", "waste-00"),)),
    ],
)
def test_decisions_that_contradict_themselves_are_refused(guidance):
    with pytest.raises(ValueError, match=r"two themes|unique|set aside|apart"):
        analyze(forum(), guidance=guidance)
