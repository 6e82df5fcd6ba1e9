"""Shapes as frozen values: what a shapes graph says, once it is known to make sense (SHACL, sections 2 to 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kg.errors import Position
from kg.shacl.paths import Path
from kg.terms import PREFIXES

SH: Final = PREFIXES["sh"]
ShapeId = str
"""The IRI of a shape, or `_:` and its label."""
PairName = Literal["Equals", "Disjoint", "LessThan", "LessThanOrEquals"]
LogicName = Literal["And", "Or", "Xone", "Not", "Node"]
Form = bytes
"""A term in its N-Triples form (`kg.shacl.graph.terms`)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message and its language."""

    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """`sh:minCount` or `sh:maxCount`."""

    number: int
    is_minimum: bool


@dataclass(frozen=True, slots=True)
class Datatype:
    """`sh:datatype`."""

    iri: str


@dataclass(frozen=True, slots=True)
class Class:
    """`sh:class`."""

    iri: Form


@dataclass(frozen=True, slots=True)
class NodeKind:
    """`sh:nodeKind`, as the first bytes that forms of the kinds allowed have."""

    starts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """`sh:minExclusive` and its like: which results of a comparison with the limit are allowed."""

    component: str
    limit: Form
    allowed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """`sh:minLength` or `sh:maxLength`, in characters."""

    number: int
    is_minimum: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """`sh:pattern` with `sh:flags`."""

    pattern: str
    flags: str


@dataclass(frozen=True, slots=True)
class LanguageIn:
    """`sh:languageIn`: basic language ranges (RFC 4647)."""

    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """`sh:uniqueLang true`."""


@dataclass(frozen=True, slots=True)
class In:
    """`sh:in`."""

    members: frozenset[Form]


@dataclass(frozen=True, slots=True)
class HasValue:
    """`sh:hasValue`."""

    value: Form


@dataclass(frozen=True, slots=True)
class Pair:
    """`sh:equals`, `sh:disjoint`, `sh:lessThan` or `sh:lessThanOrEquals`: the values of another property."""

    component: PairName
    predicate: str


@dataclass(frozen=True, slots=True)
class Logic:
    """`sh:and`, `sh:or`, `sh:xone`, `sh:not` or `sh:node`: other shapes that a value must fit, and how many of them."""

    component: LogicName
    shapes: tuple[ShapeId, ...]


@dataclass(frozen=True, slots=True)
class Property:
    """`sh:property`."""

    shape: ShapeId


@dataclass(frozen=True, slots=True)
class Qualified:
    """`sh:qualifiedValueShape` with one of its counts; values that fit a sibling do not count."""

    shape: ShapeId
    number: int
    is_minimum: bool
    siblings: tuple[ShapeId, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """`sh:closed true`: the predicates that are allowed."""

    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a variable in a query, for its value to be written."""

    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be run with values for its pre-bound variables."""

    pieces: tuple[str | Mark, ...]
    selected: frozenset[str]
    """Variables that it selects as it is written."""
    mentioned: frozenset[str]
    predicates: frozenset[str] | None
    """IRIs that it mentions, its predicates among them; None if a predicate may be a variable."""
    is_free: bool
    """Whether it gives the same rows for all focus nodes at once (`kg.shacl.shapes.free`)."""
    text: str = ""
    """As it was written."""
    is_ask: bool = False
    position: Position | None = None
    """Where it is written, if that is known."""


@dataclass(frozen=True, slots=True)
class Select:
    """`sh:sparql`, or a validator of a component that is a SELECT: a query whose rows are results."""

    component: str
    query: Query
    messages: tuple[Text, ...]
    bound: tuple[tuple[str, Form], ...] = ()
    """Parameters of a component and their values."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A validator of a component that is an ASK: false for a value is a result."""

    component: str
    query: Query
    messages: tuple[Text, ...]
    bound: tuple[tuple[str, Form], ...] = ()


Constraint = (
    Count | Datatype | Class | NodeKind | Range | Length | Pattern | LanguageIn | UniqueLang | In | HasValue | Pair
    | Logic | Property | Qualified | Closed | Select | Ask
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueryTarget:
    """`sh:target` of SHACL-AF: what a query finds as `$this`."""

    shape: ShapeId
    query: Query | None
    """None if a parameter that is needed has no value: then there are no nodes."""
    bound: tuple[tuple[str, Form], ...] = ()
    """Parameters of its type and their values."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What a shape is validated against (SHACL, section 2.1.3)."""

    nodes: tuple[Form, ...] = ()
    classes: tuple[Form, ...] = ()
    subjects_of: tuple[str, ...] = ()
    objects_of: tuple[str, ...] = ()
    queries: tuple[QueryTarget, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of or self.queries)


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or with a path a property shape."""

    id: ShapeId
    targets: Targets
    path: Path | None = None
    constraints: tuple[Constraint, ...] = ()
    severity: str = SH + "Violation"
    messages: tuple[Text, ...] = ()
    is_deactivated: bool = False


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a shapes graph by their ids, and those that call themselves by way of others."""

    by_id: Mapping[ShapeId, Shape]
    circles: Mapping[ShapeId, frozenset[ShapeId]] = field(default_factory=dict)
    """Each shape that stands in a circle, with all that stand in it."""


def parts(constraint: Constraint) -> tuple[ShapeId, ...]:
    """The shapes that a constraint calls."""
    match constraint:
        case Logic():
            return constraint.shapes
        case Property():
            return (constraint.shape,)
        case Qualified():
            return (constraint.shape, *constraint.siblings)
    return ()


def negated(constraint: Constraint) -> tuple[ShapeId, ...]:
    """The shapes of those that a constraint calls whose conformance can make a value not conform."""
    match constraint:
        case Logic(component="Not" | "Xone"):
            return constraint.shapes
        case Qualified(is_minimum=False):
            return (constraint.shape, *constraint.siblings)
        case Qualified():
            return constraint.siblings
    return ()
