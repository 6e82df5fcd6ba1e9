"""Counts and filters of an answer as a page shows them, each with the way that takes it away or goes on from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from server.lookup import Term
from server.pages.querying.answers import Answers
from server.pages.querying.asked import Asked
from server.pages.querying.grouped import counts_of
from server.pages.showing import cut
from server.pages.tables.asking import with_or_without
from server.pages.tables.columns import Column
from server.pages.tables.exploring import Choice, Count, Head, Met, Values, Way, around, is_way, with_others
from server.pages.tables.facets import MOST, Counted, Counting, Facet
from server.pages.tables.filters import Filter

COUNTED: Final = "counted"
"""The parameter of a button that leads to the query which counts a column, `facet=NAME`."""
_OFFERED: Final = 60
"""Columns that are offered to be counted, the first of an answer; an address counts any."""
_LONGEST: Final = 120
"""Characters of a value that is counted."""


@dataclass(frozen=True, slots=True)
class Explored:
    """What leads on from an answer, as the templates of tables have it."""

    heads: tuple[Head, ...] = ()
    met: tuple[Met, ...] = ()
    counted: tuple[Values, ...] = ()
    is_long: bool = False
    """Whether buttons take the place of links."""


NOTHING: Final = Explored()


def links_of(answers: Answers, asked: Asked) -> int:
    """How many links there are at most, if they are links."""
    counts = len(answers.columns) + sum(map(len, answers.dates.values()))
    values = sum(len(facet.values) + 3 for facet in answers.counted.facets)
    return counts + values + len(asked.held) + len(asked.facets)


def explore(answers: Answers, asked: Asked, language: str, base: str, *, is_long: bool) -> Explored:
    """The counts of an answer, and the filters that its rows meet, as a page of `language` shows them.

    :param base: what relative IRIs of its query are resolved against
    """
    ways = _Ways(asked, base, is_long=is_long)
    heads = (
        Head(Column((name,)), "", "", ways.counts(name, answers.dates.get(name, ())))
        for name in answers.columns[:_OFFERED]
    )
    unknown = answers.counted.unknown
    met = (Met(one, ways.without(one)) for one in asked.held if one.column.key not in unknown)
    return Explored(
        tuple(heads), tuple(met), tuple(ways.values(it, language) for it in answers.counted.facets), is_long
    )


def named_by(explored: Explored) -> Iterator[str]:
    """What they name."""
    terms = [one.filter.term for one in explored.met] + [it.term for one in explored.counted for it in one.choices]
    yield from (term.name for term in terms if term is not None and term.kind == "iri")


def query_that_counts(asked: Asked, base: str, counting: Counting) -> str:
    """The query for all values of a column of what is asked; empty where there is none.

    Words are looked for in what a page shows, which no query knows.
    """
    return "" if asked.only else counts_of(asked.text, base, counting, asked.held)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where counts and filters lead: to an address each, or, where these would be long, no further than a form."""

    asked: Asked
    base: str
    is_long: bool

    def address(self, **other: Any) -> str:
        """The address of the same with other counts or filters."""
        return "" if self.is_long else f"/{self.asked.address(**other)}"

    def counts(self, name: str, parts: tuple[str, ...]) -> tuple[Count, ...]:
        """The ways to count a column, whose dates have these parts."""
        facets = self.asked.facets
        has_room = len(facets) < MOST
        found = (Counting(Column((name,)), part) for part in ("", *parts))
        return tuple(Count(it, self._counted(it, has_room=has_room), it in facets, has_room) for it in found)

    def _counted(self, counting: Counting, *, has_room: bool) -> str:
        facets = self.asked.facets
        return self.address(facets=with_or_without(facets, counting)) if has_room or counting in facets else ""

    def without(self, one: Filter) -> str:
        """The address of the rows without a filter."""
        return self.address(held=tuple(it for it in self.asked.held if it != one))

    def values(self, facet: Facet, language: str) -> Values:
        """A facet with the ways that lead on from it."""
        counting = facet.counting
        choices = tuple(self._choice(it, counting.only(it.words), language) for it in facet.values)
        empty = None
        if facet.without and not counting.part:
            empty = self._choice(Counted(None, facet.without, "yes"), Filter(counting.column, "empty", "yes"), language)
        facets = self.asked.facets
        without = self.address(facets=with_or_without(facets, counting))
        return Values(facet, choices, without, empty, *around(facet, self._other), self._query(counting))

    def _query(self, counting: Counting) -> Way | None:
        text = query_that_counts(self.asked, self.base, counting)
        if not text:
            return None
        address = "" if self.is_long else f"/{Asked(text, self.asked.dataset).address()}"
        return Way(address, (COUNTED, "=".join(counting.parameter)))

    def _other(self, counting: Counting) -> Way:
        return Way(self.address(facets=with_others(self.asked.facets, counting)), counting.parameter)

    def _choice(self, counted: Counted, only: Filter, language: str) -> Choice:
        held = self.asked.held
        leads = is_way(counted, only, held)
        facets = tuple(it.at(0) for it in self.asked.facets)
        address = self.address(held=(*held, only), facets=facets) if leads else ""
        return Choice(_cut(counted.term, language), counted.rows, address, leads, only.parameter)


def _cut(term: Term | None, language: str) -> Term | None:
    if term is None or term.kind == "iri" or len(term.value) <= _LONGEST:
        return term
    return replace(term, value=cut(term.value, _LONGEST, language))
