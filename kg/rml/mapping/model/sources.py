"""Where rows come from: files, databases and views of them (RML-IO, RML-LV), and rows as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Position
from kg.rml.mapping.access import Limits
from kg.rml.mapping.model.expressions import Expression, Join


class Formulation(StrEnum):
    """How values are named in a source: the local names of the registry of RML-IO."""

    CSV = "CSV"
    JSON_PATH = "JSONPath"
    XPATH = "XPath"
    SQL_TABLE = "SQL2008Table"
    SQL_QUERY = "SQL2008Query"
    VIEW = "LogicalView"
    """Names of fields: nothing that a mapping writes."""


TREES: Final = (Formulation.JSON_PATH, Formulation.XPATH)
"""Formulations whose references are paths."""


class Trim(StrEnum):
    """Where blanks around a cell are taken away (CSVW, `csvw:trim`)."""

    NONE = "false"
    BOTH = "true"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written (CSVW, dialect descriptions)."""

    delimiter: str = ","
    quote: str = '"'
    """One character, or nothing if quotes are data."""
    doubles_quotes: bool = True
    """Whether a quote within a cell is doubled; else a backslash stands before it."""
    has_header: bool = True
    """Without a header, columns are named `_col.1`, `_col.2` (CSVW, model for tabular data)."""
    header_rows: int = 1
    """Rows of the header; several name a column together (`kg.rml.layout.headers`)."""
    fills_merged: bool = False
    """Whether each cell of those that are merged in a sheet has their value, and not the first alone."""
    comment: str = ""
    """What lines begin with that are none of the table."""
    skip_rows: int = 0
    """Lines before the header."""
    skip_columns: int = 0
    """Columns at the left that are none of the table."""
    skip_initial_space: bool = False
    trim: Trim = Trim.NONE


@dataclass(frozen=True, slots=True)
class Column:
    """What holds for one column of a table and no other (CSVW, column descriptions)."""

    name: str
    nulls: frozenset[str] = frozenset()
    trim: Trim = Trim.NONE
    fills_down: bool = False
    """Whether an empty cell has the value of the one above it."""


class Compression(StrEnum):
    """How the bytes of a file are packed: the local names of RML-IO, and those that a suffix names."""

    NONE = "none"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR_GZIP = "targz"
    TAR_XZ = "tarxz"


PACKED: Final[Mapping[str, Compression]] = MappingProxyType(
    {
        ".tar.gz": Compression.TAR_GZIP,
        ".tgz": Compression.TAR_GZIP,
        ".tar.xz": Compression.TAR_XZ,
        ".txz": Compression.TAR_XZ,
        ".gz": Compression.GZIP,
        ".bz2": Compression.BZIP2,
        ".xz": Compression.XZ,
        ".zst": Compression.ZSTD,
        ".zip": Compression.ZIP,
    }
)
"""Suffixes of packed files; a longer one stands before the one that it ends with."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is asked over the network, or through a socket."""

    dsn: str
    """Its address as JDBC writes it, without user and password."""
    user: str | None = None
    password_variable: str | None = None
    """The variable of the environment that holds the password."""


