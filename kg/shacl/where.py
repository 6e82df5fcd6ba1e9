"""Where a shape that selects targets must look (`sh:targetWhere`, SHACL 1.2 Core, "Where Targets")."""

from __future__ import annotations

from kg.shacl.graph.columns import Columns
from kg.shacl.shapes.model import Class, Shape


def candidates(data: Columns, shape: Shape) -> set[int]:
    """Nodes of a data graph, all that can conform to a shape among them.

    Where the shape asks for a class these are its instances, else everything that is a subject or an object.
    """
    found: set[int] | None = None
    for constraint in () if shape.path is not None or shape.is_deactivated else shape.constraints:
        if isinstance(constraint, Class):
            members = set().union(*(data.members(data.terms.number(iri)) for iri in constraint.iris))
            found = members if found is None else found & members
    if found is not None:
        return found
    return {node for column in data.columns.values() for nodes in (column.subjects, column.objects) for node in nodes}
