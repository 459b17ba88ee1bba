"""Texts settle among groups by vectors and words together; what people decided stays and speaks louder."""

import numpy as np
from scipy import sparse

from analysis.claiming import FREE
from analysis.mixture import MIN_SIMILARITY, MOVED_WEIGHT, UNASSIGNED, WordCounts, learn_mixture, settle, word_presence
from analysis.numerics import unit_rows
from analysis.preprocessing import Preprocessor

EAST, NORTH, BETWEEN = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.7, 0.7, 0.0)


def scene(*pairs: tuple[tuple, str]) -> tuple[np.ndarray, sparse.csr_array]:
    """Vectors, and the words of the texts beside them."""
    preprocessor = Preprocessor()
    return unit_rows(np.array([where for where, _ in pairs])), word_presence(
        [preprocessor.tokens(text) for _, text in pairs]
    )


def nobody(labels: np.ndarray) -> np.ndarray:
    return np.full(len(labels), FREE)


def test_words_of_one_text_only_are_left_out():
    _, words = scene((EAST, "lampu padam"), (EAST, "lampu redup"), (NORTH, "sampah lampu lampu"))

    assert words.toarray().tolist() == [[1], [1], [1]]


def settled(vectors, words, labels, owners):
    """With decided texts that people moved."""
    return settle(vectors, words, labels, owners, np.full(len(labels), MOVED_WEIGHT))


def test_a_text_between_two_groups_goes_where_its_words_are():
    sides = [*[(EAST, "lampu gang padam")] * 5, *[(NORTH, "sampah pasar menumpuk")] * 5]
    labels = np.array([0] * 5 + [1] * 5 + [UNASSIGNED])

    for text, group in (("lampu gang padam", 0), ("sampah pasar menumpuk", 1)):
        vectors, words = scene(*sides, (BETWEEN, text))
        found = settled(vectors, words, labels, nobody(labels)).predict(vectors, words)
        assert found.tolist() == [0] * 5 + [1] * 5 + [group]


def test_a_text_like_none_fits_nowhere_and_a_decided_one_never_moves():
    vectors, words = scene(
        *[(EAST, "lampu gang padam")] * 4, *[(NORTH, "sampah pasar menumpuk")] * 4, ((0.0, 0.0, 1.0), "lampu sampah")
    )
    labels = np.array([0] * 4 + [1] * 4 + [UNASSIGNED])
    mixture = settled(vectors, words, labels, nobody(labels))

    assert (vectors[-1] @ mixture.directions.T < MIN_SIMILARITY).all()
    assert mixture.predict(vectors, words)[-1] == UNASSIGNED

    owners = nobody(labels)
    owners[-1] = 1
    drawn = settled(vectors, words, labels, owners)
    assert drawn.directions[1] @ vectors[-1] > mixture.directions[1] @ vectors[-1]


def test_a_decided_text_draws_its_group_more_than_a_free_one():
    vectors, words = scene(*[(EAST, "lampu gang padam")] * 4, (BETWEEN, "lampu gang sampah pasar"))
    labels = np.zeros(5, dtype=int)
    owners = nobody(labels)
    owners[-1] = 0

    pull = [settled(vectors, words, labels, one).directions[0] @ vectors[-1] for one in (nobody(labels), owners)]

    assert pull[1] > pull[0]


def test_a_word_that_the_learned_texts_do_not_hold_tells_nothing_and_an_empty_group_takes_nothing():
    vectors, _ = scene((EAST, "lampu"), (NORTH, "sampah"))
    words = sparse.csr_array(np.array([[1.0, 0.0], [1.0, 0.0]]))

    mixture = learn_mixture(vectors, WordCounts(words), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))

    assert mixture.word_scores[1].tolist() == [0.0, 0.0, 0.0]
    assert mixture.shares(vectors, words)[:, 2].tolist() == [0.0, 0.0]
    assert mixture.predict(vectors, words).tolist() == [0, 1]


def test_without_words_the_vectors_speak_alone():
    vectors = unit_rows(np.array([EAST, EAST, NORTH, NORTH, (1.0, 0.2, 0.0)]))
    words = sparse.csr_array((5, 0))
    labels = np.array([0, 0, 1, 1, 1])

    assert settled(vectors, words, labels, nobody(labels)).predict(vectors, words).tolist() == [0, 0, 1, 1, 0]


def test_many_texts_are_placed_in_parts_that_tell_how_far_they_are(monkeypatch):
    vectors, words = scene(*[(EAST, "lampu gang padam")] * 4, *[(NORTH, "sampah pasar menumpuk")] * 4)
    labels = np.array([0] * 4 + [1] * 4)
    mixture = settled(vectors, words, labels, nobody(labels))
    monkeypatch.setattr("analysis.mixture.CHUNK", 3)
    shares: list[float] = []

    assert mixture.predict(vectors, words, shares.append).tolist() == labels.tolist()
    assert shares == [0, 1 / 3, 2 / 3]
