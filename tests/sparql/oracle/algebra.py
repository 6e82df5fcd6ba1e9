"""The algebra of section 18.2, and how the tree of a query becomes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kg.sparql.language import syntax
from kg.sparql.language.syntax import Expression, Iri, Select, TriplePattern, Variable


@dataclass(frozen=True)
class BasicGraphPattern:
    """Triple patterns and paths that stand together; blank nodes of one pattern are of all."""

    patterns: tuple[TriplePattern, ...]


@dataclass(frozen=True)
class Join:
    left: Algebra
    right: Algebra


@dataclass(frozen=True)
class LeftJoin:
    left: Algebra
    right: Algebra
    conditions: tuple[Expression, ...]


@dataclass(frozen=True)
class Filter:
    conditions: tuple[Expression, ...]
    pattern: Algebra


@dataclass(frozen=True)
class Union:
    left: Algebra
    right: Algebra


@dataclass(frozen=True)
class Minus:
    left: Algebra
    right: Algebra


@dataclass(frozen=True)
class Graph:
    name: Iri | Variable
    pattern: Algebra


@dataclass(frozen=True)
class Extend:
    pattern: Algebra
    variable: str
    expression: Expression


@dataclass(frozen=True)
class Table:
    """VALUES."""

    rows: tuple[tuple[tuple[str, syntax.Iri | syntax.Literal | syntax.TripleTerm], ...], ...]


@dataclass(frozen=True)
class SubSelect:
    """ToMultiset of a query within the query."""

    select: Select


Algebra: TypeAlias = "BasicGraphPattern | Join | LeftJoin | Filter | Union | Minus | Graph | Extend | Table | SubSelect"
EMPTY = BasicGraphPattern(())


def table(data: syntax.InlineData) -> Table:
    """Rows without their UNDEF."""
    names = [variable.name for variable in data.variables]
    cells = [[(name, cell) for name, cell in zip(names, row, strict=True) if cell is not None] for row in data.rows]
    return Table(tuple(map(tuple, cells)))


def translate(group: syntax.Group) -> Algebra:
    """A group graph pattern (section 18.2.2.6): filters see the whole of it, the rest goes from left to right."""
    filters = tuple(one.condition for one in group.elements if isinstance(one, syntax.Filter))
    found: Algebra = EMPTY
    for element in elements_of(group):
        found = after(found, element)
    return Filter(filters, found) if filters else found


def elements_of(group: syntax.Group) -> list[syntax.Element]:
    """The elements but the filters; triples that only a filter parts are one basic graph pattern."""
    merged: list[syntax.Element] = []
    for element in group.elements:
        if isinstance(element, syntax.Filter):
            continue
        if isinstance(element, syntax.Triples) and merged and isinstance(merged[-1], syntax.Triples):
            merged[-1] = syntax.Triples(merged[-1].patterns + element.patterns)
        else:
            merged.append(element)
    return merged


def after(found: Algebra, element: syntax.Element) -> Algebra:
    match element:
        case syntax.Optional():
            inner = translate(element.group)
            if isinstance(inner, Filter):
                return LeftJoin(found, inner.pattern, inner.conditions)
            return LeftJoin(found, inner, ())
        case syntax.Minus():
            return Minus(found, translate(element.group))
        case syntax.Bind():
            return Extend(found, element.variable.name, element.expression)
    return element_alone(element) if found == EMPTY else Join(found, element_alone(element))


def element_alone(element: syntax.Element) -> Algebra:
    match element:
        case syntax.Triples():
            return BasicGraphPattern(element.patterns)
        case syntax.InlineData():
            return table(element)
        case syntax.Graph():
            return Graph(element.name, translate(element.group))
        case syntax.Group():
            return translate(element)
        case syntax.Select():
            return SubSelect(element)
        case syntax.Union():
            first, *others = map(translate, element.branches)
            for other in others:
                first = Union(first, other)
            return first
    raise TypeError(element)
