"""ABS, CEIL, FLOOR, ROUND, and casts to numbers and booleans, where a number may be longer than the engine's."""

from __future__ import annotations

from typing import Final

from kg.errors import Problem
from kg.sparql.language.syntax import BuiltIn, Call, Expression, Iri, Query
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import XSD
from kg.sparql.repair.proof import Proof
from kg.sparql.repair.values.scopes import Of, Scoped, is_small, parts_mapped

_NUMERIC: Final = frozenset({"ABS", "CEIL", "FLOOR", "ROUND"})
_CASTS: Final = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "boolean"))


def numeric_functions(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose functions of numbers, and casts to them, have a result for numbers of any length."""
    change = _Functions(Proof(context.kinds))
    return Scoped(change.proof, change).query(query), ()


class _Functions:
    def __init__(self, proof: Proof) -> None:
        self.proof = proof

    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        del condition
        made = parts_mapped(expression, lambda part: self(part, of, condition=False))
        match expression, made:
            case BuiltIn(name, (given,)), BuiltIn(_, (operand,)) if name in _NUMERIC:
                return self._or_ours(made, given, operand, names.NUMERIC + name, of)
            case Call(Iri(name), (given,)), Call(_, (operand,)) if name in _CASTS:
                return self._or_ours(made, given, operand, names.CAST + name.removeprefix(XSD), of)
        return made

    def _or_ours(self, made: Expression, given: Expression, operand: Expression, ours: str, of: Of) -> Expression:
        kinds = self.proof.of_expression(given, of)
        # A text may be a long number too, if it is cast to one.
        harmless = kinds is not None and not kinds & {"other", "string", "float", "double"}
        if harmless or not is_small(operand):
            return made
        return BuiltIn("COALESCE", (made, Call(Iri(ours), (operand,))))
