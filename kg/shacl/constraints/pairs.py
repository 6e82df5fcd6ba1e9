"""Constraints between the values of two properties (SHACL, section 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.terms import Terms
from kg.shacl.graph.xsd import compare
from kg.shacl.shapes.model import Pair, Shape
from kg.shacl.values import Values

_LACKING: Final = frozenset({"Equals", "SubsetOf"})
"""What an incomplete node may lack."""


def pair(engine: Engine, shape: Shape, constraint: Pair, values: Values) -> Found:
    """`sh:equals`, `sh:disjoint`, `sh:lessThan`, `sh:lessThanOrEquals`, `sh:subsetOf`."""
    terms, others = engine.data.terms, Values(engine.data, constraint.path, values.nodes)
    for (node, found), (_, other) in zip(values.pairs(), others.pairs(), strict=True):
        if constraint.component in _LACKING and node in engine.incomplete:
            continue
        for value in _wrong(terms, constraint, found, other):
            yield node, engine.found(shape, node, constraint.component, value)


def _wrong(terms: Terms, constraint: Pair, mine: Sequence[int], other: Sequence[int]) -> list[int]:
    ours, theirs = set(mine), set(other)
    match constraint.component:
        case "Equals":
            return [v for v in mine if v not in theirs] + [v for v in other if v not in ours]
        case "SubsetOf":
            return [v for v in mine if v not in theirs]
        case "Disjoint":
            return [v for v in mine if v in theirs]
        case "LessThan":
            return [v for v in mine for o in other if _order(terms, v, o) != -1]
        case "LessThanOrEquals":
            return [v for v in mine for o in other if _order(terms, v, o) not in {-1, 0}]
    raise TypeError(f"not a pair of properties: {constraint!r}")


def _order(terms: Terms, value: int, other: int) -> int | None:
    if not terms.is_literal(value) or not terms.is_literal(other):
        return None
    return compare(terms.parts(value), terms.parts(other))
