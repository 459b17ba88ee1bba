"""Our estimators and what scikit-learn's tools do with them; what starting the analysis loads."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils.extmath import randomized_svd

from analysis.clustering import ThemeClusterer
from analysis.concept_vectors import ConceptVectorizer
from analysis.factoring import N_ROUNDS, truncated_svd
from analysis.vectorizing import CooccurrenceVectorizer

DOCUMENTS = [["rob", "tanggul"], ["tanggul", "pompa"], ["sampah", "truk"], ["truk", "gerobak"]] * 5


def test_the_parameters_are_those_of_the_signature():
    vectorizer = CooccurrenceVectorizer(n_components=7)

    assert vectorizer.get_params()["n_components"] == 7
    assert vectorizer.set_params(random_state=3).get_params()["random_state"] == 3
    with pytest.raises(ValueError, match="no parameter colour"):
        vectorizer.set_params(colour=1)


def test_scikit_learn_clones_them_unfitted():
    fitted = CooccurrenceVectorizer(n_components=3).fit(DOCUMENTS)

    again = clone(fitted)

    assert again.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        again.transform(DOCUMENTS)


def test_they_stand_in_a_pipeline_of_scikit_learn():
    pipeline = make_pipeline(CooccurrenceVectorizer(n_components=3), ThemeClusterer())

    labels = pipeline.fit(DOCUMENTS)[-1].labels_

    assert labels.shape == (20,)
    assert set(labels[::4]).isdisjoint(labels[2::4])


def test_what_has_learnt_nothing_says_so():
    with pytest.raises(NotFittedError, match="call fit first"):
        ConceptVectorizer().concepts([])


@pytest.mark.parametrize(("shape", "n_components"), [((40, 30), 5), ((30, 400), 25), ((300, 300), 20)])
def test_singular_vectors_are_those_of_scikit_learn(shape, n_components):
    matrix = sparse.random_array(shape, density=0.2, rng=np.random.default_rng(1), format="csr")

    ours = truncated_svd(matrix, n_components, 4)

    for one, other in zip(ours, randomized_svd(matrix, n_components, n_iter=N_ROUNDS, random_state=4), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(60, 40), (40, 60)])
@pytest.mark.parametrize("strengths", [(5.0, 3.0, 1.0), (1e6, 1.0, 1e-6), (2.0,)])
def test_singular_vectors_of_a_matrix_with_few_directions_give_the_matrix_back(shape, strengths):
    random = np.random.default_rng(3)
    sides = (np.linalg.qr(random.normal(size=(side, len(strengths))))[0] for side in shape)
    first, second = sides
    matrix = sparse.csr_array(first * strengths @ second.T)

    left, found, right = truncated_svd(matrix, 10, 0)

    np.testing.assert_allclose(found[: len(strengths)], strengths, rtol=0, atol=1e-9 * max(strengths))
    np.testing.assert_allclose(left * found @ right, matrix.toarray(), rtol=0, atol=1e-9 * max(strengths))


def test_an_analysis_does_not_load_scikit_learn_or_solvers_or_compilers():
    spared = "{'sklearn', 'scipy.linalg', 'scipy.special', 'scipy.stats', 'scipy.optimize', 'numpy.f2py.crackfortran'}"
    loaded = (
        "import sys; from analysis import Document, analyze; "
        "analyze(Document(row, f'sampah menumpuk di pasar {row}') for row in range(40)); "
        f"print({spared} & sys.modules.keys())"
    )

    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout

    assert told.strip() == "set()"


@pytest.mark.parametrize("before", ["", "import numpy.testing; "])
def test_modules_that_are_put_off_are_whole_when_they_are_used(before):
    used = (
        f"{before}import analysis, numpy; from numpy.testing import assert_array_equal; "
        "assert_array_equal(numpy.testing.assert_equal is not None, True); print(callable(numpy.f2py.get_include))"
    )

    told = subprocess.run([sys.executable, "-c", used], capture_output=True, text=True, check=True).stdout

    assert told.strip() == "True"
