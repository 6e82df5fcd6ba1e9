"""The engines that can be asked for a verdict."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.errors import OperationError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl import Report, ShapesGraph


def _native(quads: list[ox.Quad], shapes: ShapesGraph, query_seconds: float) -> Report:
    from kg import shacl

    return shacl.validate(shacl.Columns.from_quads(quads), shapes, query_seconds)


def _pyshacl(quads: list[ox.Quad], shapes: ShapesGraph, query_seconds: float) -> Report:
    from kg import shacl
    from kg.shacl.judge import reference
    from kg.shacl.judge.memory import memory_graph

    report = reference.validate(memory_graph(quads), memory_graph(shapes.quads))
    counted = shacl.coverage(shacl.Columns.from_quads(quads), shapes, query_seconds)
    return dataclasses.replace(report, coverage=counted, is_counted=True)


def _both(quads: list[ox.Quad], shapes: ShapesGraph, query_seconds: float) -> Report:
    """The report of the native engine, if the other one says the same.

    :raises OperationError: listing what only one of them found
    """
    mine, other = _native(quads, shapes, query_seconds), _pyshacl(quads, shapes, query_seconds)
    one, two = Counter(map(_compared, mine.results)), Counter(map(_compared, other.results))
    if one != two:
        found = [f"only native: {' '.join(map(str, row))}" for row in (one - two).elements()]
        found += [f"only pyshacl: {' '.join(map(str, row))}" for row in (two - one).elements()]
        raise OperationError("the engines disagree:\n" + "\n".join(found))
    return mine


def _compared(result: object) -> tuple[str | None, ...]:
    names = ("focus", "path", "value", "severity", "component", "shape")
    return tuple("_:" if str(part).startswith("_:") else part for part in (getattr(result, name) for name in names))


ENGINES: Final[Mapping[str, Callable[[list[ox.Quad], ShapesGraph, float], Report]]] = MappingProxyType(
    {"native": _native, "pyshacl": _pyshacl, "both": _both}
)
