"""A pattern of which every part that depends on the graph also names it: the group of a GRAPH, made explicit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from kg.sparql.language.scoping import is_grouped
from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    Bind,
    BuiltIn,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Literal,
    Minus,
    Named,
    Optional,
    Select,
    Service,
    Triples,
    Unary,
    Union,
    Variable,
)
from kg.sparql.language.walking import expressions, rebuilt, relabelled, renamed
from kg.sparql.repair.context import Fresh
from kg.sparql.repair.tree.binding import Bound, bound_by, with_element

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ZERO = Literal("0", f"{_XSD}integer")
_EMPTY = Literal("", f"{_XSD}string")
_OF_NOTHING = {"COUNT": _ZERO, "SUM": _ZERO, "AVG": _ZERO, "GROUP_CONCAT": _EMPTY}


class Limited(Exception):
    """A sub-select does to the solutions of each graph what no pattern over all graphs can say, such as LIMIT."""


@dataclass(frozen=True, slots=True)
class Part:
    """A group, rewritten."""

    group: Group
    binds: bool
    """Whether each of its solutions names the graph."""
    depends: bool
    """Whether its solutions depend on the graph at all."""


class _Walk:
    """The elements of one group on their way."""

    def __init__(self, *, binds: bool) -> None:
        self.elements: list[Element] = []
        self.filters: list[Filter] = []
        self.binds = binds
        self.depends = self.early = False
        """Whether something depended on the graph before it was named."""
        self.so_far = Bound()

    def join(self, element: Element, *, binds: bool, depends: bool) -> None:
        """What is joined is right wherever it stands."""
        self.elements.append(element)
        self.binds = self.binds or binds
        self.depends = self.depends or depends

    def follow(self, element: Element, *, depends: bool) -> None:
        """What is evaluated for the solutions so far needs the graph to be named there."""
        self.early = self.early or (depends and not self.binds)
        self.depends = self.depends or depends
        self.elements.append(element)


@dataclass(frozen=True, slots=True)
class EachGraph:
    """Rewrites the group of `GRAPH ?graph`, whose variable the group does not use for anything else."""

    graph: Variable
    fresh: Fresh

    @property
    def binder(self) -> Graph:
        """What ranges over the graphs."""
        return Graph(self.graph, Group(()))

    def whole(self, group: Group) -> Group:
        """The group, each of whose solutions names its graph.

        :raises Limited: if it cannot be said
        """
        part = self.part(group, binds=False)
        if part.binds:
            return part.group
        return Group((self.binder, *_flat(part.group)), group.at)

    def part(self, group: Group, *, binds: bool) -> Part:
        """A group, which names the graph before it depends on it; `binds`: it is named from the beginning.

        :raises Limited: if it cannot be said
        """
        walk = _Walk(binds=binds)
        if _begins_empty(group):
            # To the engine an empty pattern ranges over the graphs; here it says so, which a sub-select has to know.
            walk.early = walk.depends = True
        for element in group.elements:
            self._element(element, walk)
            walk.so_far = with_element(walk.so_far, element)
        if not walk.binds and any(self._depends(each.condition) for each in walk.filters):
            walk.early = True
        walk.depends = walk.depends or any(self._depends(each.condition) for each in walk.filters)
        elements: tuple[Element, ...] = (*walk.elements, *walk.filters)
        if walk.early and not binds:
            elements = (self.binder, *_flat(Group(elements)))
        made = Group(elements, group.at)
        return Part(made if made != group else group, walk.binds or walk.early, walk.depends)

    def _element(self, element: Element, walk: _Walk) -> None:
        match element:
            case Triples():
                walk.join(element, binds=True, depends=True)
            case InlineData() | Graph() | Service():
                walk.join(element, binds=False, depends=False)
            case Filter(condition):
                walk.filters.append(replace(element, condition=self._expression(condition)))
            case Bind(expression):
                made = replace(element, expression=self._expression(expression))
                walk.follow(made, depends=self._depends(expression))
            case Optional(group):
                part = self.part(group, binds=False)
                walk.follow(replace(element, group=part.group), depends=part.depends)
            case Minus():
                self._minus(element, walk)
            case Union(branches):
                parts = [self.part(branch, binds=False) for branch in branches]
                made_union = replace(element, branches=tuple(part.group for part in parts))
                walk.join(
                    made_union, binds=all(part.binds for part in parts), depends=any(part.depends for part in parts)
                )
            case Group():
                part = self.part(element, binds=False)
                walk.join(part.group, binds=part.binds, depends=part.depends)
            case Select():
                self._select(element, walk)
            case _:
                raise ValueError(element)

    # --- MINUS

    def _minus(self, element: Minus, walk: _Walk) -> None:
        """What the graph's name must not do is to be a variable that both sides share (18.5, Minus)."""
        right = bound_by(element.group)
        shared = walk.so_far.may & right.may
        if not shared:
            return  # nothing is ever taken away
        part = self.part(element.group, binds=False)
        if walk.so_far.surely & right.surely:
            walk.follow(replace(element, group=part.group), depends=part.depends)
            return
        others = {name: self.fresh.variable(name) for name in sorted(shared)}
        agreed = reduce(_and, [_compatible(Variable(name), other) for name, other in others.items()])
        common = reduce(_or, [_and(_bound(Variable(name)), _bound(other)) for name, other in others.items()])
        body = renamed(part.group, others)
        refused = Filter(Exists(Group((body, Filter(_and(agreed, common)))), negated=True))
        named = () if walk.binds or not part.depends else (self.binder,)
        before = Group((*named, *walk.elements, refused))
        walk.elements = []
        walk.join(before, binds=bool(named), depends=part.depends)

    # --- expressions

    def _expression(self, expression: Any) -> Any:
        """An expression whose EXISTS patterns are evaluated in the graph; they see its name."""
        if isinstance(expression, Exists):
            return rebuilt(expression, lambda group: self.part(group, binds=True).group)
        return rebuilt(expression, self._expression)

    def _depends(self, expression: Expression) -> bool:
        patterns = [each for each in expressions(expression) if isinstance(each, Exists)]
        return any(self.part(each.group, binds=True).depends for each in patterns)

    # --- sub-selects

    def _select(self, select: Select, walk: _Walk) -> None:
        part = self.part(select.where, binds=False)
        if not part.depends:
            walk.join(select, binds=False, depends=False)
            return
        where = part.group if part.binds else Group((self.binder, *_flat(part.group)), part.group.at)
        made = self._expressions(replace(select, where=where))
        modifiers = select.modifiers
        if is_grouped(select) and not modifiers.group:
            if modifiers.limit == 0 or modifiers.offset or select.values is not None:
                raise Limited
            walk.join(self._counted(made), binds=True, depends=True)
            return
        if modifiers.limit is not None or modifiers.offset:
            raise Limited
        if is_grouped(select):
            made = replace(made, modifiers=replace(made.modifiers, group=(*made.modifiers.group, self.graph)))
        walk.join(self._projecting(made), binds=True, depends=True)

    def _expressions(self, select: Select) -> Select:
        changed = rebuilt(replace(select, where=Group(()), values=None), self._expression)
        return replace(changed, where=select.where, values=select.values)

    def _projecting(self, select: Select) -> Select:
        if select.projection is None:
            return select
        return replace(select, projection=(*select.projection, self.graph))

    def _counted(self, select: Select) -> Union:
        """One row for each graph: a graph without any solution has one too, which no grouping by graphs would give."""
        modifiers = replace(select.modifiers, group=(self.graph,), limit=None, offset=None, order=())
        some = self._projecting(replace(select, modifiers=modifiers))
        nothing = Filter(Exists(relabelled(select.where, self._label), negated=True))
        made = [
            Bind(_of_nothing(each.expression, self.fresh), each.variable)
            for each in select.projection or ()
            if isinstance(each, Named)
        ]
        having = [Filter(_of_nothing(condition, self.fresh)) for condition in select.modifiers.having]
        return Union((Group((some,)), Group((self.binder, nothing, *made, *having))))

    def _label(self) -> str:
        return self.fresh.name("b")


