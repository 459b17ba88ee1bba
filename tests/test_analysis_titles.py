"""What people call their themes speaks for them, and joins no group."""
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from analysis_texts import GOLD, forum
from scipy import sparse

from analysis import Guidance, Settings, Theme, analyze
from analysis.claiming import FREE, claim
from analysis.preprocessing import Preprocessor
from analysis.representing import Representer
from analysis.titles import Titles, claim_by_titles, read_titles, word_rows

STRANGE = ("waste-03", "light-05")
"""Two texts that people put into one theme, each of another matter than the title."""

TITLE = "Antrean dan obat di puskesmas"


def others_under(theme_key, result):
    """True themes of the undecided texts in a theme of people's."""
    return Counter(GOLD[member.id] for cluster in result.clusters if cluster.theme_key == theme_key
                   for member in cluster.members if member.id not in STRANGE)


def titled(title):
    return Guidance(themes=(Theme("t", STRANGE, title),))


def test_a_title_draws_texts_that_no_member_resembles():
    assert others_under("t", analyze(forum(), guidance=titled("")))["clinic"] == 0
    assert others_under("t", analyze(forum(), guidance=titled(TITLE)))["clinic"] >= 10


def test_members_stay_whatever_their_theme_is_called():
    result = analyze(forum(), guidance=titled(TITLE))
    where = {member.id: cluster.theme_key for cluster in result.clusters for member in cluster.members}
    assert [where[key] for key in STRANGE] == ["t", "t"]
    assert {document.id for document in forum()} == where.keys() | set(result.unassigned)


def test_a_title_is_part_of_the_fingerprint_and_its_absence_is_not():
    named, unnamed = analyze(forum(), guidance=titled(TITLE)), analyze(forum(), guidance=titled(""))
    assert named.fingerprint != unnamed.fingerprint
    assert named.fingerprint != analyze(forum(), guidance=titled("Puskesmas")).fingerprint
    assert named == analyze(reversed(forum()), guidance=titled(TITLE))


@pytest.mark.parametrize("title", ["", " ", "yang dan di", "\x00", "🙂", "!!!", "Wonokerto"])
def test_a_title_that_says_nothing_changes_nothing(title):
    settings = Settings(place_names=("Wonokerto",))
    found, without = (analyze(forum(), settings, titled(one)) for one in (title, ""))
    assert replace(found, fingerprint="") == replace(without, fingerprint="")


@pytest.mark.parametrize("title", ["x" * 5_000, "puskesmas " * 20_000, "Ελληνικά 漢字 العربية", "Puskesmas\n\nAntrean"])
def test_no_title_breaks_it(title):
    assert analyze(forum(), guidance=titled(title)).clusters


PLAN = ("Antrean dan obat di puskesmas", "Sampah menumpuk", "Bandar udara", "Perpustakaan keliling")
"""Titles of a plan: of two the forum speaks, of two nobody does."""


def planned(*titles):
    return Guidance(themes=tuple(Theme(title, (), title) for title in titles))


def test_themes_of_a_plan_are_filled_where_the_forum_speaks_of_them_and_are_not_told_where_it_does_not():
    result = analyze(forum(), guidance=planned(*PLAN))
    assert {cluster.theme_key for cluster in result.clusters} == {*PLAN[:2], None}
    assert others_under(PLAN[0], result).most_common(1)[0][0] == "clinic"
    assert others_under(PLAN[1], result).most_common(1)[0][0] == "waste"
    placed = [member.id for cluster in result.clusters for member in cluster.members]
    assert len(placed) == len(set(placed)) == len(forum()) - len(result.unassigned)


def test_a_plan_of_which_nobody_speaks_changes_nothing():
    beside, alone = analyze(forum(), guidance=planned(*PLAN[2:])), analyze(forum())
    assert (beside.clusters, beside.unassigned) == (alone.clusters, alone.unassigned)
    assert beside.fingerprint != alone.fingerprint


def test_a_theme_with_neither_text_nor_title_is_not_heard():
    silent = analyze(forum(), guidance=Guidance(themes=(Theme("gone", ("nobody",)),)))
    assert silent.clusters == analyze(forum()).clusters


def test_a_theme_whose_texts_are_gone_is_one_of_a_plan():
    gone = analyze(forum(), guidance=Guidance(themes=(Theme(TITLE, ("nobody",), TITLE),)))
    assert gone.clusters == analyze(forum(), guidance=planned(TITLE)).clusters


