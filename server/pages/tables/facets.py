"""Facets of a table: the values of a column with the numbers of their rows, among the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import EngineFailed
from kg.sparql.guard import Form, Query
from kg.terms import PREFIXES
from server.engine import Dataset
from server.http.results import TSV
from server.lookup import Term, iri_ref, term_of
from server.pages.tables.columns import Column
from server.pages.tables.filters import Filter, values_of
from server.pages.tables.operators import is_value
from server.releases import Memory, Release

SHOWN: Final = 20
"""Values of a column that are counted on a page, the most frequent."""
MOST: Final = 4
"""Columns that are counted at once."""
_PATIENCE: Final = 3.0
"""How long the rows of the values of a column are counted, in seconds."""
_KEPT: Final = 500
PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


class Rows(Protocol):
    """What is filtered and counted: rows of a table, or things of a class. Equal ones are the same."""

    def found(self, graph: str) -> str:
        """A pattern that binds each `?row`; `graph` is that of the claims."""
        ...

    def values(self, column: Column, name: str, graph: str) -> str:
        """A pattern that binds the values of a column of a `?row` that was found."""
        ...

    def tested(self, column: Column, name: str, graph: str) -> str:
        """The same by itself, as a filter has it."""
        ...


_Key = tuple[Rows, tuple[Filter, ...], Column]


@dataclass(frozen=True, slots=True)
class RowsOfTable:
    """The rows of a table, with the claims that were made of them."""

    table: str

    def found(self, graph: str, further: str = "") -> str:
        """See `Rows`; `further` is said of the rows too."""
        it = f"?row dct:isPartOf {iri_ref(self.table)}{further}"
        return f"GRAPH {graph} {{ {it} . ?claim prov:wasDerivedFrom ?row }}"

    def values(self, column: Column, name: str, graph: str) -> str:
        """See `Rows`."""
        return values_of(column, name, graph)

    def tested(self, column: Column, name: str, graph: str) -> str:
        """See `Rows`: another claim of the same row may have the value."""
        claim = f"?c{name[1:]}"
        return f"GRAPH {graph} {{ {claim} prov:wasDerivedFrom ?row }} {values_of(column, name, graph, claim)}"


@dataclass(frozen=True, slots=True)
class Counted:
    """One value."""

    term: Term
    rows: int
    words: str
    """The value as a filter names it; empty for what no filter can name."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a column."""

    column: Column
    values: tuple[Counted, ...] = ()
    more: bool = False
    """Whether there are others, each of no more rows than these."""
    is_late: bool = False
    """Whether they could not be counted in time."""


class Facets:
    """Counts values once for many pages; safe to be used by many threads."""

    def __init__(self) -> None:
        self._kept: tuple[Release | None, Memory[_Key, Facet]] = (None, Memory(_KEPT))

    def of(self, release: Release, rows: Rows, filters: tuple[Filter, ...], columns: Sequence[Column]) -> list[Facet]:
        """The facets of some columns, among the rows that meet the filters.

        :raises ValueError: if a column is no IRI
        """
        of, known = self._kept
        if of is not release:
            self._kept = (release, known := Memory(_KEPT))
        found: list[Facet] = []
        for column in columns:
            # A page has one thread of a few: what follows on something late would keep it as long again.
            is_late = any(one.is_late for one in found)
            try:
                counted = None if is_late else known.of((rows, filters, column), lambda key: _counted(release, *key))
            except EngineFailed:
                counted = None
            found.append(counted or Facet(column, is_late=True))
        return found


def rows_of(table: str, filters: Sequence[Filter], graph: str, further: str = "") -> str:
    """The pattern for the rows of a table that meet filters, and for what was made of them."""
    rows = RowsOfTable(table)
    return "\n  ".join((rows.found(graph, further), *met_by(rows, filters, graph)))


def met_by(rows: Rows, filters: Sequence[Filter], graph: str) -> tuple[str, ...]:
    """The patterns that let those rows through which meet filters."""
    numbered = enumerate(filters)
    return tuple(one.pattern(n, partial(rows.tested, one.column, graph=graph)) for n, one in numbered)


def _counted(release: Release, rows: Rows, filters: tuple[Filter, ...], column: Column) -> Facet:
    graph = iri_ref(release.minter.graph("claims"))
    query = f"""{PROLOGUE}SELECT ?v (COUNT(DISTINCT ?row) AS ?rows) WHERE {{
  {{ {" ".join((rows.found(graph), *met_by(rows, filters, graph)))} }}
  {rows.values(column, "v", graph)}
}} GROUP BY ?v ORDER BY DESC(?rows) LIMIT {SHOWN + 1}"""
    answer = release.strangers.evaluate(Query(Form.SELECT, query), Dataset(), TSV.media_type, timeout=_PATIENCE)
    solutions = parse_query_results(answer, format=QueryResultsFormat.TSV)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(solutions)
    found = []
    for solution in solutions:
        node, number = solution[0], solution[1]
        if node is not None and isinstance(number, Literal):
            found.append(Counted(term_of(node), int(number.value), str(node) if is_value(node) else ""))
    found.sort(key=lambda it: (-it.rows, it.term.value, it.term.language))
    return Facet(column, tuple(found[:SHOWN]), len(found) > SHOWN)
