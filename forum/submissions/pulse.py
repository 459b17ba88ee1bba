"""Whether anything happened in a sitting since a phone last asked, answered from memory."""
from dataclasses import dataclass

from forum.consultations.halls import Hall
from forum.recent import version_of


@dataclass(frozen=True, slots=True)
class Pulse:
    """``version`` grows with whatever happens in the consultation."""

    is_open: bool
    version: int

    @property
    def etag(self) -> str:
        return f'"{self.version}-{"open" if self.is_open else "closed"}"'


def pulse_of(hall: Hall) -> Pulse:
    """State and version of a sitting, at most `forum.recent.KEPT_SECONDS` old."""
    return Pulse(hall.is_open, version_of(hall.consultation_id))
