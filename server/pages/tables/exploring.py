"""Filters and counts as a page shows them, each with the address that takes it away or goes on from it.

Tables and lists of a class have them in common. `kept` is what an address of the page has beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from server.lookup import Term
from server.pages.addresses import query_string
from server.pages.tables.asking import LONGEST_VALUE, MOST_FILTERS, Asked
from server.pages.tables.columns import Column
from server.pages.tables.facets import SHOWN, Counted, Counting, Facet
from server.pages.tables.filters import Filter


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column."""

    column: Column
    sort: str
    """The address that sorts by it, or the other way round; empty where nothing does."""
    sorted: str
    """`ascending`, `descending` or nothing."""
    counts: tuple[Count, ...]
    """By what it can be counted: by its values first, then by the parts of its dates."""


@dataclass(frozen=True, slots=True)
class Count:
    """A way to count a column."""

    counting: Counting
    address: str
    """The page that counts so, or no longer does."""
    is_counted: bool
    has_room: bool = True
    """Whether it can be counted beside what is."""


@dataclass(frozen=True, slots=True)
class Met:
    """A filter that the rows meet."""

    filter: Filter
    without: str
    """The address of the rows without it; empty where a button leads there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a column that is counted."""

    term: Term | None
    """None for no value at all."""
    rows: int
    only: str
    """The address of the rows that have it."""
    leads: bool
    """Whether it leads there: not where no address can name it, nor where these are the only ones."""
    parameter: tuple[str, str]
    """What that address has more than the one of the page."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to other values of a column."""

    address: str
    """Empty where a button leads there."""
    parameter: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Values:
    """A column whose values are counted."""

    facet: Facet
    choices: tuple[Choice, ...]
    without: str
    """The address of the page without it."""
    empty: Choice | None = None
    """The rows that have no value, where they are counted."""
    previous: Way | None = None
    """To the values before these; likewise to those after them."""
    next: Way | None = None
    query: Way | None = None
    """To the query that counts all values; None where there is none."""


def met(asked: Asked, path: str, **kept: str) -> tuple[Met, ...]:
    """The filters that hold."""
    return tuple(Met(one, asked.unmet(one).address(path, **kept)) for one in asked.only)


def values_shown(facet: Facet, asked: Asked, path: str, query: str, **kept: str) -> Values:
    """A facet with the ways that lead on from it; `query` counts all of its values."""
    counting, choices = facet.counting, []
    for it in facet.values:
        only = counting.only(it.words)
        leads = is_way(it, only, asked.only)
        address = asked.met(only).address(path, **kept) if leads else ""
        choices.append(Choice(it.term, it.rows, address, leads, only.parameter))

    def other(counting: Counting) -> Way:
        return Way(replace(asked, facets=with_others(asked.facets, counting)).address(path, **kept), counting.parameter)

    without = asked.counted(counting).address(path, **kept)
    all_of_them = Way(f"/query?{query_string([('query', query)])}", ("", ""))
    return Values(facet, tuple(choices), without, None, *around(facet, other), all_of_them)


def around(facet: Facet, way: Callable[[Counting], Way]) -> tuple[Way | None, Way | None]:
    """The ways to the values before and after those of a facet."""
    counting = facet.counting
    back = way(counting.at(counting.start - SHOWN)) if counting.start else None
    return back, way(counting.at(counting.start + len(facet.values))) if facet.more else None


def with_others(facets: Iterable[Counting], counting: Counting) -> tuple[Counting, ...]:
    """What is counted, of one column other values."""
    return tuple(counting if it == counting else it for it in facets)


def is_way(counted: Counted, only: Filter, held: Sequence[Filter]) -> bool:
    """Whether the rows of a value can be shown by themselves, and are not already."""
    can_name = bool(counted.words) and len(counted.words) <= LONGEST_VALUE
    return can_name and only not in held and len(held) < MOST_FILTERS


def counts_of(column: Column, parts: Iterable[str], asked: Asked, path: str, **kept: str) -> tuple[Count, ...]:
    """The ways to count a column, whose dates have these parts."""
    found = (Counting(column), *(Counting(column, part) for part in parts))
    return tuple(Count(it, asked.counted(it).address(path, **kept), it in asked.facets, asked.has_room) for it in found)


def named_by(asked: Asked, facets: Iterable[Facet]) -> Iterator[str]:
    """What filters and facets name."""
    terms = [one.term for one in asked.only] + [it.term for facet in facets for it in facet.values]
    yield from (term.name for term in terms if term is not None and term.kind in {"iri", "blank"})
