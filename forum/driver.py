"""Straight to the driver of the database, in a transaction under way: where so much is asked that the way counts."""
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def execute(connection: Connection, text: str, values: Any = (), *, many: bool = False) -> Any:
    """Run a statement as the driver takes it, once or once for each of the values; return the driver's cursor.

    Raises
    ------
    sqlalchemy.exc.DBAPIError : its kinds, as SQLAlchemy raises them for errors of the driver.
    """
    cursor = connection.connection.cursor()
    errors = connection.dialect.loaded_dbapi.Error
    try:
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
    except errors as error:
        # Without the values: an error must not carry people's words and codes into the log.
        raise DBAPIError.instance(text, None, error, errors, hide_parameters=True,
                                  dialect=connection.dialect) from error
    return cursor
