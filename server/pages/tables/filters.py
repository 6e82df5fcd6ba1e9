"""Filters of the rows of a table: a column, how it is tested, and by what; as an address has them and as SPARQL.

Several filters hold together, each for a row: claims that were made of one row may meet different ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from server.lookup import Term, iri_ref, term_of
from server.pages.tables.columns import Column
from server.pages.tables.dates import dated
from server.pages.tables.operators import DENIED, UNWORDED, condition, read_words, value_of

_YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter."""

    column: Column
    test: str
    words: str
    """What the address has: words, a number or a date, or a value as N-Triples writes it."""

    @property
    def parameter(self) -> tuple[str, str]:
        """Its name in an address, and its value."""
        return f"{self.test}.{self.column.key}", self.words

    @property
    def term(self) -> Term | None:
        """The value that a cell must be, or the time that it must be in; None for other tests."""
        if self.test == "during":
            return dated(self.words)
        value = value_of(self.words) if self.test == "is" else None
        return None if value is None else term_of(value)

    @property
    def is_worded(self) -> bool:
        """Whether the test needs its words."""
        return self.test not in UNWORDED

    def pattern(self, number: int, made: Callable[[str], str]) -> str:
        """The pattern that lets a `?row` through; `made` binds its values to a variable, see `variable`."""
        name = variable(number)
        other = f"{name}b"
        several = f"{{ {made(name)} {made(other)} FILTER(!sameTerm(?{name}, ?{other})) }}"
        match self.test:
            case "empty" | "filled":
                return f"FILTER {'NOT ' * (self.test == 'empty')}EXISTS {{ {made(name)} }}"
            case "several":
                return f"FILTER EXISTS {several}"
            case "single":
                return f"FILTER EXISTS {{ {made(name)} }} FILTER NOT EXISTS {several}"
        denied = DENIED.get(self.test)
        passed = condition(name, denied or self.test, self.words)
        return f"FILTER {'NOT ' * (denied is not None)}EXISTS {{ {made(name)} FILTER({passed}) }}"


def variable(number: int) -> str:
    """The variable of the values that a filter tests: `number` tells it from those of other filters."""
    return f"v{number}"


def read_filter(column: Column, test: str, words: str) -> Filter:
    """A filter of what an address says.

    :raises Untestable: if the test cannot use the words

    >>> read_filter(Column(("http://e.org/p",)), "over", " 40 ").words
    '40'
    """
    return Filter(column, test, _YES if test in UNWORDED else read_words(test, words))


def values_of(column: Column, name: str, graph: str, claim: str = "?claim") -> str:
    """A pattern for the values of a column, of claims in a graph."""
    if column.of_claims:
        return f"GRAPH {graph} {{ {claim} {iri_ref(column.path[0])} ?{name} }}"
    if len(column.path) == 1:
        return f"GRAPH {claim} {{ ?{name}s {iri_ref(column.path[0])} ?{name} }}"
    first, last = map(iri_ref, column.path)
    return f"GRAPH {claim} {{ ?{name}s {first} ?{name}i . ?{name}i {last} ?{name} }}"
