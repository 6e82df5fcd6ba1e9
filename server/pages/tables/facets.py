"""Facets of a table: the values of a column with the numbers of their rows, among the rows that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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
from server.pages.tables.dates import bound, dated
from server.pages.tables.filters import Filter, values_of
from server.pages.tables.operators import is_value
from server.releases import Memory, Release

SHOWN: Final = 20
"""Values of a column that are counted on a page, the most frequent."""
MOST: Final = 4
"""Columns that are counted at once."""
_PATIENCE: Final = 3.0
"""How long the rows of the values of a column are counted, in seconds."""
_PATIENCE_FOR_OTHERS: Final = 1.0
"""How long the values themselves are counted after that, in seconds."""
_KEPT: Final = 500
_GROUPED: Final = "GROUP BY ?v\nORDER BY DESC(?rows) STR(?v) LANG(?v)"
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


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: the values of a column, or the years, months or days of its dates."""

    column: Column
    part: str = ""
    """`year`, `month` or `day`; empty for the values."""
    start: int = field(default=0, compare=False)
    """How many values, the most frequent, stand before those that are shown; the same column is counted anyhow."""

    @property
    def parameter(self) -> tuple[str, str]:
        """Its name in an address, and its value.

        >>> Counting(Column(("who",)), "year", 20).parameter
        ('facet.year.21', 'who')
        """
        return ".".join(
            ("facet", *filter(None, (self.part, str(self.start + 1) if self.start else "")))
        ), self.column.key

    def at(self, start: int) -> Counting:
        """The same with other values shown."""
        return replace(self, start=max(0, start))

    def only(self, words: str) -> Filter:
        """The filter that keeps the rows of one value."""
        return Filter(self.column, "during" if self.part else "is", words)


_Key = tuple[Rows, tuple[Filter, ...], Counting, int]


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
    """One value, or the want of one."""

    term: Term | None
    rows: int
    words: str
    """The value as a filter names it; empty for what no filter can name."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a column, or the times that they are of."""

    counting: Counting
    values: tuple[Counted, ...] = ()
    more: bool = False
    """Whether there are others, each of no more rows than these."""
    others: int = 0
    """How many others after these; 0 where that was not counted."""
    without: int = 0
    """How many rows have none; 0 where that was not counted."""
    is_late: bool = False
    """Whether they could not be counted in time."""


class Facets:
    """Counts values once for many pages; safe to be used by many threads."""

    def __init__(self) -> None:
        self._kept: tuple[Release | None, Memory[_Key, Facet]] = (None, Memory(_KEPT))

    def of(self, release: Release, rows: Rows, filters: tuple[Filter, ...], asked: Sequence[Counting]) -> list[Facet]:
        """The facets of some columns, among the rows that meet the filters.

        :raises ValueError: if a column is no IRI
        """
        of, known = self._kept
        if of is not release:
            self._kept = (release, known := Memory(_KEPT))
        found: list[Facet] = []
        for counting in asked:
            # A page has one thread of a few: what follows on something late would keep it as long again.
            is_late = any(one.is_late for one in found)
            try:
                key = (rows, filters, counting, counting.start)
                counted = None if is_late else known.of(key, lambda key: _counted(release, *key[:3]))
            except EngineFailed:
                counted = None
            found.append(counted or Facet(counting, is_late=True))
        return found


def only_last(asked: Iterable[Counting]) -> tuple[Counting, ...]:
    """Each column once, at the values that were asked for last: a button of a form can only add."""
    return tuple({counting: counting for counting in asked}.values())


def rows_of(table: str, filters: Sequence[Filter], graph: str, further: str = "") -> str:
    """The pattern for the rows of a table that meet filters, and for what was made of them."""
    rows = RowsOfTable(table)
    return "\n  ".join((rows.found(graph, further), *met_by(rows, filters, graph)))


def met_by(rows: Rows, filters: Sequence[Filter], graph: str) -> tuple[str, ...]:
    """The patterns that let those rows through which meet filters."""
    numbered = enumerate(filters)
    return tuple(one.pattern(n, partial(rows.tested, one.column, graph=graph)) for n, one in numbered)


def counts_of(base: str, rows: Rows, filters: Sequence[Filter], counting: Counting) -> str:
    """The query for all values of a column with the numbers of their rows, without prologue."""
    return f"SELECT ?v (COUNT(DISTINCT ?row) AS ?rows) {_pattern(base, rows, filters, counting)}\n{_GROUPED}\n"


def _pattern(base: str, rows: Rows, filters: Sequence[Filter], counting: Counting) -> str:
    graph, column, part = iri_ref(f"{base}graph/claims"), counting.column, counting.part
    values = f"{rows.values(column, 'vd', graph)} {bound('v', part)}" if part else rows.values(column, "v", graph)
    return f"""WHERE {{
  {{ {" ".join((rows.found(graph), *met_by(rows, filters, graph)))} }}
  {values}
}}"""


def _counted(release: Release, rows: Rows, filters: tuple[Filter, ...], counting: Counting) -> Facet:
    part, pattern = counting.part, _pattern(release.base, rows, filters, counting)
    # Of those that are as frequent each comes once, whichever values are asked for.
    query = f"{counts_of(release.base, rows, filters, counting)}LIMIT {SHOWN + 1} OFFSET {counting.start}"
    found = [_value(node, number.value, part) for node, number in _solutions(release, query, _PATIENCE)]
    found.sort(key=_place)
    if not found and counting.start:
        return _counted(release, rows, filters, counting.at(0))
    more = len(found) > SHOWN
    others = _distinct(release, f"SELECT (true AS ?all) (COUNT(DISTINCT ?v) AS ?n) {pattern}") if more else 0
    return Facet(counting, tuple(found[:SHOWN]), more, max(0, others - counting.start - SHOWN))


def _place(counted: Counted) -> tuple[int, str, str]:
    term = counted.term
    return -counted.rows, term.value if term else "", term.language if term else ""


def _value(node: object, rows: str, part: str) -> Counted:
    term = term_of(node)
    if part:
        return Counted(dated(term.value), int(rows), term.value)
    return Counted(term, int(rows), str(node) if is_value(node) else "")


def _distinct(release: Release, query: str) -> int:
    """How many values there are; 0 where that takes too long: the most frequent are known."""
    try:
        ((_, number),) = _solutions(release, query, _PATIENCE_FOR_OTHERS)
    except EngineFailed:
        return 0
    return int(number.value)


def _solutions(release: Release, query: str, patience: float) -> list[tuple[object, Literal]]:
    """The rows of a query of ours, each a node and a number; those without a node are left out."""
    asked = Query(Form.SELECT, PROLOGUE + query)
    answer = release.strangers.evaluate(asked, Dataset(), TSV.media_type, timeout=patience)
    solutions = parse_query_results(answer, format=QueryResultsFormat.TSV)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(solutions)
    pairs = ((solution[0], solution[1]) for solution in solutions)
    return [(node, number) for node, number in pairs if node is not None and isinstance(number, Literal)]
