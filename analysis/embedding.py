"""An optional model of word meanings that lies in a folder on this machine: a third way to see texts.

The model is a static one in the format of ``model2vec`` (Tulkens and van Dongen 2024): a table of vectors, of which a
text is the mean. It is read from the folder only; nothing is downloaded. Without it the analysis is complete.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.estimator import Estimator
from analysis.numerics import unit_rows
from analysis.preprocessing import Token


class EmbeddingUnavailable(ValueError):
    """The folder or the package that reads it is missing or broken; the message is Indonesian, for people."""


class EmbeddingVectorizer(Estimator):
    """Unit vectors of documents by the model in a folder; learns nothing from the documents.

    Parameters
    ----------
    folder : str

    Attributes
    ----------
    folder_ : str
    digest_ : str
        Of the folder's content: the same digest gives the same vectors.
    """

    def __init__(self, folder: str = "") -> None:
        self.folder = folder

    def fit(self, documents: Sequence[Sequence[Token]] = (), y: object = None) -> EmbeddingVectorizer:
        """Read the model. Raises `EmbeddingUnavailable`."""
        self.folder_ = self.folder
        self.digest_ = folder_digest(self.folder)
        _model(self.folder_, self.digest_)
        return self

    def transform(self, documents: Sequence[Sequence[Token]]) -> np.ndarray:
        """Array of shape (n_documents, width of the model); rows of length 1, or 0 where no word is known.

        Words that carry no theme and places are left out, as elsewhere. Raises `EmbeddingUnavailable` when the
        folder holds another model than the one that was fitted.
        """
        self.check_is_fitted()
        if folder_digest(self.folder_) != self.digest_:
            raise EmbeddingUnavailable(f"Isi folder model makna {self.folder_} sudah berubah. Jalankan analisis lagi.")
        model = _model(self.folder_, self.digest_)
        texts = [" ".join(token.surface for token in tokens if token.stem) for tokens in documents]
        if not texts:
            return np.zeros((0, model.dim))
        vectors = model.encode(texts, use_multiprocessing=False, show_progress_bar=False)
        return unit_rows(np.nan_to_num(np.asarray(vectors, dtype=float)))


def check_embedding(folder: str) -> str:
    """Digest of a folder whose model can be read. Raises `EmbeddingUnavailable`."""
    return EmbeddingVectorizer(folder).fit().digest_


def folder_digest(folder: str) -> str:
    """SHA-256, hexadecimal, over names and contents of the files of a model. Raises `EmbeddingUnavailable`."""
    files = sorted(path for path in Path(folder).glob("*") if path.is_file()) if folder else []
    if not files:
        raise EmbeddingUnavailable(f"Folder model makna {folder} tidak ada atau kosong.")
    try:
        return _digest(tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files))
    except OSError as problem:
        raise EmbeddingUnavailable(f"Folder model makna {folder} tidak dapat dibaca.") from problem


@lru_cache(maxsize=8)
def _digest(files: tuple[tuple[str, int, int], ...]) -> str:
    """Read once as long as names, sizes and times stay the same."""
    digest = hashlib.sha256()
    for name, size, _modified in files:
        digest.update(f"{Path(name).name}\0{size}\0".encode())
        with open(name, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _model(folder: str, digest: str) -> Any:
    """The model of a folder with this content; read once per process."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # the package can fetch models by name; here it must not
    try:
        from model2vec import StaticModel
    except ImportError as problem:
        raise EmbeddingUnavailable(
            "Paket model2vec belum terpasang. Pasang dengan pip install model2vec, atau kosongkan folder model makna."
        ) from problem
    try:
        return StaticModel.from_pretrained(folder, force_download=False)
    except Exception as problem:  # a broken folder fails in many ways
        raise EmbeddingUnavailable(f"Folder model makna {folder} rusak atau bukan model model2vec.") from problem
