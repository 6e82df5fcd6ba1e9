"""Lets the rules act on a query, in their order; loaded only where one of them may matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from kg.errors import Problem
from kg.sparql.language.syntax import Query
from kg.sparql.repair.context import Context
from kg.sparql.repair.rules import RULES, Rule

Action: TypeAlias = Callable[[Query, Context], tuple[Query, tuple[Problem, ...]]]
"""What a rule does: a tree to a tree, and what may be wrong all the same. It leaves a tree alone by giving it back."""

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType({})
"""What each rule does, by its name."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A tree after the rules."""

    query: Query
    rules: tuple[Rule, ...] = ()
    """Those that changed it, in their order."""
    warnings: tuple[Problem, ...] = ()


def rewritten(query: Query, context: Context, actions: Mapping[str, Action] = ACTIONS) -> Rewritten:
    """A query after all rules that are not switched off."""
    acted: list[Rule] = []
    warnings: list[Problem] = []
    for rule in RULES:
        if rule.name in context.without or rule.name not in actions:
            continue
        changed, told = actions[rule.name](query, context)
        warnings += told
        if changed != query:
            acted.append(rule)
            query = changed
    return Rewritten(query, tuple(acted), tuple(warnings))
