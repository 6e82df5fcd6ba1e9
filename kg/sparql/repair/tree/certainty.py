"""What is certain of an expression before it is evaluated: that it has a value, or which variables it needs for one.

An operator or function gives an error where an argument is unbound, but for BOUND, COALESCE, IF, `||`, `&&`, IN and
EXISTS (SPARQL 1.1, 17.2 and 17.4.1).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

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
    TripleTerm,
    Unary,
    Variable,
)
from kg.sparql.language.walking import expression_names

_NONE: Final[frozenset[str]] = frozenset()


class _As(Enum):
    """What an expression is wherever it is asked for its variables."""

    TRUE = "true"
    FALSE = "false"
    VALUE = "a value, and no error"

    @property
    def negated(self) -> _As:
        return {_As.TRUE: _As.FALSE, _As.FALSE: _As.TRUE, _As.VALUE: _As.VALUE}[self]


_TESTS: Final = frozenset({"ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "SAMETERM", "ISTRIPLE"})
_NULLARY: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


def is_total(expression: Expression, surely: frozenset[str]) -> bool:  # noqa: PLR0911 -- one for each kind
    """Whether an expression has a value, and no error, in every solution that binds the variables `surely`.

    >>> is_total(BuiltIn("COALESCE", (Variable("a"), Variable("b"))), frozenset("b"))
    True
    """
    match expression:
        case Variable(name):
            return name in surely
        case Iri() | Literal() | Exists():
            return True
        case TripleTerm():
            return expression_names(expression) <= surely
        case Aggregate(name):
            return name == "COUNT"
        case BuiltIn(name, arguments):
            return _is_total_call(name, arguments, surely)
        case Unary() | Binary():
            return _is_boolean(expression, surely)
        case Membership() | Call():
            return False
    raise ValueError(expression)


def _is_total_call(name: str, arguments: tuple[Expression, ...], surely: frozenset[str]) -> bool:
    match name:
        case "BOUND":
            return True
        case "COALESCE":
            return any(is_total(argument, surely) for argument in arguments)
        case "IF":
            condition, *values = arguments
            return _is_boolean(condition, surely) and all(is_total(value, surely) for value in values)
    if name in _NULLARY and not arguments:
        return True
    return name in _TESTS and all(is_total(argument, surely) for argument in arguments)


def _is_boolean(expression: Expression, surely: frozenset[str]) -> bool:
    """Whether an expression is surely true or false."""
    match expression:
        case Unary("!", operand):
            return _is_boolean(operand, surely)
        case Binary("&&" | "||", left, right):
            return _is_boolean(left, surely) and _is_boolean(right, surely)
        case Exists():
            return True
        case BuiltIn(name, _) if name in _TESTS or name == "BOUND":
            return is_total(expression, surely)
    return False


def needed_by_truth(expression: Expression) -> frozenset[str]:
    """The variables that are bound wherever an expression is true.

    >>> sorted(needed_by_truth(Binary("&&", BuiltIn("BOUND", (Variable("a"),)), Binary("<", Variable("b"), Iri("x:")))))
    ['a', 'b']
    """
    return _needed(expression, _As.TRUE)


def _needed(expression: Expression, wanted: _As) -> frozenset[str]:  # noqa: C901, PLR0911 -- one for each kind
    """The variables that are bound wherever an expression is true, is false, or has any value."""
    match expression:
        case Variable(name):
            return frozenset((name,))
        case Iri() | Literal() | Exists() | Aggregate():
            return _NONE
        case TripleTerm():
            return expression_names(expression)
        case Unary("!", operand):
            return _needed(operand, wanted.negated)
        case Binary("&&" | "||", _, _):
            return _needed_by_logic(expression, wanted)
        case Unary(_, operand):
            return _needed(operand, _As.VALUE)
        case Binary(_, left, right):
            return _needed(left, _As.VALUE) | _needed(right, _As.VALUE)
        case Membership(operand, members):
            return _needed(operand, _As.VALUE) if members else _NONE
        case BuiltIn(name, arguments):
            return _needed_by_call(name, arguments, wanted)
        case Call(_, arguments):
            return _all(arguments)
    raise ValueError(expression)


def _needed_by_logic(expression: Binary, wanted: _As) -> frozenset[str]:
    left, right = expression.left, expression.right
    # One side that is so decides, whatever the other one is.
    decides = _As.TRUE if expression.operator == "||" else _As.FALSE
    if wanted is _As.VALUE:
        either = _needed(left, decides) & _needed(right, decides)
        return either & (_needed(left, _As.VALUE) | _needed(right, _As.VALUE))
    if wanted is decides:
        return _needed(left, wanted) & _needed(right, wanted)
    return _needed(left, wanted) | _needed(right, wanted)


def _needed_by_call(name: str, arguments: tuple[Expression, ...], wanted: _As) -> frozenset[str]:
    match name:
        case "BOUND":
            return _all(arguments) if wanted is _As.TRUE else _NONE
        case "COALESCE":
            values = [_needed(argument, wanted) for argument in arguments]
            return values[0].intersection(*values[1:]) if values else _NONE
        case "IF":
            condition, then, otherwise = arguments
            return (_needed(condition, _As.TRUE) | _needed(then, wanted)) & (
                _needed(condition, _As.FALSE) | _needed(otherwise, wanted)
            )
    return _all(arguments)


def _all(arguments: tuple[Expression, ...]) -> frozenset[str]:
    return _NONE.union(*(_needed(argument, _As.VALUE) for argument in arguments))
