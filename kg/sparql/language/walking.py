"""Ways through a tree: what an expression is made of, the variables in it, and how high a tree is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace

from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Iri,
    Literal,
    Membership,
    PathLike,
    Term,
    TriplePattern,
    TripleTerm,
    Unary,
    Variable,
)


def operands(expression: Expression) -> tuple[Expression, ...]:
    """What an expression is evaluated from; the group of EXISTS is none of it."""
    match expression:
        case Variable() | Iri() | Literal() | Exists() | TripleTerm():
            return ()
        case Unary():
            return (expression.operand,)
        case Binary():
            return (expression.left, expression.right)
        case Membership():
            return (expression.operand, *expression.members)
        case BuiltIn() | Call():
            return expression.arguments
        case Aggregate():
            return () if expression.operand is None else (expression.operand,)
    raise ValueError(f"no expression: {expression!r}")


def expressions(whole: Expression) -> Iterator[Expression]:
    """An expression and all that it is made of, from left to right, the outer before the inner."""
    waiting = [whole]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(operands(one))


def with_operands(expression: Expression, values: tuple[Expression, ...]) -> Expression:
    """The same expression, evaluated from others; they are as many as `operands` gives."""
    match expression:
        case Unary():
            return replace(expression, operand=values[0])
        case Binary():
            return replace(expression, left=values[0], right=values[1])
        case Membership():
            return replace(expression, operand=values[0], members=values[1:])
        case BuiltIn() | Call():
            return replace(expression, arguments=values)
        case Aggregate():
            return replace(expression, operand=values[0] if values else None)
    return expression


def mapped(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """An expression after `change` was asked for every part of it, the outer before the inner.

    What `change` puts in the place of a part is not looked into.

    >>> from kg.sparql.language.syntax import Variable
    >>> mapped(Unary("!", Variable("a")), lambda one: Variable("b") if isinstance(one, Variable) else one).operand.name
    'b'
    """
    changed = change(expression)
    if changed is not expression:
        return changed
    before = operands(expression)
    after = tuple(mapped(one, change) for one in before)
    same = all(one is other for one, other in zip(before, after, strict=True))
    return expression if same else with_operands(expression, after)


def variables_of_term(term: Term | PathLike) -> Iterator[Variable]:
    """The variables of a term, in a triple term from left to right; a path has none."""
    match term:
        case Variable():
            yield term
        case TripleTerm():
            for part in (term.subject, term.predicate, term.object):
                yield from variables_of_term(part)


def variables_of_pattern(pattern: TriplePattern) -> Iterator[Variable]:
    """The variables of a triple pattern, from left to right."""
    for part in (pattern.subject, pattern.predicate, pattern.object):
        yield from variables_of_term(part)


def variables_of(expression: Expression) -> Iterator[Variable]:
    """The variables of an expression, those of aggregates included, those of EXISTS not."""
    for one in expressions(expression):
        if isinstance(one, Variable | TripleTerm):
            yield from variables_of_term(one)


def height(tree: object) -> int:
    """How many values of a tree stand in one another at most."""
    highest = 0
    waiting = [(tree, 1)]
    while waiting:
        value, level = waiting.pop()
        if isinstance(value, tuple):
            waiting += ((part, level) for part in value)
        elif is_dataclass(value):
            highest = max(highest, level)
            waiting += ((getattr(value, name), level + 1) for name in value.__dataclass_fields__ if name != "at")
    return highest
