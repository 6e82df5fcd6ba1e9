"""ORDER BY as a total order: a key that the engine would sort wrongly, or abort at, is replaced by a string.

The engine compares values of several kinds in no total order, and the sort of its language ends the process where it
notices. A key of one kind is left to it where the query and the figures of the data prove that it is one, and where
the engine sorts that kind sooner: numbers and dates, not texts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Ask,
    Call,
    Construct,
    Describe,
    Expression,
    Group,
    Iri,
    Modifiers,
    OrderCondition,
    Query,
    Select,
    Service,
)
from kg.sparql.language.walking import rebuilt
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import Kinds, quicker_by_engine
from kg.sparql.repair.proof import Proof


def total_order(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query in whose ORDER BY clauses, those of sub-selects too, no key stands that the engine may sort wrongly."""
    keys = _Keys(context)
    return keys.query(query), ()


class _Keys:
    def __init__(self, context: Context) -> None:
        self._proof = Proof(context.kinds)
        self._collation = context.collation

    def query(self, query: Query) -> Query:
        body = query.body
        match body:
            case Select():
                return replace(query, body=self._within(body))
            case Ask() | Construct() | Describe():
                # The keys see the pattern as those of a SELECT of everything do.
                seen = Select(None, body.where or Group(()), values=body.values)
                modifiers = self._modifiers(body.modifiers, seen)
                return replace(query, body=replace(rebuilt(body, self._below), modifiers=modifiers))
        raise ValueError(f"no query: {body!r}")

    def _within(self, select: Select) -> Select:
        modifiers = self._modifiers(select.modifiers, select)
        return replace(rebuilt(select, self._below), modifiers=modifiers)

    def _below(self, node: Any) -> Any:
        match node:
            case Service():
                return node  # another endpoint has no use for our names
            case Select():
                return self._within(node)
            case _:
                return rebuilt(node, self._below)

    def _modifiers(self, modifiers: Modifiers, select: Select) -> Modifiers:
        below = rebuilt(modifiers, self._below)
        order = tuple(self._key(condition, select) for condition in below.order)
        return replace(below, order=order)

    def _key(self, condition: OrderCondition, select: Select) -> OrderCondition:
        kinds = self._proof.of_key(select, condition.expression)
        made = self._keyed(condition.expression, kinds)
        return condition if made is None else replace(condition, expression=made)

    def _keyed(self, expression: Expression, kinds: Kinds) -> Expression | None:
        if isinstance(expression, Call) and expression.function.value.startswith((names.ORDER, names.COLLATION)):
            return None
        if self._collation is not None and (kinds is None or kinds & {"string", "language", "other"}):
            return Call(Iri(names.collated(self._collation)), (expression,))
        return None if quicker_by_engine(kinds) else Call(Iri(names.ORDER), (expression,))
