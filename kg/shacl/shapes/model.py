"""Shapes as frozen values: what a shapes graph says, once it is known to make sense (SHACL, sections 2 to 6).

What only SHACL 1.2 has is said where it stands; its sections are called by their names, since it is a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kg.errors import Position, Problem
from kg.shacl.paths import Path
from kg.terms import PREFIXES

SH: Final = PREFIXES["sh"]
ShapeId = str
"""The IRI of a shape, or `_:` and its label."""
Version = Literal["1.0", "1.2"]
"""Of SHACL: the Recommendation of 2017, or the draft of SHACL 1.2 Core of August 2026."""
PairName = Literal["Equals", "Disjoint", "LessThan", "LessThanOrEquals", "SubsetOf"]
LogicName = Literal["And", "Or", "Xone", "Not", "Node", "NodeByExpression"]
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
    """`sh:datatype`: one of them (SHACL 1.0 has one only)."""

    iris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """`sh:class`: one of them (SHACL 1.0 has one only)."""

    iris: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class RootClass:
    """`sh:rootClass` of SHACL 1.2: one of the classes, or one below it."""

    iris: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class NodeKind:
    """`sh:nodeKind`, as the first bytes that forms of the kinds allowed have (`<<` are those of triple terms)."""

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
class SingleLine:
    """`sh:singleLine true` of SHACL 1.2."""


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
    """`sh:equals`, `sh:disjoint`, `sh:lessThan` or `sh:lessThanOrEquals`: the values of another property.

    SHACL 1.2 has `sh:subsetOf` too, and paths in place of properties.
    """

    component: PairName
    path: Path


@dataclass(frozen=True, slots=True)
class Logic:
    """`sh:and`, `sh:or`, `sh:xone`, `sh:not` or `sh:node`: other shapes that a value must fit, and how many of them.

    `sh:nodeByExpression` of SHACL 1.2, with a constant, is `sh:node` by another name.
    """

    component: LogicName
    shapes: tuple[ShapeId, ...]


@dataclass(frozen=True, slots=True)
class SomeValue:
    """`sh:someValue` of SHACL 1.2: a shape that one value at least must fit."""

    shape: ShapeId


@dataclass(frozen=True, slots=True)
class MemberShape:
    """`sh:memberShape` of SHACL 1.2: values are lists, and their members fit a shape."""

    shape: ShapeId


@dataclass(frozen=True, slots=True)
class ListLength:
    """`sh:minListLength` or `sh:maxListLength` of SHACL 1.2: values are lists, of so many members."""

    number: int
    is_minimum: bool


@dataclass(frozen=True, slots=True)
class UniqueMembers:
    """`sh:uniqueMembers` of SHACL 1.2: values are lists; if it is true, no member stands twice."""

    is_required: bool


@dataclass(frozen=True, slots=True)
class UniqueValues:
    """`sh:uniqueValuesFor` of SHACL 1.2: no other target of the shape has the same values of these properties."""

    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reifier:
    """`sh:reifierShape` of SHACL 1.2: reifiers of the triples that lead to the values fit a shape."""

    shape: ShapeId
    predicate: str
    is_required: bool
    """Whether each of these triples must have a reifier."""


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
class ClosedByTypes:
    """`sh:closed sh:ByTypes` of SHACL 1.2: the predicates that the types of a node allow, and those that always are."""

    by_type: tuple[tuple[Form, frozenset[str]], ...]
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
    """Whether it gives the same rows for all focus nodes at once (`kg.shacl.shapes.sparql.free`)."""
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
    node: ShapeId | None = None
    """The constraint of `sh:sparql`, which results name (`sh:sourceConstraint`)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A validator of a component that is an ASK: false for a value is a result."""

    component: str
    query: Query
    messages: tuple[Text, ...]
    bound: tuple[tuple[str, Form], ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """A constraint whose triple is annotated in the shapes graph (SHACL 1.2): results are as its annotations say."""

    constraint: Constraint
    severity: str | None
    messages: tuple[Text, ...]


Constraint = (
    Count | Datatype | Class | NodeKind | Range | Length | Pattern | LanguageIn | UniqueLang | In | HasValue | Pair
    | Logic | Property | Qualified | Closed | Select | Ask
    | RootClass | SingleLine | SomeValue | MemberShape | ListLength | UniqueMembers | UniqueValues | Reifier
    | ClosedByTypes | Annotated
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
    where: tuple[ShapeId, ...] = ()
    """Shapes of which every node that fits one is a target (`sh:targetWhere` of SHACL 1.2)."""
    queries: tuple[QueryTarget, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of or self.where or self.queries)


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
    added: Form | None = None
    """One value more than the data have (`sh:values` of SHACL 1.2)."""
    default: Form | None = None
    """The value where there is none (`sh:defaultValue` of SHACL 1.2)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A shape that does not act, or not whole, and why; without a shape, something ill-formed that no shape uses."""

    shape: ShapeId | None
    problems: tuple[Problem, ...]
    is_in_part: bool = False
    """Whether the shape acts without the property shapes that were left out of it."""

    def to_json(self) -> dict[str, object]:
        """The IRI of the shape, if it has one, whether a part of it acts, and the reasons as error objects."""
        shape = None if self.shape is None or self.shape.startswith("_:") else self.shape
        return {"shape": shape, "in_part": self.is_in_part, "problems": [p.to_json() for p in self.problems]}


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a shapes graph by their ids, and those that call themselves by way of others."""

    by_id: Mapping[ShapeId, Shape]
    circles: Mapping[ShapeId, frozenset[ShapeId]] = field(default_factory=dict)
    """Each shape that stands in a circle, with all that stand in it."""
    left_out: tuple[LeftOut, ...] = ()
    """What does not act, where the ill-formed was to be passed over."""
    version: Version = "1.0"


def parts(constraint: Constraint) -> tuple[ShapeId, ...]:
    """The shapes that a constraint calls."""
    match constraint:
        case Logic():
            return constraint.shapes
        case Property() | SomeValue() | MemberShape() | Reifier():
            return (constraint.shape,)
        case Qualified():
            return (constraint.shape, *constraint.siblings)
        case Annotated():
            return parts(constraint.constraint)
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
        case Annotated():
            return negated(constraint.constraint)
    return ()
