"""What tells a node from the others (SHACL 1.2 Core, "sh:uniqueValuesFor")."""

from __future__ import annotations

from collections import Counter

from kg.shacl.engine import Engine, Found
from kg.shacl.shapes.model import Shape, UniqueValues
from kg.shacl.values import Values


def unique_values(engine: Engine, shape: Shape, constraint: UniqueValues, values: Values) -> Found:
    """`sh:uniqueValuesFor`: no other target of the shape has exactly the same values.

    Nodes that have none of the properties are left alone.
    """
    indexes = [engine.data.column(iri).forward for iri in constraint.predicates]

    def key(node: int) -> tuple[frozenset[int], ...]:
        return tuple(frozenset(index.get(node, ())) for index in indexes)

    targets = set(engine.focus(shape))
    times = Counter(map(key, targets))
    keys = {value: key(value) for value in values.distinct()}
    bad = {value for value, found in keys.items() if any(found) and times[found] > (value in targets)}
    for node, value in values.holding(bad):
        yield node, engine.found(shape, node, "UniqueValuesFor", None if shape.path is None else value)