@dataclass(frozen=True, slots=True)
class Source:
    """A logical source: a file or a database, how it is walked through, and how values are named in it."""

    path: Path
    """The file; of a database, nothing."""
    name: str
    """The path as the mapping writes it, or the address of the database: what errors call it."""
    formulation: Formulation
    iterator: str | None = None
    """A path into a tree, the name of a table or a sheet, or a query."""
    encoding: str = "utf-8"
    """A name that Python knows; a byte order mark is never data."""
    nulls: frozenset[str] = frozenset()
    """Values that mean that there is none; in a table, the empty cell always does."""
    dialect: Dialect = Dialect()
    compression: Compression = Compression.NONE
    namespaces: tuple[tuple[str, str], ...] = ()
    """Prefixes of XPath, and the namespaces that they stand for."""
    database: Database | None = None
    position: Position = field(default=Position("", 1), compare=False)
    limits: Limits = field(default=Limits(), compare=False)
    columns: tuple[Column, ...] = ()
    """Columns that have rules of their own."""
    view: View | None = None
    """What a logical view makes of the records of another source, whose file and name these are."""
    tables: tuple[Source, ...] = ()
    """Other files that a query over a file may read: those that the mapping names."""

    @property
    def suffix(self) -> str:
        """The suffix of the file, in small letters, without that of its compression.

        >>> Source(Path("a/b.JSONL.gz"), "b", Formulation.JSON_PATH, compression=Compression.GZIP).suffix
        '.jsonl'
        """
        name = self.path.name.lower()
        if self.compression is not Compression.NONE:
            name = next((name.removesuffix(end) for end in PACKED if name.endswith(end)), name)
        return Path(name).suffix


@dataclass(frozen=True, slots=True)
class Field:
    """A name for values of a record, or for records within it (RML-LV, section 4)."""

    name: str
    """With those of the fields that it lies in: `item.type`."""
    expression: Expression | None = None
    """Of an expression field."""
    records: Source | None = None
    """Of an iterable field: how what its parent has is walked through, and how values are named in it."""
    fields: tuple[Field, ...] = ()
    position: Position = field(default=Position("", 1), compare=False)

    def names(self) -> Iterator[str]:
        """What can be referred to: values, positions of values and of records, and those within."""
        yield from (f"{self.name}.#",) if self.expression is None else (self.name, f"{self.name}.#")
        for inner in self.fields:
            yield from inner.names()


@dataclass(frozen=True, slots=True)
class ViewJoin:
    """Fields of another view that a view has besides its own (RML-LV, section 5)."""

    parent: Source
    joins: tuple[Join, ...]
    fields: tuple[Field, ...]
    is_left: bool
    """Whether records stay for which the other view has none."""
    position: Position = field(compare=False)
    is_full: bool = False
    """Whether those of the other view stay, too, for which this one has none."""


@dataclass(frozen=True, slots=True)
class View:
    """A flat view of the records of a source or of another view (RML-LV, section 3)."""

    on: Source
    fields: tuple[Field, ...]
    joins: tuple[ViewJoin, ...] = ()
    is_counted: bool = True
    """Whether anything refers to the positions of its records."""

    def names(self) -> tuple[str, ...]:
        """What can be referred to."""
        listed = [*self.fields, *(one for join in self.joins for one in join.fields)]
        return ("#", *(key for one in listed for key in one.names()))


def leaves_of(source: Source) -> Iterator[Source]:
    """The sources that are read: of a view, those that it and the views that it joins are made of."""
    if source.view is None:
        yield from (source, *source.tables)
        return
    for inner in (source.view.on, *(join.parent for join in source.view.joins)):
        yield from leaves_of(inner)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source, as one column for each reference."""

    columns: tuple[Sequence[Any], ...]
    size: int
    first: int
    """The number of the first row; the first of a source is 1."""
    lines: Callable[[int], int] | None = None
    """The line of the file on which a row of the batch begins, by its index; none if rows have no lines."""
    unmatched: int = 0
    """Of a view: how often a join found nothing, here or before."""
    source: str = ""
    """The name of the file that the rows are of, if it is not that of their source."""

    def picked(self, numbers: Sequence[int]) -> Batch:
        """The same rows, with some of the columns."""
        columns = tuple(self.columns[number] for number in numbers)
        return Batch(columns, self.size, self.first, self.lines, source=self.source)

    def row(self, index: int) -> Batch:
        """One row as a batch of its own."""
        columns = tuple(column[index : index + 1] for column in self.columns)
        lines = self.lines
        own = None if lines is None else lambda _: lines(index)
        return Batch(columns, 1, self.first + index, own, source=self.source)
