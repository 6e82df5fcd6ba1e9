"""BNODE(text): one blank node for each text in one solution, and others in every other (SPARQL 1.1, 17.4.2.9).

The engine gives all solutions the same. Here a solution has a seed, made where its expressions are evaluated: those of
one projection share it, and so do those of BIND clauses that follow one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.scoping import is_grouped
from kg.sparql.language.syntax import (
    Bind,
    BuiltIn,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Iri,
    Named,
    Query,
    Select,
    Service,
)
from kg.sparql.language.walking import expressions, rebuilt
from kg.sparql.repair.context import Context, Fresh
from kg.sparql.repair.functions import names

_UNIQUE: Final = BuiltIn("STRUUID", ())


def blank_nodes(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose BNODE(text) gives each solution blank nodes of its own."""

    def step(node: Any) -> Any:
        if isinstance(node, Service):
            return node
        made = rebuilt(node, step)
        if isinstance(made, Group):
            return _group(made, context.fresh)
        if isinstance(made, Select):
            return _select(made, context.fresh)
        return made

    made: Query = step(query)
    return _labelled(made, _UNIQUE), ()


def _is_labelled(node: object) -> bool:
    return isinstance(node, BuiltIn) and node.name == "BNODE" and len(node.arguments) == 1


def _several(values: Iterable[Expression]) -> bool:
    """Whether there are two calls that may be given the same text."""
    return sum(_is_labelled(part) for each in values for part in expressions(each)) > 1


def _labelled(node: Any, seed: Expression) -> Any:
    """A node in which every call takes its label from a seed, but for those that go to other endpoints."""

    def step(each: Any) -> Any:
        if isinstance(each, Service):
            return each
        made = rebuilt(each, step)
        return Call(Iri(names.LABELLED), (seed, *made.arguments)) if _is_labelled(made) else made

    return step(node)


def _labelled_here(node: Any, seed: Expression) -> Any:
    """The like for one expression, the patterns of its EXISTS left alone."""

    def step(each: Any) -> Any:
        if isinstance(each, Exists):
            return each
        made = rebuilt(each, step)
        return Call(Iri(names.LABELLED), (seed, *made.arguments)) if _is_labelled(made) else made

    return step(node)


def _select(select: Select, fresh: Fresh) -> Select:
    made = [each for each in select.projection or () if isinstance(each, Named)]
    if is_grouped(select) or not _several(each.expression for each in made):
        return select
    seed = fresh.variable("seed")
    elements = select.where.elements
    if any(isinstance(each, Select) for each in elements):
        elements = (select.where,)
    where = Group((*elements, Bind(_UNIQUE, seed)), select.where.at)
    projection = tuple(_labelled_here(each, seed) for each in select.projection or ())
    return replace(select, where=where, projection=projection)


def _group(group: Group, fresh: Fresh) -> Group:
    made: list[Element] = []
    row: list[Element] = []
    for element in group.elements:
        if isinstance(element, Bind | Filter):
            row.append(element)
        else:
            made += (*_row(row, fresh), element)
            row = []
    made += _row(row, fresh)
    return replace(group, elements=tuple(made)) if tuple(made) != group.elements else group


def _row(row: list[Element], fresh: Fresh) -> list[Element]:
    """BIND clauses, and filters between them, that follow one another."""
    if not _several(each.expression for each in row if isinstance(each, Bind)):
        return row
    seed = fresh.variable("seed")
    return [Bind(_UNIQUE, seed), *(_labelled_here(each, seed) if isinstance(each, Bind) else each for each in row)]
