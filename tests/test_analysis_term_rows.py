"""Stems of many texts as numbers: the counts are those of counting one text after the other."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.preprocessing import Preprocessor
from analysis.term_rows import TermRows

DOCUMENTS = [("rob", "air", "rob"), (), ("sampah",), ("air", "lampu", "sampah", "air")]

documents = st.lists(
    st.lists(st.sampled_from(["air", "banjir", "lampu", "rob", "sampah", "warung"]), max_size=6), max_size=8
)


@given(documents)
def test_texts_come_back_and_words_are_counted(written):
    terms = TermRows.of(written)
    columns = {word: column for column, word in enumerate(reversed(terms.words))}

    counts = terms.counts(terms.columns(columns), len(columns)).toarray()

    assert list(terms) == [tuple(one) for one in written]
    assert terms.all_counts().toarray().tolist() == counts[:, ::-1].tolist()
    assert terms.frequency().tolist() == [sum(word in one for one in written) for word in terms.words]
    for row, one in zip(counts, written, strict=True):
        assert dict(zip(columns, row.astype(int).tolist(), strict=True)) == {word: one.count(word) for word in columns}


@given(documents, documents)
def test_the_texts_of_two_lie_one_after_the_other(first, second):
    joined = TermRows.joined([TermRows.of(first), TermRows.of(second)])

    assert list(joined) == list(map(tuple, first + second))
    assert joined.words == sorted({word for one in first + second for word in one})


def test_words_that_no_column_counts_are_left_out_and_columns_ascend():
    terms = TermRows.of(DOCUMENTS)

    counts = terms.counts(terms.columns({"sampah": 1, "air": 0, "kasur": 2}), 3)

    assert counts.toarray().tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0], [2, 1, 0]]
    assert counts.has_sorted_indices


def test_some_of_the_texts_are_taken_in_the_order_given():
    terms = TermRows.of(DOCUMENTS)

    assert list(terms.taken(np.array([3, 0]))) == [DOCUMENTS[3], DOCUMENTS[0]]


def test_of_tokens_those_with_a_stem_are_terms():
    tokens = [Preprocessor().tokens(text) for text in ("Lampu mati di gang", "", "sampah menumpuk dan sampah bau")]

    terms = TermRows.of_tokens(tokens)

    assert [Counter(one) for one in terms] == [Counter(token.stem for token in row if token.stem) for row in tokens]
    assert TermRows.over(terms) is terms
