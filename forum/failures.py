"""What a log may say of a failure: where and of which kind, never what people wrote.

Databases quote whole rows in their messages ("Failing row contains …"), and rows hold words, keys and
receipts of participants.
"""
import traceback

from sqlalchemy.exc import DBAPIError


def without_values(error: BaseException) -> str:
    """Kind and message; of an error of the database its kind and code (SQLSTATE, or SQLite's name) only."""
    if not isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {error}"
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return f"{type(error).__name__} ({type(error.orig).__name__}, {code or 'no code'})"


def trace_without_values(error: BaseException) -> str:
    """The lines of code that led to an error and to those that it came of, each with `without_values`."""
    links: list[str] = []
    link: BaseException | None = error
    while link is not None:
        links.append("".join(traceback.format_tb(link.__traceback__)) + without_values(link))
        if isinstance(link, DBAPIError):
            break  # what it came of is the driver's own error, which quotes rows
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(reversed(links))
