"""Arrays that take long to work out from the files of this package, kept beside them as Python keeps its bytecode.

A file is named by the digest of all that its content follows from, so that a changed word list or line of code makes
a new one. Each array in it has a checksum, and reading runs no code. Where the folder cannot be written, or two
processes come at once, the arrays are worked out again: that costs a second, never correctness.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy

PACKAGE = Path(__file__).parent
FOLDER = PACKAGE / "__compiled__"


def kept_arrays(name: str, work_out: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    """What ``work_out`` gives, from the file of that name where there is a good one; else worked out and kept."""
    path = FOLDER / f"{name}-{_digest()}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        arrays = work_out()
        with contextlib.suppress(OSError):
            _keep(path, name, arrays)
        return arrays


def _keep(path: Path, name: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Written beside and renamed: a reader finds a whole file or none. Files of earlier content are removed."""
    path.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.chmod(temporary, 0o644)  # mkstemp makes files that only the owner reads
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for other in path.parent.glob(f"{name}-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


@cache
def _digest() -> str:
    """Of word lists, thesaurus and code of this package, and of the libraries that take part."""
    digest = hashlib.sha256(f"{np.__version__} {scipy.__version__} {version('PySastrawi')}".encode())
    for path in sorted((*PACKAGE.glob("*.py"), *PACKAGE.rglob("*.txt"))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PACKAGE)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:20]
