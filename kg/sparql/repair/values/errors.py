"""Expressions that leave a cell blank because they are errors: the answer says so, and why.

Behind each that may be one stands a function that is called only then, and only if all that the expression is made of
has a value: what is blank because something was unbound is nobody's mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Aggregate,
    Bind,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Iri,
    Named,
    Query,
    Select,
    Service,
    Variable,
)
from kg.sparql.language.walking import children, rebuilt
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.tree.binding import Bound, Names, bound_by, with_element
from kg.sparql.repair.tree.certainty import is_total

_Cell = TypeVar("_Cell", Named, Bind)
_MOST: Final = 16
"""Values that are given to the function; an expression of more is not told of."""


def told_errors(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose projections and BINDs tell of their errors."""
    return rebuilt(query, partial(_told, context=context)), ()


def _told(node: Any, context: Context) -> Any:
    step = partial(_told, context=context)
    match node:
        case Exists() | Service():
            return node  # nobody sees a cell of it; nobody else has a use for our names
        case Group():
            return _group(rebuilt(node, step), context)
        case Select(projection, where) if projection is not None:
            cell = partial(_cell, surely=bound_by(where).surely, context=context)
            made = tuple(cell(each) if isinstance(each, Named) else each for each in projection)
            return replace(rebuilt(node, step), projection=made)
    return rebuilt(node, step)


def _group(group: Group, context: Context) -> Group:
    if not any(isinstance(element, Bind) for element in group.elements):
        return group
    elements: list[Any] = []
    before = Bound()
    for element in group.elements:
        elements.append(_cell(element, before.surely, context) if isinstance(element, Bind) else element)
        before = with_element(before, element)
    return replace(group, elements=tuple(elements))


def _cell(cell: _Cell, surely: Names, context: Context) -> _Cell:
    expression = cell.expression
    parts = tuple(dict.fromkeys(_parts(expression)))
    if isinstance(expression, Variable | Aggregate) or len(parts) > _MOST or is_total(expression, surely):
        return cell
    variable = cell.variable
    told = Call(Iri(names.noted(variable.name, context.place(variable.at))), parts)
    return replace(cell, expression=BuiltIn("COALESCE", (expression, told)))


def _parts(expression: object) -> Iterator[Expression]:
    """What an expression is made of: its variables, and its aggregates as a whole."""
    if isinstance(expression, Variable | Aggregate):
        yield expression
    elif not isinstance(expression, Exists):
        for child in children(expression):
            yield from _parts(child)
