"""What a person asks of the page of queries, and the address that asks the same again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from kg.errors import Problem
from server.engine import Dataset
from server.http.protocol import ProtocolError
from server.http.views import NONE
from server.pages.addresses import query_string
from server.pages.querying.drawn.columns import SHOWN, TABLE
from server.pages.tables.facets import Counting
from server.pages.tables.filters import Filter

LONGEST: Final = 200
"""Characters of the words that rows are kept by."""
LAST_SIZE: Final = 9_999
"""The largest number of rows that one may ask for; a page gives as many as it has room for."""
IRIS: Final = "iris"
NAMES: Final = "names"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and how its answers are to be shown."""

    text: str
    """Empty where nothing is asked yet."""
    dataset: Dataset = NONE
    explain: bool = False
    collation: str | None = None
    sort: str = ""
    """The column that the rows are sorted by; `-` before it turns the order round. Empty for the query's own order."""
    number: int = 0
    """The page of the rows, from 0."""
    iris: bool = False
    """Whether things are shown by their IRIs, where they have names."""
    drawn: str = ""
    """`chart`, `graph` or `map`, where the rows are to be drawn."""
    rows: int = 0
    """How many rows a page is to have; 0 for as many as it has by itself."""
    only: str = ""
    """The words of the rows that are to be shown; empty for all rows."""
    held: tuple[Filter, ...] = ()
    """The values that rows must have, as counts lead to them."""
    facets: tuple[Counting, ...] = ()
    """What is counted."""

    @property
    def column(self) -> str:
        """The column that the rows are sorted by; no name of a variable begins with `-`."""
        return self.sort.removeprefix("-")

    @property
    def falls(self) -> bool:
        """Whether the largest comes first."""
        return self.sort.startswith("-")

    def address(self, **other: Any) -> str:
        """The address of this, with `other` values of some fields; another order, or other rows, begin at page 0.

        >>> asked = Asked("ASK {}", number=2)
        >>> asked.address(sort="-x"), asked.address(number=3)
        ('query?query=ASK+%7B%7D&sort=-x', 'query?query=ASK+%7B%7D&page=3')
        """
        if {"sort", "only", "rows", "held", "facets"} & other.keys():
            other = {"number": 0, **other}
        it = replace(self, **other)
        return f"query?{query_string([('query', it.text), *it.shown(number=it.number)])}"

    def shown(self, *, number: int = 0) -> tuple[tuple[str, str], ...]:
        """The parameters of the address, but for the query."""
        given = (
            *self.graphs(),
            ("collation", self.collation or ""),
            ("explain", "true" if self.explain else ""),
            ("sort", self.sort),
            ("page", str(number or "")),
            ("show", IRIS if self.iris else ""),
            ("as", self.drawn),
            ("rows", str(self.rows or "")),
            ("only", self.only),
            *(it.parameter for it in self.held),
            *(it.parameter for it in self.facets),
        )
        return tuple((name, value) for name, value in given if value)

    def graphs(self) -> tuple[tuple[str, str], ...]:
        """Those of the parameters that say what the query sees."""
        return (
            *(("default-graph-uri", iri) for iri in self.dataset.default),
            *(("named-graph-uri", iri) for iri in self.dataset.named),
            *([("view", self.dataset.view)] if self.dataset.view else []),
        )

    def turned(self, column: str) -> str:
        """What is next for a column: rising, then falling, then the query's own order.

        >>> [Asked("", sort=sort).turned("x") for sort in ("", "x", "-x", "y")]
        ['x', '-x', '', 'x']
        """
        return {column: f"-{column}", f"-{column}": ""}.get(self.sort, column)


def last_view(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The parameters of a request with the last of its views alone: a button sends its own after that of its form.

    >>> last_view([("view", "stated"), ("query", "ASK {}"), ("view", "everything"), ("view", "")])
    (('query', 'ASK {}'), ('view', 'everything'))
    """
    pairs = tuple(pairs)
    views = [pair for pair in pairs if pair[0] == "view" and pair[1]]
    return (*(pair for pair in pairs if pair[0] != "view"), *views[-1:])


def read_drawn(pairs: Iterable[tuple[str, str]]) -> str:
    """What a request wants the rows drawn as; empty for a table. The last that it says counts.

    :raises ProtocolError: 400 if it asks for what there is not

    >>> read_drawn([("as", "chart")]), read_drawn([("as", "chart"), ("as", "table")])
    ('chart', '')
    """
    given = [value for name, value in pairs if name == "as" and value]
    for text in given:
        if text not in SHOWN:
            problem = Problem("parameter", f"rows are not shown as {text[:40]!r}", hint=f"one of {', '.join(SHOWN)}")
            raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    return "" if given[-1:] == [TABLE] else "".join(given[-1:])


def read_show(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a request asks for IRIs in place of names; the last that it says counts.

    :raises ProtocolError: 400 if it asks for neither

    >>> read_show([("show", "iris")]), read_show([("show", "iris"), ("show", "names")])
    (True, False)
    """
    given = [value for name, value in pairs if name == "show" and value]
    for text in given:
        if text not in {IRIS, NAMES}:
            problem = Problem("parameter", f"the show {text[:40]!r} is neither {NAMES} nor {IRIS}")
            raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    return given[-1:] == [IRIS]


def read_rows(pairs: Iterable[tuple[str, str]]) -> int:
    """How many rows a page is to have, 0 where a request does not say; the last that it says counts.

    :raises ProtocolError: 400 if it is no number

    >>> read_rows([("rows", "25"), ("rows", "100")]), read_rows([("rows", "")])
    (100, 0)
    """
    given = [value for name, value in pairs if name == "rows" and value]
    for text in given:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_SIZE)) and int(text)):
            problem = Problem("parameter", f"the rows {text[:40]!r} are no number from 1 to {LAST_SIZE}")
            raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    return int(given[-1]) if given else 0


def read_only(pairs: Iterable[tuple[str, str]]) -> str:
    """The words of the rows that a request wants to see; the last that it says count.

    :raises ProtocolError: 400 if they are too many: fewer of them would leave other rows

    >>> read_only([("only", " oasis  2030 ")]), read_only([])
    ('oasis 2030', '')
    """
    given = [" ".join(value.split()) for name, value in pairs if name == "only"]
    if any(len(text) > LONGEST for text in given):
        problem = Problem("parameter", f"rows are not kept by words of more than {LONGEST} characters")
        raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    return "".join(given[-1:])
