"""Whether anything happened in a sitting since a phone last asked, answered from memory.

Everything that happens to the entries and themes of a consultation leaves a line in the audit log, so its newest
lines are a version of all of them: one look into an index, at most once a second and process.
"""
import time
from dataclasses import dataclass

from flask import current_app

from forum import audit
from forum.consultations.halls import Hall

KEPT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """``version`` grows with whatever happens in the consultation."""

    is_open: bool
    version: int

    @property
    def etag(self) -> str:
        return f'"{self.version}-{"open" if self.is_open else "closed"}"'


def pulse_of(hall: Hall) -> Pulse:
    """State and version of a sitting, at most `KEPT_SECONDS` old."""
    return Pulse(hall.is_open, version_of(hall.consultation_id))


def version_of(consultation_id: int) -> int:
    """Version of everything in a consultation, at most `KEPT_SECONDS` old."""
    kept: dict[int, tuple[int, float]] = current_app.extensions.setdefault("forum_pulses", {})
    version, read_at = kept.get(consultation_id, (0, 0.0))
    if not version or time.monotonic() - read_at > KEPT_SECONDS:
        version = audit.version(consultation_id)
        kept[consultation_id] = (version, time.monotonic())
    return version
