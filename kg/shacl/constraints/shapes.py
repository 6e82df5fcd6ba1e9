"""Constraints that call other shapes, and `sh:closed` (SHACL, sections 4.6, 4.7 and 4.8.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.shacl.engine import Engine, Finding, Found
from kg.shacl.graph.columns import TYPE
from kg.shacl.shapes.model import Annotated, Closed, ClosedByTypes, Logic, Property, Qualified, Shape, SomeValue
from kg.shacl.values import Values


def logic(engine: Engine, shape: Shape, constraint: Logic, values: Values) -> Found:
    """`sh:and`, `sh:or`, `sh:xone`, `sh:not` and `sh:node`."""
    told = engine.told(shape, values)
    failing = [engine.failing(name, told) for name in constraint.shapes]
    bad = _bad(constraint, told, failing)
    for node, value in values.holding(bad):
        yield node, engine.found(shape, node, constraint.component, value)


def _bad(constraint: Logic, values: Collection[int], failing: list[set[int]]) -> Collection[int]:
    match constraint.component:
        case "And" | "Node" | "NodeByExpression":
            return set().union(*failing)
        case "Or":
            return set(values).intersection(*failing)
        case "Not":
            return set(values) - failing[0]
        case "Xone":
            return {v for v in values if sum(v not in bad for bad in failing) != 1}
    raise TypeError(f"not a constraint on shapes: {constraint!r}")


def below(engine: Engine, shape: Shape, constraint: Property, values: Values) -> Found:
    """`sh:property`: the results are those of the property shape, with the values as focus nodes."""
    findings = engine.findings(engine.shapes.by_id[constraint.shape], list(engine.told(shape, values)))
    if shape.path is None:
        yield from findings
        return
    found: dict[int, list[Finding]] = {}
    for value, finding in findings:
        found.setdefault(value, []).append(finding)
    for node, value in values.holding(found):
        for finding in found[value]:
            yield node, finding


def qualified(engine: Engine, shape: Shape, constraint: Qualified, values: Values) -> Found:
    """`sh:qualifiedValueShape`: how many values fit it, and none of its siblings."""
    distinct = values.distinct()
    fitting = set(distinct) - engine.failing(constraint.shape, distinct)
    for sibling in constraint.siblings:
        fitting &= engine.failing(sibling, fitting)
    name = "QualifiedMinCount" if constraint.is_minimum else "QualifiedMaxCount"
    if constraint.is_minimum and engine.incomplete:
        fitting |= {value for value in distinct if value in engine.incomplete}
    for node, found in values.pairs():
        count = sum(value in fitting for value in found)
        is_bad = count < constraint.number if constraint.is_minimum else count > constraint.number
        if is_bad and not (constraint.is_minimum and node in engine.incomplete):
            yield node, engine.found(shape, node, name)


def some_value(engine: Engine, shape: Shape, constraint: SomeValue, values: Values) -> Found:
    """`sh:someValue`: one value at least fits."""
    failing = engine.failing(constraint.shape, (v for v in values.distinct() if v not in engine.incomplete))
    for node, found in values.pairs():
        if failing.issuperset(found) and node not in engine.incomplete:
            yield node, engine.found(shape, node, "SomeValue")


def annotated(engine: Engine, shape: Shape, constraint: Annotated, values: Values) -> Found:
    """A constraint with a severity or messages of its own."""
    severity, messages = constraint.severity or shape.severity, constraint.messages or shape.messages
    return engine.check(replace(shape, severity=severity, messages=messages), constraint.constraint, values)


def closed_by_types(engine: Engine, shape: Shape, constraint: ClosedByTypes, values: Values) -> Found:
    """`sh:closed sh:ByTypes`: no property but those that the types of a node allow."""
    data = engine.data
    always = frozenset(map(data.terms.iri, constraint.allowed))
    by_type = {data.terms.number(form): frozenset(map(data.terms.iri, iris)) for form, iris in constraint.by_type}
    types = data.column(TYPE).forward
    holders: dict[int, list[int]] = {}
    for node, value in values.holding(set(values.distinct())):
        holders.setdefault(value, []).append(node)
    for predicate in sorted(data.columns.keys() - always):
        forward = data.columns[predicate].forward
        allowing = {kind for kind, allowed in by_type.items() if predicate in allowed}
        for value in holders.keys() & forward.keys():
            if allowing.isdisjoint(types.get(value, ())):
                for node in holders[value]:
                    for extra in forward[value]:
                        yield node, engine.found(shape, node, "Closed", extra, path=predicate)


def closed(engine: Engine, shape: Shape, constraint: Closed, values: Values) -> Found:
    """`sh:closed`: no property but those allowed."""
    data = engine.data
    allowed = {data.terms.iri(iri) for iri in constraint.allowed}
    holders: dict[int, list[int]] = {}
    for node, value in values.holding(set(values.distinct())):
        holders.setdefault(value, []).append(node)
    for predicate in sorted(data.columns.keys() - allowed):
        column = data.columns[predicate]
        if not holders.keys().isdisjoint(column.subjects):
            for value, extra in column.pairs():
                for node in holders.get(value, ()):
                    yield node, engine.found(shape, node, "Closed", extra, path=predicate)
