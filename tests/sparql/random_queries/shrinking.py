"""A smaller case that still shows a difference: parts are taken away, one after another, as long as it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from sparql.oracle.patterns import Data
from sparql.random_queries.queries import Case

from kg.sparql.language import syntax

LONG = (
    syntax.Binary, syntax.Unary, syntax.BuiltIn, syntax.Call, syntax.Membership, syntax.Inverse, syntax.Repeated,
    syntax.Sequence, syntax.Alternative,
)  # fmt: skip
"""What may be replaced by one of its parts."""


def shrink(case: Case, differs: Callable[[Case], bool], tries: int = 2000) -> Case:
    """The smallest case that was found, which still differs."""
    left = tries
    found = True
    while found and left > 0:
        found = False
        for smaller in smaller_cases(case):
            left -= 1
            if left <= 0:
                break
            if differs(smaller):
                case, found = smaller, True
                break
    return case


def smaller_cases(case: Case) -> Iterator[Case]:
    for query in smaller(case.query):
        yield Case(case.data, query)
    for data in smaller_data(case.data):
        yield Case(data, case.query)


def smaller_data(data: Data) -> Iterator[Data]:
    for name in data.named:
        yield Data(data.default, {other: some for other, some in data.named.items() if other != name})
    if len(data.default) > 2:
        yield Data(frozenset(), data.named)
    for triple in sorted(data.default, key=str):
        yield Data(data.default - {triple}, data.named)
    for name, triples in data.named.items():
        for triple in sorted(triples, key=str) if len(triples) > 1 else ():
            yield Data(data.default, {**data.named, name: triples - {triple}})


def smaller(node: Any) -> Iterator[Any]:
    """A node of the tree with a part less, or with a part in its own place."""
    if isinstance(node, tuple):
        for place in range(len(node)):
            yield node[:place] + node[place + 1 :]
        for place, part in enumerate(node):
            for less in smaller(part):
                yield (*node[:place], less, *node[place + 1 :])
        return
    if isinstance(node, Enum) or not dataclasses.is_dataclass(node):
        return
    yield from parts_in_place(node)
    yield from without_member(node)
    for field in dataclasses.fields(node):
        for less in smaller(getattr(node, field.name)):
            yield dataclasses.replace(node, **{field.name: less})  # type: ignore[type-var]


def parts_in_place(node: Any) -> Iterator[Any]:
    match node:
        case syntax.Optional() | syntax.Graph() | syntax.Minus():
            yield node.group
        case syntax.Union():
            yield from node.branches
        case syntax.Group((syntax.Group() as inner,)):
            yield inner
        case _ if isinstance(node, LONG):
            for field in dataclasses.fields(node):
                part = getattr(node, field.name)
                yield from part if isinstance(part, tuple) else [part] if dataclasses.is_dataclass(part) else []


def without_member(node: Any) -> Iterator[Any]:
    """Modifiers and the like taken away."""
    match node:
        case syntax.Modifiers():
            for name in ("limit", "offset"):
                if getattr(node, name) is not None:
                    yield dataclasses.replace(node, **{name: None})
        case syntax.Select():
            if node.values is not None:
                yield dataclasses.replace(node, values=None)
            if node.duplicates is not syntax.Duplicates.KEPT:
                yield dataclasses.replace(node, duplicates=syntax.Duplicates.KEPT)
        case syntax.Aggregate(distinct=True):
            yield dataclasses.replace(node, distinct=False)
