"""What makes a result repeatable: the order of documents, the digest of all input, the versions at work."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from operator import attrgetter

from analysis.contract import Document, DocumentId, Guidance, Settings
from analysis.embedding import folder_digest

METHOD_VERSION = "11"
"""Raised whenever the same input may give another result."""


def id_order(document_id: DocumentId) -> tuple[int, int, str]:
    """Sort key over ids of both kinds: numbers first, by value; then texts."""
    if isinstance(document_id, str):
        return (1, 0, document_id)
    return (0, document_id, "")


def in_order(documents: Iterable[Document]) -> list[Document]:
    """By text first: the same texts under other ids give the same groups. Equal texts by id."""
    ordered = sorted(documents, key=attrgetter("text"))
    start = 0
    while start < len(ordered):  # without a key per document: a million would take as much room as the texts
        end = start + 1
        while end < len(ordered) and ordered[end].text == ordered[start].text:
            end += 1
        if end - start > 1:
            ordered[start:end] = sorted(ordered[start:end], key=lambda document: id_order(document.id))
        start = end
    return ordered


def input_fingerprint(
    ordered: Sequence[Document], settings: Settings, guidance: Guidance, background: Iterable[str] = ()
) -> str:
    """SHA-256, hexadecimal, over everything that the groups depend on; ``ordered`` comes from `in_order`.

    An earlier run is not in it: it moves no document, so that a second run over the same has the same fingerprint.
    """
    decided = {
        "themes": sorted(
            [theme.key, sorted(map(_typed, theme.members)), *([theme.title] if theme.title else [])]
            for theme in guidance.themes
            if theme.members or theme.title
        ),
        "set_aside": sorted(map(_typed, guidance.set_aside)),
        "apart": sorted(sorted(map(_typed, pair)) for pair in guidance.apart),
    }
    digest = hashlib.sha256()
    known = asdict(settings)
    known["embedding_folder"] = folder_digest(settings.embedding_folder) if settings.embedding_folder else None
    head = {"method": METHOD_VERSION, "settings": known, "guidance": decided}
    digest.update(json.dumps(head, sort_keys=True).encode())
    for document in ordered:
        digest.update(json.dumps([_typed(document.id), document.text]).encode())
    for text in sorted(set(background)):
        digest.update(json.dumps(text).encode())
    return digest.hexdigest()


def cluster_key(member_ids: Iterable[DocumentId]) -> str:
    """Short name of a set of documents: the same members give the same key in every run."""
    listed = json.dumps(sorted(map(_typed, member_ids)))
    return "k" + hashlib.sha256(listed.encode()).hexdigest()[:12]


def _typed(document_id: DocumentId) -> list:
    """1 and "1" are two ids."""
    return list(id_order(document_id))


def versions(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Name and version of all that computes, a model of meanings by the digest of its folder."""
    model = (("embedding", folder_digest(settings.embedding_folder)[:12]),) if settings.embedding_folder else ()
    packages = ("numpy", "scipy", "scikit-learn", "PySastrawi")
    return (
        ("analysis", METHOD_VERSION),
        ("python", platform.python_version()),
        *((name, version(name)) for name in packages),
        *model,
    )
