"""Refusals of services as one clear line on the terminal and exit code 2."""
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from flask.cli import with_appcontext

from forum.errors import ForumError

P = ParamSpec("P")


def in_plain_words(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command inside the application; turn a `ForumError` into one line on stderr and exit code 2."""

    @with_appcontext
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ForumError as refusal:
            click.echo(str(refusal), err=True)
            raise SystemExit(2) from refusal

    return run
