"""Patterns of triples that a rule writes as other elements: each leaves its block, and is joined to the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from kg.sparql.language.syntax import BlankNode, Element, Group, Query, Term, TriplePattern, Triples, Variable
from kg.sparql.language.walking import groups_mapped, rebuilt
from kg.sparql.repair.context import Fresh

Touched: TypeAlias = Callable[[TriplePattern], bool]
"""Whether a rule has to write a pattern anew."""
Written: TypeAlias = Callable[[TriplePattern], Iterable[Element]]
"""What it writes in its place."""


def patterns_replaced(query: Query, fresh: Fresh, touched: Touched, written: Written) -> Query:
    """A query in which other elements stand for each pattern that is touched, in its group."""

    def change(group: Group) -> Group:
        if not any(isinstance(each, Triples) and any(map(touched, each.patterns)) for each in group.elements):
            return group
        return Group(tuple(_replaced(without_blanks(group.elements, fresh), touched, written)), group.at)

    return groups_mapped(query, change)


def _replaced(elements: Iterable[Element], touched: Touched, written: Written) -> Iterator[Element]:
    """The patterns that stay together, then what stands for each of the others: a join has no order."""
    for element in elements:
        if not isinstance(element, Triples):
            yield element
            continue
        kept = tuple(pattern for pattern in element.patterns if not touched(pattern))
        if kept:
            yield Triples(kept, element.at)
        for pattern in element.patterns:
            if touched(pattern):
                yield from written(pattern)


def without_blanks(elements: tuple[Element, ...], fresh: Fresh) -> tuple[Element, ...]:
    """The same with variables for the blank nodes of its triples: what is parted cannot share a blank node."""
    named: dict[str, Variable] = {}

    def change(term: Term) -> Term:
        if isinstance(term, BlankNode):
            if term.label not in named:
                named[term.label] = fresh.variable("node")
            return named[term.label]
        return rebuilt(term, change)

    return tuple(rebuilt(each, change) if isinstance(each, Triples) else each for each in elements)
