"""Tables and queries of PostgreSQL: one statement in a transaction that can only read, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError, MappingError, OperationError
from kg.rdf.grammar import XSD
from kg.rml.mapping.address import parse_address, password_of
from kg.rml.mapping.model import Source
from kg.rml.mapping.values import Typed, temporal
from kg.rml.sources.table import (
    ROWS,
    Rows,
    Table,
    missing,
    name_in_any_letters,
    one_of,
    picked,
    quoted,
    refuse,
    statement_of,
)

if TYPE_CHECKING:
    import psycopg

_WAIT: Final = 10
_SETTINGS: Final = (
    "-c default_transaction_read_only=on -c DateStyle=ISO -c TimeZone=UTC -c IntervalStyle=iso_8601 "
    "-c synchronize_seqscans=off -c bytea_output=hex"
)
"""Times are those of UTC, and rows come in the order of the table whoever else is reading it."""
_TEMPORAL: Final = {
    "date": "date",
    "time": "time",
    "timetz": "time",
    "timestamp": "dateTime",
    "timestamptz": "dateTime",
}
_TABLES: Final = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND lower(c.relname) = lower(%(table)s::text)
    AND CASE WHEN %(schema)s::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
        ELSE lower(n.nspname) = lower(%(schema)s::text) END ORDER BY 1, 2
"""
_AS_TEXT: Final = (*_TEMPORAL, "interval", "uuid", "inet", "cidr", "json", "jsonb")


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A table or a query.

    :raises MappingError: if there is no such table, or the query is none that only reads
    :raises UsageError: if psycopg is not installed
    :raises OperationError: if the server cannot be reached
    """
    try:
        import psycopg
    except ImportError:
        raise missing("PostgreSQL") from None
    statement = statement_of(source)
    with closing(_connected(source)) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        try:
            try:
                names, types = _described(connection, statement)
            except psycopg.errors.UndefinedTable:
                statement = _in_its_letters(connection, source) or statement
                names, types = _described(connection, statement)
        except psycopg.Error as error:
            raise _faulty(source, error) from None
        if not names:
            refuse(source, "the query gives no rows", "a query is one SELECT, without a second statement")

        def rows(wanted: tuple[int, ...]) -> Rows:
            for number in wanted:
                if types[number] == "interval":
                    hint = "cast it in a query"
                    refuse(source, f"'{names[number]}' is an interval, for which RDF has no datatype", hint)
            convert = [_conversion(name) for name in types]
            try:
                stream = connection.cursor().stream(statement.encode())
                while some := list(islice(stream, ROWS)):
                    yield picked(some, wanted, convert), None
            except psycopg.Error as error:
                raise _faulty(source, error) from None

        yield Table(names, rows)


def _connected(source: Source) -> psycopg.Connection[Any]:
    import psycopg
    from psycopg.types.string import TextLoader

    assert source.database is not None
    address = parse_address(source.database.dsn)
    try:
        connection = psycopg.connect(
            host=address.host,
            port=address.port,
            dbname=address.name,
            user=source.database.user,
            password=password_of(source),
            sslmode=address.tls or "prefer",
            connect_timeout=_WAIT,
            options=_SETTINGS,
            application_name="zellige",
            client_encoding="utf8",
        )
    except psycopg.Error as error:
        raise _unreachable(source, error) from None
    for name in _AS_TEXT:
        connection.adapters.register_loader(name, TextLoader)
    return connection


def _described(connection: psycopg.Connection[Any], statement: str) -> tuple[tuple[str, ...], list[str]]:
    """The names and the types of the columns of one statement, which is not run."""
    from psycopg import errors
    from psycopg.pq import ExecStatus

    for result in (
        connection.pgconn.prepare(b"", statement.encode()),
        connection.pgconn.describe_prepared(b""),
    ):
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
    names = tuple((result.fname(number) or b"").decode() for number in range(result.nfields))
    known = [connection.adapters.types.get(result.ftype(number)) for number in range(result.nfields)]
    return names, ["" if kind is None else kind.name for kind in known]


def _in_its_letters(connection: psycopg.Connection[Any], source: Source) -> str | None:
    """The query for the one table that is called as the mapping says, but for capitals: who writes "Student" without
    quotes means what was created with them, where there is no other."""
    written = name_in_any_letters(source)
    if written is None:
        return None
    schema, table = written
    found = connection.execute(_TABLES, {"schema": schema, "table": table}).fetchall()
    of = {f"{quoted(space)}.{quoted(name)}": name for space, name in found}
    name = one_of(table, list(of.values()))
    return next((f"SELECT * FROM {place}" for place, one in of.items() if one == name), None)  # noqa: S608 -- quoted


def _conversion(name: str) -> Callable[[Any], Any] | None:
    datatype = _TEMPORAL.get(name)
    return None if datatype is None else lambda text: Typed(temporal(text), XSD + datatype)


def _unreachable(source: Source, error: Exception) -> OperationError:
    reason = str(error).strip().split("\n")[-1]
    hint = "is the server running, and are user and password right?"
    return OperationError(f"cannot reach {source.name}: {reason}", hint=hint)


def _faulty(source: Source, error: psycopg.Error) -> KgError:
    import psycopg

    if isinstance(error, psycopg.OperationalError):
        return _unreachable(source, error)
    reason = str(error).strip().split("\n", maxsplit=1)[0]
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return MappingError("the query does more than read", position=source.position)
    return MappingError(f"PostgreSQL: {reason}", position=source.position)
