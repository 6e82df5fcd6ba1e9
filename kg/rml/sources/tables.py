"""Tables that know the types of their cells: sheets, Parquet, and what a database answers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Any, Final

from kg.errors import DataError, Position, StorageError
from kg.rml.formats import unread_format
from kg.rml.layout.cells import rules_of, trimmed
from kg.rml.mapping.model import Batch, Formulation, Source, Trim
from kg.rml.sources.table import TEXTS, Table, column_named


class Kind(Enum):
    """What holds a table."""

    SQLITE = "SQLite"
    DUCKDB = "DuckDB"
    PARQUET = "Parquet"
    TEXT = "CSV or JSON"
    XLSX = "XLSX"
    ODS = "ODS"
    POSTGRESQL = "PostgreSQL"
    MYSQL = "MySQL"


_MAGIC: Final = (
    (0, b"SQLite format 3\0", Kind.SQLITE),
    (8, b"DUCK", Kind.DUCKDB),
    (0, b"PAR1", Kind.PARQUET),
    (0, b"PK\x03\x04", Kind.XLSX),
)


def kind_of(source: Source) -> Kind:
    """What a source is: of a file, its first bytes tell, whatever its name.

    :raises DataError: if it is nothing that is known here
    :raises StorageError: if the system cannot read it
    """
    if source.formulation is Formulation.SQL_QUERY and source.suffix in TEXTS:
        return Kind.TEXT
    if source.database is not None:
        return Kind.POSTGRESQL if source.database.dsn.startswith("jdbc:postgresql:") else Kind.MYSQL
    try:
        with source.path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise StorageError(f"cannot read {source.name}: {error.strerror}", hint="check its rights") from None
    for offset, magic, kind in _MAGIC:
        if start[offset:].startswith(magic):
            return _kind_of_workbook(source) if kind is Kind.XLSX else kind
    position = Position(source.name, 1)
    if not start:
        raise DataError("the file is empty", position=position)
    unread = unread_format(start)
    if unread is not None:
        raise DataError(f"this is {unread.name}", position=position, hint=unread.advice)
    hint = "write rml:referenceFormulation rml:CSV, rml:JSONPath or rml:XPath if it is one of those"
    raise DataError("neither XLSX, ODS, Parquet, SQLite nor DuckDB", position=position, hint=hint)


def _kind_of_workbook(source: Source) -> Kind:
    """What an archive holds; one that is damaged is for its reader to tell."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        position = Position(source.name, 1)
        raise DataError("this is a binary workbook (XLSB)", position=position, hint="save it as .xlsx")
    return Kind.ODS if "content.xml" in names and "[Content_Types].xml" not in names else Kind.XLSX


def opened(source: Source) -> AbstractContextManager[Table]:
    """A table, opened for reading and for nothing else.

    :raises MappingError: if there is no such table, or the query is none
    :raises DataError: if the file is not what it should be
    :raises UsageError: if the library that reads it is not installed
    :raises OperationError: if a database cannot be reached
    """
    kind = kind_of(source)
    match kind:
        case Kind.SQLITE:
            from kg.rml.sources import sqlite

            return sqlite.opened(source)
        case Kind.DUCKDB:
            from kg.rml.sources import duckdb

            return duckdb.opened_database(source)
        case Kind.PARQUET | Kind.TEXT:
            from kg.rml.sources import duckdb

            return duckdb.opened_files(source)
        case Kind.XLSX | Kind.ODS:
            return _opened_workbook(source, kind)
        case Kind.POSTGRESQL:
            from kg.rml.sources import postgresql

            return postgresql.opened(source)
        case Kind.MYSQL:
            from kg.rml.sources import mysql

            return mysql.opened(source)
    raise ValueError(kind)


def _opened_workbook(source: Source, kind: Kind) -> AbstractContextManager[Table]:
    if kind is Kind.ODS:
        from kg.rml.sources.sheets import ods

        return ods.opened(source)
    from kg.rml.sources.sheets import xlsx

    return xlsx.opened(source)


def columns_of(source: Source) -> tuple[str, ...]:
    """The names of the columns; one may be empty, or stand twice, as long as nobody asks for it.

    :raises DataError: if the file is not what it should be
    :raises KgError: as `opened` does
    """
    with opened(source) as table:
        return table.columns


def batches(source: Source, references: tuple[str, ...]) -> Iterator[Batch]:
    """The rows of a table, with values of their types.

    :raises KgError: as `opened` does
    """
    first, rules = 1, rules_of(source, references, None)
    with opened(source) as table:
        names = [column_named(reference, table.columns) or reference for reference in references]
        for rows, lines in table.rows(tuple(table.columns.index(name) for name in names)):
            columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True))
            if source.nulls:
                columns = [_without(column, source.nulls) for column in columns]
            if rules or source.dialect.trim is not Trim.NONE:
                columns = [trimmed(column, source.dialect.trim) for column in columns]
                columns = [rules[n](column) if n in rules else column for n, column in enumerate(columns)]
            yield Batch(tuple(columns), len(rows), first, None if lines is None else lines.__getitem__)
            first += len(rows)


def _without(column: Sequence[Any], nulls: frozenset[str]) -> Sequence[Any]:
    return [None if isinstance(value, str) and value in nulls else value for value in column]
