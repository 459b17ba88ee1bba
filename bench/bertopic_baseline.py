"""BERTopic (Grootendorst 2022) as it comes, save for the vectors: its own sentence model would have to be downloaded.

Instead it gets unit vectors of latent semantic analysis. It is told nothing about the number of themes, like the
analysis. UMAP is not seeded by default, so its numbers differ a little from run to run.

What its time leaves out: loading PyTorch and a sentence model, and turning the texts into vectors with it. What it has
in it: its imports (numba among them), UMAP, HDBSCAN and the words of the topics. So a ratio to it is that of two whole
processes without a language model, and BERTopic as people install it takes longer.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Sequence

import numpy as np

NAME = "BERTopic (SVD vectors)"
HOW_TO_INSTALL = "BERTopic is not installed, so it is not compared: make bench installs it."


def is_installed() -> bool:
    """Whether the libraries of requirements/bench.txt are there."""
    return importlib.util.find_spec("bertopic") is not None


def group(texts: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Topic of each text, -1 for none; ``vectors`` has one row per text."""
    from bertopic import BERTopic  # takes seconds, and most runs do without

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its libraries, about one another
        topics, _ = BERTopic().fit_transform(list(texts), embeddings=vectors)
    return [int(topic) for topic in topics]
