"""Tables and queries of MySQL and MariaDB: one statement in a transaction that can only read, row by row."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError, MappingError, OperationError
from kg.rdf.grammar import XSD
from kg.rml.mapping.address import Address, parse_address, password_of
from kg.rml.mapping.model import Source
from kg.rml.mapping.values import Typed, Unusable, temporal
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
    import pymysql

_WAIT: Final = 10
_SETTINGS: Final = (
    "SET SESSION TRANSACTION READ ONLY",
    "START TRANSACTION READ ONLY",
    "SET time_zone = '+00:00'",
    "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,PIPES_AS_CONCAT')",
)
"""As in SQL 2008, what is in double quotes is a name, and `||` joins texts: else a query would silently give its own
words, and zeros."""
_SSL_MODES: Final = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
_UNREACHABLE: Final = frozenset({1040, 1044, 1045, 1049, 1130, 2002, 2003, 2006, 2013})
_READ_ONLY: Final = 1792
_NO_COLUMN: Final = 1054
_NO_TABLE: Final = 1146
_TABLES: Final = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE LOWER(table_name) = LOWER(%s) AND LOWER(table_schema) = LOWER(COALESCE(%s, DATABASE())) ORDER BY 1, 2
"""


@contextmanager
def opened(source: Source) -> Iterator[Table]:
    """A table or a query.

    :raises MappingError: if there is no such table, or the query is none that only reads
    :raises UsageError: if PyMySQL is not installed
    :raises OperationError: if the server cannot be reached
    """
    try:
        import pymysql
    except ImportError:
        raise missing("MySQL") from None
    statement = statement_of(source, "`")
    with closing(_connected(source)) as connection:
        cursor = connection.cursor()
        try:
            for setting in _SETTINGS:
                cursor.execute(setting)
            try:
                cursor.execute(statement)
            except pymysql.err.ProgrammingError as error:
                other = _in_its_letters(cursor, source) if error.args[0] == _NO_TABLE else None
                if other is None:
                    raise
                cursor.execute(other)
        except pymysql.Error as error:
            raise _faulty(source, error) from None
        if cursor.description is None:
            refuse(source, "the query gives no rows", "a query is one SELECT, without a second statement")
        convert = [_conversion(column[1], column[3]) for column in cursor.description]

        def rows(wanted: tuple[int, ...]) -> Rows:
            try:
                while some := cursor.fetchmany(ROWS):
                    yield picked(some, wanted, convert), None
            except pymysql.Error as error:
                raise _faulty(source, error) from None

        try:
            yield Table(tuple(column[0] for column in cursor.description), rows)
        finally:
            _leave(cursor)


def _in_its_letters(cursor: Any, source: Source) -> str | None:
    """The query for the one table that is called as the mapping says, but for capitals."""
    written = name_in_any_letters(source)
    if written is None:
        return None
    schema, table = written
    cursor.execute(_TABLES, (table, schema))
    of = {f"{quoted(space, '`')}.{quoted(name, '`')}": name for space, name in cursor.fetchall()}
    name = one_of(table, list(of.values()))
    return next((f"SELECT * FROM {place}" for place, one in of.items() if one == name), None)  # noqa: S608 -- quoted


def _connected(source: Source) -> pymysql.Connection[Any]:
    import pymysql
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions
    from pymysql.cursors import SSCursor

    assert source.database is not None
    address = parse_address(source.database.dsn)
    temporals = {FIELD_TYPE.DATE, FIELD_TYPE.TIME, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP}
    decoders = {key: value for key, value in conversions.items() if key not in temporals}
    try:
        return pymysql.connect(
            host=address.host,
            port=address.port,
            database=address.name,
            user=source.database.user or "",
            password=password_of(source) or "",
            charset="utf8mb4",
            connect_timeout=_WAIT,
            cursorclass=SSCursor,
            conv=decoders,
            local_infile=False,
            **_tls(source, address),
        )
    except pymysql.Error as error:
        raise _unreachable(source, error) from None


def _leave(cursor: Any) -> None:
    """Let go of rows that nobody wants; the cursor itself would read them to the end before it closes."""
    result = cursor._result  # noqa: SLF001 -- there is no other way to leave an unbuffered result
    if result is not None:
        result.unbuffered_active = False
        result.connection = None


def _tls(source: Source, address: Address) -> dict[str, Any]:
    mode = (address.tls or "PREFERRED").upper()
    if mode not in _SSL_MODES:
        refuse(source, f"sslMode is one of {', '.join(_SSL_MODES)}")
    if mode == "DISABLED":
        return {"ssl_disabled": True}
    if mode == "PREFERRED":
        return {}
    context = ssl.create_default_context()
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}


def _conversion(kind: int, length: int | None) -> Callable[[Any], Any] | None:
    from pymysql.constants import FIELD_TYPE

    if kind == FIELD_TYPE.TINY and length == 1:
        return _boolean
    datatypes = {
        FIELD_TYPE.DATE: "date",
        FIELD_TYPE.TIME: "time",
        FIELD_TYPE.DATETIME: "dateTime",
        FIELD_TYPE.TIMESTAMP: "dateTime",
    }
    datatype = datatypes.get(kind)
    if datatype is None:
        return None
    zone = "Z" if kind == FIELD_TYPE.TIMESTAMP else ""
    return lambda text: Typed(temporal(text) + zone, XSD + datatype)


def _boolean(value: int) -> bool | Unusable:
    """A BOOLEAN, which is a TINYINT(1) that holds 0 or 1."""
    return bool(value) if value in {0, 1} else Unusable(f"{value} in a column of BOOLEAN: cast it in a query")


def _unreachable(source: Source, error: Exception) -> OperationError:
    hint = "is the server running, and are user and password right?"
    return OperationError(f"cannot reach {source.name}: {_reason(error)}", hint=hint)


def _faulty(source: Source, error: Exception) -> KgError:
    number = error.args[0] if error.args else 0
    if number in _UNREACHABLE:
        return _unreachable(source, error)
    if number == _READ_ONLY:
        return MappingError("the query does more than read", position=source.position)
    hint = "a name is in double quotes, a text in single ones: 'EN'" if number == _NO_COLUMN else None
    return MappingError(f"MySQL: {_reason(error)}", position=source.position, hint=hint)


def _reason(error: Exception) -> str:
    return str(error.args[1] if len(error.args) > 1 else error)
