"""Where values come from: constants, references, templates and calls of functions (RML-Core, RML-FNML)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.errors import Position
from kg.rml.mapping.functions import Function


class TermType(StrEnum):
    """What a term map makes (RML-Core, term types)."""

    IRI = "IRI"
    URI = "URI"
    UNSAFE_IRI = "UnsafeIRI"
    BLANK_NODE = "BlankNode"
    LITERAL = "Literal"


@dataclass(frozen=True, slots=True)
class Constant:
    """The same term for every row."""

    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Reference:
    """A value of the row: a column, a JSONPath, an XPath."""

    text: str
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in it."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function takes for one of its parameters: values of the row, or the same for every row."""

    expressions: tuple[Expression, ...] = ()
    """One, or several for a parameter that takes texts."""
    value: Any = None
    """What is taken if there is no expression."""


@dataclass(frozen=True, slots=True)
class Call:
    """The result of a function (RML-FNML, function executions)."""

    function: Function
    arguments: tuple[Argument, ...]
    """One for each parameter of the function, in its order."""
    position: Position = field(compare=False)

    def inner(self) -> Iterator[Expression]:
        """The expressions that it takes."""
        for argument in self.arguments:
            yield from argument.expressions


Expression = Constant | Reference | Template | Call


Conditions = tuple[Expression, ...]
"""What must hold for a term to be made; all of them, before anything else is looked at."""


@dataclass(frozen=True, slots=True)
class Join:
    """A condition: some value of the child equals some value of the parent."""

    child: Expression
    parent: Expression


def references_of(expression: Expression | None) -> tuple[Reference, ...]:
    """The references of an expression, in order."""
    match expression:
        case Reference():
            return (expression,)
        case Template(parts):
            return tuple(part for part in parts if isinstance(part, Reference))
        case Call():
            return tuple(reference for inner in expression.inner() for reference in references_of(inner))
        case Constant() | None:
            return ()
    raise TypeError(expression)


def shown(expression: Expression | None) -> str:
    """An expression in a line.

    :raises TypeError: if it is none
    """
    match expression:
        case Reference(text):
            return text
        case Constant(term):
            return str(term)
        case Template(parts):
            return "".join(part if isinstance(part, str) else f"{{{part.text}}}" for part in parts)
        case Call(function, arguments):
            given = (shown(one) for argument in arguments for one in argument.expressions)
            return f"{function.name}({', '.join(given)})"
    raise TypeError(expression)
