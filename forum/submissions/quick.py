"""What a full hall asks for thousands of times and the server's loop answers itself: see `forum.stepping_aside`."""
import re
from typing import Protocol

_DOORS = re.compile(r"/s/[^/]+(?:/state)?")
_MOST_BYTES = 64 * 1024


class Asked(Protocol):
    """A request before it is read by Flask."""

    path: str
    chunked: bool
    content_length: int
    headers: dict[str, str]


def is_quick(asked: Asked) -> bool:
    """Whether it is the form, an idea without a photo, or whether the sitting is open.

    The first and the last are answered from memory, and an idea waits for nothing but a commit. A photo is looked
    through and written anew, which holds everybody up: it comes as ``multipart/form-data``, ideas alone do not.
    """
    return (_DOORS.fullmatch(asked.path) is not None and not asked.chunked and asked.content_length <= _MOST_BYTES
            and "multipart" not in asked.headers.get("CONTENT_TYPE", "").lower())
