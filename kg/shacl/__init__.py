"""Shapes -> verdict: SHACL validation with one report type, and the gate of a build.

>>> from pyoxigraph import RdfFormat, parse
>>> shapes = memory_graph(parse(b'''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:shape> a sh:NodeShape ; sh:targetNode <urn:ministry> ; sh:property <urn:shape/name> .
...     <urn:shape/name> sh:path <urn:name> ; sh:minCount 1 ; sh:message "Give it a name."@en .
... ''', format=RdfFormat.TURTLE))
>>> print(validate(memory_graph([]), shapes).to_text(), end="")
violation: Give it a name. [urn:ministry urn:name] (shape urn:shape/name)
does not conform: 1 result
"""

from __future__ import annotations

from kg.shacl.gate import gate
from kg.shacl.memory import memory_graph
from kg.shacl.origins import Origins
from kg.shacl.reference import validate
from kg.shacl.report import Message, Report, Result
from kg.shacl.shapes import check_shapes, parse_shapes, read_shapes

__all__ = [
    "Message",
    "Origins",
    "Report",
    "Result",
    "check_shapes",
    "gate",
    "memory_graph",
    "parse_shapes",
    "read_shapes",
    "validate",
]
