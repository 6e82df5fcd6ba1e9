"""What a mapping says, once it is known to make sense: RML-Core as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.errors import Position


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


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written (CSVW, dialect descriptions)."""

    delimiter: str = ","
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Source:
    """A logical source: a file, how it is walked through, and how values are named in it."""

    path: Path
    name: str
    """The path as the mapping writes it: what errors call it."""
    formulation: Formulation
    iterator: str | None = None
    encoding: str = "utf-8"
    """A name that Python knows; a byte order mark is never data."""
    nulls: frozenset[str] = frozenset()
    """Values that mean that there is none; in a table, the empty cell always does."""
    dialect: Dialect = Dialect()
    position: Position = field(default=Position("", 1), compare=False)


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


Expression = Constant | Reference | Template


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


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Predicates and objects, and the graphs they go to besides those of the subject."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | RefObjectMap, ...]
    graphs: tuple[TermMap, ...]


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


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole mapping, in the order in which its triples maps are written."""

    path: Path
    maps: tuple[TriplesMap, ...]

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
        case Constant() | None:
            return ()
    raise TypeError(expression)


Scalar = str | int | float | bool | None
Cell = Scalar | Sequence[Scalar]
"""What a reference finds in a row: a value, none, or several."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a source, as one column for each reference."""

    columns: tuple[Sequence[Any], ...]
    size: int
    first: int
    """The number of the first row; the first of a source is 1."""
    lines: Callable[[int], int] | None = None
    """The line of the file on which a row of the batch begins, by its index; none if rows have no lines."""

    def row(self, index: int) -> Batch:
        """One row as a batch of its own."""
        columns = tuple(column[index : index + 1] for column in self.columns)
        lines = self.lines
        return Batch(columns, 1, self.first + index, None if lines is None else lambda _: lines(index))
