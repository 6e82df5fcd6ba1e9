"""Which variables a pattern may bind, and which it surely binds in each of its solutions (SPARQL 1.1, 18.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

from kg.sparql.language.scoping import is_grouped
from kg.sparql.language.syntax import (
    Bind,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Minus,
    Named,
    Optional,
    Select,
    Service,
    Triples,
    Union,
    Variable,
)
from kg.sparql.language.walking import names_in
from kg.sparql.repair.tree.certainty import is_total, needed_by_truth

Names: TypeAlias = frozenset[str]
NONE: Final[Names] = frozenset()


@dataclass(frozen=True, slots=True)
class Bound:
    """The variables of a pattern, by name."""

    may: Names = NONE
    """Those that some solution may bind: the ones in scope."""
    surely: Names = NONE
    """Those that every solution binds."""

    def joined(self, other: Bound) -> Bound:
        """Those of a join of two patterns."""
        return Bound(self.may | other.may, self.surely | other.surely)


def bound_by(group: Group) -> Bound:
    """The variables of a group, whose filters count too: what they do not let through cannot be unbound."""
    total = reduce(with_element, group.elements, Bound())
    needed = NONE.union(*(needed_by_truth(each.condition) for each in group.elements if isinstance(each, Filter)))
    return Bound(total.may, total.surely | (needed & total.may))


def with_element(so_far: Bound, element: Element) -> Bound:  # noqa: C901, PLR0911 -- one for each kind
    """The variables of the elements of a group up to this one, its filters left aside."""
    match element:
        case Triples():
            names = names_in(element)
            return so_far.joined(Bound(names, names))
        case InlineData():
            return so_far.joined(_listed(element))
        case Filter() | Minus():
            return so_far
        case Bind(expression, variable):
            own = frozenset((variable.name,))
            return so_far.joined(Bound(own, own if is_total(expression, so_far.surely) else NONE))
        case Optional(group):
            return so_far.joined(Bound(bound_by(group).may))
        case Graph(name, group):
            return so_far.joined(_named(name)).joined(bound_by(group))
        case Service(name, silent, group):
            inner = bound_by(group)
            return so_far.joined(_named(name)).joined(Bound(inner.may) if silent else inner)
        case Union(branches):
            return so_far.joined(_either([bound_by(branch) for branch in branches]))
        case Group():
            return so_far.joined(bound_by(element))
        case Select():
            return so_far.joined(bound_by_select(element))
    raise ValueError(element)


def bound_by_select(select: Select) -> Bound:
    """The variables that a SELECT hands on."""
    known = before_projection(select)
    if select.values is not None:
        known = known.joined(_listed(select.values))
    if select.projection is None:
        return known
    may: set[str] = set()
    surely: set[str] = set()
    for each in select.projection:
        name, is_sure = _projected(each, Bound(known.may, known.surely | surely))
        may.add(name)
        if is_sure:
            surely.add(name)
    return Bound(frozenset(may), frozenset(surely))


def before_projection(select: Select) -> Bound:
    """The variables that the projection and HAVING of a SELECT see."""
    inner = bound_by(select.where)
    if not is_grouped(select):
        return inner
    may: set[str] = set()
    surely: set[str] = set()
    for key in select.modifiers.group:
        variable = key.variable if isinstance(key, Named) else key
        if isinstance(variable, Variable):
            may.add(variable.name)
            if is_total(key.expression if isinstance(key, Named) else variable, inner.surely):
                surely.add(variable.name)
    having = NONE.union(*(needed_by_truth(condition) for condition in select.modifiers.having))
    return Bound(frozenset(may), frozenset(surely) | (having & may))


def _projected(each: Variable | Named, known: Bound) -> tuple[str, bool]:
    match each:
        case Variable(name):
            return name, name in known.surely
        case Named(expression, variable):
            return variable.name, is_total(expression, known.surely)
    raise ValueError(each)


def _either(branches: list[Bound]) -> Bound:
    surely = branches[0].surely.intersection(*(branch.surely for branch in branches[1:]))
    return Bound(NONE.union(*(branch.may for branch in branches)), surely)


def _listed(data: InlineData) -> Bound:
    names = [variable.name for variable in data.variables]
    sure = (name for place, name in enumerate(names) if all(row[place] is not None for row in data.rows))
    return Bound(frozenset(names), frozenset(sure))


def _named(name: object) -> Bound:
    own = frozenset((name.name,)) if isinstance(name, Variable) else NONE
    return Bound(own, own)
