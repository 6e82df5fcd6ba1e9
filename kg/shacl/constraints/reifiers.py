"""Constraints on reifiers (SHACL 1.2 Core, "sh:reifierShape"; RDF 1.2 Concepts, section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.xsd import RDF
from kg.shacl.shapes.model import Reifier, Shape
from kg.shacl.values import Values


def reifier(engine: Engine, shape: Shape, constraint: Reifier, values: Values) -> Found:
    """`sh:reifierShape`: a result for each reifier that does not fit, and for each triple that lacks a needed one.

    The text of the draft leaves open what `sh:value` is; its tests have the value node.
    """
    reified = list(_reified(engine, constraint, values))
    failing = engine.failing(constraint.shape, {one for _, _, found in reified for one in found})
    for node, value, found in reified:
        lacking = constraint.is_required and node not in engine.incomplete
        bad = sum(one in failing for one in found) if found else lacking
        for _ in range(bad):
            yield node, engine.found(shape, node, "ReifierShape", value)


def _reified(engine: Engine, constraint: Reifier, values: Values) -> Iterator[tuple[int, int, Sequence[int]]]:
    """Each focus node with each of its values, and the reifiers of the triple between them."""
    terms, reifiers = engine.data.terms, engine.data.column(RDF + "reifies").inverse
    predicate = terms.iri(constraint.predicate)
    for node, found in values.pairs():
        for value in found:
            triple = terms.triple(node, predicate, value)
            yield node, value, () if triple is None else reifiers.get(triple, ())
