"""Filters and counts as a page shows them, each with the address that takes it away or goes on from it.

Tables and lists of a class have them in common. `kept` is what an address of the page has beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.lookup import Term
from server.pages.tables.asking import LONGEST_VALUE, MOST_FILTERS, Asked
from server.pages.tables.columns import Column
from server.pages.tables.facets import Facet
from server.pages.tables.filters import Filter


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column."""

    column: Column
    sort: str
    """The address that sorts by it, or the other way round; empty where nothing does."""
    sorted: str
    """`ascending`, `descending` or nothing."""
    counted: str
    """The address that counts its values, or no longer does."""
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A filter that the rows meet."""

    filter: Filter
    without: str
    """The address of the rows without it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a column that is counted."""

    term: Term
    rows: int
    only: str
    """The address of the rows that have it; empty where no address can name it, or these are the only ones."""
    parameter: tuple[str, str]
    """What that address has more than the one of the page."""


@dataclass(frozen=True, slots=True)
class Values:
    """A column whose values are counted."""

    facet: Facet
    choices: tuple[Choice, ...]
    without: str
    """The address of the page without it."""


def met(asked: Asked, path: str, **kept: str) -> tuple[Met, ...]:
    """The filters that hold."""
    return tuple(Met(one, asked.unmet(one).address(path, **kept)) for one in asked.only)


def values_shown(facet: Facet, asked: Asked, path: str, **kept: str) -> Values:
    """A facet with the ways that lead on from it."""
    choices, has_room = [], len(asked.only) < MOST_FILTERS
    for it in facet.values:
        only = Filter(facet.column, "is", it.words)
        leads = it.words and len(it.words) <= LONGEST_VALUE and only not in asked.only and has_room
        choices.append(Choice(it.term, it.rows, asked.met(only).address(path, **kept) if leads else "", only.parameter))
    return Values(facet, tuple(choices), asked.counted(facet.column).address(path, **kept))


def named_by(asked: Asked, facets: Iterable[Facet]) -> Iterator[str]:
    """What filters and facets name."""
    terms = [one.term for one in asked.only] + [it.term for facet in facets for it in facet.values]
    yield from (term.name for term in terms if term is not None and term.kind in {"iri", "blank"})
