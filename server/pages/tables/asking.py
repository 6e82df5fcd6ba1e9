"""Which rows of a table are asked for: by their place in the file, or sorted and filtered by what was made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal

from kg.errors import Problem
from kg.terms import expand
from server.lookup import iri_ref
from server.pages.tables.columns import Column, column_of
from server.pages.tables.lines import is_row_of
from server.releases import Release

ONLY: Final = "only."
"""How the parameters of filters begin."""
_FILTERS: Final = 8
_WORDS: Final = 200
"""Characters of a filter."""
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)\s*(-?\d{1,30}(?:\.\d{1,30})?)")
_LABELS: Final = " ".join(
    f"<{expand(name)}>" for name in ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "zel:name")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table."""

    page: int = 0
    sort: Column | None = None
    descending: bool = False
    only: tuple[tuple[Column, str], ...] = ()
    """Columns and the words that are to stand in them, or how a number is to compare: `>= 40`."""
    row: int | None = None
    """The number of one row in the file."""
    exactly: bool = False
    """Whether other rows are of no use where these are not found in time."""

    @property
    def is_plain(self) -> bool:
        """Whether the rows come as they stand in the file."""
        return self.sort is None and not self.only and self.row is None

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*(column for column, _ in self.only), *([self.sort] if self.sort else []))

    def address(self, path: str, **more: str) -> str:
        """The address that asks so."""
        given = [(f"{ONLY}{column.key}", words) for column, words in self.only]
        if self.sort is not None:
            given.append(("sort", f"{'-' if self.descending else ''}{self.sort.key}"))
        if self.row is not None:
            given.append(("row", str(self.row)))
        if self.page:
            given.append(("page", str(self.page)))
        given += list(more.items())
        return f"{path}?{urlencode(given)}" if given else path


class AskedWrongly(ValueError):
    """A parameter says what no table can do; `problem` tells which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_asked(parameters: Iterable[tuple[str, str]], page: int, row: int | None) -> Asked:
    """What an address asks of a table; empty parameters ask nothing, as a form sends them.

    :raises AskedWrongly: if a column is none, or there are too many filters or words
    """
    sort, descending, only = None, False, []
    for name, value in parameters:
        if name == "sort" and value.strip():
            descending = value.startswith("-")
            sort = _column(value.removeprefix("-"))
        elif name == "order" and value == "desc":
            descending = True
        elif name.startswith(ONLY) and value.strip():
            only.append((_column(name.removeprefix(ONLY)), value.strip()))
            if len(only) > _FILTERS or len(value) > _WORDS:
                message = f"at most {_FILTERS} columns can be filtered, by {_WORDS} characters each"
                raise AskedWrongly(Problem("parameter", message))
    return Asked(page, sort, descending, tuple(only), row)


def _column(key: str) -> Column:
    found = column_of(key)
    if found is None:
        hint = "take the links and the form of the page, which name its columns"
        raise AskedWrongly(Problem("parameter", f"{key[:80]!r} is no column of a table", hint=hint))
    return found


def rows_at(release: Release, table: str, places: range) -> list[str]:
    """The rows of a table with these numbers in the file, by look-ups: what else it holds costs nothing."""
    found = ((f"{table}#row={n}", f"{table}#item={n}") for n in places)
    return [iri for pair in found for iri in pair if is_row_of(release, iri, table)]


def values_of(column: Column, name: str, graph: str) -> str:
    """A pattern for the values of a column, of claims in a graph."""
    if column.of_claims:
        return f"GRAPH {graph} {{ ?claim {iri_ref(column.path[0])} ?{name} }}"
    steps: Sequence[str] = column.path
    if len(steps) == 1:
        return f"GRAPH ?claim {{ ?{name}s {iri_ref(steps[0])} ?{name} }}"
    return f"GRAPH ?claim {{ ?{name}s {iri_ref(steps[0])} ?{name}i . ?{name}i {iri_ref(steps[1])} ?{name} }}"


def filter_of(number: int, column: Column, words: str, graph: str) -> str:
    """A pattern that lets those claims through in whose column the words stand, or a number compares so."""
    name = f"v{number}"
    values = values_of(column, name, graph)
    if (compared := _COMPARED.fullmatch(words)) is not None:
        return f"FILTER EXISTS {{ {values} FILTER(isNumeric(?{name}) && ?{name} {compared[1]} {compared[2]}) }}"
    sought = str(Literal(words.lower()))
    label = f"GRAPH ?{name}g {{ ?{name} ?{name}p ?{name}l }} VALUES ?{name}p {{ {_LABELS} }}"
    named = f"EXISTS {{ {label} FILTER(CONTAINS(LCASE(STR(?{name}l)), {sought})) }}"
    local = f'REPLACE(STR(?{name}), "^.*[/#]", "")'
    text = f"IF(isLiteral(?{name}), STR(?{name}), {local})"
    return f"FILTER EXISTS {{ {values} FILTER(CONTAINS(LCASE({text}), {sought}) || (isIRI(?{name}) && {named})) }}"
