"""Contexts: for one SERVICE clause, the patterns whose solutions decide which of its rows can matter.

A row of the clause matters only if it is compatible with some solution of the context. The context is gathered on the
way from the root of the query down to the clause: at each group, a cover of what the clause is joined with. Where the
clause is no plain member of a join (the right side of OPTIONAL and MINUS, a pattern of EXISTS, a sub-select), only
those variables are handed down that the left side, or the projection, is certain to bind: a row that differs from the
rest of the query elsewhere still matters, for it decides whether there is a match at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.sparql.federation.covers import Coverer, Part, Role, Writer, bound_of, in_graph, joined, projected
from kg.sparql.federation.structure import (
    Answers,
    Bind,
    Bound,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Optional,
    Select,
    Service,
    Tree,
    Union,
    bound,
)

Parts = tuple[Part, ...]


def context_of(tree: Tree, answers: Answers, number: int) -> Parts:
    """The context of the SERVICE clause `number`; empty where nothing is known that narrows it."""
    return _Descent(tree, Writer(tree, answers), number).select(tree.root, _Frame())


@dataclass(frozen=True, slots=True)
class _Frame:
    """What was gathered so far, and where."""

    context: Parts = ()
    graph: tuple[str, str | None] | None = None
    """The name of the innermost GRAPH, as text, and its variable."""
    inside: bool = False
    optional: bool = False

    def wrap(self, parts: Parts) -> Parts:
        """Parts of the present group, evaluated where the group is."""
        if self.graph is None:
            return parts
        part = in_graph(*self.graph, parts)
        return () if part is None else (part,)


@dataclass(frozen=True, slots=True)
class _Descent:
    tree: Tree
    writer: Writer
    number: int

    def select(self, select: Select, frame: _Frame) -> Parts:
        """Into a SELECT: the outermost one or a sub-select."""
        for expression in select.expressions:
            if self.number in expression.services:
                return self._exists(expression, replace(frame, context=()))
        context = frame.context
        if select.limit is not None and select is not self.tree.root:
            context = ()
        elif select is not self.tree.root:
            names = bound(select.where, self.writer.answers).scope if select.star else frozenset(select.plain)
            context = projected(context, names & select.keys if select.grouped else names)
        graph = frame.graph
        if graph is not None and graph[1] is not None and select is not self.tree.root:
            # The variable of an outer GRAPH is another one in here.
            graph = (f"?graph_outside_{select.span.start}", f"graph_outside_{select.span.start}")
        frame = replace(frame, context=context, graph=graph, optional=False)
        if select.values is not None and not select.grouped and not (select.limit and select is not self.tree.root):
            own = Bound(select.values.variables, select.values.certain)
            values = Part(Role.JOIN, self.writer.text(select.values.span), own.scope, own)
            frame = replace(frame, context=joined(frame.context, (values,)))
        return self.group(select.where, frame)

    def group(self, group: Group, frame: _Frame) -> Parts:
        """Into a group, to the element that holds the clause."""
        if group.select is not None:
            return self.select(group.select, frame)
        coverer = Coverer(self.writer, frame.inside, frame.optional)
        for place, element in enumerate(group.elements):
            if self.number not in element.services:
                continue
            beside = frame.wrap(coverer.cover(group, skip=place).parts)
            here = replace(frame, context=joined(frame.context, beside), optional=False)
            return self._into(element, group, place, here, coverer)
        raise ValueError(self.number)

    def _into(self, element: Element, group: Group, place: int, here: _Frame, coverer: Coverer) -> Parts:
        match element:
            case Service():
                return here.context
            case Union():
                return self.group(next(branch for branch in element.branches if self.number in branch.services), here)
            case Graph():
                return self.group(
                    element.group, replace(here, graph=(self.writer.text(element.name), element.variable))
                )
        left = coverer.cover(group, skip=place) if isinstance(element, Filter) else coverer.cover(group, before=place)
        down = replace(here, context=projected(here.context, bound_of(left.parts).certain))
        match element:
            case Optional() | Minus():
                return self.group(element.group, replace(down, optional=isinstance(element, Optional)))
            case Filter() | Bind():
                return self._exists(element.expression, down)
        raise ValueError(element)

    def _exists(self, expression: Expression, frame: _Frame) -> Parts:
        group = next(group for group in expression.exists if self.number in group.services)
        return self.group(group, replace(frame, inside=True))
