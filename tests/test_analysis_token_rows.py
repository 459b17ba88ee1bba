"""Tokens of many texts in little room."""

import numpy as np
import pytest

from analysis.preprocessing import Preprocessor
from analysis.token_rows import TokenRows

TEXTS = ["Lampu mati di gang", "", "sampah menumpuk, sampah bau", "di yang dan", "bau sampah tumpuk sampah", "rob"]


@pytest.fixture
def rows():
    preprocessor = Preprocessor()
    return TokenRows.of(preprocessor.tokens(text) for text in TEXTS)


def as_read():
    return [Preprocessor().tokens(text) for text in TEXTS]


def test_rows_come_back_as_they_were_read(rows):
    assert list(rows) == as_read()
    assert [rows[place] for place in range(len(rows))] == as_read()
    assert rows[-1] == as_read()[-1]
    assert rows[np.int64(2)] == as_read()[2]


@pytest.mark.parametrize("place", [6, -7])
def test_there_is_no_row_beyond_the_last(rows, place):
    with pytest.raises(IndexError):
        rows[place]


@pytest.mark.parametrize("part", [slice(0, 0), slice(2, 5), slice(4, 99), slice(5, 2), slice(None)])
def test_a_part_is_that_of_a_list(rows, part):
    assert list(rows[part]) == as_read()[part]
    assert rows[part].content_counts().tolist() == rows.content_counts()[part].tolist()


@pytest.mark.parametrize("places", [[], [4, 0, 1], [2, 2]])
def test_rows_are_taken_in_any_order(rows, places):
    assert list(rows.taken(np.array(places, dtype=int))) == [as_read()[place] for place in places]


def test_equal_words_in_any_order_have_equal_digests(rows):
    digests = [tuple(pair) for pair in rows.content_digests().tolist()]

    assert rows.content_counts().tolist() == [2, 0, 4, 0, 4, 1]
    assert digests[2] == digests[4]
    assert digests[1] == digests[3]
    assert len(set(digests)) == 4


def test_a_word_said_twice_is_not_a_word_said_once():
    preprocessor = Preprocessor()

    once, twice = TokenRows.of(map(preprocessor.tokens, ["rob", "rob rob"])).content_digests().tolist()

    assert once != twice


def test_many_rows_are_summed_piece_by_piece(monkeypatch, rows):
    whole = rows.content_digests()
    monkeypatch.setattr("analysis.token_rows.CHUNK", 2)

    np.testing.assert_array_equal(rows.content_digests(), whole)


def test_no_rows_at_all():
    empty = TokenRows.of([])

    assert list(empty) == []
    assert empty.content_counts().shape == (0,)
    assert empty.content_digests().shape == (0, 2)


def test_rows_are_cut_in_two_each_where_asked(rows):
    filled = rows.taken(np.array([0, 2, 5]))

    firsts, seconds = filled.cut(np.array([1, 6, 8]))  # the places among all tokens: "lampu" has 4, "sampah" 4

    read = [list(row) for row in filled]
    assert [list(row) for row in firsts] == [read[0][:1], read[1][:2], read[2][:0]]
    assert [list(row) for row in seconds] == [read[0][1:], read[1][2:], read[2][0:]]
