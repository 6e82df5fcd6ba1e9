"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

from collections.abc import Mapping

from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine, Watch
from kg.shacl.explaining import told
from kg.shacl.graph.columns import Columns
from kg.shacl.report import Report, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import ShapeId
from kg.shacl.store import QueryStore


def validate(data: Columns, shapes: ShapesGraph, *, details: bool = False, watch: Watch = lambda *_: None) -> Report:
    """Validate a data graph (SHACL 1.0 Core and SHACL-SPARQL).

    With `details` each result that other shapes made tells why a value does not fit them (`sh:detail`): up to a number,
    and up to a depth. `watch` hears which shape comes next.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    """
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
    found = told(engine, list(engine.validate(watch)), details=details)
    return make_report(found, engine.focus_nodes)


def coverage(data: Columns, shapes: ShapesGraph) -> Mapping[ShapeId, int]:
    """How many focus nodes each shape with targets has, without validating them."""
    engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
    acting = ((name, shape) for name, shape in shapes.shapes.by_id.items() if not shape.is_deactivated)
    return {name: len(engine.targets(shape.targets)) for name, shape in acting if shape.targets}
