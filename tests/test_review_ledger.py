"""The ledger on its own: what each line does, what undoing does, and what holds after any sequence."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.review import ledger
from forum.review.ledger import Line, last_of_chain, lines_in_effect, replay


def confirm(line_id, theme_id, *members, title="Rob", **payload):
    return Line(line_id, "confirm", theme_id, {"title": title, "members": list(members), **payload})


def undo(line_id, undoes_id):
    return Line(line_id, "undo", undoes_id=undoes_id)


ROB_AND_WASTE = [confirm(1, 10, 1, 2, 3, phrases=["air pasang"], quotes=[2]),
                 confirm(2, 20, 4, 5, title="Sampah", phrases=["tps"], quotes=[4])]


def why(*lines):
    return [one.why for one in replay([*ROB_AND_WASTE, *lines]).inapplicable]


class TestLines:
    def test_a_confirmed_theme_has_its_title_words_and_members(self):
        theme = replay(ROB_AND_WASTE).themes[10]
        assert (theme.title, theme.state, theme.members, theme.phrases, theme.quotes) == (
            "Rob", "confirmed", (1, 2, 3), ("air pasang",), (2,))

    def test_accepted_entries_join(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "accept", 10, {"members": [7, 6]})])
        assert outcome.themes[10].members == (1, 2, 3, 6, 7)
        assert outcome.decided[7] == (10, 3)

    def test_a_merge_moves_members_and_keeps_the_voices_of_both(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "merge", 20, {"from": [10]})])
        survivor, merged = outcome.themes[20], outcome.themes[10]
        assert (survivor.title, survivor.members) == ("Sampah", (1, 2, 3, 4, 5))
        assert (survivor.phrases, survivor.quotes) == (("tps", "air pasang"), (4, 2))
        assert (merged.state, merged.merged_into, merged.members) == ("merged", 20, ())

    def test_a_merge_may_bring_a_new_title(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "merge", 20, {"from": [10], "title": "Air dan sampah"})])
        assert outcome.themes[20].title == "Air dan sampah"

    def test_a_split_inherits_the_dimension(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "dimension", 10, {"dimension_id": 6}),
                          Line(4, "split", 30, {"from": 10, "members": [3], "title": "Pompa"})])
        assert (outcome.themes[30].members, outcome.themes[30].dimension_id) == ((3,), 6)
        assert outcome.themes[10].members == (1, 2)

    def test_moving_to_no_theme_sets_aside(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "move", None, {"members": [1, 9], "to": None})])
        assert outcome.set_aside == {1, 9}
        assert outcome.themes[10].members == (2, 3)

    def test_a_dismissed_theme_sets_its_members_aside(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "dismiss", 10, {"members": [1, 2, 3], "label": "Rob"})])
        assert outcome.themes[10].state == "dismissed"
        assert outcome.set_aside == {1, 2, 3}
        assert list(outcome.confirmed) == [20]

    def test_set_aside_entries_may_become_a_theme_after_all(self):
        outcome = replay([*ROB_AND_WASTE, Line(3, "dismiss", None, {"members": [8, 9], "label": "Lain"}),
                          confirm(4, 30, 8, title="Taman")])
        assert (outcome.themes[30].members, outcome.set_aside) == ((8,), {9})


class TestRefusals:
    @pytest.mark.parametrize(("line", "expected"), [
        (confirm(3, 10, 9), ledger.THEME_EXISTS),
        (confirm(3, 30, 1), ledger.ELSEWHERE),
        (confirm(3, 30), ledger.NO_MEMBERS),
        (Line(3, "accept", 10, {"members": [4]}), ledger.ELSEWHERE),
        (Line(3, "accept", 99, {"members": [9]}), ledger.THEME_MISSING),
        (Line(3, "rename", 99, {"title": "X"}), ledger.THEME_MISSING),
        (Line(3, "merge", 10, {"from": [10]}), ledger.ALREADY_THERE),
        (Line(3, "split", 30, {"from": 10, "members": [4], "title": "X"}), ledger.NOT_IN_THEME),
        (Line(3, "move", 10, {"members": [1], "to": 10}), ledger.ALREADY_THERE),
        (Line(3, "dismiss", None, {"members": [1], "label": "X"}), ledger.ELSEWHERE),
        (undo(3, 77), ledger.NO_SUCH_LINE),
        (undo(3, 4), ledger.NO_SUCH_LINE),
        (Line(3, "shred", 10), ledger.UNKNOWN_KIND),
    ])
    def test_a_line_that_does_not_fit_is_named_and_changes_nothing(self, line, expected):
        assert why(line) == [expected]
        after, before = replay([*ROB_AND_WASTE, line]), replay(ROB_AND_WASTE)
        assert (after.themes, after.decided) == (before.themes, before.decided)

    def test_nothing_can_be_done_with_a_closed_theme(self):
        closed = Line(3, "dismiss", 10, {"members": [1, 2, 3], "label": "Rob"})
        for line in (Line(4, "rename", 10, {"title": "X"}), Line(4, "accept", 10, {"members": [9]}),
                     Line(4, "merge", 20, {"from": [10]}), Line(4, "dismiss", 10, {"members": [], "label": ""})):
            assert why(closed, line) == [ledger.THEME_CLOSED]


class TestUndo:
    def test_undoing_a_merge_gives_every_member_back(self):
        merged = [*ROB_AND_WASTE, Line(3, "merge", 20, {"from": [10]})]
        restored = replay([*merged, undo(4, 3)])
        assert (restored.themes, restored.decided) == (replay(ROB_AND_WASTE).themes, replay(ROB_AND_WASTE).decided)

    def test_undoing_an_undo_brings_the_decision_back(self):
        lines = [*ROB_AND_WASTE, Line(3, "rename", 10, {"title": "Banjir"})]
        assert replay([*lines, undo(4, 3)]).themes[10].title == "Rob"
        assert replay([*lines, undo(4, 3), undo(5, 4)]).themes[10].title == "Banjir"
        assert replay([*lines, undo(4, 3), undo(5, 4), undo(6, 5)]).themes[10].title == "Rob"

    def test_the_end_of_the_chain_is_what_a_button_undoes(self):
        lines = [*ROB_AND_WASTE, undo(4, 1), undo(5, 4)]
        assert last_of_chain(lines) == {1: 5, 2: 2}
        assert lines_in_effect(lines) == {1, 2, 5}

    def test_a_later_line_without_ground_is_named(self):
        lines = [*ROB_AND_WASTE, Line(3, "rename", 10, {"title": "Banjir"}), undo(4, 1)]
        assert [(one.line_id, one.why) for one in replay(lines).inapplicable] == [(3, ledger.THEME_MISSING)]

    def test_a_merge_can_be_undone_under_a_later_move(self):
        lines = [*ROB_AND_WASTE, confirm(3, 30, 6, title="Lampu"), Line(4, "merge", 20, {"from": [10]}),
                 Line(5, "move", 30, {"members": [1], "to": 30}), undo(6, 4)]
        outcome = replay(lines)
        assert not outcome.inapplicable
        assert [outcome.themes[one].members for one in (10, 20, 30)] == [(2, 3), (4, 5), (1, 6)]

    def test_a_line_is_undone_only_once(self):
        assert why(undo(3, 1), undo(4, 1)) == [ledger.UNDONE_BEFORE]


ENTRIES = range(1, 13)
STEPS = st.lists(st.tuples(st.sampled_from(("confirm", "accept", "rename", "merge", "split", "move", "aside",
                                            "dismiss", "dissolve", "dimension", "undo")),
                           st.integers(0, 40), st.sets(st.sampled_from(ENTRIES), min_size=1, max_size=5)),
                 max_size=25)


def proposed_line(lines, step):
    """A decision somebody might try now; the replay says whether it is a valid one."""
    kind, number, members = step
    line_id, live = len(lines) + 1, sorted(replay(lines).confirmed) or [1]
    theme, other, members = live[number % len(live)], live[(number * 7 + 1) % len(live)], sorted(members)
    return {
        "confirm": Line(line_id, "confirm", 100 + line_id, {"title": f"T{line_id}", "members": members}),
        "accept": Line(line_id, "accept", theme, {"members": members}),
        "rename": Line(line_id, "rename", theme, {"title": f"T{line_id}"}),
        "merge": Line(line_id, "merge", theme, {"from": [other]}),
        "split": Line(line_id, "split", 100 + line_id, {"from": theme, "members": members, "title": f"T{line_id}"}),
        "move": Line(line_id, "move", theme, {"members": members, "to": theme}),
        "aside": Line(line_id, "move", None, {"members": members, "to": None}),
        "dismiss": Line(line_id, "dismiss", None, {"members": members, "label": "L"}),
        "dissolve": Line(line_id, "dismiss", theme, {"members": [], "label": "L"}),
        "dimension": Line(line_id, "dimension", theme, {"dimension_id": number}),
        "undo": Line(line_id, "undo", undoes_id=number % line_id),
    }[kind]


def valid_histories(steps):
    """The history after each step that was valid, as the services build it: refused lines are never added."""
    lines = []
    for step in steps:
        line = proposed_line(lines, step)
        if not replay([*lines, line]).inapplicable:
            lines = [*lines, line]
            yield lines


@settings(max_examples=300)
@given(STEPS)
def test_every_entry_is_in_exactly_one_place_and_none_is_lost(steps):
    touched = set()
    for lines in valid_histories(steps):
        outcome = replay(lines)
        inside = [member for theme in outcome.themes.values() for member in theme.members]
        assert len(inside) == len(set(inside))
        assert set(inside) | outcome.set_aside == outcome.decided.keys()
        assert not set(inside) & outcome.set_aside
        assert all(member in outcome.themes[theme_id].members
                   for member, (theme_id, _line) in outcome.decided.items() if theme_id is not None)
        assert all(not theme.members for theme in outcome.themes.values() if theme.state != "confirmed")
        # Only an undo lets an entry become undecided again.
        if lines[-1].kind != "undo":
            assert touched <= outcome.decided.keys()
        touched = set(outcome.decided)


@settings(max_examples=300)
@given(STEPS)
def test_undoing_the_last_line_restores_the_state_before_it_exactly(steps):
    before = replay([])
    for lines in valid_histories(steps):
        after = replay(lines)
        undone = replay([*lines, undo(len(lines) + 1, lines[-1].id)])
        assert (undone.themes, undone.decided) == (before.themes, before.decided)
        redone = replay([*lines, undo(len(lines) + 1, lines[-1].id), undo(len(lines) + 2, len(lines) + 1)])
        assert (redone.themes, redone.decided) == (after.themes, after.decided)
        before = after


@settings(max_examples=100)
@given(STEPS, st.randoms(use_true_random=False))
def test_the_replay_depends_on_ids_only(steps, random):
    lines = [*valid_histories(steps)][-1:] or [[]]
    shuffled = list(lines[0])
    random.shuffle(shuffled)
    assert replay(shuffled) == replay(lines[0])


@settings(max_examples=200)
@given(STEPS, st.integers(1, 25))
def test_any_line_can_be_undone_or_the_lines_that_stand_on_it_are_named(steps, number):
    histories = [*valid_histories(steps)]
    if not histories:
        return
    lines = histories[-1]
    target = lines[number % len(lines)]
    if any(line.undoes_id == target.id for line in lines):
        return
    outcome = replay([*lines, undo(len(lines) + 1, target.id)])
    named = {one.line_id for one in outcome.inapplicable}
    assert all(line_id > target.id for line_id in named)
    # Taking the named lines out of the way first always frees the line.
    for line_id in sorted(named, reverse=True):
        lines = [*lines, undo(len(lines) + 1, last_of_chain(lines)[line_id])]
    freed = replay([*lines, undo(len(lines) + 1, target.id)])
    assert not {one.line_id for one in freed.inapplicable} & named
