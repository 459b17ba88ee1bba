"""Whether anything happened in a consultation lately, answered from memory.

Everything that happens to a consultation, its sittings, entries and themes leaves a line in the audit log, so its
newest lines are a version of all of them: one look into an index, at most once a second and process.
"""
import time

from flask import current_app

from forum import audit

KEPT_SECONDS = 1.0


def version_of(consultation_id: int) -> int:
    """Version of everything in a consultation, at most `KEPT_SECONDS` old."""
    kept: dict[int, tuple[int, float]] = current_app.extensions.setdefault("forum_versions", {})
    version, read_at = kept.get(consultation_id, (0, 0.0))
    if not version or time.monotonic() - read_at > KEPT_SECONDS:
        # The first to find it old looks for all: the others of a full hall go on with what is known meanwhile.
        asked_at = time.monotonic()  # not when the answer came: what it tells may be as old as the question
        kept[consultation_id] = (version, asked_at)
        version = audit.version(consultation_id)
        kept[consultation_id] = (version, asked_at)
    return version
