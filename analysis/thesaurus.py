"""Knowledge of city life, and of the world besides: ``analysis/thesaurus`` as plain values, read once.

A file per dimension, or per topic of general knowledge, holds concepts in blocks with the words and phrases by which
people mean them; beside it lie sentences, each written for one concept. ``analysis/thesaurus/SOURCES.md`` tells who
wrote them and how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DIMENSIONS = ("governance", "branding", "economy", "living", "society", "environment")
"""The six dimensions of a smart city; a file that is not there is passed over."""

GENERAL = "general"
"""First part of the ids of general knowledge, and the folder of its files."""

TOPICS = (
    "science", "nature", "technology", "medicine", "politics", "economy-world", "history-society", "geography",
    "sports", "entertainment", "travel", "everyday",
)  # fmt: skip
"""What encyclopaedias and newspapers have sections for: other forums than those about a city."""

_FIELDS = {"name", "broader", "related", "id", "jv"}


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that people mean, with the words by which they mean it.

    Attributes
    ----------
    id : str
        dimension, dimension.sub-dimension or dimension.sub-dimension.concept[.finer concept].
    name_id, name_en : str
    broader : str or None
        Id of the concept that this one is a part of; None for a dimension.
    related : tuple of str
        Ids of neighbours, also in other dimensions.
    written_id, written_jv : str
        Words and phrases of 1 to 4 words, as written, in Indonesian and Javanese, separated by semicolons: most
        processes ask for the names only, and parting all of them takes a hundredth of an analysis.
    """

    id: str
    name_id: str
    name_en: str
    broader: str | None
    related: tuple[str, ...]
    written_id: str
    written_jv: str

    @property
    def terms_id(self) -> tuple[str, ...]:
        """The Indonesian ones, each once."""
        return _list(self.written_id, ";")

    @property
    def terms_jv(self) -> tuple[str, ...]:
        """The Javanese ones, each once."""
        return _list(self.written_jv, ";")

    @property
    def terms(self) -> tuple[str, ...]:
        """All words and phrases, Indonesian first."""
        return self.terms_id + self.terms_jv

    @property
    def sub_dimension(self) -> str:
        """The first two parts of the id; of a dimension its own id."""
        return ".".join(self.id.split(".")[:2])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as people write it, about one concept. ``language`` is id, jv or mix."""

    concept: str
    language: str
    text: str


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts of city life in the order of the files.

    Raises
    ------
    ValueError
        A block that cannot be read, an id that occurs twice, a broader concept that is not there.
    """
    return _read_concepts(DIMENSIONS)


@cache
def sentences() -> tuple[Sentence, ...]:
    """All sentences about city life in the order of the files; one about a concept not listed is a ValueError."""
    return _read_sentences(DIMENSIONS, concepts())


@cache
def general_concepts() -> tuple[Concept, ...]:
    """The concepts of general knowledge; errors as in `concepts`."""
    return _read_concepts([f"{GENERAL}/{topic}" for topic in TOPICS])


@cache
def general_sentences() -> tuple[Sentence, ...]:
    """The sentences of general knowledge; errors as in `sentences`."""
    return _read_sentences([f"{GENERAL}/{topic}" for topic in TOPICS], general_concepts())


def _read_concepts(names: Sequence[str]) -> tuple[Concept, ...]:
    listed = tuple(concept for name in names for concept in _parse(name, _read(f"{name}.txt")))
    known = {concept.id for concept in listed}
    if len(known) < len(listed):
        raise ValueError("thesaurus: an id occurs twice")
    lost = [concept.id for concept in listed if concept.broader is not None and concept.broader not in known]
    if lost:
        raise ValueError(f"thesaurus: broader concept missing for {lost[:3]}")
    return listed


def _read_sentences(names: Sequence[str], listed: Sequence[Concept]) -> tuple[Sentence, ...]:
    known = {concept.id for concept in listed}
    found = []
    for name in names:
        for number, line in enumerate(_read(f"{name}.sentences.txt").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != 3 or parts[0] not in known:
                raise ValueError(f"{name}.sentences.txt, line {number}: needs a known concept, language, text")
            found.append(Sentence(*parts))
    return tuple(found)


def _read(name: str) -> str:
    path = files("analysis") / "thesaurus" / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _parse(name: str, text: str) -> Iterator[Concept]:
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if lines:
            yield _concept(name, lines)


def _concept(name: str, lines: list[str]) -> Concept:
    head = lines[0].strip()
    fields = dict(line.split(":", 1) for line in lines[1:] if ":" in line)
    if not (head.startswith("[") and head.endswith("]")) or not fields.keys() <= _FIELDS or "name" not in fields:
        raise ValueError(f"{name}.txt: cannot read the block {head}")
    name_id, _, name_en = (part.strip() for part in fields["name"].partition("|"))
    return Concept(
        id=head[1:-1],
        name_id=name_id,
        name_en=name_en,
        broader=fields.get("broader", "").strip() or None,
        related=_list(fields.get("related", ""), ","),
        written_id=fields.get("id", ""),
        written_jv=fields.get("jv", ""),
    )


def _list(value: str, separator: str) -> tuple[str, ...]:
    parts = dict.fromkeys(map(str.strip, value.split(separator)))
    parts.pop("", None)
    return tuple(parts)
