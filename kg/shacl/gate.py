"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from collections.abc import Sequence

from kg.shacl.graph.columns import Columns
from kg.shacl.native import validate
from kg.shacl.report import Report, make_report
from kg.shacl.shapes.files import ShapesGraph


def gate(lines: Sequence[str], ontology: str, claims: ShapesGraph, default_graph: ShapesGraph) -> Report:
    """Validate a release, given as the lines of N-Quads that are published, on two levels.

    The shapes of `claims` (claims, evidence, quantities, documents, entities) see the union of every graph, where each
    claim meets its evidence. Those of `default_graph` see the derived default graph together with the graph `ontology`,
    which tells them what is a subclass of what: two sources that contradict each other never meet there, so cardinality
    can be asked.

    :raises ShapesError: if a query of a shape cannot be evaluated
    """
    encoded = [line.encode() for line in lines]
    stated = validate(Columns.from_lines(encoded), claims)
    derived = validate(Columns.from_lines(encoded, frozenset({b"", f"<{ontology}>".encode()})), default_graph)
    return make_report((*stated.results, *derived.results), {**stated.coverage, **derived.coverage})
