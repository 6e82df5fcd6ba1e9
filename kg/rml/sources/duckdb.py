"""Parquet, and tables and queries of a DuckDB database, by DuckDB: it reads that one file and nothing else.

Extensions are neither loaded nor fetched; what the wheel brings reads Parquet and its own databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from kg.errors import DataError, KgError, MappingError, OperationError, Position
from kg.rml.mapping.grammar import XSD
from kg.rml.mapping.model import Formulation, Source
from kg.rml.mapping.values import Typed, temporal
from kg.rml.sources.table import ROWS, Rows, Table, missing, refuse, statement_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CLOSED: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "threads": "1",
    "memory_limit": "1GiB",
    "temp_directory": "",
}
"""One thread: the order of the rows is that of the file, and memory is that of one row group. Nothing is written."""
_DATATYPES: Final = {
    "DATE": "date",
    "TIME": "time",
    "TIME_NS": "time",
    "TIME WITH TIME ZONE": "time",
    "TIMESTAMP": "dateTime",
    "TIMESTAMP_S": "dateTime",
    "TIMESTAMP_MS": "dateTime",
    "TIMESTAMP_NS": "dateTime",
    "TIMESTAMP WITH TIME ZONE": "dateTime",
    "BIGNUM": "integer",
    "VARINT": "integer",
}
"""Types that Python cannot hold whole: they are taken as texts."""
_TEXTS: Final = ("UUID", "BIT", "ENUM")


@contextmanager
def opened_database(source: Source) -> Iterator[Table]:
    """A table or a query of a DuckDB database.

    :raises MappingError: if there is no such table, or the query is none
    :raises DataError: if the file is damaged
    :raises UsageError: if DuckDB is not installed
    """
    statement = statement_of(source)
    with _connected(source, str(source.path), {"enable_external_access": "false"}) as connection:
        yield _table(source, connection, statement)


@contextmanager
def opened_parquet(source: Source) -> Iterator[Table]:
    """The table of a Parquet file, or a query that names it by the stem of the file.

    :raises MappingError: if the query is none
    :raises DataError: if the file is damaged
    :raises UsageError: if DuckDB is not installed
    """
    if source.formulation is Formulation.SQL_TABLE and source.iterator is not None:
        refuse(source, "a Parquet file holds one table, which has no name", "remove rml:iterator")
    path = "'" + str(source.path).replace("'", "''") + "'"
    name = '"' + source.path.stem.replace('"', '""') + '"'
    with _connected(source, ":memory:", {}) as connection:
        try:
            connection.execute(f"SET allowed_paths = [{path}]")
            connection.execute("SET enable_external_access = false")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{path}])")  # noqa: S608 -- quoted
        except _errors() as error:
            raise _faulty(source, error) from None
        is_query = source.formulation is Formulation.SQL_QUERY
        statement = statement_of(source) if is_query else f"SELECT * FROM {name}"  # noqa: S608 -- quoted above
        yield _table(source, connection, statement)


def _errors() -> tuple[type[Exception], ...]:
    import duckdb

    return (duckdb.Error,)


@contextmanager
def _connected(source: Source, name: str, more: dict[str, str]) -> Iterator[DuckDBPyConnection]:
    try:
        import duckdb
    except ImportError:
        raise missing(f"reading {source.name}") from None
    is_file = name != ":memory:"
    try:
        connection = duckdb.connect(name, read_only=is_file, config={**_CLOSED, **more})
    except duckdb.Error as error:
        raise DataError(f"DuckDB: {_first(error)}", position=Position(source.name, 1)) from None
    with closing(connection):
        yield connection


def _table(source: Source, connection: DuckDBPyConnection, statement: str) -> Table:
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET lock_configuration = true")
        parsed = connection.extract_statements(statement)
        if len(parsed) != 1 or not str(parsed[0].type).endswith("SELECT"):
            refuse(source, "the query does more than read", "a query is one SELECT, without a second statement")
        relation = connection.sql(statement)
        names, types = tuple(relation.columns), [str(kind) for kind in relation.types]
    except _errors() as error:
        raise _faulty(source, error) from None

    def rows(wanted: tuple[int, ...]) -> Rows:
        for number in wanted:
            if types[number] == "INTERVAL":
                refuse(source, f"'{names[number]}' is an interval, for which RDF has no datatype", "cast it in a query")
        chosen = ", ".join(f"{_column(number, types[number])} AS c{number}" for number in wanted) or "1"
        aliases = ", ".join(f"c{number}" for number in range(len(names)))
        made = [_conversion(types[number]) for number in wanted]
        try:
            cursor = connection.execute(f"SELECT {chosen} FROM ({statement}) AS t({aliases})")  # noqa: S608 -- numbers
            while some := cursor.fetchmany(ROWS):
                yield [_row(row, made) for row in some], None
        except _errors() as error:
            raise _faulty(source, error) from None

    return Table(names, rows)


def _row(row: tuple[Any, ...], made: list[Callable[[Any], Any] | None]) -> list[Any]:
    return [
        value if value is None or convert is None else convert(value) for value, convert in zip(row, made, strict=False)
    ]


def _column(number: int, kind: str) -> str:
    if kind in _DATATYPES or kind.startswith(_TEXTS):
        return f"CAST(c{number} AS VARCHAR)"
    if kind == "FLOAT":  # the shortest decimal of a single, not the digits of a double that is as large
        return f"CAST(CAST(c{number} AS VARCHAR) AS DOUBLE)"
    return f"c{number}"


def _conversion(kind: str) -> Callable[[Any], Any] | None:
    datatype = _DATATYPES.get(kind)
    return None if datatype is None else lambda text: Typed(temporal(text), XSD + datatype)


def _faulty(source: Source, error: Exception) -> KgError:
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        hint = "a query may take 1 GiB: ask for less at once"
        return OperationError(f"{source.name}: {_first(error)}", hint=hint)
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)):
        return DataError(f"DuckDB: {_first(error)}", position=Position(source.name, 1), hint="is the file whole?")
    if isinstance(error, duckdb.PermissionException):
        return MappingError(
            "the query reads another file", position=source.position, hint="a mapping reads the sources that it names"
        )
    return MappingError(f"DuckDB: {_first(error)}", position=source.position)


def _first(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]
