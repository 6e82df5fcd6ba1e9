"""A query as a tree of values, between its text and its text again.

Prefixed names are IRIs here, relative IRIs are resolved, and what only abbreviates is written out: predicate and object
lists, `[ ]`, collections, reified triples and annotations are triple patterns. All else stands as it was written.
Trees are equal if they say the same, wherever it stood (`at`). Sections are those of SPARQL 1.1 Query Language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text whose codepoint escapes are resolved, the last one excluded."""

    start: int
    end: int


# --- terms (section 4)


@dataclass(frozen=True, slots=True)
class Variable:
    """`?name` or `$name`; the name without its mark."""

    name: str
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI: absolute, unless neither the query nor its surroundings say a base."""

    value: str
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BlankNode:
    """A blank node of a pattern: a variable that no one can ask for. `[ ]` makes one of its own label."""

    label: str
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal; its datatype is written out, also where the text leaves it away (`1`, `true`, `"a"`, `"a"@ar`)."""

    lexical: str
    datatype: str
    language: str | None = None
    direction: str | None = None
    """`ltr` or `rtl` (SPARQL 1.2)."""
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TripleTerm:
    """`<<( subject predicate object )>>` (SPARQL 1.2)."""

    subject: Term
    predicate: Iri | Variable
    object: Term
    at: Span | None = field(default=None, compare=False)


Term: TypeAlias = "Variable | Iri | BlankNode | Literal | TripleTerm"


# --- property paths (section 9.1); a plain predicate is an Iri, not a path


@dataclass(frozen=True, slots=True)
class Inverse:
    """`^path`."""

    path: PathLike


