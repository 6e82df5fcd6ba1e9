"""What a mapping says, once it is known to make sense: RML-Core as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import Position, Problem
from kg.rml.mapping.access import Limits
from kg.rml.mapping.functions import Function


class TermType(StrEnum):
    """What a term map makes (RML-Core, term types)."""

    IRI = "IRI"
    URI = "URI"
    UNSAFE_IRI = "UnsafeIRI"
    BLANK_NODE = "BlankNode"
    LITERAL = "Literal"


class Formulation(StrEnum):
    """How values are named in a source: the local names of the registry of RML-IO."""

    CSV = "CSV"
    JSON_PATH = "JSONPath"
    XPATH = "XPath"
    SQL_TABLE = "SQL2008Table"
    SQL_QUERY = "SQL2008Query"


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
class Constant:
    """The same term for every row."""

    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Reference:
    """A value of the row: a column, a JSONPath, an XPath."""

    text: str
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in it."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function takes for one of its parameters: values of the row, or the same for every row."""

    expressions: tuple[Expression, ...] = ()
    """One, or several for a parameter that takes texts."""
    value: Any = None
    """What is taken if there is no expression."""


@dataclass(frozen=True, slots=True)
class Call:
    """The result of a function (RML-FNML, function executions)."""

    function: Function
    arguments: tuple[Argument, ...]
    """One for each parameter of the function, in its order."""
    position: Position = field(compare=False)

    def inner(self) -> Iterator[Expression]:
        """The expressions that it takes."""
        for argument in self.arguments:
            yield from argument.expressions


Expression = Constant | Reference | Template | Call
Conditions = tuple[Expression, ...]
"""What must hold for a term to be made; all of them, before anything else is looked at."""


@dataclass(frozen=True, slots=True)
class TermMap:
    """How a term is made of a row; without an expression, every row gets a blank node of its own."""

    expression: Expression | None
    term_type: TermType
    base: str | None
    """What relative IRIs are put behind."""
    position: Position = field(compare=False)
    language: TermMap | None = None
    datatype: TermMap | None = None
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class Join:
    """A condition: some value of the child equals some value of the parent."""

    child: Expression
    parent: Expression


@dataclass(frozen=True, slots=True)
class RefObjectMap:
    """Objects that are the subjects of another triples map."""

    parent: str
    joins: tuple[Join, ...]
    position: Position = field(compare=False)
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Predicates and objects, and the graphs they go to besides those of the subject."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | RefObjectMap, ...]
    graphs: tuple[TermMap, ...]
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """How the rows of a source become triples."""

    name: str
    source: Source
    subject: TermMap
    classes: tuple[NamedNode, ...]
    graphs: tuple[TermMap, ...]
    pairs: tuple[PredicateObjectMap, ...]
    position: Position = field(compare=False)
    conditions: Conditions = ()
    """Those of its subject map, too: without a subject there is no triple."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole mapping, in the order in which its triples maps are written."""

    path: Path
    maps: tuple[TriplesMap, ...]
    notes: tuple[Problem, ...] = ()
    """What its author should know, though it can be run."""

    def map_named(self, name: str) -> TriplesMap:
        """The triples map of a name.

        :raises KeyError: if there is none
        """
        for triples_map in self.maps:
            if triples_map.name == name:
                return triples_map
        raise KeyError(name)


def references_of(expression: Expression | None) -> tuple[Reference, ...]:
    """The references of an expression, in order."""
    match expression:
        case Reference():
            return (expression,)
        case Template(parts):
            return tuple(part for part in parts if isinstance(part, Reference))
        case Call():
            return tuple(reference for inner in expression.inner() for reference in references_of(inner))
        case Constant() | None:
            return ()
    raise TypeError(expression)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source, as one column for each reference."""

    columns: tuple[Sequence[Any], ...]
    size: int
    first: int
    """The number of the first row; the first of a source is 1."""
    lines: Callable[[int], int] | None = None
    """The line of the file on which a row of the batch begins, by its index; none if rows have no lines."""

    def picked(self, numbers: Sequence[int]) -> Batch:
        """The same rows, with some of the columns."""
        return Batch(tuple(self.columns[number] for number in numbers), self.size, self.first, self.lines)

    def row(self, index: int) -> Batch:
        """One row as a batch of its own."""
        columns = tuple(column[index : index + 1] for column in self.columns)
        lines = self.lines
        return Batch(columns, 1, self.first + index, None if lines is None else lambda _: lines(index))
