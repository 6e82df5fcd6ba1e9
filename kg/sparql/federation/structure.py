"""The group structure of a query: what is joined, left-joined, subtracted and filtered, and which variables it binds.

Triples and expressions stay text. A node knows the tokens that it was read from, the variables in it and the SERVICE
clauses below it, and no more: that is what a plan needs (SPARQL 1.1 Query, section 18.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from kg.sparql.language.tokens import Kind, Token
from kg.sparql.solutions import Row

Names: TypeAlias = frozenset[str]
NONE: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end`, the last one excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, or several; `variables` are those outside of its EXISTS patterns."""

    span: Span
    variables: Names
    exists: tuple[Group, ...] = ()
    volatile: bool = False
    """Whether its value may differ from one evaluation to the next: RAND, UUID, BNODE, NOW."""
    services: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Triples:
    """Triple patterns and property paths."""

    span: Span
    variables: Names
    services: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Filter:
    """`FILTER`, which sees the whole of its group."""

    span: Span
    expression: Expression
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bind:
    """`BIND (expression AS ?variable)`."""

    span: Span
    expression: Expression
    variable: str
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Values:
    """Inline data; a variable is certain where no row says UNDEF."""

    span: Span
    variables: Names
    certain: Names
    services: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Optional:
    """`OPTIONAL { }`."""

    span: Span
    group: Group
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Minus:
    """`MINUS { }`."""

    span: Span
    group: Group
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Graph:
    """`GRAPH name { }`; `variable` is the name without its mark, if it is one."""

    span: Span
    name: Span
    variable: str | None
    group: Group
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Union:
    """Groups between which UNION stands; a group by itself is a union of one."""

    span: Span
    branches: tuple[Group, ...]
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Service:
    """`SERVICE name { }`; `number` counts the clauses that are ours to ask, from 0 in the order of the text."""

    span: Span
    name: Token
    address: str | None
    """The IRI of the endpoint, if the name is none of a variable."""
    silent: bool
    body: Group
    number: int
    services: frozenset[int]

    @property
    def variable(self) -> str | None:
        """The name without its mark, if it is a variable."""
        return self.name.text[1:] if self.name.kind is Kind.VARIABLE else None


Element: TypeAlias = "Triples | Filter | Bind | Values | Optional | Minus | Graph | Union | Service"


@dataclass(frozen=True, slots=True)
class Group:
    """`{ }`: elements in order, or one sub-select."""

    span: Span
    elements: tuple[Element, ...]
    select: Select | None
    services: frozenset[int]
    volatile: bool


@dataclass(frozen=True, slots=True)
class Select:
    """The head and the tail of a SELECT, and its WHERE."""

    span: Span
    star: bool
    plain: tuple[str, ...]
    """Variables that are projected as they are."""
    made: tuple[str, ...]
    """Variables of `(expression AS ?variable)`."""
    where: Group
    keys: Names
    """Variables by which the solutions are grouped."""
    grouped: bool
    limit: Span | None
    """LIMIT and OFFSET."""
    values: Values | None
    expressions: tuple[Expression, ...]
    """Those of the head, of GROUP BY, HAVING and ORDER BY."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole query as far as a plan needs it."""

    tokens: tuple[Token, ...]
    text: str
    prologue: Span
    dataset: Span
    """FROM and FROM NAMED."""
    root: Select
    """The outermost query; one of another form is taken for `SELECT *`."""
    services: tuple[Service, ...]
    prefixes: tuple[tuple[str, str], ...]
    """The declarations, as resolved."""
    base: str | None
    """What the query itself declares, as resolved."""


@dataclass(frozen=True, slots=True)
class Inline:
    """The answer of a SERVICE clause, to stand in its place."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def certain(self) -> Names:
        """The variables that every row binds."""
        return frozenset(
            name for place, name in enumerate(self.variables) if all(row[place] is not None for row in self.rows)
        )


Answers: TypeAlias = Mapping[int, Inline]
"""The clauses that are answered, by number."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which variables a pattern may bind, and which it binds in every solution."""

    scope: Names = NONE
    certain: Names = NONE

    def joined(self, other: Bound) -> Bound:
        """Those of a join of both."""
        return Bound(self.scope | other.scope, self.certain | other.certain)


UNBOUND: Final = Bound()
"""Of a pattern without variables."""


def bound(group: Group, answers: Answers) -> Bound:
    """Which variables a group binds."""
    if group.select is not None:
        return bound_by_select(group.select, answers)
    total = Bound()
    for element in group.elements:
        total = total.joined(bound_by_element(element, answers))
    return total


def bound_by_select(select: Select, answers: Answers) -> Bound:
    """Which variables a SELECT hands on (SPARQL 1.1 Query, section 18.2.1)."""
    inner = bound(select.where, answers)
    plain = inner.scope if select.star else frozenset(select.plain)
    certain = inner.certain & plain
    if select.grouped:
        certain &= select.keys
    total = Bound(plain | frozenset(select.made), certain)
    if select.values is not None:
        total = total.joined(Bound(select.values.variables, select.values.certain))
    return total


def bound_by_element(element: Element, answers: Answers) -> Bound:  # noqa: PLR0911 -- one for each kind
    """Which variables one element adds to its group."""
    match element:
        case Triples():
            return Bound(element.variables, element.variables)
        case Values():
            return Bound(element.variables, element.certain)
        case Filter() | Minus():
            return Bound()
        case Bind():
            return Bound(frozenset((element.variable,)))
        case Optional():
            return Bound(bound(element.group, answers).scope)
        case Graph():
            own = frozenset((element.variable,)) if element.variable else NONE
            return bound(element.group, answers).joined(Bound(own, own))
        case Union():
            inner = [bound(branch, answers) for branch in element.branches]
            return Bound(
                NONE.union(*(one.scope for one in inner)),
                inner[0].certain.intersection(*(one.certain for one in inner[1:])),
            )
        case Service():
            return bound_by_service(element, answers)
    raise ValueError(element)


def bound_by_service(service: Service, answers: Answers) -> Bound:
    """Which variables a SERVICE clause binds.

    One that may fail silently is certain of none until it is answered, but for the variable that names its endpoint.
    """
    if service.number in answers:
        answer = answers[service.number]
        return Bound(frozenset(answer.variables), answer.certain)
    inner = bound(service.body, answers)
    own = NONE if service.variable is None else frozenset((service.variable,))
    return (Bound(inner.scope) if service.silent else inner).joined(Bound(own, own))
