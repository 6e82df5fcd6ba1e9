"""The effective boolean value of what is no boolean to the engine (SPARQL 1.1, 17.2.2)."""

from __future__ import annotations

from dataclasses import replace

from kg.errors import Problem
from kg.sparql.language.syntax import Binary, BuiltIn, Call, Expression, Iri, Literal, Query, Unary
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import XSD
from kg.sparql.repair.proof import Proof
from kg.sparql.repair.values.scopes import Of, Scoped, is_small, parts_mapped

_TRUE, _FALSE = (Literal(text, XSD + "boolean") for text in ("true", "false"))


def effective_booleans(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query in which an ill-typed number or boolean is false, and a long number true, where a truth is asked for."""
    change = _Truth(Proof(context.kinds))
    return Scoped(change.proof, change).query(query), ()


class _Truth:
    def __init__(self, proof: Proof) -> None:
        self.proof = proof

    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        made = self._value(expression, of)
        return self._certain(made, of) if condition else made

    def _value(self, expression: Expression, of: Of) -> Expression:
        match expression:
            case Unary("!", operand):
                return replace(expression, operand=self(operand, of, condition=True))
            case Binary("&&" | "||", left, right):
                return replace(expression, left=self(left, of, condition=True), right=self(right, of, condition=True))
            case BuiltIn("IF", (asked, *values)):
                made = [self._value(each, of) for each in values]
                return replace(expression, arguments=(self(asked, of, condition=True), *made))
        return parts_mapped(expression, lambda part: self._value(part, of))

    def _certain(self, expression: Expression, of: Of) -> Expression:
        kinds = self.proof.of_expression(expression, of)
        if (kinds is not None and "other" not in kinds) or not is_small(expression):
            return expression
        # Of `!!e` and `e || false` the engine makes `e` again.
        own = BuiltIn("IF", (expression, _TRUE, _FALSE))
        return BuiltIn("COALESCE", (own, Call(Iri(names.TRUTH), (expression,))))
