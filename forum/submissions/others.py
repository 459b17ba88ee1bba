"""What others wrote, small enough for a phone to keep: to show similar ideas while one is typed, also offline.

A new idea may take a while to appear in it; one that is hidden, withdrawn or corrected is out at once.
"""
import json
import time
from dataclasses import dataclass, replace

from flask import current_app
from sqlalchemy import select

import analysis
from forum.consultations.halls import Hall
from forum.consultations.queries import place_names
from forum.db import begin_snapshot, db
from forum.formatting import beginning
from forum.submissions.models import KINDS, Submission, SubmissionVersion
from forum.submissions.pulse import pulse_of

MOST_IDEAS = 240  # the latest ones: about 28 kB compressed; with the rest of what a phone keeps less than 60 kB
SNIPPET_CHARACTERS = 160
_FORMAT = 3  # of what surrounds the index
KEPT_SECONDS = 20.0  # a busy hall does not make the index anew with every idea
_MAX_KEPT = 100


@dataclass(frozen=True, slots=True)
class _Kept:
    """An index with what is in it (id → number of the version), and the version up to which that is still true."""

    etag: str
    made_at: float
    body: str
    entries: dict[int, int]
    true_for: int


def for_phones(hall: Hall) -> tuple[str, str]:
    """The index with snippets as JSON, and its ETag."""
    kept: dict[int, _Kept] = current_app.extensions.setdefault("forum_others", {})
    version = pulse_of(hall).version
    known = kept.get(hall.consultation_id)
    if known is None or known.true_for != version:
        begin_snapshot()  # what is read from here on is no older than the version
        if known is None or time.monotonic() - known.made_at > KEPT_SECONDS or not _still_true(known.entries):
            known = _make(hall, version)
        if len(kept) >= _MAX_KEPT:
            kept.clear()
        kept[hall.consultation_id] = replace(known, true_for=version)
    return known.body, known.etag


def _still_true(entries: dict[int, int]) -> bool:
    """Whether everybody may still read each of these entries, and in this version."""
    rows = db.session.execute(select(Submission.id, Submission.current_number).where(
        Submission.id.in_(entries), Submission.state == "accepted", Submission.erased_at.is_(None)))
    return dict(rows.all()) == entries


def _make(hall: Hall, version: int) -> _Kept:
    """What phones get, as JSON; personal data masked.

    ``{"index": as analysis.phone_index makes it, "texts": {id: beginning of the text}, "kinds": names of the kinds,
    "kind_of": one digit for each of the index's ids, the place of its kind among the names, "corrected": {id: number
    of the version, where it is not the first}}``.
    """
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.body, SubmissionVersion.kind, Submission.current_number)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .where(Submission.consultation_id == hall.consultation_id, Submission.state == "accepted",
               Submission.erased_at.is_(None))
        .order_by(Submission.id.desc()).limit(MOST_IDEAS)).all()
    documents = [analysis.Document(row.id, row.body) for row in rows]
    index = analysis.phone_index(documents, place_names(hall.pack_id))
    kinds = {row.id: str(KINDS.index(row.kind)) for row in rows}
    body = json.dumps({
        "index": index, "texts": {row.id: beginning(analysis.mask(row.body), SNIPPET_CHARACTERS) for row in rows},
        "kinds": KINDS, "kind_of": "".join(kinds[submission_id] for submission_id in index["ids"]),
        "corrected": {row.id: row.current_number for row in rows if row.current_number > 1},
    }, ensure_ascii=False, separators=(",", ":"))
    # Named with its formats: a phone with an older one must not be told that it has this one.
    etag = f'"others-{index["version"]}.{_FORMAT}-{version}"'
    return _Kept(etag, time.monotonic(), body, {row.id: row.current_number for row in rows}, version)
