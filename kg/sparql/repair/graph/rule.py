"""GRAPH: its group is evaluated in each named graph, and by itself (SPARQL 1.1, 18.6).

The engine gives the name of the graph to every triple pattern of the group instead. That is the same only where each
part of the group holds a triple pattern; the others get a pattern of their own that ranges over the graphs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.scoping import is_grouped
from kg.sparql.language.syntax import (
    Binary,
    Bind,
    BuiltIn,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Iri,
    Query,
    Select,
    Triples,
    Unary,
    Union,
    Variable,
)
from kg.sparql.language.walking import names_in, rebuilt, relabelled, renamed
from kg.sparql.repair.context import Context
from kg.sparql.repair.graph.each import EachGraph, Limited
from kg.sparql.repair.graph.naming import mention
from kg.sparql.repair.tree.binding import Bound, before_projection, bound_by, with_element

_MOST: Final = 100
"""So many graphs may be written out one by one."""


def graph_by_graph(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose GRAPH clauses are evaluated for each graph; a warning for what cannot be done, or surprises."""
    named = None
    if query.default_graphs or query.named_graphs:
        named = tuple(iri.value for iri in query.named_graphs)
    rule = _Graphs(context, named, [])
    return rule.node(query, Bound()), tuple(rule.warnings)


@dataclass(frozen=True, slots=True)
class _Graphs:
    context: Context
    named: tuple[str, ...] | None
    warnings: list[Problem]

    # --- on the way down: what a pattern around an EXISTS gives it

    def node(self, node: Any, outer: Bound) -> Any:
        """A node and all below it; `outer` are the variables that the pattern around an EXISTS gives it."""
        match node:
            case Group():
                return self._group(node, outer)
            case Select():
                return self._select(node)
        return rebuilt(node, partial(self.node, outer=outer))

    def _select(self, select: Select) -> Select:
        # What the pattern around an EXISTS binds does not reach into a sub-select of the engine.
        where = self._group(select.where, Bound())
        rest = rebuilt(replace(select, where=Group(())), partial(self.node, outer=before_projection(select)))
        return replace(rest, where=where)

    def _group(self, group: Group, outer: Bound) -> Group:
        whole, so_far = outer.joined(bound_by(group)), outer
        elements: list[Element] = []
        for element in group.elements:
            seen = whole if isinstance(element, Filter) else so_far if isinstance(element, Bind) else outer
            made = self.node(element, seen)
            elements.append(self._graph(made, outer) if isinstance(made, Graph) else made)
            so_far = with_element(so_far, element)
        return Group(tuple(elements), group.at)

    # --- one GRAPH, those within it having been rewritten before

    def _graph(self, graph: Graph, outer: Bound) -> Element:
        if isinstance(graph.name, Iri):
            # A graph that is not there has no solutions, not even one that binds nothing.
            return graph if _needs_triple(graph.group) else Group((Graph(graph.name, Group(())), graph), graph.at)
        if not graph.group.elements:
            return graph
        try:
            return self._over_graphs(graph, graph.name, outer)
        except Limited:
            return self._written_out(graph, graph.name)

    def _over_graphs(self, graph: Graph, variable: Variable, outer: Bound) -> Element:
        group, name = graph.group, variable.name
        mentioned = None if name in outer.surely else mention(group, name)
        if mentioned is None:
            return replace(graph, group=EachGraph(variable, self.context.fresh).whole(group))
        self._warn_of_name(name, mentioned)
        if name in outer.may:
            return graph  # bound from outside in some solutions only: nothing is known that is right for both
        graph_name, inner = self.context.fresh.variable("graph"), self.context.fresh.variable(name)
        made = EachGraph(graph_name, self.context.fresh).whole(renamed(group, {name: inner}))
        known = Filter(_compatible(inner, graph_name))
        return Group((replace(graph, name=graph_name, group=made), known, Bind(graph_name, variable)), graph.at)

    def _written_out(self, graph: Graph, variable: Variable) -> Element:
        """A GRAPH for each graph there is."""
        data = self.context.data
        names = None if data is None else data.graphs(self.named, _MOST)
        if names is None:
            self._warn_of_limit(graph, variable)
            return graph
        mentioned = variable.name in names_in(graph.group)
        inner = self.context.fresh.variable(variable.name)
        group = renamed(graph.group, {variable.name: inner})
        branches = []
        for name in names:
            copy = relabelled(group, partial(self.context.fresh.name, "b"))
            known = (Filter(_compatible(inner, Iri(name))),) if mentioned else ()
            listed = InlineData((variable,), ((Iri(name),),))
            branches.append(Group((Graph(Iri(name), copy), listed, *known)))
        if len(branches) > 1:
            return Union(tuple(branches), graph.at)
        return branches[0] if branches else InlineData((variable,), ())

    # --- what is told

    def _warn_of_name(self, name: str, element: Element) -> None:
        message = f"inside of GRAPH ?{name} {{ }} the variable ?{name} is not yet the name of the graph"
        hint = f"put what speaks of ?{name} behind the group of the GRAPH (SPARQL 1.1 Query, 18.6)"
        self.warnings.append(Problem("graph-name", message, self.context.position(element.at), hint=hint, value=name))

    def _warn_of_limit(self, graph: Graph, variable: Variable) -> None:
        message = f"LIMIT and OFFSET inside of GRAPH ?{variable.name} {{ }} count over all graphs together here"
        hint = "name the graph, or put LIMIT behind the group of the GRAPH"
        place = self.context.position(graph.at)
        self.warnings.append(Problem("graph-limit", message, place, hint=hint, value=variable.name))


def _needs_triple(group: Group) -> bool:
    """Whether a group has solutions only where there is a triple in the graph."""
    return any(map(_is_needed, group.elements))


def _is_needed(element: Element) -> bool:
    match element:
        case Triples():
            return True
        case Group():
            return _needs_triple(element)
        case Union(branches):
            return all(map(_needs_triple, branches))
        case Select():
            is_one = is_grouped(element) and not element.modifiers.group
            return not is_one and _needs_triple(element.where)
    return False


def _compatible(inner: Variable, name: Variable | Iri) -> Binary:
    unbound = Unary("!", BuiltIn("BOUND", (inner,)))
    return Binary("||", unbound, BuiltIn("SAMETERM", (inner, name)))