def _begins_empty(group: Group) -> bool:
    """Whether the empty pattern, which is the beginning of every group (18.2.2.6), is not joined with anything."""
    first = next((element for element in group.elements if not isinstance(element, Filter)), None)
    return first is None or isinstance(first, (Bind, Optional, Minus))


def _flat(group: Group) -> tuple[Element, ...]:
    """The elements of a group as they can stand beside others: a sub-select needs braces of its own."""
    if len(group.elements) == 1 and isinstance(group.elements[0], Select):
        return (group,)
    return group.elements


def _of_nothing(expression: Any, fresh: Fresh) -> Any:
    """An expression whose aggregates are those of no solutions (18.5.1)."""
    if isinstance(expression, Aggregate):
        return _OF_NOTHING.get(expression.name) or fresh.variable("none")
    return (
        expression if isinstance(expression, Exists) else rebuilt(expression, lambda child: _of_nothing(child, fresh))
    )


def _compatible(one: Variable, other: Variable) -> Expression:
    unbound = _or(Unary("!", _bound(one)), Unary("!", _bound(other)))
    return _or(unbound, BuiltIn("SAMETERM", (one, other)))


def _bound(variable: Variable) -> Expression:
    return BuiltIn("BOUND", (variable,))


def _and(left: Expression, right: Expression) -> Expression:
    return Binary("&&", left, right)


def _or(left: Expression, right: Expression) -> Expression:
    return Binary("||", left, right)
