"""BERTopic (Grootendorst 2022) as it comes, save for what has to be downloaded: the values in its sentence model.

Two rows stand in for it. One gives it unit vectors of latent semantic analysis: its groups can be compared, its time
leaves out loading PyTorch and a sentence model, and turning texts into vectors with it. The other loads a model of the
right shape with random weights (see `random_sentence_model`): its groups mean nothing, its time is that of BERTopic as
people install it. Everything else is in both: imports (numba among them), UMAP, HDBSCAN, the words of the topics. It is
told nothing about the number of themes, like the analysis. UMAP is not seeded by default, so that numbers differ a
little from run to run.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NAME = "BERTopic (SVD vectors)"
NAME_WITH_MODEL = "BERTopic (sentence model of random weights)"
HOW_TO_INSTALL = "BERTopic is not installed, so it is not compared: make bench installs it."
HOW_TO_INSTALL_MODEL = "BERTopic with a sentence model is not timed: make bench-model installs PyTorch, which is large."


def is_installed() -> bool:
    """Whether the libraries of requirements/bench.txt are there."""
    return importlib.util.find_spec("bertopic") is not None


def has_sentence_models() -> bool:
    """Whether those of requirements/bench-model.txt are there."""
    return is_installed() and importlib.util.find_spec("sentence_transformers") is not None


def group(texts: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Topic of each text, -1 for none; ``vectors`` has one row per text."""
    from bertopic import BERTopic  # takes seconds, and most runs do without

    return _topics(BERTopic(), texts, vectors)


def group_with_model(texts: Sequence[str], folder: Path) -> list[int]:
    """The same with vectors that BERTopic makes itself, with the sentence model in a folder."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # looked at on import: all that is needed lies in the folder
    from bertopic import BERTopic

    return _topics(BERTopic(embedding_model=str(folder)), texts, None)


def _topics(model: object, texts: Sequence[str], vectors: np.ndarray | None) -> list[int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its libraries, about one another
        topics, _ = model.fit_transform(list(texts), embeddings=vectors)
    return [int(topic) for topic in topics]
