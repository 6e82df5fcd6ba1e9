"""Filters of the rows of a table: a column, how it is tested, and by what; as an address has them and as SPARQL.

Several filters hold together, each for a row: claims that were made of one row may meet different ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.terms import expand
from server.lookup import Term, iri_ref, term_of
from server.pages.tables.columns import Column

CONTAINS: Final = "only"
TYPED: Final = (CONTAINS, "equals", "over", "under", "empty", "filled")
"""Words in a cell, all of them, larger and smaller values, no value at all, and any value."""
TESTS: Final = (*TYPED, "is")
"""These, and the very value that a facet counts."""
UNWORDED: Final = frozenset({"empty", "filled"})
"""The tests that need no word."""
_YES: Final = "yes"
_SIGNS: Final[Mapping[str, str]] = MappingProxyType({"over": ">", "under": "<"})
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)\s*(-?\d{1,30}(?:\.\d{1,30})?)")
_NUMBER: Final = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
_DATE: Final = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_LABELS: Final = " ".join(
    f"<{expand(name)}>" for name in ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "zel:name")
)
Value = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter."""

    column: Column
    test: str
    words: str
    """What the address has: words, a number or a date, or a value as N-Triples writes it."""

    @property
    def parameter(self) -> tuple[str, str]:
        """Its name in an address, and its value."""
        return f"{self.test}.{self.column.key}", self.words

    @property
    def term(self) -> Term | None:
        """The value that a cell must be; None for other tests."""
        value = value_of(self.words) if self.test == "is" else None
        return None if value is None else term_of(value)

    def pattern(self, number: int, made: str) -> str:
        """The pattern that lets a `?row` through; `made` binds its values to `?v` and `number`, see `variable`."""
        name = variable(number)
        match self.test:
            case "empty":
                return f"FILTER NOT EXISTS {{ {made} }}"
            case "filled":
                return f"FILTER EXISTS {{ {made} }}"
            case "is":
                return f"FILTER EXISTS {{ {made} FILTER(sameTerm(?{name}, {value_of(self.words)})) }}"
            case "over" | "under":
                return f"FILTER EXISTS {{ {made} FILTER({_compared(name, _SIGNS[self.test], self.words)}) }}"
            case "only" | "equals":
                return f"FILTER EXISTS {{ {made} FILTER({_worded(name, self.test, self.words)}) }}"
        raise ValueError(self.test)


def variable(number: int) -> str:
    """The variable of the values that a filter tests: `number` tells it from those of other filters."""
    return f"v{number}"


class Untestable(ValueError):
    """The words of a filter are none that its test can use."""


def read_filter(column: Column, test: str, words: str) -> Filter:
    """A filter of what an address says.

    :raises Untestable: if the test cannot use the words

    >>> read_filter(Column(("http://e.org/p",)), "over", " 40 ").words
    '40'
    >>> read_filter(Column(("http://e.org/p",)), "over", "many")
    Traceback (most recent call last):
    server.pages.tables.filters.Untestable: 'many' is neither a number nor a date such as 2026-05
    """
    words = words.strip()
    if test in UNWORDED:
        return Filter(column, test, _YES)
    if test in _SIGNS and not (_NUMBER.fullmatch(words) or _DATE.fullmatch(words)):
        raise Untestable(f"{words[:40]!r} is neither a number nor a date such as 2026-05")
    if test == "is":
        value = value_of(words)
        if value is None:
            raise Untestable(f"{words[:40]!r} is no value as N-Triples writes it")
        words = str(value)
    return Filter(column, test, words)


def value_of(words: str) -> Value | None:
    """The IRI or the literal that N-Triples writes so; None for anything else.

    >>> value_of('"40"^^<http://www.w3.org/2001/XMLSchema#integer>').value, value_of("<a:b>"), value_of("x } DROP")
    ('40', <NamedNode value=a:b>, None)
    """
    try:
        found = [quad.object for quad in parse(f"<a:a> <a:a> {words} .".encode(), format=RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError):
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], NamedNode | Literal) else None


def values_of(column: Column, name: str, graph: str, claim: str = "?claim") -> str:
    """A pattern for the values of a column, of claims in a graph."""
    if column.of_claims:
        return f"GRAPH {graph} {{ {claim} {iri_ref(column.path[0])} ?{name} }}"
    if len(column.path) == 1:
        return f"GRAPH {claim} {{ ?{name}s {iri_ref(column.path[0])} ?{name} }}"
    first, last = map(iri_ref, column.path)
    return f"GRAPH {claim} {{ ?{name}s {first} ?{name}i . ?{name}i {last} ?{name} }}"


def _compared(name: str, sign: str, words: str) -> str:
    """A number is compared with numbers, a date with dates as EDTF writes them: they sort as texts do."""
    is_date = f'isLiteral(?{name}) && !isNumeric(?{name}) && REGEX(STR(?{name}), "^[0-9]{{4}}(-|/|$)")'
    dated = f"({is_date} && STR(?{name}) {sign} {Literal(words)})"
    if not _NUMBER.fullmatch(words):
        return dated
    numbered = f"(isNumeric(?{name}) && ?{name} {sign} {words})"
    return f"{numbered} || {dated}" if _DATE.fullmatch(words) else numbered


def _worded(name: str, test: str, words: str) -> str:
    """Whether words stand in a text or in the name of a thing, or are all of it; or a number compares so: `>= 40`."""
    compared = _COMPARED.fullmatch(f"= {words}" if test == "equals" else words)
    numbered = "" if compared is None else f"(isNumeric(?{name}) && ?{name} {compared[1]} {compared[2]})"
    if numbered and test == CONTAINS:
        return numbered
    sought = str(Literal(words.lower()))
    fits = f"LCASE(?it) = {sought}" if test == "equals" else f"CONTAINS(LCASE(?it), {sought})"
    stated = f"?{name} ?{name}p ?{name}l"
    label = f"{{ {{ {stated} }} UNION {{ GRAPH ?{name}g {{ {stated} }} }} }} VALUES ?{name}p {{ {_LABELS} }}"
    fits_label = _of(fits, f"STR(?{name}l)")
    named = f"EXISTS {{ {label} FILTER({fits_label}) }}"
    local = f'REPLACE(STR(?{name}), "^.*[/#]", "")'
    text = _of(fits, f"IF(isLiteral(?{name}), STR(?{name}), {local})")
    found = f"{text} || (isIRI(?{name}) && {named})"
    return f"{numbered} || {found}" if numbered else found


def _of(test: str, text: str) -> str:
    return test.replace("?it", text, 1)


def is_value(node: object) -> bool:
    """Whether a filter can name a node: a blank node has no name that an address could hold."""
    match node:
        case NamedNode() | Literal():
            return True
        case BlankNode():
            return False
    raise ValueError(node)
