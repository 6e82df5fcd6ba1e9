"""GROUP BY and HAVING: variables under another name as keys, and aliases, which stand for their expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.errors import Problem
from kg.sparql.language.syntax import BuiltIn, Exists, Expression, Named, Query, Select, Variable
from kg.sparql.language.walking import rebuilt, selects_mapped
from kg.sparql.repair.context import Context
from kg.sparql.repair.tree.binding import bound_by


def aliases_in_having(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query in whose HAVING every alias is written out."""
    del context
    return selects_mapped(query, _written_out), ()


def variables_as_keys(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose `GROUP BY (?x AS ?key)` names an expression, which the engine takes, and no variable alone."""
    del context

    def change(select: Select) -> Select:
        keys = tuple(
            replace(key, expression=BuiltIn("COALESCE", (key.expression,)))
            if isinstance(key, Named) and isinstance(key.expression, Variable)
            else key
            for key in select.modifiers.group
        )
        return replace(select, modifiers=replace(select.modifiers, group=keys))

    return selects_mapped(query, change), ()


def _written_out(select: Select) -> Select:
    if not select.modifiers.having:
        return select
    aliases: dict[str, Expression] = {}
    for each in select.projection or ():
        if isinstance(each, Named):
            aliases[each.variable.name] = each.expression
    for key in select.modifiers.group:
        aliases.pop(key.variable.name if isinstance(key, Named) else getattr(key, "name", ""), None)
    known = bound_by(select.where).may
    meant = {name: expression for name, expression in aliases.items() if name not in known}
    having = tuple(_with(condition, meant) for condition in select.modifiers.having)
    if having == select.modifiers.having:
        return select
    return replace(select, modifiers=replace(select.modifiers, having=having))


def _with(expression: Expression, aliases: dict[str, Expression]) -> Expression:
    def change(each: Any) -> Any:
        if isinstance(each, Variable):
            return aliases.get(each.name, each)
        return each if isinstance(each, Exists) else rebuilt(each, change)

    made: Expression = change(expression)
    return made