@dataclass(frozen=True, slots=True)
class Sequence:
    """`path / path / ...`, two at least."""

    parts: tuple[PathLike, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """`path | path | ...`, two at least."""

    parts: tuple[PathLike, ...]


class Times(Enum):
    """How often a path is gone."""

    ZERO_OR_MORE = "*"
    ONE_OR_MORE = "+"
    ZERO_OR_ONE = "?"


@dataclass(frozen=True, slots=True)
class Repeated:
    """`path*`, `path+` or `path?`."""

    path: PathLike
    times: Times


@dataclass(frozen=True, slots=True)
class Negated:
    """`!(iri | ^iri | ...)`: any property but these, forwards and backwards."""

    forwards: tuple[Iri, ...]
    backwards: tuple[Iri, ...] = ()


PathLike: TypeAlias = "Iri | Inverse | Sequence | Alternative | Repeated | Negated"


# --- patterns (sections 5 to 13)


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """A subject, a predicate or path, and an object."""

    subject: Term
    predicate: PathLike | Variable
    object: Term
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Triples:
    """Triple patterns and paths that stand together; FILTER between two of them does not part a basic graph pattern."""

    patterns: tuple[TriplePattern, ...]
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`FILTER`, which sees the whole of its group, wherever in it it stands."""

    condition: Expression
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Bind:
    """`BIND (expression AS ?variable)`, which ends the basic graph pattern before it."""

    expression: Expression
    variable: Variable
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InlineData:
    """`VALUES`; None is UNDEF. A cell may be a TripleTerm without variables."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Iri | Literal | TripleTerm | None, ...], ...]
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Optional:
    """`OPTIONAL { }`."""

    group: Group
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Minus:
    """`MINUS { }`."""

    group: Group
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """`GRAPH name { }`."""

    name: Iri | Variable
    group: Group
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """`SERVICE [SILENT] name { }` (SPARQL 1.1 Federated Query)."""

    name: Iri | Variable
    silent: bool
    group: Group
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Union:
    """`{ } UNION { } ...`, two at least."""

    branches: tuple[Group, ...]
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`{ }`: elements in order; a sub-select is a group whose only element is a Select."""

    elements: tuple[Element, ...]
    at: Span | None = field(default=None, compare=False)


# --- expressions (section 17); a Term but BlankNode is an expression too


@dataclass(frozen=True, slots=True)
class Unary:
    """`!`, `-` or `+` before an operand."""

    operator: str
    operand: Expression
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`||`, `&&`, `=`, `!=`, `<`, `>`, `<=`, `>=`, `+`, `-`, `*` or `/` between two operands."""

    operator: str
    left: Expression
    right: Expression
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand IN (...)` and `operand NOT IN (...)`."""

    operand: Expression
    members: tuple[Expression, ...]
    negated: bool = False
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A function of the language by its keyword, in capitals: `STR`, `IF`, `COALESCE`, `BOUND`, `REGEX`, `NOW`, ..."""

    name: str
    arguments: tuple[Expression, ...]
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its IRI: casts, and those that an engine adds; `distinct` for an aggregate of that kind."""

    function: Iri
    arguments: tuple[Expression, ...]
    distinct: bool = False
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """`EXISTS { }` and `NOT EXISTS { }`."""

    group: Group
    negated: bool = False
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`COUNT`, `SUM`, `MIN`, `MAX`, `AVG`, `SAMPLE` or `GROUP_CONCAT` (section 11); no `operand` is `COUNT(*)`."""

    name: str
    operand: Expression | None
    distinct: bool = False
    separator: str | None = None
    """Of GROUP_CONCAT, if it is said."""
    at: Span | None = field(default=None, compare=False)


Expression: TypeAlias = (
    "Variable | Iri | Literal | TripleTerm | Unary | Binary | Membership | BuiltIn | Call | Exists | Aggregate"
)


# --- queries (sections 2, 13, 15 and 16)


@dataclass(frozen=True, slots=True)
class Named:
    """`(expression AS ?variable)`, in a projection or in GROUP BY."""

    expression: Expression
    variable: Variable


class Duplicates(Enum):
    """What a SELECT does with equal solutions."""

    KEPT = ""
    DISTINCT = "DISTINCT"
    REDUCED = "REDUCED"


@dataclass(frozen=True, slots=True)
class OrderCondition:
    """A key of ORDER BY."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What follows the pattern (rule 18): GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET."""

    group: tuple[Expression | Named, ...] = ()
    having: tuple[Expression, ...] = ()
    order: tuple[OrderCondition, ...] = ()
    limit: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """SELECT, of a whole query or within one; `projection` is None for `*`."""

    projection: tuple[Variable | Named, ...] | None
    where: Group
    duplicates: Duplicates = Duplicates.KEPT
    modifiers: Modifiers = Modifiers()
    values: InlineData | None = None
    """The block after the modifiers."""
    at: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """ASK."""

    where: Group
    modifiers: Modifiers = Modifiers()
    values: InlineData | None = None


@dataclass(frozen=True, slots=True)
class Construct:
    """CONSTRUCT; the short form `CONSTRUCT WHERE { }` has its pattern as template."""

    template: tuple[TriplePattern, ...]
    where: Group
    modifiers: Modifiers = Modifiers()
    values: InlineData | None = None


@dataclass(frozen=True, slots=True)
class Describe:
    """DESCRIBE; `resources` is None for `*`, `where` for none."""

    resources: tuple[Iri | Variable, ...] | None
    where: Group | None
    modifiers: Modifiers = Modifiers()
    values: InlineData | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query."""

    body: Select | Ask | Construct | Describe
    prefixes: tuple[tuple[str, str], ...] = ()
    """The declarations in order, as resolved; what writes text may use them."""
    default_graphs: tuple[Iri, ...] = ()
    """FROM."""
    named_graphs: tuple[Iri, ...] = ()
    """FROM NAMED."""
    version: str | None = None
    """VERSION (SPARQL 1.2)."""
    base: str | None = None
    """BASE, as resolved: what IRI() resolves against."""


Element: TypeAlias = (
    "Triples | Filter | Bind | InlineData | Optional | Minus | Graph | Service | Union | Group | Select"
)
