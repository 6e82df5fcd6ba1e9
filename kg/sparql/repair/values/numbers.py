"""Numbers of any length: comparisons, IN, isNumeric and arithmetic, and dates that are months later or earlier.

The engine's own result is asked first, and ours only where it has none: `COALESCE(?a < ?b, <less>(?a, ?b))`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType
from typing import Final

from kg.errors import Problem
from kg.sparql.language.syntax import Binary, BuiltIn, Call, Expression, Iri, Membership, Query, Unary
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import Kinds
from kg.sparql.repair.proof import Proof
from kg.sparql.repair.values.scopes import Of, Scoped, is_small, parts_mapped

_SUMS: Final[Mapping[str, str]] = MappingProxyType(
    {"+": names.ADD, "-": names.SUBTRACT, "*": names.MULTIPLY, "/": names.DIVIDE}
)
_COMPARISONS: Final = frozenset({"=", "!=", "<", ">", "<=", ">="})
_NUMBERS: Final = frozenset({"integer", "decimal", "float", "double"})


def comparisons(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose comparisons have a result for numbers of any length."""
    change = _Comparing(Proof(context.kinds))
    return Scoped(change.proof, change).query(query), ()


def arithmetic(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose sums, products and quotients have a result for numbers of any length."""
    change = _Calculating(Proof(context.kinds))
    return Scoped(change.proof, change).query(query), ()


def _call(name: str, *arguments: Expression) -> Expression:
    return Call(Iri(name), arguments)


def _or_else(first: Expression, second: Expression) -> Expression:
    return BuiltIn("COALESCE", (first, second))


def _may_be_long(kinds: Kinds) -> bool:
    return kinds is None or "other" in kinds


class _Comparing:
    def __init__(self, proof: Proof) -> None:
        self.proof = proof

    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        del condition
        made = parts_mapped(expression, lambda part: self(part, of, condition=False))
        match made:
            case Binary(operator, left, right) if operator in _COMPARISONS:
                return _compared(made) if self._matters((left, right), of) else made
            case Membership(operand, members):
                return _among(made) if self._matters((operand, *members), of) else made
            case BuiltIn("ISNUMERIC", (operand,)) if is_small(operand) and self._unsure(operand, of):
                return Binary("||", made, _call(names.IS_NUMERIC, operand))
        return made

    def _unsure(self, operand: Expression, of: Of) -> bool:
        return _may_be_long(self.proof.of_expression(operand, of))

    def _matters(self, operands: tuple[Expression, ...], of: Of) -> bool:
        """Whether two numbers may be compared of which one is beyond the engine; the first is with all others."""
        kinds = [self.proof.of_expression(operand, of) for operand in operands]
        numbers = [each is None or bool(each & (_NUMBERS | {"other"})) for each in kinds]
        may = numbers[0] and any(numbers[1:]) and any(map(_may_be_long, kinds))
        return may and all(map(is_small, operands))


def _compared(made: Binary) -> Expression:
    left, right = made.left, made.right
    equal, less, more = (
        _call(names.EQUAL, left, right),
        _call(names.LESS, left, right),
        _call(names.LESS, right, left),
    )
    otherwise: Mapping[str, Expression] = {
        "=": equal,
        "!=": Unary("!", equal),
        "<": less,
        ">": more,
        # NaN is neither less nor equal.
        "<=": Binary("||", less, equal),
        ">=": Binary("||", more, equal),
    }
    return _or_else(made, otherwise[made.operator])


def _among(made: Membership) -> Expression:
    """`IN` is a row of `=` (17.4.1.9)."""
    if not made.members:
        return made
    equals = [_compared(Binary("=", made.operand, member)) for member in made.members]
    any_of_them = reduce(lambda one, other: Binary("||", one, other), equals)
    return _or_else(made, Unary("!", any_of_them) if made.negated else any_of_them)


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """A sum in both ways."""

    native: Expression
    ours: Expression
    differs: bool
    """Whether ours may have a result where the engine has none."""
    small: bool
    """Whether what it is made of may be written twice."""


class _Calculating:
    def __init__(self, proof: Proof) -> None:
        self.proof = proof

    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        del condition
        if not _is_sum(expression):
            return parts_mapped(expression, lambda part: self(part, of, condition=False))
        found = self._reckoned(expression, of)
        return _or_else(found.native, found.ours) if found.differs and found.small else found.native

    def _reckoned(self, expression: Expression, of: Of) -> _Reckoned:
        match expression:
            case Unary(operator, operand) if _is_sum(expression):
                inner = self._reckoned(operand, of)
                negative = _call(names.NEGATE, inner.ours)
                # What is positive is itself, if it is a number.
                ours = negative if operator == "-" else _call(names.NEGATE, negative)
                return _Reckoned(replace(expression, operand=inner.native), ours, inner.differs, inner.small)
            case Binary(operator, left, right) if _is_sum(expression):
                one, other = self._reckoned(left, of), self._reckoned(right, of)
                return _Reckoned(
                    replace(expression, left=one.native, right=other.native),
                    _call(_SUMS[operator], one.ours, other.ours),
                    one.differs or other.differs or operator == "*",
                    one.small and other.small,
                )
        made = self(expression, of, condition=False)
        return _Reckoned(made, made, _may_be_long(self.proof.of_expression(expression, of)), is_small(made))


def _is_sum(expression: Expression) -> bool:
    match expression:
        case Binary(operator):
            return operator in _SUMS
        case Unary(operator):
            return operator in {"+", "-"}
    return False
