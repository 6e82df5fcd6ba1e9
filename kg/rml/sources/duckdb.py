"""Parquet, tables and queries of a DuckDB database, and queries over files, by DuckDB: it reads those and nothing else.

Extensions are neither loaded nor fetched; what the wheel brings reads Parquet and its own databases.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import DataError, KgError, MappingError, OperationError, Position
from kg.rdf.grammar import XSD
from kg.rml.mapping.model import PACKED, Compression, Formulation, Source
from kg.rml.mapping.values import Typed, temporal
from kg.rml.sources.csv import header_of
from kg.rml.sources.stream import opened
from kg.rml.sources.table import IN_CSV, IN_JSON, ROWS, Rows, Table, missing, refuse, statement_of

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
_BLOCK: Final = 1 << 20


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
def opened_files(source: Source) -> Iterator[Table]:
    """The table of a Parquet file, or a query over files of Parquet, CSV or JSON.

    A query names the source by the stem of its file; the other files that the mapping names in the same way, and any by
    its whole path in quotes. It can open nothing else, and nothing on the network.

    :raises MappingError: if the query is none, or reads what it may not
    :raises DataError: if a file is damaged
    :raises UsageError: if DuckDB is not installed
    """
    is_query = source.formulation is Formulation.SQL_QUERY
    if not is_query and source.iterator is not None:
        refuse(source, "a Parquet file holds one table, which has no name", "remove rml:iterator")
    own = _quoted_name(_stem(source))
    statement = statement_of(source) if is_query else f"SELECT * FROM {own}"  # noqa: S608 -- quoted
    named = _named(source, statement if is_query else "")
    with _unpacked({source, *named.values()}) as places, _connected(source, ":memory:", {}) as connection:
        try:
            files = (places.get(table, table.path) for table in (source, *source.tables))
            paths = ", ".join(_quoted_text(str(path)) for path in files)
            connection.execute(f"SET allowed_paths = [{paths}]")
            connection.execute("SET enable_external_access = false")
            for name, table in named.items():
                reading = _reading(table, places.get(table, table.path))
                connection.execute(f"CREATE VIEW {_quoted_name(name)} AS SELECT * FROM {reading}")  # noqa: S608 -- quoted
        except _errors() as error:
            raise _faulty(source, error) from None
        yield _table(source, connection, statement)


def _named(source: Source, statement: str) -> dict[str, Source]:
    """The files that a query speaks of, by the names that it may have for them."""
    text = statement.casefold()
    stems = Counter(map(_stem, source.tables))
    named = {_stem(source): source}
    for table in source.tables:
        for name in (_stem(table), table.name):
            is_clear = name == table.name or stems[name] == 1
            if is_clear and name.casefold() in text:
                named.setdefault(name, table)
    if source.name.casefold() in text:
        named.setdefault(source.name, source)
    return named


def _stem(table: Source) -> str:
    """The name of a file without its suffix, and without that of its compression."""
    name = table.path.name
    if table.compression is not Compression.NONE:
        name = next((name[: -len(end)] for end in PACKED if name.lower().endswith(end)), name)
    return Path(name).stem


@contextmanager
def _unpacked(tables: Collection[Source]) -> Iterator[Mapping[Source, Path]]:
    """Where packed files lie unpacked, for as long as they are read; they may not become too large.

    :raises DataError: if one is damaged, or larger than is allowed
    """
    packed = [table for table in tables if table.compression is not Compression.NONE]
    if not packed:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="kg-map-") as folder:
        places = {table: Path(folder, f"{number}{table.suffix}") for number, table in enumerate(packed)}
        for table, path in places.items():
            with opened(table) as content, path.open("wb") as file:
                shutil.copyfileobj(content, file, _BLOCK)
        yield places


def _reading(table: Source, place: Path) -> str:
    """A file as a table of DuckDB."""
    path = f"[{_quoted_text(str(place))}]"
    record = table.limits.record
    if table.suffix in IN_JSON:
        kind = "auto" if table.suffix == ".json" else "newline_delimited"
        return f"read_json({path}, format = '{kind}', maximum_object_size = {record}, sample_size = -1)"
    if table.suffix not in IN_CSV:
        return f"read_parquet({path})"
    columns = ", ".join(f"{_quoted_text(name)}: 'VARCHAR'" for name in header_of(table))
    nothing = ", ".join(map(_quoted_text, sorted({"", *table.nulls})))
    delimiter = _quoted_text(table.dialect.delimiter)
    return (
        f"read_csv({path}, auto_detect = false, header = true, delim = {delimiter}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, nullstr = [{nothing}], max_line_size = {record})"
    )


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
    named = None
    if isinstance(error, duckdb.CatalogException) and source.formulation is Formulation.SQL_QUERY and source.tables:
        known = [_stem(table) for table in (source, *source.tables)]
        named = f"the files that the mapping names: {', '.join(known)}"[:300]
    return MappingError(f"DuckDB: {_first(error)}", position=source.position, hint=named)


def _first(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]
