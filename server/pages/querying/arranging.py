"""The rows of an answer as a page shows them: sorted by a column, and a part of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kg.folding import fold
from kg.sparql.repair.functions.collation import CollationUnknown, sort_key
from server.lookup import Label, Row, Term, rank

ROWS: Final = 50
"""Rows of one page, where they are of a few columns."""
_FEW: Final = 3
_LEAST: Final = 10
_CELLS: Final = 150
"""Of a page of more columns: what they hold with its links is some 50 kB."""
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


@dataclass(frozen=True, slots=True)
class Ordered:
    """All rows of an answer in the order that was asked for."""

    table: Table
    own: Sequence[Any]
    """The rows in the order of the answer."""
    is_sorted: bool = True
    by_names: bool = True

    def sample(self, most: int) -> tuple[Row, ...]:
        """Some rows, the same ones whatever order is asked for."""
        return tuple(map(self.table.read, self.own[:most]))

    def first(self, most: int) -> tuple[Row, ...]:
        """The first rows."""
        return tuple(map(self.table.read, self.table.raw[:most]))

    def part(self, number: int) -> Part:
        """A page of them."""
        total, columns = len(self.table.raw), len(self.table.columns)
        most = ROWS if columns <= _FEW else max(_LEAST, _CELLS // columns)
        number = min(number, pages(total, most) - 1)
        shown = tuple(map(self.table.read, self.table.raw[number * most : (number + 1) * most]))
        return Part(shown, total, number, self.is_sorted, self.by_names, most)


def arrange(table: Table, sort: str, names: Names | None, language: str) -> Ordered:
    """The rows, sorted by a column of the table if `sort` names one, falling after `-`.

    `names` gives the names by which things are shown, None where they are shown by their IRIs; `language` is that of
    the page, whose order of texts is kept. Rows that are equal in the column keep the order of the answer.
    """
    raw, total = table.raw, len(table.raw)
    column, falls = sort.removeprefix("-"), sort.startswith("-")
    if column not in table.columns:
        return Ordered(table, raw)
    if total > MOST_SORTED:
        return Ordered(table, raw, is_sorted=False)
    terms = [table.read(row).get(column) for row in raw]
    known, by_names = _names(terms, names)
    key = _key(known, language)
    places = sorted(range(total), key=lambda place: key(terms[place]), reverse=falls)
    return Ordered(replace(table, raw=[raw[place] for place in places]), raw, by_names=by_names)


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
