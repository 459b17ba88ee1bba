"""Statements that run for every batch of a full hall: translated for the driver once, then handed to it as they are.

SQLAlchemy fits a statement, its parameters and its result together anew at each run. For a page that is nothing; for a
hall that sends at once it costs several times what the database does with the rows (docs/decisions.md, 29).
"""
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, Connection, any_, bindparam, func, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles

from forum import driver
from forum.db import UtcDateTime

Parameters = Mapping[str, Any]
_Change = Callable[[Sequence[Any]], tuple[Any, ...]]

_MOMENTS_KEPT = 256
"""The moment at which an entry came stands in four tables: it is written out once."""


class Prepared:
    """A statement that always has the same text, for whichever database it runs on.

    It reads and writes in the connection's transaction and raises what SQLAlchemy would. Values are changed as the
    types of their columns say.

    Parameters
    ----------
    statement : its lists are parameters of `one_of`, never of ``in_``, whose text grows with the list.
    columns : of an insert, the columns that every row names. What the model fills in by itself is not filled in here.

    Raises
    ------
    ValueError : an insert leaves out a column that the model would fill in.
    """

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        # Inline: nothing is asked back about the new rows.
        self._statement, self._columns = statement.inline() if columns else statement, columns
        self._of_dialect: dict[str, _Translated] = {}
        left_out = [column.name for column in statement.table.columns
                    if column.default is not None and column.name not in columns] if columns else []
        if left_out:
            raise ValueError(f"{statement.table.name}: {', '.join(left_out)} would miss the default of the model")

    def rows(self, connection: Connection, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Run it once and return the rows of its result, their values in the order of its columns."""
        translated = self._translated(connection.dialect)
        cursor = driver.execute(connection, translated.text, translated.values(parameters))
        found, result = cursor.fetchall(), translated.result(cursor.description)
        return [result(row) for row in found] if result else found

    def run(self, connection: Connection, parameters: Sequence[Parameters]) -> None:
        """Run it once for each of the parameters."""
        if not parameters:
            return
        translated = self._translated(connection.dialect)
        driver.execute(connection, translated.text, [translated.values(one) for one in parameters], many=True)

    def _translated(self, dialect: Dialect) -> "_Translated":
        if dialect.name not in self._of_dialect:
            self._of_dialect[dialect.name] = _Translated(self._statement, self._columns, dialect)
        return self._of_dialect[dialect.name]


class one_of(ColumnElement[Any]):  # noqa: N801  (named like SQLAlchemy's own any_ and in_)
    """Whether the value of a column is in a list that is one parameter, called ``name``, however long it is."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column, self.name = column, name


@compiles(one_of, "sqlite")
def _in_json(element: one_of, compiler: Any, **options: Any) -> str:
    values = func.json_each(bindparam(element.name, type_=JSON)).table_valued("value")
    return compiler.process(element.column.in_(select(values.c.value)), **options)


@compiles(one_of, "postgresql")
def _in_array(element: one_of, compiler: Any, **options: Any) -> str:
    values = bindparam(element.name, type_=ARRAY(element.column.type))
    return compiler.process(element.column == any_(values), **options)


class _Translated:
    """The text for one driver; ``values`` makes its parameters of ours."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self.values = _values(compiled, fixed, dialect)
        self._types = [column.type.dialect_impl(dialect) for column in getattr(statement, "selected_columns", ())]
        self._dialect = dialect
        self._result: tuple[_Change | None] | None = None

    def result(self, description: Sequence[Any]) -> "_Change | None":
        """What makes our row of the driver's row, if anything must: known once the driver has named its types."""
        if self._result is None:
            self._result = (_changing([type_.result_processor(self._dialect, column[1])
                                       for type_, column in zip(self._types, description, strict=True)]),)
        return self._result[0]


def _values(compiled: Any, fixed: Parameters, dialect: Dialect) -> Callable[[Parameters], Any]:
    names = compiled.positiontup if compiled.positional else list(compiled.params)
    in_order = itemgetter(*names) if len(names) > 1 else lambda given: (given[names[0]],)
    change = _changing([_writing(compiled.binds[name].type, dialect) for name in names]) or tuple

    def places(parameters: Parameters) -> tuple[Any, ...]:
        return change(in_order({**fixed, **parameters} if fixed else parameters))

    return places if compiled.positional else lambda parameters: dict(zip(names, places(parameters), strict=True))


def _writing(type_: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    write = type_.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(_MOMENTS_KEPT)(write) if isinstance(type_, UtcDateTime) and write else write


def _changing(changes: Sequence[Callable[[Any], Any] | None]) -> _Change | None:
    """A function that changes the values of a row, each place by its own function; ``None`` when none changes."""
    places = [(place, change) for place, change in enumerate(changes) if change is not None]
    if not places:
        return None

    def changed(row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, change in places:
            values[place] = change(values[place])
        return tuple(values)

    return changed
