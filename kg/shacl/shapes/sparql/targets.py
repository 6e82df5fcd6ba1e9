"""Targets that a query finds: `sh:SPARQLTarget`, and target types with parameters (SHACL-AF, section 3)."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.shacl.graph.columns import SUBCLASS, TYPE
from kg.shacl.graph.terms import Term, form
from kg.shacl.shapes.model import SH, Form, Query, QueryTarget
from kg.shacl.shapes.references import shape_id, shown
from kg.shacl.shapes.sparql.components import local_name, parameters, prepared
from kg.shacl.shapes.sparql.queries import THIS
from kg.shacl.shapes.statements import Malformed, Statements


def query_target(statements: Statements, shape: Term, node: Term) -> QueryTarget:
    """The target that a value of `sh:target` describes.

    :raises Malformed: if it is none of the kinds that are run, or its query is not what it may be
    """
    if isinstance(node, ox.Literal):
        raise Malformed("is a literal, not a target")
    kinds = _kinds(statements, node)
    types = sorted(set(statements.instances(SH + "SPARQLTargetType")) & kinds, key=str)
    if ox.NamedNode(SH + "SPARQLTarget") in kinds:
        return QueryTarget(shape_id(shape), _query(statements, node, (), ()))
    if not types:
        untyped = " (it lacks 'a sh:SPARQLTarget')" if statements.values(node, SH + "select") else ""
        raise Malformed(f"is no sh:SPARQLTarget, and of no type that is a sh:SPARQLTargetType{untyped}")
    if len(types) > 1:
        raise Malformed(f"is of more than one target type: {', '.join(map(shown, types))}")
    query, bound = _of_type(statements, node, types[0])
    return QueryTarget(shape_id(shape), query, bound)


def _kinds(statements: Statements, node: Term) -> set[Term]:
    """The classes of a node, and those above them."""
    found = set(statements.values(node, TYPE))
    waiting = list(found)
    while waiting:
        above = set(statements.values(waiting.pop(), SUBCLASS)) - found
        found |= above
        waiting += above
    return found


def _of_type(statements: Statements, node: Term, kind: Term) -> tuple[Query | None, tuple[tuple[str, Form], ...]]:
    """The query of a target type with the values that a target gives its parameters.

    One that lacks a value of a parameter that is not optional has no nodes (SHACL-AF, section 3.2).
    """
    required, optional = parameters(statements, kind)
    bound = tuple((local_name(iri), form(value)) for iri, value in _given(statements, node, (*required, *optional)))
    names = tuple(map(local_name, (*required, *optional)))
    query = _query(statements, kind, names, tuple(name for name, _ in bound))
    lacking = {local_name(iri) for iri in required} - {name for name, _ in bound}
    return None if lacking else query, bound


def _given(statements: Statements, node: Term, iris: tuple[str, ...]) -> Iterator[tuple[str, Term]]:
    for iri in iris:
        values = statements.values(node, iri)
        if len(values) > 1:
            raise Malformed(f"has more than one value of <{iri}>")
        if values and isinstance(values[0], ox.BlankNode):
            raise Malformed(f"has a blank node as <{iri}>")
        yield from ((iri, value) for value in values)


def _query(statements: Statements, node: Term, names: tuple[str, ...], given: tuple[str, ...]) -> Query:
    query = prepared(statements, node, "select", names, absent=frozenset(names) - frozenset(given))
    if query.selected != {THIS}:
        others = ", ".join(f"?{name}" for name in sorted(query.selected - {THIS}))
        raise Malformed(f"has a query that selects {others} beside ?this")
    return query
