"""Doors behind which the time of an answer tells nothing: answers leave on a grid counted from the request's arrival.

Right and wrong codes cost different work. When both fit between two lines of the grid, both leave at the same line.
"""
from collections.abc import Iterable
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STEP_SECONDS = 0.05
"""Several times what a receipt page costs on a laptop, and less than anybody notices."""


class EvenAnswers:
    """WSGI middleware that holds what ``door`` and the paths below it answer until the next line of the grid.

    It stands around the whole application, because errors, headers and compression take time too.

    Parameters
    ----------
    door : str
        A path without a closing slash, such as ``/r``.
    places : int
        How many answers may be held at once. A held answer keeps a thread of the server; when all places are taken,
        answers leave at once, for a crowd must not wait for nothing, and its own noise covers the difference.
    """

    def __init__(self, app: "WSGIApplication", door: str, *, places: int) -> None:
        self._app, self._door = app, door
        self._places = BoundedSemaphore(places)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != self._door and not path.startswith(self._door + "/"):
            return self._app(environ, start_response)
        arrived = monotonic()
        # Servers send the head with the first bytes of the body, so nothing has left yet.
        body = self._app(environ, start_response)
        if self._places.acquire(blocking=False):
            try:
                sleep((arrived - monotonic()) % STEP_SECONDS)
            finally:
                self._places.release()
        return body
