"""The prioritised issue list as rows of plain values, before it becomes a file. Pure.

Only what `COLUMNS` names can leave the house: a row is built key by key from that list, so that a
field added elsewhere does not slip into a file. Headings are Indonesian in every language of the
page, because the list is a document of the city and the same state must give the same bytes.
"""
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from forum.formatting import public_id
from forum.priorities.issues import Issue, Share, in_order

Value = str | int | float | None | list[str] | dict[str, int]
APPROACH_HEADINGS = {"technology": "Teknologi", "non_technology": "Tanpa teknologi", "combined": "Kombinasi",
                     "": "tidak disebut"}
SCORE_PREFIX = "score_"
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: key in JSON, heading in tables, width in characters of a spreadsheet."""

    key: str
    heading: str
    width: int


_BEFORE_SCORES = (
    Column("number", "No", 5), Column("code", "Kode isu", 9), Column("rank", "Peringkat", 10),
    Column("rank_range", "Rentang peringkat", 12), Column("title", "Isu", 34), Column("dimension", "Dimensi", 18),
    Column("sub_dimension", "Sub dimensi", 18),
)
_AFTER_SCORES = (
    Column("total", "Total", 8), Column("deviation", "Simpangan", 10), Column("n_assessors", "Jumlah penilai", 9),
    Column("n_submissions", "Jumlah masukan", 10), Column("n_people", "Jumlah orang", 9),
    Column("n_supporters", "Jumlah pendukung", 11), Column("n_agree", "Orang setuju", 9),
    Column("n_disagree", "Orang tidak setuju", 9), Column("n_pass", "Orang melewati", 10),
    Column("people_by_group", "Orang per unsur", 26), Column("people_by_area", "Orang per kelurahan", 26),
    Column("approaches", "Pendekatan", 22), Column("phrases", "Frasa kunci", 26),
    Column("quotes", "Kutipan (anonim)", 60), Column("submission_ids", "ID masukan", 30),
    Column("status", "Status", 22),
)


@dataclass(frozen=True, slots=True)
class Weight:
    """A criterion of the list: its code heads a column, its weight goes into the total.

    ``name`` is Indonesian; values go from ``low`` to ``high``.
    """

    code: str
    weight: float
    name: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class IssueList:
    """The list: columns in order, and rows that hold exactly those keys."""

    columns: tuple[Column, ...]
    weights: tuple[Weight, ...]
    rows: tuple[dict[str, Value], ...]

    def as_plain(self) -> dict[str, object]:
        """What the hash is computed of, and what the JSON file holds under ``list``."""
        return {"columns": [{"key": column.key, "heading": column.heading} for column in self.columns],
                "weights": {weight.code: weight.weight for weight in self.weights}, "rows": list(self.rows)}

    @property
    def content_hash(self) -> str:
        """SHA-256 in hex of the canonical JSON of `as_plain`."""
        return sha256(canonical_json(self.as_plain()).encode("utf-8")).hexdigest()


def canonical_json(value: object) -> str:
    """One way to write a value: keys sorted, no spaces, characters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def build(issues: Iterable[Issue], weights: Sequence[Weight], responses: Mapping[int, str]) -> IssueList:
    """Ranked issues first, then those that nobody has scored.

    ``responses`` maps a theme id to the Indonesian name of what the official response decides, where there is one.
    """
    columns = (*_BEFORE_SCORES, *(Column(SCORE_PREFIX + weight.code, weight.code, 6) for weight in weights),
               *_AFTER_SCORES)
    rows = []
    for number, issue in enumerate(in_order(issues), start=1):
        cells = _cells(issue, number, responses.get(issue.theme_id))
        cells |= {SCORE_PREFIX + weight.code: _rounded(issue.ranked.means[weight.code]) if issue.ranked else None
                  for weight in weights}
        rows.append({column.key: cells[column.key] for column in columns})
    return IssueList(columns, tuple(weights), tuple(rows))


def as_text(value: Value) -> str | int | float:
    """A value as one cell: lists and counts become text, nothing becomes an empty text."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {count}" for name, count in value.items())
    if isinstance(value, list):
        return "\n".join(value)
    return value


def _cells(issue: Issue, number: int, response: str | None) -> dict[str, Value]:
    ranked, support = issue.ranked, issue.support
    return {
        "number": number,
        "code": issue.code,
        "rank": ranked.rank if ranked else None,
        "rank_range": _rank_range(ranked.best_rank, ranked.worst_rank) if ranked else None,
        "title": issue.title,
        "dimension": issue.dimension.name_id if issue.dimension else None,
        "sub_dimension": issue.sub_dimension.name_id if issue.sub_dimension else None,
        "total": _rounded(ranked.total) if ranked else None,
        "deviation": _rounded(ranked.deviation) if ranked else None,
        "n_assessors": ranked.n_assessors if ranked else 0,
        "n_submissions": support.n_entries,
        "n_people": support.n_people,
        "n_supporters": support.n_supporters,
        "n_agree": support.n_agree,
        "n_disagree": support.n_disagree,
        "n_pass": support.n_pass,
        "people_by_group": _people(support.by_group),
        "people_by_area": _people(support.by_area),
        "approaches": {APPROACH_HEADINGS[code]: support.approaches[code] for code in APPROACH_HEADINGS
                       if support.approaches.get(code)},
        "phrases": ", ".join(issue.phrases),
        "quotes": [f"“{quote.text}” ({public_id(quote.submission_id)})" for quote in issue.quotes],
        "submission_ids": ", ".join(public_id(submission_id) for submission_id in issue.submission_ids),
        "status": _status(is_scored=ranked is not None, response=response),
    }


def _rank_range(best: int, worst: int) -> str:
    # Not "1-3": a spreadsheet that reads the CSV would make a date of it.
    return f"{best} s.d. {worst}" if best != worst else str(best)


def _people(shares: Iterable[Share]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for share in shares:
        if share.n_people:
            counts[share.name.name_id] = counts.get(share.name.name_id, 0) + share.n_people
    return counts


def _status(*, is_scored: bool, response: str | None) -> str:
    if response:
        return response
    return "Sudah dinilai, belum ditanggapi" if is_scored else "Belum dinilai"


def _rounded(value: float) -> float:
    return round(value, _DECIMALS)
