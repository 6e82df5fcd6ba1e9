"""Constraints on lists (SHACL 1.2 Core, "List Constraint Components"): whatever is no list does not conform."""

from __future__ import annotations

from collections.abc import Iterable

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.lists import Lists
from kg.shacl.shapes.model import ListLength, MemberShape, Shape, UniqueMembers
from kg.shacl.values import Values


def member_shape(engine: Engine, shape: Shape, constraint: MemberShape, values: Values) -> Found:
    """`sh:memberShape`: one result for a list, however many of its members do not fit."""
    lists, heads = _lists(engine, values)
    seen: dict[int, int] = {}
    for head in heads:
        seen.update(lists.cells(head, seen))
    failing = engine.failing(constraint.shape, {member for member in seen.values() if member not in engine.incomplete})
    return _judged(engine, shape, "MemberShape", values, heads - lists.holding(heads, failing))


def length(engine: Engine, shape: Shape, constraint: ListLength, values: Values) -> Found:
    """`sh:minListLength` and `sh:maxListLength`."""
    lists, heads = _lists(engine, values)
    number, is_minimum = constraint.number, constraint.is_minimum
    sizes = {head: lists.length(head) or 0 for head in heads}
    good = {head for head, size in sizes.items() if (size >= number if is_minimum else size <= number)}
    return _judged(engine, shape, "MinListLength" if is_minimum else "MaxListLength", values, good)


def unique_members(engine: Engine, shape: Shape, constraint: UniqueMembers, values: Values) -> Found:
    """`sh:uniqueMembers`; where it is false, values are still to be lists."""
    lists, heads = _lists(engine, values)
    bad = lists.repeating(heads) if constraint.is_required else set()
    return _judged(engine, shape, "UniqueMembers", values, heads - bad)


def _lists(engine: Engine, values: Values) -> tuple[Lists, set[int]]:
    lists = Lists(engine.data)
    return lists, {value for value in values.distinct() if lists.length(value) is not None}


def _judged(engine: Engine, shape: Shape, component: str, values: Values, good: Iterable[int]) -> Found:
    bad = set(values.distinct()).difference(good)
    for node, value in values.holding(bad):
        yield node, engine.found(shape, node, component, value)
