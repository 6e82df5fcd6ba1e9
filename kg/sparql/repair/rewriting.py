"""Reads a query, lets the rules act on it in their order, and writes it again; loaded only where one may matter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from kg.errors import Problem, QueryError
from kg.sparql.guard import check
from kg.sparql.language import parse, write
from kg.sparql.language.syntax import Query, Service
from kg.sparql.language.tokens import resolve_escapes
from kg.sparql.language.walking import walk
from kg.sparql.repair.aggregates.rules import aggregates, different_solutions, unbound_in_aggregates
from kg.sparql.repair.aggregates.values import sure_aggregates
from kg.sparql.repair.alternatives import alternatives_as_unions
from kg.sparql.repair.context import Context, Data, Fresh
from kg.sparql.repair.graph.merging import merged_default_graph
from kg.sparql.repair.graph.rule import graph_by_graph
from kg.sparql.repair.having import aliases_in_having, variables_as_keys
from kg.sparql.repair.order import total_order
from kg.sparql.repair.paths import zero_length_paths
from kg.sparql.repair.rules import RULES, UNBOUND, Rule
from kg.sparql.repair.signs import signed_numbers
from kg.sparql.repair.tree.stars import stars_written_out
from kg.sparql.repair.values.errors import told_errors
from kg.sparql.repair.values.functions import numeric_functions
from kg.sparql.repair.values.labels import blank_nodes
from kg.sparql.repair.values.lists import empty_lists
from kg.sparql.repair.values.numbers import arithmetic, comparisons
from kg.sparql.repair.values.replacing import replacements
from kg.sparql.repair.values.truth import effective_booleans

Action: TypeAlias = Callable[[Query, Context], tuple[Query, tuple[Problem, ...]]]
"""What a rule does: a tree to a tree, and what may be wrong all the same. It leaves a tree alone by giving it back."""

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "having-alias": aliases_in_having,
        "group-keys": variables_as_keys,
        "different-solutions": different_solutions,
        "path-alternatives": alternatives_as_unions,
        "default-graph": merged_default_graph,
        "zero-length-paths": zero_length_paths,
        "signed-numbers": signed_numbers,
        "graph": graph_by_graph,
        "told-errors": told_errors,
        "aggregates": aggregates,
        UNBOUND: unbound_in_aggregates,
        "sure-aggregates": sure_aggregates,
        "empty-lists": empty_lists,
        "arithmetic": arithmetic,
        "numeric-functions": numeric_functions,
        "comparisons": comparisons,
        "truth": effective_booleans,
        "replace": replacements,
        "blank-nodes": blank_nodes,
        "order": total_order,
    }
)
"""What each rule does, by its name."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query after the rules."""

    query: Query
    text: str | None = None
    """The text of a query that was changed."""
    rules: tuple[Rule, ...] = ()
    """Those that changed it, in their order."""
    warnings: tuple[Problem, ...] = ()


def rewritten(query: Query, context: Context, actions: Mapping[str, Action] = ACTIONS) -> Rewritten:
    """A query after all rules that are not switched off.

    A rewriting brings variables of its own, which no `*` may stand for.
    """
    tree = stars_written_out(query)
    acted: list[Rule] = []
    warnings: list[Problem] = []
    for rule in RULES:
        if rule.name in context.without or rule.name not in actions:
            continue
        changed, told = actions[rule.name](tree, context)
        warnings += told
        if changed != tree:
            acted.append(rule)
            tree = changed
    return Rewritten(tree if acted else query, write(tree) if acted else None, tuple(acted), tuple(warnings))


def read_and_rewritten(text: str, base: str | None, data: Data | None, without: Collection[str]) -> Rewritten:
    """The like of a text.

    What is written is looked at by the guard once more: it must be as harmless as what was read.

    :raises QueryError: if it is no query to our reader, or its parts stand too deep in one another
    """
    source = resolve_escapes(text)
    query = parse(text, base)
    if any(isinstance(node, Service) for node in walk(query)):
        raise QueryError("it holds SERVICE")
    try:
        done = rewritten(query, Context(source, Fresh(source.text), data, without))
    except RecursionError:
        raise QueryError("its parts stand too deep in one another") from None
    if done.text is None:
        return done
    return replace(done, text=check(done.text, base, ours=True).text)
