"""Tables and queries of a SQLite database, by the module that Python brings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final
from urllib.parse import quote

from kg.errors import DataError, KgError, MappingError, Position
from kg.rml.mapping.model import Source
from kg.rml.sources.table import ROWS, Rows, Table, statement_of

_READS: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_FILE_FAULTS: Final = ("not a database", "malformed", "unable to open", "disk I/O", "decode", "encrypted")


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A table or a query; nothing but reading is authorized, and no other file.

    :raises MappingError: if there is no such table, or the query is none that only reads
    :raises DataError: if the file is damaged
    """
    statement = statement_of(source)
    try:
        connection = sqlite3.connect(f"file:{quote(str(source.path))}?mode=ro", uri=True, isolation_level=None)
        with closing(connection):
            connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
            cursor = connection.execute(statement)
            if cursor.description is None:
                raise _refused(source, "the query gives no rows")

            def rows(wanted: tuple[int, ...]) -> Rows:
                try:
                    while some := cursor.fetchmany(ROWS):
                        yield [[row[number] for number in wanted] for row in some], None
                except sqlite3.Error as error:
                    raise _faulty(source, error) from None

            yield Table(tuple(column[0] for column in cursor.description), rows)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _faulty(source, error) from None


def _faulty(source: Source, error: Exception) -> KgError:
    message = str(error)
    if any(part in message for part in _FILE_FAULTS):
        return DataError(f"SQLite: {message}", position=Position(source.name, 1), hint="is the file whole?")
    if "not authorized" in message or "prohibited" in message:
        return _refused(source, "the query does more than read this database")
    return _refused(source, f"SQLite: {message}")


def _refused(source: Source, message: str) -> MappingError:
    return MappingError(message, position=source.position, hint="a query is one SELECT, without a second statement")
