"""What is compared: the analysis, and usual methods that are told the true number of themes.

Each loads its own libraries when it runs: a process is timed with what its method needs, and with nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis import Document, analyze
from analysis.preprocessing import Preprocessor
from bench import bertopic_baseline

Method = Callable[[Sequence[str], int], list[int]]
"""Texts and the true number of themes → label per text, -1 for none. The analysis does not look at the number."""

LSA_COMPONENTS = 75


def this_analysis(texts: Sequence[str], n_themes: int) -> list[int]:
    """``analyze`` with its defaults; the number of themes is not used."""
    result = analyze(Document(number, text) for number, text in enumerate(texts))
    labels = [-1] * len(texts)
    for number, cluster in enumerate(result.clusters):
        for member in cluster.members:
            labels[member.id] = number
    return labels


def tfidf_kmeans(texts: Sequence[str], n_themes: int) -> list[int]:
    """k-means on TF-IDF of stems without stop words."""
    return _kmeans(_tfidf(texts), n_themes)


def lsa_kmeans(texts: Sequence[str], n_themes: int) -> list[int]:
    """k-means on unit vectors of latent semantic analysis."""
    return _kmeans(_lsa(texts), n_themes)


def nmf(texts: Sequence[str], n_themes: int) -> list[int]:
    """The strongest topic of a non-negative factorisation."""
    from sklearn.decomposition import NMF

    model = NMF(n_themes, init="nndsvda", max_iter=400, tol=1e-3, random_state=0)
    return model.fit_transform(_tfidf(texts)).argmax(axis=1).tolist()


def bertopic(texts: Sequence[str], n_themes: int) -> list[int]:
    """BERTopic with its other defaults on the vectors of ``lsa_kmeans``; the number of themes is not used."""
    return bertopic_baseline.group(texts, _lsa(texts))


def bertopic_with_model(texts: Sequence[str], n_themes: int) -> list[int]:
    """BERTopic with all its defaults, its sentence model among them; the number of themes is not used."""
    return bertopic_baseline.group_with_model(texts)


METHODS: dict[str, Method] = {
    "analysis": this_analysis,
    "TF-IDF + k-means (true k)": tfidf_kmeans,
    "NMF (true k)": nmf,
    "LSA + k-means (true k)": lsa_kmeans,
}
if bertopic_baseline.is_installed():
    METHODS[bertopic_baseline.NAME] = bertopic
if bertopic_baseline.has_sentence_model():
    METHODS[bertopic_baseline.NAME_WITH_MODEL] = bertopic_with_model


def _lsa(texts: Sequence[str]) -> np.ndarray:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    weights = _tfidf(texts)
    n_components = max(2, min(LSA_COMPONENTS, min(weights.shape) - 1))
    return normalize(TruncatedSVD(n_components, random_state=0).fit_transform(weights))


def _tfidf(texts: Sequence[str]):
    from sklearn.feature_extraction.text import TfidfVectorizer

    preprocessor = Preprocessor()
    stems = [[token.stem for token in preprocessor.tokens(text) if token.stem] for text in texts]
    return TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(stems)


def _kmeans(vectors: object, n_themes: int) -> list[int]:
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(n_themes, n_init=4, random_state=0).fit_predict(vectors)).tolist()
