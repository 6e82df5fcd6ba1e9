"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine, Finding
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Terms
from kg.shacl.paths import path_text
from kg.shacl.report import Message, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import Shape, ShapeId, Text
from kg.shacl.store import QueryStore


def validate(data: Columns, shapes: ShapesGraph) -> Report:
    """Validate a data graph (SHACL 1.0 Core and SHACL-SPARQL).

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    """
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
    found = [_result(data.terms, finding) for finding in engine.validate()]
    return make_report(found, engine.focus_nodes)


def coverage(data: Columns, shapes: ShapesGraph) -> Mapping[ShapeId, int]:
    """How many focus nodes each shape with targets has, without validating them."""
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
    acting = ((name, shape) for name, shape in shapes.shapes.by_id.items() if not shape.is_deactivated)
    return {name: len(engine.targets(shape.targets)) for name, shape in acting if shape.targets}


def _result(terms: Terms, finding: Finding) -> Result:
    shape = finding.shape
    path = None if shape.path is None else path_text(shape.path)
    return Result(
        focus=terms.text(finding.focus),
        severity=shape.severity,
        component=finding.component,
        shape=shape.id,
        path=path if finding.path is None else terms.text(finding.path),
        value=None if finding.value is None else terms.text(finding.value),
        messages=tuple(sorted(map(_message, finding.messages), key=lambda m: (m.language or "", m.text))),
    )


def _message(text: Text) -> Message:
    return Message(text.text, text.language)


def results_by_node(
    engine: Engine, shape: Shape, nodes: Sequence[int], names: Mapping[ShapeId, str]
) -> Mapping[str, tuple[Result, ...]]:
    """The results of a shape by the focus node that they make not conform; `names` has what results call shapes."""
    found: dict[str, list[Result]] = {}
    terms = engine.data.terms
    for node, finding in engine.of_shape(shape, nodes):
        result = _result(terms, finding)
        found.setdefault(terms.text(node), []).append(replace(result, shape=names[finding.shape.id]))
    return {node: tuple(results) for node, results in found.items()}
