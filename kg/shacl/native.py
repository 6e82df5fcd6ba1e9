"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

from collections.abc import Mapping

from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine, Finding
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Terms
from kg.shacl.paths import path_text
from kg.shacl.report import Message, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import ShapeId, Text
from kg.shacl.store import QueryStore


def validate(data: Columns, shapes: ShapesGraph, disallowed: frozenset[str] | None = None) -> Report:
    """Validate a data graph (SHACL Core, of the version of the shapes, and SHACL-SPARQL).

    In SHACL 1.2 data conform, and nodes to shapes inside of shapes, unless there is a result of a severity that is
    `disallowed`: `sh:Violation`, `sh:Warning` and `sh:Info`, if nothing else is said.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    :raises DataError: if the data hold what the version of the shapes does not know
    """
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads), disallowed)
    found = [_result(data.terms, finding) for finding in engine.validate()]
    return make_report(found, engine.focus_nodes, engine.disallowed)


def coverage(data: Columns, shapes: ShapesGraph) -> Mapping[ShapeId, int]:
    """How many focus nodes each shape with targets has, without validating them."""
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
    acting = ((name, shape) for name, shape in shapes.shapes.by_id.items() if not shape.is_deactivated)
    counted = {name: (shape, len(engine.focus(shape))) for name, shape in acting}
    return {name: count for name, (shape, count) in counted.items() if count or shape.targets}


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
