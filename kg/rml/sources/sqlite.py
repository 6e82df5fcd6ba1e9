"""Tables and queries of a SQLite database, by the module that Python brings."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final
from urllib.parse import quote

from kg.errors import DataError, KgError, MappingError, Position, nearest
from kg.rdf.grammar import XSD, is_lexical
from kg.rml.mapping.model import Source
from kg.rml.mapping.values import Typed, temporal
from kg.rml.sources.table import ROWS, Rows, Table, picked, statement_of

_READS: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_NO_TABLE: Final = "no such table: "
_FILE_FAULTS: Final = ("not a database", "malformed", "unable to open", "disk I/O", "decode", "encrypted")


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A table or a query; nothing but reading is authorized, and no other file.

    :raises MappingError: if there is no such table, or the query is none that only reads
    :raises DataError: if the file is damaged
    """
    statement = statement_of(source)
    try:
        with closing(_connected(source)) as connection:
            declared = _declared(source, statement)
            connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
            cursor = connection.execute(statement)
            if cursor.description is None:
                raise _refused(source, "the query gives no rows")
            convert = [_CONVERSIONS.get(kind) for kind in declared] or [None] * len(cursor.description)

            def rows(wanted: tuple[int, ...]) -> Rows:
                try:
                    while some := cursor.fetchmany(ROWS):
                        yield picked(some, wanted, convert), None
                except sqlite3.Error as error:
                    raise _faulty(source, error) from None

            yield Table(tuple(column[0] for column in cursor.description), rows)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _faulty(source, error) from None


def _connected(source: Source) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(source.path))}?mode=ro", uri=True, isolation_level=None)


def _declared(source: Source, statement: str) -> list[str]:
    """The types that the columns of a statement were declared with, in capitals and without a length.

    A column that a query computes has none. The statement is looked at and not run: it is that of a view, which is of
    a connection of its own, since the database is open for reading only.
    """
    try:
        with closing(_connected(source)) as connection:
            connection.execute(f"CREATE TEMP VIEW declared AS {statement}")
            found = connection.execute("PRAGMA temp.table_info(declared)").fetchall()
    except (sqlite3.Error, sqlite3.Warning):
        return []  # what is wrong with it is told when it is run
    return [kind.partition("(")[0].strip().upper() for _, _, kind, *_ in found]


def _boolean(value: Any) -> Any:
    return bool(value) if value in (0, 1) and type(value) is int else value


def _temporal(datatype: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        text = temporal(value) if isinstance(value, str) else ""
        return Typed(text, datatype) if text and is_lexical(text, datatype) else value

    return read


_CONVERSIONS: Final = {
    "BOOLEAN": _boolean,
    "BOOL": _boolean,
    "DATE": _temporal(XSD + "date"),
    "TIME": _temporal(XSD + "time"),
    "TIMESTAMP": _temporal(XSD + "dateTime"),
    "DATETIME": _temporal(XSD + "dateTime"),
}
"""What a value is that SQLite keeps as a number or a text, since it has no such type (R2RML, section 10.2)."""


def _faulty(source: Source, error: Exception) -> KgError:
    message = str(error)
    if any(part in message for part in _FILE_FAULTS):
        return DataError(f"SQLite: {message}", position=Position(source.name, 1), hint="is the file whole?")
    if "not authorized" in message or "prohibited" in message:
        return _refused(source, "the query does more than read this database")
    if message.startswith(_NO_TABLE):
        names = _tables(source)
        hint = nearest(message.removeprefix(_NO_TABLE), names) or f"tables: {', '.join(names)}"[:300]
        return MappingError(f"SQLite: {message}", position=source.position, hint=hint)
    return _refused(source, f"SQLite: {message}")


def _tables(source: Source) -> list[str]:
    """The names of the tables and views that there are."""
    try:
        with closing(_connected(source)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
            return [name for (name,) in found if not name.startswith("sqlite_")]
    except (sqlite3.Error, sqlite3.Warning):
        return []


def _refused(source: Source, message: str) -> MappingError:
    return MappingError(message, position=source.position, hint="a query is one SELECT, without a second statement")
