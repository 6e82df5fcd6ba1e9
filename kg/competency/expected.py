"""Files of expected answers: beside the questions, each named for its question, in the formats of the W3C.

A SELECT has `NAME.tsv` (SPARQL 1.1 Query Results CSV and TSV Formats, section 4), an ASK `NAME.srj` (SPARQL 1.1 Query
Results JSON Format), a CONSTRUCT or DESCRIBE `NAME.nt` (N-Triples).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.config import Config
from kg.errors import DataError, Position
from kg.terms import PREFIXES

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {"select": ".tsv", "ask": ".srj", "construct": ".nt", "describe": ".nt"}
)
"""By the form of the question."""
Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None"
Key: TypeAlias = "tuple[str, str | Decimal]"
_LOCAL: Final = re.compile(r"[^/#:]+$")
_LINE: Final = re.compile(r" *\(?(?:on|in|at) line \d+.*", re.DOTALL)
_XSD: Final = PREFIXES["xsd"]
_EXACT: Final = frozenset(
    _XSD + name
    for name in (
        "decimal", "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer with columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]

    def __str__(self) -> str:
        return f"{len(self.rows)} row{'' if len(self.rows) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer to an ASK."""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class Statements:
    """An answer that is a graph: its lines of N-Triples, each with the line where it stands."""

    lines: Mapping[str, int]

    def __str__(self) -> str:
        return f"{len(self.lines)} triple{'' if len(self.lines) == 1 else 's'}"


Answer: TypeAlias = "Rows | Truth | Statements"


def file_name(iri: str, form: str) -> str:
    """The name of the file with the expected answer to a question.

    :raises DataError: if the IRI of the question ends in nothing that can name a file

    >>> file_name("https://example.org/query/costs", "select")
    'costs.tsv'
    """
    found = _LOCAL.search(iri)
    if found is None or found[0].startswith("."):
        raise DataError(f"no file can be named for the question <{iri}>", hint="end its IRI in a word: …/query/costs")
    return found[0] + SUFFIXES[form]


def read_expected(path: Path, config: Config) -> Answer:
    """The answer that a file holds.

    :raises DataError: with file and line, if it is not what its name says
    """
    name, content = config.name_of(path), path.read_bytes()
    if content.startswith(b"\xef\xbb\xbf"):
        raise DataError(
            "a byte order mark stands before the answer", position=Position(name, 1), hint="save it without"
        )
    try:
        match path.suffix:
            case ".tsv":
                return _rows(content, name)
            case ".srj":
                return _truth(content, name)
            case ".nt":
                return _statements(content)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        told = _LINE.sub("", getattr(error, "msg", None) or str(error)).strip()
        hint = "kg test --accept writes what a release answers, in its form"
        raise DataError(f"cannot be read: {told}", position=Position(name, line), hint=hint) from None
    raise ValueError(path.suffix)


def _rows(content: bytes, name: str) -> Rows:
    if not content.strip():
        raise DataError("no answer: not even the names of the columns", position=Position(name, 1))
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.TSV)
    if not isinstance(found, ox.QuerySolutions):
        raise DataError("not a table", position=Position(name, 1))
    columns = tuple(variable.value for variable in found.variables)
    return Rows(columns, tuple(tuple(row[column] for column in columns) for row in found))


def _truth(content: bytes, name: str) -> Truth:
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QueryBoolean):
        what = "not the answer to an ASK"
        raise DataError(what, position=Position(name, 1), hint='as in {"head": {}, "boolean": true}')
    return Truth(bool(found))


def _statements(content: bytes) -> Statements:
    found: dict[str, int] = {}
    for number, line in enumerate(content.decode("utf-8").split("\n"), 1):
        try:
            for quad in ox.parse(line, ox.RdfFormat.N_TRIPLES):
                found.setdefault(str(quad.triple), number)
        except SyntaxError as error:
            error.lineno = number
            raise
    return Statements(found)


def key_of(term: Term) -> Key:
    """What makes two terms one answer: the term itself, of integers and decimals the value, of blank nodes nothing.

    >>> key_of(ox.Literal("3", datatype=ox.NamedNode(_XSD + "integer"))) == key_of(
    ...     ox.Literal("3.0", datatype=ox.NamedNode(_XSD + "decimal")))
    True
    """
    if isinstance(term, ox.BlankNode):
        return "node", ""
    if isinstance(term, ox.Literal) and term.datatype.value in _EXACT:
        try:
            return "number", Decimal(term.value)
        except InvalidOperation:
            return "term", str(term)
    return "term", str(term)
