"""What anybody can work out from the numbers of people that are public: no count that is withheld."""
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from forum.priorities.issues import Name, Share, without_small_cells


def published(counts):
    """What the public page and the open data say of the groups a, b, c …, which arrive as planners see them."""
    shares = [Share(Name("abcdefgh"[place], f"Unsur {place}", ""), count) for place, count in enumerate(counts)]
    return [(name.code, count) for name, count in
            without_small_cells(sorted(shares, key=lambda share: -share.n_people))]


def withheld(counts):
    return {code for code, count in published(counts) if count is None}


def shares_of(total: int, n_parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to hand out a total to so many groups."""
    if n_parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in shares_of(total - first, n_parts - 1):
            yield first, *rest


def worlds(counts, most):
    """Every assignment with the same total, and nowhere more than ``most``, that is published in the same way.

    So much knows who has the page, the total, and the code that made the page.
    """
    same, public = [], published(counts)
    hidden = ["abcdefgh".index(code) for code, count in public if count is None]
    for parts in shares_of(sum(counts[place] for place in hidden), len(hidden)):
        world = list(counts)
        for place, count in zip(hidden, parts, strict=True):
            world[place] = count
        if max(world) <= most and published(world) == public:
            same.append({place: world[place] for place in hidden})
    return hidden, same


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.data())
def test_no_withheld_count_can_be_worked_out(counts, data):
    # Somebody may count in two groups: then the groups add up to more than the people, and none has more than those.
    n_people = data.draw(st.integers(max(counts), sum(counts)))
    if not withheld(counts):
        return
    hidden, same = worlds(counts, n_people)
    for place in hidden:
        assert len({world[place] for world in same}) > 1, (counts, published(counts))


@given(st.lists(st.integers(0, 9), max_size=8))
def test_small_counts_are_never_shown_and_others_only_withheld_with_smaller_ones(counts):
    shown = [count for _code, count in published(counts) if count]
    assert all(count >= 3 for count in shown)
    if withheld(counts):
        assert max(counts["abcdefgh".index(code)] for code in withheld(counts)) < min(shown)
    if min((count for count in counts if count), default=3) >= 3:
        assert len(published(counts)) == len(counts)
        assert not withheld(counts)


@given(st.permutations([7, 6, 4, 3, 2, 1]))
def test_the_place_in_the_list_says_nothing_of_a_withheld_count(counts):
    assert [code for code, count in published(counts) if count is None] == sorted(withheld(counts))


def test_two_groups_of_one_person_take_the_next_one_with_them():
    assert published([7, 6, 4, 3, 1, 1]) == [
        ("a", 7), ("b", 6), ("c", 4), ("d", None), ("e", None), ("f", None)]


def test_two_equal_groups_are_given_away_by_their_sum():
    assert published([9, 5, 2, 2]) == [("a", 9), ("b", None), ("c", None), ("d", None)]
    assert published([9, 5, 2, 1]) == [("a", 9), ("b", 5), ("c", None), ("d", None)]


def test_groups_of_the_same_size_are_withheld_together():
    """Else the one that is taken would tell by its place that the small count is not where it is."""
    assert published([9, 4, 4, 2]) == [("a", 9), ("b", None), ("c", None), ("d", None)]


def test_where_nothing_is_left_to_show_nothing_is_published():
    for counts in ([2], [1, 1], [9, 2], [2, 2, 2], [8, 2, 2]):
        assert published(counts) == []


def test_groups_of_three_and_more_and_groups_of_nobody_are_shown():
    assert published([9, 3, 0]) == [("a", 9), ("b", 3), ("c", 0)]
    assert published([]) == []
