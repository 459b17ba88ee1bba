"""Which of the latest entries say nearly the same as an earlier one: a hint for people, never an action."""
from threading import Lock

from flask import current_app
from sqlalchemy import func, select

import analysis
from forum.consultations.models import Consultation
from forum.consultations.queries import place_names
from forum.db import db
from forum.submissions.models import Submission, SubmissionVersion
from forum.submissions.queries import current_entries_select

MOST_COMPARED = 1_000  # the latest entries; comparing them takes about a tenth of a second, once per new entry
_COMPARED = (Submission.state.in_(("waiting", "accepted")), Submission.erased_at.is_(None))
_KEPT_CONSULTATIONS = 8
_lock = Lock()


def earlier_twins(consultation: Consultation) -> dict[int, int]:
    """Id of an entry → id of the first one, among the latest, that says nearly the same; hidden ones do not count."""
    kept: dict[int, tuple[object, dict[int, int]]] = current_app.extensions.setdefault("forum_twins", {})
    state = _state(consultation.id)
    if kept.get(consultation.id, (None, {}))[0] != state:
        twins = _compare(consultation)
        with _lock:
            kept.pop(consultation.id, None)
            while len(kept) >= _KEPT_CONSULTATIONS:
                kept.pop(next(iter(kept)))
            kept[consultation.id] = (state, twins)
        return twins
    return kept[consultation.id][1]


def _state(consultation_id: int) -> object:
    """Something that is another thing as soon as an entry came, was corrected, hidden or withdrawn."""
    return db.session.execute(
        select(func.max(Submission.id), func.count(), func.sum(Submission.current_number))
        .where(Submission.consultation_id == consultation_id, *_COMPARED)).one()


def _compare(consultation: Consultation) -> dict[int, int]:
    rows = db.session.execute(
        current_entries_select().with_only_columns(Submission.id, SubmissionVersion.body)
        .where(Submission.consultation_id == consultation.id, *_COMPARED)
        .order_by(Submission.id.desc()).limit(MOST_COMPARED))
    documents = [analysis.Document(submission_id, text) for submission_id, text in rows]
    groups = analysis.near_duplicates(documents, place_names=place_names(consultation.pack_id))
    return {later: group[0] for group in groups for later in group[1:]}
