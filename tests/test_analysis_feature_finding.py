"""Words, phrases and pairs of the thesaurus in texts: all texts at once find what one after the other would."""
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.feature_finding import MAX_PHRASE, PAIR_REACH, FeatureFinder
from analysis.preprocessing import Token
from analysis.token_rows import TokenRows

WORDS = ["laut", "naik", "ke", "jalan", "kasur", "lampu"]
LISTED = ["kasur", "laut", "jalan+laut", "kasur+naik", "laut naik", "laut naik ke jalan", "naik ke", "ke ke",
          "lampu jalan"]
FINDER = FeatureFinder.of({feature: row for row, feature in enumerate(LISTED)})


def said(text):
    """Tokens of a text in which ``ke`` is a stop word and ``-`` a place, which has no root either."""
    return tuple(Token(word, "" if word in ("ke", "-") else word, False, word.strip("-")) for word in text.split())


def found(text, finder=FINDER, listed=LISTED):
    (row,) = finder.counts([said(text)]).toarray()
    return {listed[place]: int(count) for place, count in enumerate(row) if count}


def one_by_one(tokens, listed):
    """The same, looked for as one would explain it."""
    features: Counter[str] = Counter()
    stems, roots = [token.stem for token in tokens if token.stem], [token.root for token in tokens]
    for start, first in enumerate(stems):
        features[first] += 1
        for second in stems[start + 1 : start + 1 + PAIR_REACH]:
            features["+".join(sorted((first, second)))] += 1
    for start in range(len(roots)):
        for length in range(2, MAX_PHRASE + 1):
            if start + length <= len(roots) and all(roots[start : start + length]):
                features[" ".join(roots[start : start + length])] += 1
    return {feature: features[feature] for feature in listed if features[feature]}


@pytest.mark.parametrize(("text", "features"), [
    ("", {}),
    ("ke", {}),
    ("mobil", {}),
    ("kasur kasur", {"kasur": 2}),
    ("laut naik ke jalan", {"laut": 1, "jalan+laut": 1, "laut naik": 1, "laut naik ke jalan": 1, "naik ke": 1}),
    ("jalan laut", {"laut": 1, "jalan+laut": 1}),
    ("laut a b c jalan", {"laut": 1, "jalan+laut": 1}),
    ("laut a b c d jalan", {"laut": 1}),
    ("laut a b c ke ke jalan", {"laut": 1, "jalan+laut": 1, "ke ke": 1}),
    ("laut - naik", {"laut": 1}),
    ("ke ke ke", {"ke ke": 2}),
])
def test_what_a_text_holds(text, features):
    assert found(text) == features


@given(st.lists(st.lists(st.sampled_from([*WORDS, "-", "mobil"]), max_size=12).map(" ".join), max_size=6),
       st.sets(st.lists(st.sampled_from(WORDS), min_size=1, max_size=MAX_PHRASE + 1).map(tuple), max_size=12))
def test_all_at_once_finds_what_one_by_one_would(texts, phrases):
    singles = {phrase[0] for phrase in phrases if phrase[0] != "ke"}
    pairs = {"+".join(sorted(phrase[:2])) for phrase in phrases if len(set(phrase[:2]) - {"ke"}) == 2}
    listed = sorted({" ".join(phrase) for phrase in phrases if len(phrase) > 1} | singles | pairs)
    finder = FeatureFinder.of({feature: row for row, feature in enumerate(listed)})
    rows = [said(text) for text in texts]
    counts = finder.counts(rows)
    assert counts.shape == (len(rows), len(listed))
    assert counts.has_sorted_indices
    for tokens, row in zip(rows, counts.toarray(), strict=True):
        assert {listed[place]: count for place, count in enumerate(row) if count} == one_by_one(tokens, listed)


def test_it_comes_back_whole_from_the_arrays_that_are_kept():
    again = FeatureFinder.from_arrays(FINDER.to_arrays())
    for text in ("laut naik ke jalan", "kasur kasur", "lampu jalan naik laut"):
        assert found(text, again) == found(text)
    assert FeatureFinder.from_arrays(FeatureFinder.of({}).to_arrays()).counts([said("laut")]).shape == (1, 0)


def test_rows_that_share_their_tokens_are_read_once_and_counted_alike():
    rows = TokenRows.of([said("laut naik"), said("kasur"), said("lampu jalan")])
    readings = []

    def read(kinds):
        readings.append(kinds)
        return np.arange(len(kinds))

    for some in (rows, rows[1:], rows.taken(np.array([2, 0])), rows.shortened(1)):
        some.of_kinds(read)
    assert len(readings) == 1
    taken = rows.taken(np.array([2, 0]))
    assert FINDER.counts(taken).toarray().tolist() == FINDER.counts(rows).toarray()[[2, 0]].tolist()
    assert FINDER.counts(rows[1:]).toarray().tolist() == FINDER.counts(rows).toarray()[1:].tolist()


def test_rows_are_cut_to_their_first_tokens():
    rows = TokenRows.of([said("laut naik ke"), said(""), said("kasur"), said("lampu jalan laut naik")])
    cut = rows[1:].shortened(2)
    assert [tuple(token.surface for token in row) for row in cut] == [(), ("kasur",), ("lampu", "jalan")]
    assert cut.lengths().tolist() == [0, 1, 2]
