"""What an estimator has learnt, as bytes that hold numbers and words only: reading them runs no code."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from analysis.estimator import Estimator

_KIND = "kind"
_PLAIN = (str, int, float)


def pack(values: Mapping[str, Any]) -> bytes:
    """Compressed NPZ of named values: arrays, numbers, texts, lists of texts, vocabularies, fitted estimators.

    A vocabulary (dict of str to int) counts its columns from 0. Arrays of floating-point numbers are shortened to
    32 bits. Of an estimator its learned attributes (``name_``) are kept, and parameters that are numbers or texts.

    Raises
    ------
    TypeError
        A value of another kind.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **_flat("", values))
    return buffer.getvalue()


def unpack(content: bytes, estimators: Mapping[str, type[Estimator]]) -> dict[str, Any]:
    """The values of ``pack``; estimators are made from the given classes (by name).

    Raises
    ------
    ValueError
        Bytes that ``pack`` did not make, or an estimator of another class.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except Exception as problem:  # a broken archive fails in many ways
        raise ValueError("not a stored state") from problem
    return _nested("", arrays, estimators)


def _flat(prefix: str, values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for name, value in values.items():
        place = prefix + name
        if isinstance(value, Estimator):
            inside = {key: one for key, one in vars(value).items() if key.endswith("_")}
            inside |= {key: one for key, one in value.get_params(deep=False).items() if isinstance(one, _PLAIN)}
            arrays[f"{place}/{_KIND}"] = np.array(type(value).__name__)
            arrays |= _flat(f"{place}/", inside)
        elif isinstance(value, dict):
            arrays[f"{place}/{_KIND}"] = np.array("vocabulary")
            arrays[f"{place}/words"] = joined_texts(sorted(value, key=value.__getitem__))
        elif isinstance(value, list | tuple):
            arrays[f"{place}/{_KIND}"] = np.array("texts")
            arrays[f"{place}/words"] = joined_texts(value)
        elif isinstance(value, np.ndarray | float | int | str):
            array = np.asarray(value)
            arrays[place] = array.astype(np.float32) if array.ndim and array.dtype.kind == "f" else array
        else:
            raise TypeError(f"{place} is a {type(value).__name__}: arrays, numbers, texts and estimators can be kept")
    return arrays


def _nested(prefix: str, arrays: Mapping[str, np.ndarray], estimators: Mapping[str, type]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    inside = [name.removeprefix(prefix) for name in arrays if name.startswith(prefix)]
    for name in dict.fromkeys(one.partition("/")[0] for one in inside):
        place = prefix + name
        if place in arrays:
            array = arrays[place]
            values[name] = array if array.ndim else array.item()
            continue
        kind = str(arrays[f"{place}/{_KIND}"])
        if kind in ("vocabulary", "texts"):
            words = parted_texts(arrays[f"{place}/words"])
            values[name] = {word: column for column, word in enumerate(words)} if kind == "vocabulary" else words
        elif kind in estimators:
            inside = _nested(f"{place}/", arrays, estimators)
            del inside[_KIND]
            values[name] = estimators[kind](**{key: one for key, one in inside.items() if not key.endswith("_")})
            vars(values[name]).update({key: one for key, one in inside.items() if key.endswith("_")})
        else:
            raise ValueError(f"an estimator of the unknown class {kind}")
    return values


def joined_texts(texts: Iterable[Any]) -> np.ndarray:
    """Texts without NUL, one after the other, as bytes in UTF-8."""
    return np.frombuffer("\0".join(map(str, texts)).encode("utf-8"), dtype=np.uint8)


def parted_texts(array: np.ndarray) -> list[str]:
    """The texts that ``joined_texts`` was given."""
    joined = array.tobytes().decode("utf-8")
    return joined.split("\0") if joined else []
