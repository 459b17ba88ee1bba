"""What others wrote, small enough for a phone to keep: to show similar ideas while one is typed, also offline."""
import json
import time

from flask import current_app
from sqlalchemy import select

import analysis
from forum.consultations.halls import Hall
from forum.consultations.queries import place_names
from forum.db import db
from forum.submissions.models import Submission, SubmissionVersion
from forum.submissions.pulse import pulse_of

MOST_IDEAS = 300  # the latest ones: about 30 kB compressed
SNIPPET_CHARACTERS = 160
KEPT_SECONDS = 20.0  # a busy hall does not make the index anew with every idea
_MAX_KEPT = 100


def for_phones(hall: Hall) -> tuple[str, str]:
    """The index with snippets as JSON, and its ETag; at most `KEPT_SECONDS` old."""
    kept: dict[int, tuple[int, float, str]] = current_app.extensions.setdefault("forum_others", {})
    version = pulse_of(hall).version
    known, made_at, body = kept.get(hall.consultation_id, (-1, 0.0, ""))
    if not body or (known != version and time.monotonic() - made_at > KEPT_SECONDS):
        known, body = version, _body(hall)
        if len(kept) >= _MAX_KEPT:
            kept.clear()
        kept[hall.consultation_id] = (known, time.monotonic(), body)
    return body, f'"others-{known}"'


def _body(hall: Hall) -> str:
    """``{"index": as analysis.phone_index makes it, "texts": {id: beginning of the text}}``; personal data masked."""
    rows = db.session.execute(
        select(Submission.id, SubmissionVersion.body)
        .join(SubmissionVersion, (SubmissionVersion.submission_id == Submission.id)
              & (SubmissionVersion.number == Submission.current_number))
        .where(Submission.consultation_id == hall.consultation_id, Submission.state == "accepted")
        .order_by(Submission.id.desc()).limit(MOST_IDEAS)).all()
    documents = [analysis.Document(submission_id, text) for submission_id, text in rows]
    index = analysis.phone_index(documents, place_names(hall.pack_id))
    texts = {submission_id: _snippet(analysis.mask(text)) for submission_id, text in rows}
    return json.dumps({"index": index, "texts": texts}, ensure_ascii=False, separators=(",", ":"))


def _snippet(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET_CHARACTERS else line[: SNIPPET_CHARACTERS - 1].rstrip() + "…"