def test_of_a_plan_the_members_have_no_certainty_of_a_decision():
    result = analyze(forum(), guidance=planned(TITLE))
    members = next(cluster.members for cluster in result.clusters if cluster.theme_key == TITLE)
    assert 0 < max(member.confidence for member in members) < 1


@pytest.mark.parametrize("max_clusters", [1, 2, 3, 4])
def test_a_plan_keeps_the_limit_of_clusters(max_clusters):
    result = analyze(forum(), Settings(max_clusters=max_clusters), planned(*PLAN))
    assert len(result.clusters) <= max_clusters


def test_few_texts_are_not_put_into_a_plan():
    result = analyze(forum()[:6], guidance=planned(*PLAN))
    assert (result.clusters, len(result.unassigned)) == ((), 6)


def test_few_texts_keep_to_what_was_decided_and_no_more():
    result = analyze(forum()[:6], guidance=Guidance(themes=(Theme("t", (forum()[0].id,), TITLE),)))
    assert [(cluster.theme_key, len(cluster.members)) for cluster in result.clusters] == [("t", 1)]


def test_titles_are_read_in_the_order_of_their_keys_and_those_without_content_are_left_out():
    texts = [Preprocessor().tokens(document.text) for document in forum()]
    representer = Representer().fit(texts)
    read = read_titles([Theme("b", (1,), TITLE), Theme("a", (2,), "dan"), Theme("A", (3,), "Gang gelap")], Settings(),
                       representer)
    assert read.keys == ("A", "b")
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1)

    words, titles = word_rows(texts, read, ["a", "b", "c"])
    assert (words.shape[0], titles.owners.tolist(), titles.words.shape) == (len(texts), [1], (1, words.shape[1]))
    assert np.array_equal(titles.vectors, read.vectors[1:])
    assert titles.words.sum() >= 2, "the words of a title that texts hold, too"


def test_each_group_hears_the_title_that_it_is_nearest_to_as_one_decided_text():
    found = np.array([0, 0, 0, 1, 1, 2, 2])
    nearness = np.full(7, 0.9)
    owners = np.array([0, FREE, FREE, 0, FREE, 1, FREE])
    centroids = np.eye(3)
    silent = Titles.none(3, 0)
    of_first = Titles(np.array([0]), np.array([[0.68, 0.73, 0.0]]), sparse.csr_array((1, 0)))

    # One text is no reason to take over a second group, one text and the title are.
    assert claim(found, nearness, owners, 2).tolist() == [0, 3, 1]
    assert claim_by_titles(found, nearness, owners, centroids, silent, 2).tolist() == [0, 3, 1]
    assert claim_by_titles(found, nearness, owners, centroids, of_first, 2).tolist() == [0, 0, 1]


def test_a_title_is_not_heard_where_another_group_is_clearly_nearer():
    found = np.array([0, 0, 1, 1])
    titles = Titles(np.array([0, 1]), np.array([[0.95, 0.7], [0.3, 0.65]]), sparse.csr_array((2, 0)))
    undecided = np.full(4, FREE)

    # The first is nearest to both groups, but at home in one: the other hears the second.
    assert claim_by_titles(found, np.full(4, 0.9), undecided, np.eye(2), titles, 2).tolist() == [0, 1]


def test_a_text_takes_nothing_over_where_the_title_of_its_theme_says_otherwise():
    found = np.array([0, 0, 0, 1, 1, -1])
    nearness = np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.0])
    stray = np.array([0, FREE, FREE, FREE, FREE, FREE])
    centroids = np.eye(3)[:2]
    taken = {}
    for here, there in ((0.1, 0.28), (0.3, 0.7), (0.35, 0.55), (0.5, 0.55), (0.67, 0.74)):
        title = np.array([[here, there, (1 - here**2 - there**2) ** 0.5]])
        titles = Titles(np.array([0]), title, sparse.csr_array((1, 0)))
        taken[here] = claim_by_titles(found, nearness, stray, centroids, titles, 1).tolist()
    # Far from all groups; far from where the text lies and near another, twice; nearly as near there; near both.
    assert taken == {0.1: [1, 2], 0.3: [1, 0], 0.35: [1, 0], 0.5: [0, 2], 0.67: [0, 2]}

