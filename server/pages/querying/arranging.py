"""The rows of an answer as a page shows them: sorted by a column, and a part of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kg.folding import fold
from kg.sparql.repair.functions.collation import CollationUnknown, sort_key
from server.lookup import Label, Row, Term, rank

ROWS: Final = 50
"""Rows of one page, where they are of a few columns."""
SIZES: Final = (10, 25, 50, 100)
"""Rows of one page that one may choose, where so many have room; and as many as have room."""
_CELLS: Final = 150
"""Of a page, whatever is chosen: what they hold with its links is some 50 kB."""
MOST_SORTED: Final = 50_000
"""Rows that a page sorts; more of them are sorted by a query itself."""
MOST_NAMED: Final = 2_000
"""Things whose names are looked up to sort them as they are shown."""

Names = Callable[[frozenset[str]], Mapping[str, Label]]
"""The names of things by their IRIs, where they have any."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer, of which only those that are shown are made into terms."""

    columns: tuple[str, ...]
    raw: Sequence[Any]
    read: Callable[[Any], Row]
    own: Sequence[Any] | None = None
    """All rows in the order of the answer, where these are some of them, or in another order."""
    cell: Callable[[Any, str], tuple[Hashable, Any]] | None = None
    """What is the same in equal cells of a column, and a row that has this cell alone; None if rows are read whole."""

    def cells(self, column: str) -> tuple[list[Hashable], Mapping[Hashable, Term | None]]:
        """What stands in a column of each row: a key for each, and what each key is of; equal cells are read once."""
        terms: dict[Hashable, Term | None] = {}
        if self.cell is None:
            whole = [self.read(row).get(column) for row in self.raw]
            return list(whole), {term: term for term in whole}
        keys: list[Hashable] = []
        for row in self.raw:
            key, alone = self.cell(row, column)
            keys.append(key)
            if key not in terms:
                terms[key] = self.read(alone).get(column)
        return keys, terms

    def first(self, most: int) -> tuple[Row, ...]:
        """The first rows."""
        return tuple(map(self.read, self.raw[:most]))

    def sample(self, most: int) -> tuple[Row, ...]:
        """Some rows of the answer, the same ones whichever are kept, in whatever order."""
        return tuple(map(self.read, (self.raw if self.own is None else self.own)[:most]))

    def with_rows(self, raw: Sequence[Any]) -> Table:
        """The same with some of its rows, or with all of them in another order."""
        return replace(self, raw=raw, own=self.raw if self.own is None else self.own)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that one page shows."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    number: int = 0
    """The page, from 0: the last one, where a later one was asked for."""
    is_sorted: bool = True
    """Whether they are in the order that was asked for; no page sorts more than `MOST_SORTED`."""
    by_names: bool = True
    """Whether the order of things is that of their names; no page looks up more than `MOST_NAMED` for that."""
    most: int = ROWS
    """Rows of each page."""
    sizes: tuple[int, ...] = ()
    """How many they could be."""

    @property
    def first(self) -> int:
        """The first row, counted from 1."""
        return self.number * self.most + 1

    @property
    def last(self) -> int:
        """The last row, counted from 1."""
        return self.number * self.most + len(self.rows)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages(self.total, self.most)


NOTHING: Final = Part()
"""No rows at all."""


def pages(total: int, most: int) -> int:
    """How many pages so many rows fill, `most` on each: one at least.

    >>> pages(0, 50), pages(50, 50), pages(51, 50)
    (1, 1, 2)
    """
    return max(1, -(-total // most))


def room(columns: int, *, beside: int = 0) -> int:
    """How many rows of so many columns a page has room for: ten at least, if nothing stands beside them.

    What stands `beside` them, a picture or counts, takes as much room as the rows.

    >>> room(1), room(3), room(4), room(40)
    (150, 50, 37, 10)
    >>> room(3, beside=1), room(3, beside=2), room(40, beside=1)
    (25, 16, 5)
    """
    return max(SIZES[0], _CELLS // max(columns, 1)) // (1 + beside)


@dataclass(frozen=True, slots=True)
class Ordered:
    """All rows of an answer in the order that was asked for."""

    table: Table
    is_sorted: bool = True
    by_names: bool = True

    def part(self, number: int, rows: int = 0, *, beside: int = 0) -> Part:
        """A page of them, of so many `rows` as far as it has room; 0 for as many as a page has by itself.

        `beside` a graph or a map, which is of all rows and large itself, there is less, and so beside counts.
        """
        total, most = len(self.table.raw), room(len(self.table.columns), beside=beside)
        size = min(rows or ROWS, most)
        sizes = tuple(sorted({*(it for it in SIZES if it < most), most, size}))
        number = min(number, pages(total, size) - 1)
        shown = tuple(map(self.table.read, self.table.raw[number * size : (number + 1) * size]))
        return Part(shown, total, number, self.is_sorted, self.by_names, size, sizes)


def arrange(table: Table, sort: str, names: Names | None, language: str) -> Ordered:
    """The rows of a table, sorted by one of its columns if `sort` names one, falling after `-`.

    `names` gives the names by which things are shown, None where they are shown by their IRIs; `language` is that of
    the page, whose order of texts is kept. Rows that are equal in the column keep the order of the answer.
    """
    raw, total = table.raw, len(table.raw)
    column, falls = sort.removeprefix("-"), sort.startswith("-")
    if column not in table.columns:
        return Ordered(table)
    if total > MOST_SORTED:
        return Ordered(table, is_sorted=False)
    keys, values = table.cells(column)
    terms = [values[key] for key in keys]
    known, by_names = _names(terms, names)
    key = _key(known, language)
    places = sorted(range(total), key=lambda place: key(terms[place]), reverse=falls)
    return Ordered(table.with_rows([raw[place] for place in places]), by_names=by_names)


def _names(terms: Sequence[Term | None], names: Names | None) -> tuple[Mapping[str, Label], bool]:
    things = frozenset(term.value for term in terms if term is not None and term.kind == "iri")
    if names is None or not things:
        return {}, True
    if len(things) > MOST_NAMED:
        return {}, False
    return names(things), True


def _key(known: Mapping[str, Label], language: str) -> Callable[[Term | None], tuple[Any, ...]]:
    """What terms are sorted by: their kinds, numbers by their values, texts and names in the order of the language."""
    texts = text_order(language)

    def key(term: Term | None) -> tuple[Any, ...]:
        kind, is_text, number, *rest = rank(term)
        label = None if term is None else known.get(term.value)
        written = "" if term is None or not is_text else label.text if label else term.value
        return kind, is_text, number, label is None, texts(written), *rest

    return key


def text_order(language: str) -> Callable[[str], str]:
    """What texts are sorted by: ICU's order where it is installed, else the folded text."""
    try:
        return sort_key(language)
    except CollationUnknown:
        return fold


def around(number: int, last: int) -> Iterator[int | None]:
    """The pages that a page leads to: the first, the last and those beside it; None where some are left out.

    >>> list(around(0, 2)), list(around(7, 20))
    ([0, 1, 2], [0, None, 6, 7, 8, None, 20])
    """
    shown = sorted({0, last, *range(max(0, number - 1), min(last, number + 1) + 1)})
    before = -1
    for page in shown:
        if page > before + 1:
            yield None
        yield page
        before = page
