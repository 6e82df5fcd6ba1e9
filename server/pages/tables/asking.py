"""Which rows of a table are asked for: by their place in the file, or sorted and filtered by what was made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from server.pages.addresses import query_string
from server.pages.tables.columns import Column, column_of
from server.pages.tables.dates import PARTS
from server.pages.tables.facets import MOST, Counting, only_last
from server.pages.tables.filters import Filter, read_filter
from server.pages.tables.lines import is_row_of
from server.pages.tables.operators import CONTAINS, GROUPS, LISTS, MOST_LISTED, TESTS, UNWORDED, Untestable
from server.pages.telling import InWords, in_words
from server.releases import Release

MOST_FILTERS: Final = 8
"""Filters that hold together."""
WORDS: Final = 200
"""Characters of a filter."""
LONGEST_LIST: Final = 500
"""Characters of a list that a filter names."""
_LONG: Final = 300
"""Characters of filters, order and counts in an address, above which a page has them once and not in each link."""
_FALLS: Final = "desc"
_DIGITS: Final = 6
"""Of the place of a value among those of a column."""
LONGEST_VALUE: Final = 2_000
"""Characters of a value that a filter names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table."""

    page: int = 0
    sort: Column | None = None
    descending: bool = False
    only: tuple[Filter, ...] = ()
    """The filters, all of which a row must meet."""
    row: int | None = None
    """The number of one row in the file."""
    exactly: bool = False
    """Whether other rows are of no use where these are not found in time."""
    facets: tuple[Counting, ...] = ()
    """What is counted."""

    @property
    def is_plain(self) -> bool:
        """Whether the rows come as they stand in the file."""
        return self.sort is None and not self.only and self.row is None

    @property
    def tests(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a form offers to filter by, in groups."""
        return GROUPS

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            *(one.column for one in self.only),
            *([self.sort] if self.sort else []),
            *(it.column for it in self.facets),
        )

    def met(self, one: Filter) -> Asked:
        """The same with one filter more, from the first page on."""
        return replace(self.at_first, row=None, only=tuple(dict.fromkeys((*self.only, one))))

    def unmet(self, one: Filter) -> Asked:
        """The same without a filter, from the first page on."""
        return replace(self.at_first, only=tuple(other for other in self.only if other != one))

    @property
    def at_first(self) -> Asked:
        """The same from the first page on, and from the most frequent values."""
        return replace(self, page=0, facets=tuple(it.at(0) for it in self.facets))

    def counted(self, counting: Counting) -> Asked:
        """The same with one column more counted, or no longer if it is."""
        return replace(self, facets=with_or_without(self.facets, counting))

    def given(self) -> list[tuple[str, str]]:
        """The parameters of the address, but for the page."""
        found = [one.parameter for one in self.only]
        found += [it.parameter for it in self.facets]
        if self.sort is not None:
            found.append(("sort", f"{'-' if self.descending else ''}{self.sort.key}"))
        if self.row is not None:
            found.append(("row", str(self.row)))
        return found

    @property
    def is_long(self) -> bool:
        """Whether the links of a page, some for each column and value, would make it large."""
        return len(query_string(self.given())) > _LONG

    @property
    def has_room(self) -> bool:
        """Whether something more can be counted beside what is."""
        return len(self.facets) < MOST

    def address(self, path: str, **more: str) -> str:
        """The address that asks so."""
        given = [*self.given(), *([("page", str(self.page))] if self.page else []), *more.items()]
        return f"{path}?{query_string(given)}" if given else path


def with_or_without(facets: tuple[Counting, ...], counting: Counting) -> tuple[Counting, ...]:
    """What is counted once one thing more is, in place of the first where there is no room; or without it if it was."""
    others = tuple(it for it in facets if it != counting)
    return others if counting in facets else (*others, counting)[-MOST:]


class AskedWrongly(ValueError):
    """A parameter says what no table can do; `problem` tells which, in the words of the pages that `key` names."""

    def __init__(self, key: str, words: str = "", **numbers: int) -> None:
        self.problem: InWords = in_words("parameter", key, words, **numbers)
        super().__init__(self.problem.message)


def read_asked(parameters: Iterable[tuple[str, str]], page: int, row: int | None) -> Asked:
    """What an address asks of a table; empty parameters ask nothing, as a form sends them.

    :raises AskedWrongly: if a column is none, a test is none, or there are too many filters or words
    """
    sort, descending = None, False
    only: list[Filter] = []
    facets: list[Counting] = []
    added: dict[str, str] = {}
    for name, value in parameters:
        test, dot, key = name.partition(".")
        if name == "sort" and value.strip():
            descending = value.startswith("-")
            sort = _column(value.removeprefix("-"))
        elif name == "order" and value.strip():
            if value != _FALLS:
                raise AskedWrongly("wrong_order", value)
            descending = True
        elif test == "facet" and value.strip():
            facets.append(counting_of(_column(value), key))
        elif name in {"column", "test", "value"}:
            added[name] = value
        elif dot and test in TESTS and value.strip():
            only.append(_filter(key, test, value))
    only += _added(added)
    counted = only_last(facets)
    if len(only) > MOST_FILTERS or len(counted) > MOST:
        raise AskedWrongly("wrong_many", filters=MOST_FILTERS, columns=MOST)
    return Asked(page, sort, descending, tuple(dict.fromkeys(only)), row, facets=counted)


def _added(given: Mapping[str, str]) -> list[Filter]:
    """The filter that a form adds, in three fields; none where its column or its words are left empty."""
    key, test, words = given.get("column", "").strip(), given.get("test") or CONTAINS, given.get("value", "")
    if test not in TESTS:
        raise AskedWrongly("wrong_test", test)
    if not key or not (words.strip() or test in UNWORDED):
        return []
    return [_filter(key, test, words)]


def _filter(key: str, test: str, words: str) -> Filter:
    most = LONGEST_VALUE if test == "is" else LONGEST_LIST if test in LISTS else WORDS
    if len(words) > most:
        raise AskedWrongly("wrong_long", most=most)
    try:
        return read_filter(_column(key), test, words)
    except Untestable as error:
        raise AskedWrongly(error.key, error.words, most=MOST_LISTED) from None


def counting_of(column: Column, part: str) -> Counting:
    """What an address counts of a column, and from which value on: `year`, `21`, `year.21`.

    :raises AskedWrongly: if it is neither the values nor a part of dates
    """
    of, _, number = part.rpartition(".")
    if not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
        of, number = part, "1"
    if of and of not in PARTS:
        raise AskedWrongly("wrong_part", part)
    return Counting(column, of).at(int(number) - 1)


def _column(key: str) -> Column:
    found = column_of(key)
    if found is None:
        raise AskedWrongly("wrong_column", key)
    return found


def rows_at(release: Release, table: str, places: range) -> list[str]:
    """The rows of a table with these numbers in the file, by look-ups: what else it holds costs nothing."""
    found = ((f"{table}#row={n}", f"{table}#item={n}") for n in places)
    return [iri for pair in found for iri in pair if is_row_of(release, iri, table)]
