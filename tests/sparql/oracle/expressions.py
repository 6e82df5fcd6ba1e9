"""The value of an expression for one solution (section 17)."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from sparql.oracle import casts, compare, functions, strings
from sparql.oracle.terms import (
    XSD,
    BlankNode,
    Iri,
    Literal,
    Row,
    Term,
    TripleTerm,
    Wrong,
    boolean,
    string,
)

from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Membership,
    Unary,
    Variable,
)

NOW = Literal("2026-01-02T03:04:05Z", XSD + "dateTime")
FRESH: Iterator[int] = itertools.count()


def fresh_blank_node() -> BlankNode:
    return BlankNode(f"new{next(FRESH)}")


@dataclass(frozen=True)
class Scope:
    """What an expression sees beside its own text."""

    row: Row
    exists: Callable[[Group, Row], bool]
    aggregate: Callable[[Aggregate], Term] | None = None
    base: str | None = None
    labels: dict[str, BlankNode] = field(default_factory=dict)
    """What BNODE(text) has made for this solution."""


def value(expression: Expression, scope: Scope) -> Term:
    """What an expression comes to.

    :raises Wrong: if it is an error
    """
    match expression:
        case Iri() | Literal():
            return expression
        case Variable():
            return variable(expression, scope)
        case TripleTerm():
            parts = (value(one, scope) for one in (expression.subject, expression.predicate, expression.object))  # type: ignore[arg-type]
            return functions.triple(*parts)
        case BuiltIn() | Call():
            return built_in(expression, scope) if isinstance(expression, BuiltIn) else call(expression, scope)
        case Aggregate() if scope.aggregate is not None:
            return scope.aggregate(expression)
        case Unary() | Binary() | Membership() | Exists():
            return operation(expression, scope)
    raise TypeError(expression)


def variable(expression: Variable, scope: Scope) -> Term:
    if expression.name not in scope.row:
        raise Wrong(f"?{expression.name} has no value")
    return scope.row[expression.name]


def truth(expression: Expression, scope: Scope) -> bool:
    """The effective boolean value of an expression.

    :raises Wrong: if it is an error
    """
    return compare.effective(value(expression, scope))


def holds(expression: Expression, scope: Scope) -> bool:
    """Whether a filter lets a solution pass: an error does not."""
    try:
        return truth(expression, scope)
    except Wrong:
        return False


def operation(expression: Unary | Binary | Membership | Exists, scope: Scope) -> Term:
    match expression:
        case Unary():
            return unary(expression, scope)
        case Binary("||" | "&&"):
            return logical(expression, scope)
        case Binary():
            left, right = value(expression.left, scope), value(expression.right, scope)
            if expression.operator in {"+", "-", "*", "/"}:
                return functions.arithmetic(expression.operator, left, right)
            return boolean(compare.holds(expression.operator, left, right))
        case Membership():
            return boolean(is_member(expression, scope) != expression.negated)
        case Exists():
            return boolean(scope.exists(expression.group, scope.row) != expression.negated)
    raise TypeError(expression)


def unary(expression: Unary, scope: Scope) -> Term:
    if expression.operator == "!":
        return boolean(not truth(expression.operand, scope))
    operand = value(expression.operand, scope)
    return functions.negated(operand) if expression.operator == "-" else functions.unchanged(operand)


def attempted(expression: Expression, scope: Scope) -> bool | Wrong:
    try:
        return truth(expression, scope)
    except Wrong as error:
        return error


def logical(expression: Binary, scope: Scope) -> Literal:
    """`||` and `&&` by the truth table of section 17.2: one operand may decide though the other is an error."""
    decides = expression.operator == "||"
    operands = [attempted(one, scope) for one in (expression.left, expression.right)]
    if decides in operands:
        return boolean(decides)
    for operand in operands:
        if isinstance(operand, Wrong):
            raise operand
    return boolean(not decides)


def is_member(expression: Membership, scope: Scope) -> bool:
    """IN (section 17.4.1.9): any equality decides, and else any error."""
    operand = value(expression.operand, scope)
    error: Wrong | None = None
    for member in expression.members:
        try:
            if compare.equal(operand, value(member, scope)):
                return True
        except Wrong as found:
            error = found
    if error is not None:
        raise error
    return False


def coalesce(arguments: tuple[Expression, ...], scope: Scope) -> Term:
    for argument in arguments:
        try:
            return value(argument, scope)
        except Wrong:
            continue
    raise Wrong("nothing that is no error")


def built_in(expression: BuiltIn, scope: Scope) -> Term:
    name, arguments = expression.name, expression.arguments
    if name in FORMS:
        return FORMS[name](arguments, scope)
    values = [value(argument, scope) for argument in arguments]
    if name in {"IRI", "URI"}:
        return iri(values[0], scope.base)
    if name == "BNODE":
        return blank_node(values, scope)
    return functions.FUNCTIONS[name](*values) if values else CONSTANTS[name]()


def bound(arguments: tuple[Expression, ...], scope: Scope) -> Term:
    (one,) = arguments
    assert isinstance(one, Variable)
    return boolean(one.name in scope.row)


def choice(arguments: tuple[Expression, ...], scope: Scope) -> Term:
    """IF (section 17.4.1.2)."""
    condition, then, otherwise = arguments
    return value(then if truth(condition, scope) else otherwise, scope)


FORMS: dict[str, Callable[[tuple[Expression, ...], Scope], Term]] = {
    "BOUND": bound, "IF": choice, "COALESCE": coalesce,
}  # fmt: skip
"""What looks at its operands before they have values."""
CONSTANTS: dict[str, Callable[[], Term]] = {
    "NOW": lambda: NOW,
    "RAND": lambda: Literal(repr(random.random()), XSD + "double"),
    "UUID": lambda: Iri(uuid.uuid4().urn),
    "STRUUID": lambda: string(str(uuid.uuid4())),
    "CONCAT": lambda: string(""),
}


def iri(term: Term, base: str | None) -> Iri:
    if isinstance(term, Iri):
        return term
    text = strings.simple(term)
    resolved = urljoin(base or "", text)
    if not resolved.partition(":")[1] or any(mark in resolved for mark in ' <>"{}|\\^`'):
        raise Wrong("no absolute IRI")
    return Iri(resolved)


def blank_node(values: list[Term], scope: Scope) -> BlankNode:
    """BNODE (section 17.4.2.9): for one text the same within a solution, and another in each."""
    if not values:
        return fresh_blank_node()
    return scope.labels.setdefault(strings.simple(values[0]), fresh_blank_node())


def call(expression: Call, scope: Scope) -> Term:
    values: list[Any] = [value(argument, scope) for argument in expression.arguments]
    name = expression.function.value
    if not name.startswith(XSD) or len(values) != 1:
        raise AssertionError(f"no such function: {name}")
    return casts.cast(name, values[0])
