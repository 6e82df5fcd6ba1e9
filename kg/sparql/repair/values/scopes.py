"""Goes through all expressions of a query, with what is known there of the kinds of variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol, TypeAlias

from kg.sparql.language.syntax import (
    Bind,
    Exists,
    Expression,
    Filter,
    Group,
    Modifiers,
    Named,
    Optional,
    OrderCondition,
    Query,
    Select,
    Service,
    Variable,
)
from kg.sparql.language.walking import rebuilt, walk
from kg.sparql.repair.kinds import Kinds
from kg.sparql.repair.proof import Proof

Of: TypeAlias = Callable[[str], Kinds]
"""The kinds of a variable, by its name; None if they are unknown."""
SMALL: Final = 60
"""Nodes of an expression that may be written twice: a query does not grow beyond what it is written with."""


class Change(Protocol):
    """What is made of an expression, the groups of its EXISTS left alone."""

    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        """The expression in place of one; `condition` is whether its truth alone counts (FILTER and HAVING)."""
        ...  # pragma: no cover


def is_small(expression: Expression) -> bool:
    """Whether an expression may be written twice."""
    return sum(1 for _ in zip(walk(expression), range(SMALL + 1), strict=False)) <= SMALL


def unknown(name: str) -> Kinds:
    """Says that nothing is known of a variable."""
    del name
    return None


class Scoped:
    """Changes the expressions of a query, but for those that go to other endpoints."""

    def __init__(self, proof: Proof, change: Change) -> None:
        self._proof, self._change = proof, change

    def query(self, query: Query) -> Query:
        """A query with its expressions changed."""
        body = query.body
        if isinstance(body, Select):
            return replace(query, body=self._select(body))
        seen = Select(None, body.where or Group(()), values=body.values)
        return replace(query, body=self._with_modifiers(rebuilt(body, self._inside), self._proof.scope(seen)))

    def _select(self, select: Select, *, outside: bool = False) -> Select:
        """A SELECT; of one within EXISTS nothing is known, for what is around it reaches into it."""
        of = unknown if outside else self._proof.scope(select)
        made = replace(select, where=self._group(select.where, outside=outside))
        if made.projection is not None:
            made = replace(made, projection=tuple(self._named(each, of) for each in made.projection))
        done: Select = self._with_modifiers(made, of)
        return done

    def _with_modifiers(self, body: Any, of: Of) -> Any:
        modifiers: Modifiers = body.modifiers
        made = Modifiers(
            tuple(self._named(key, of) for key in modifiers.group),
            tuple(self._expression(condition, of, condition=True) for condition in modifiers.having),
            tuple(OrderCondition(self._expression(key.expression, of), key.descending) for key in modifiers.order),
            modifiers.limit,
            modifiers.offset,
        )
        return replace(body, modifiers=made)

    def _named(self, each: Any, of: Of) -> Any:
        if isinstance(each, Variable):
            return each
        if isinstance(each, Named):
            return replace(each, expression=self._expression(each.expression, of))
        return self._expression(each, of)

    def _expression(self, expression: Expression, of: Of, *, condition: bool = False) -> Expression:
        return self._change(_exists_mapped(expression, self._exists), of, condition=condition)

    def _exists(self, exists: Exists) -> Exists:
        return replace(exists, group=self._group(exists.group, outside=True))

    def _inside(self, node: Any) -> Any:
        return self._group(node) if isinstance(node, Group) else node

    def _group(self, group: Group, *, outside: bool = False) -> Group:
        """A group; `outside` is whether variables from around it are seen in it, so that nothing is known of them."""

        def of(name: str) -> Kinds:
            # What the group itself binds nowhere may come with its FILTER from somewhere else.
            return None if outside else self._proof.of_variable(group, name) or None

        return replace(group, elements=tuple(self._element(element, of, outside=outside) for element in group.elements))

    def _element(self, element: Any, of: Of, *, outside: bool) -> Any:  # noqa: PLR0911 -- one for each kind
        match element:
            case Filter():
                return replace(element, condition=self._expression(element.condition, of, condition=True))
            case Bind():
                return replace(element, expression=self._expression(element.expression, of))
            case Service():
                return element
            case Select():
                return self._select(element, outside=outside)
            case Group():
                return self._group(element, outside=outside)
            case Optional():
                # Its FILTER sees what is before it as well (18.2.2.6).
                return replace(element, group=self._group(element.group, outside=True))
        return rebuilt(element, lambda node: self._group(node, outside=outside) if isinstance(node, Group) else node)


def _exists_mapped(expression: Expression, change: Callable[[Exists], Exists]) -> Expression:
    def step(each: Any) -> Any:
        return change(each) if isinstance(each, Exists) else rebuilt(each, step)

    made: Expression = step(expression)
    return made


def parts_mapped(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """An expression whose operands are what `change` makes of them; EXISTS has none."""
    return expression if isinstance(expression, Exists) else rebuilt(expression, change)
