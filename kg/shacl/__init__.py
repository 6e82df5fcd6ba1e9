"""Shapes -> verdict: SHACL validation with one report type, and the gate of a build.

>>> from pyoxigraph import RdfFormat, parse
>>> shapes = shapes_graph(parse(b'''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:shape> a sh:NodeShape ; sh:targetNode <urn:ministry> ; sh:property <urn:shape/name> .
...     <urn:shape/name> sh:path <urn:name> ; sh:minCount 1 ; sh:message "Give it a name."@en .
... ''', format=RdfFormat.TURTLE))
>>> print(validate(Columns.from_quads([]), shapes).to_text(), end="")
violation: Give it a name. [urn:ministry urn:name] (shape urn:shape/name)
does not conform: 1 result
"""

from __future__ import annotations

from kg.shacl.gate import GateColumns, gate
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Terms
from kg.shacl.incremental import FOLDER as PROOFS
from kg.shacl.incremental import Before, Proof, Proofs
from kg.shacl.levels import Levels, ShapeFiles, is_like_rdf, read_levels, shape_files, unread
from kg.shacl.native import coverage, validate
from kg.shacl.origins import Origins, place_in_file
from kg.shacl.report import Message, Report, Result
from kg.shacl.shapes.files import ShapesGraph, read_shapes, shapes_graph

__all__ = [
    "PROOFS",
    "Before",
    "Columns",
    "GateColumns",
    "Levels",
    "Message",
    "Origins",
    "Proof",
    "Proofs",
    "Report",
    "Result",
    "ShapeFiles",
    "ShapesGraph",
    "Terms",
    "coverage",
    "gate",
    "is_like_rdf",
    "place_in_file",
    "read_levels",
    "read_shapes",
    "shape_files",
    "shapes_graph",
    "unread",
    "validate",
]
