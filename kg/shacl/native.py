"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

from collections.abc import Mapping

from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine, Finding
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Terms
from kg.shacl.paths import path_text
from kg.shacl.process import SECONDS, QueryProcess
from kg.shacl.report import Message, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import ShapeId, Text


def validate(data: Columns, shapes: ShapesGraph, query_seconds: float = SECONDS) -> Report:
    """Validate a data graph (SHACL 1.0 Core, SHACL-SPARQL and targets of SHACL-AF).

    One evaluation of a query of a shape may take `query_seconds` of processor time.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    :raises EngineFailed: if a query of a shape takes too long, or too much memory
    """
    with QueryProcess(data, shapes.quads, query_seconds) as queries:
        engine = Engine(data, shapes.shapes, CHECKS, queries)
        found = [_result(data.terms, finding) for finding in engine.validate()]
    return make_report(found, engine.focus_nodes)


def coverage(data: Columns, shapes: ShapesGraph, query_seconds: float = SECONDS) -> Mapping[ShapeId, int]:
    """How many focus nodes each shape with targets has, without validating them.

    :raises ShapesError: if a query of a target cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    with QueryProcess(data, shapes.quads, query_seconds) as queries:
        engine = Engine(data, shapes.shapes, CHECKS, queries)
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
