"""Facets of a table: the values of a column with the numbers of their rows, among the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import EngineFailed
from kg.sparql.guard import Form, Query
from kg.terms import PREFIXES
from server.engine import Dataset
from server.http.results import TSV
from server.lookup import Term, iri_ref, term_of
from server.pages.tables.columns import Column
from server.pages.tables.filters import Filter, is_value, values_of
from server.releases import Memory, Release

SHOWN: Final = 20
"""Values of a column that are counted on a page, the most frequent."""
MOST: Final = 4
"""Columns that are counted at once."""
_PATIENCE: Final = 3.0
"""How long the rows of the values of a column are counted, in seconds."""
_KEPT: Final = 500
PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

_Key = tuple[str, tuple[Filter, ...], Column]


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

    def of(self, release: Release, table: str, filters: tuple[Filter, ...], columns: Sequence[Column]) -> list[Facet]:
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
                counted = None if is_late else known.of((table, filters, column), lambda key: _counted(release, *key))
            except EngineFailed:
                counted = None
            found.append(counted or Facet(column, is_late=True))
        return found


def rows_of(table: str, filters: Sequence[Filter], graph: str, further: str = "") -> str:
    """The pattern for the rows of a table that meet filters, and for what was made of them."""
    met = "\n  ".join(one.pattern(number, graph) for number, one in enumerate(filters))
    rows = f"GRAPH {graph} {{ ?row dct:isPartOf {iri_ref(table)}{further} . ?claim prov:wasDerivedFrom ?row }}"
    return f"{rows}\n  {met}" if met else rows


def _counted(release: Release, table: str, filters: tuple[Filter, ...], column: Column) -> Facet:
    graph = iri_ref(release.minter.graph("claims"))
    query = f"""{PROLOGUE}SELECT ?v (COUNT(DISTINCT ?row) AS ?rows) WHERE {{
  {{ {rows_of(table, filters, graph)} }}
  {values_of(column, "v", graph)}
}} GROUP BY ?v ORDER BY DESC(?rows) LIMIT {SHOWN + 1}"""
    answer = release.strangers.evaluate(Query(Form.SELECT, query), Dataset(), TSV.media_type, timeout=_PATIENCE)
    solutions = parse_query_results(answer, format=QueryResultsFormat.TSV)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(solutions)
    found = []
    for solution in solutions:
        node, rows = solution[0], solution[1]
        if node is not None and isinstance(rows, Literal):
            found.append(Counted(term_of(node), int(rows.value), str(node) if is_value(node) else ""))
    found.sort(key=lambda it: (-it.rows, it.term.value, it.term.language))
    return Facet(column, tuple(found[:SHOWN]), len(found) > SHOWN)
