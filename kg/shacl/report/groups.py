"""Results by the shape that they break, for forms that have a place for each shape."""

from __future__ import annotations

from dataclasses import dataclass

from kg.shacl.report.results import Result
from kg.shacl.report.shown import short
from kg.shacl.report.verdict import Report


@dataclass(frozen=True, slots=True)
class Group:
    """A shape with its results; `nodes` is None where it has no targets of its own."""

    name: str
    results: tuple[Result, ...]
    nodes: int | None


def groups_of(report: Report) -> tuple[Group, ...]:
    """The shapes of a report: first those with results, in the order of these, then the others that have targets."""
    found: dict[str, list[Result]] = {}
    for result in report.results:
        found.setdefault(shape_of(result), []).append(result)
    nodes = dict(report.shapes())
    broken = [Group(name, tuple(results), nodes.get(name)) for name, results in found.items()]
    return (*broken, *(Group(name, (), count) for name, count in nodes.items() if name not in found))


def shape_of(result: Result) -> str:
    """What the shape of a result is called: its IRI, else the place where it is written, else its path."""
    if result.shape is None:
        return short(result.component)
    if not result.shape.startswith("_:"):
        return short(result.shape)
    if result.shape_position is not None:
        return str(result.shape_position)
    return result.shape if result.path is None else f"{result.shape} {short(result.path)}"
