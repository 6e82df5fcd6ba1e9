"""Why a result is one: what its constraint asks for and what was met, as values that words are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Reason:
    """What a constraint asks for, and what the data have in its place.

    `key` names the sentence (`kg.shacl.report.words`): the name of the constraint component, or a closer one.
    """

    key: str
    terms: tuple[str, ...] = ()
    """What is named, as a report holds terms: classes, datatypes, limits, members of a list, other shapes."""
    number: int | None = None
    """The limit of a count or a length."""
    count: int | None = None
    """How many there are."""

    def order(self) -> tuple[object, ...]:
        """What reasons are put in order by; labels of blank nodes have no part in it."""
        terms = tuple("" if term.startswith("_:") else term for term in self.terms)
        return (self.key, terms, self.number or 0, self.count or 0)

    def named(self, name: Callable[[str], str]) -> Reason:
        """The same with other names for blank nodes."""
        return replace(self, terms=tuple(map(name, self.terms)))
