"""`SELECT *` written out, before a rewriting brings variables of its own into the pattern (SPARQL 1.1, 18.2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
    Query,
    Select,
    Service,
    Triples,
    Union,
    Variable,
)
from kg.sparql.repair.tree.walking import selects_mapped, walk


def stars_written_out(query: Query) -> Query:
    """A query without `SELECT *`; one that stands for no variable is left.

    >>> from kg.sparql.language import parse
    >>> [v.name for v in stars_written_out(parse("SELECT * { ?z ?y 1 GRAPH ?g { ?a ?b ?z } }")).body.projection]
    ['z', 'y', 'g', 'a', 'b']
    """
    return selects_mapped(query, _listed)


def _listed(select: Select) -> Select:
    if select.projection is not None:
        return select
    names = dict.fromkeys(_brought(select))
    return replace(select, projection=tuple(map(Variable, names))) if names else select


def in_scope(group: Group) -> tuple[str, ...]:
    """The variables in scope, in the order of the text."""
    return tuple(dict.fromkeys(_names(group)))


def _names(group: Group) -> Iterator[str]:
    """The variables in scope, in the order of the text, some of them more than once."""
    for element in group.elements:
        yield from _of(element)


def _of(element: Element) -> Iterator[str]:  # noqa: C901 -- one for each kind
    match element:
        case Triples():
            yield from (each.name for each in walk(element) if isinstance(each, Variable))
        case InlineData(variables):
            yield from (variable.name for variable in variables)
        case Bind(_, variable):
            yield variable.name
        case Filter() | Minus():
            return
        case Optional(group):
            yield from _names(group)
        case Graph(name, group) | Service(name, _, group):
            if isinstance(name, Variable):
                yield name.name
            yield from _names(group)
        case Union(branches):
            for branch in branches:
                yield from _names(branch)
        case Group():
            yield from _names(element)
        case Select():
            yield from _projected(element)
        case _:
            raise ValueError(element)


def _projected(select: Select) -> Iterator[str]:
    for each in select.projection or ():
        yield each.variable.name if isinstance(each, Named) else each.name
    if select.projection is None:
        yield from _brought(select)


def _brought(select: Select) -> Iterator[str]:
    """What `*` stands for."""
    yield from _names(select.where)
    if select.values is not None:
        yield from (variable.name for variable in select.values.variables)
