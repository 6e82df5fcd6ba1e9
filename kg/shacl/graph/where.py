"""Where a shape that selects targets must look (`sh:targetWhere`, SHACL 1.2 Core, "Where Targets")."""

from __future__ import annotations

from kg.shacl.graph.columns import Columns
from kg.shacl.shapes.model import Class, Shape


def candidates(data: Columns, shape: Shape, *, is_strict: bool) -> set[int]:
    """Nodes of a data graph, all that can conform to a shape among them.

    Where the shape asks for a class, and nothing else conforms to it (`is_strict`), these are the instances; else
    everything that is a subject or an object.
    """
    found: set[int] | None = None
    is_narrow = is_strict and shape.path is None and not shape.is_deactivated
    for constraint in shape.constraints if is_narrow else ():
        if isinstance(constraint, Class):
            members = set().union(*(data.members(data.terms.number(iri)) for iri in constraint.iris))
            found = members if found is None else found & members
    if found is not None:
        return found
    return {node for column in data.columns.values() for nodes in (column.subjects, column.objects) for node in nodes}
