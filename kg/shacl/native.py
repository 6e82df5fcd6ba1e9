"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

import pyoxigraph as ox

from kg.shacl.columns import Columns
from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine, Finding
from kg.shacl.model import Shapes
from kg.shacl.paths import path_text
from kg.shacl.report import Message, Report, Result, make_report
from kg.shacl.store import QueryStore
from kg.shacl.terms import Terms


def validate(data: Columns, shapes: Shapes, shapes_quads: tuple[ox.Quad, ...] = ()) -> Report:
    """Validate a data graph (SHACL 1.0 Core and SHACL-SPARQL).

    `shapes_quads` are what queries see as `$shapesGraph`.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    """
    engine = Engine(data, shapes, CHECKS, QueryStore(data, shapes_quads))
    return make_report(_result(data.terms, finding) for finding in engine.validate())


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
        messages=tuple(sorted((Message(t.text, t.language) for t in finding.messages), key=lambda m: (m.language or "", m.text))),
    )
