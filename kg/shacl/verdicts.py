"""What shapes find in a data graph, kept by shape and focus node, so that a part of it can be found anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.shacl.engine import Engine
from kg.shacl.native import results_by_node
from kg.shacl.report import Result, renamed
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import Shape, ShapeId

ByNode = Mapping[str, tuple[Result, ...]]
"""The results of each focus node that has any."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the shapes of one graph find in another; shapes are called by their lasting names (`lasting_names`)."""

    counts: Mapping[str, int]
    """How many focus nodes each shape with targets has."""
    results: Mapping[str, ByNode]
    """By shape with targets."""


def lasting_names(graph: ShapesGraph, place: int = 0) -> Mapping[ShapeId, str]:
    """A name for each shape, and each blank node of a shapes graph, that is the same whenever its files are read.

    A blank node is called by its turn among those of the files, whose labels are others each time; `place` tells shapes
    graphs apart.

    >>> from kg.shacl.shapes.files import shapes_graph
    >>> text = b"_:any <http://www.w3.org/ns/shacl#targetNode> <urn:a> ."
    >>> read = shapes_graph(ox.parse(text, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True))
    >>> list(lasting_names(read).values())
    ['_:shape-0-00000000']
    """
    blank = dict.fromkeys(
        term for quad in graph.quads for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)
    )
    turns = {str(term): f"_:shape-{place}-{turn:08d}" for turn, term in enumerate(blank)}
    return {**turns, **{name: turns.get(name, name) for name in graph.shapes.by_id}}


def acting(graph: ShapesGraph) -> Mapping[ShapeId, Shape]:
    """The shapes that have targets and are not switched off."""
    return {name: shape for name, shape in graph.shapes.by_id.items() if shape.targets and not shape.is_deactivated}


def judge(engine: Engine, graph: ShapesGraph, names: Mapping[ShapeId, str]) -> Verdict:
    """Validate a data graph whole.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    """
    counts: dict[str, int] = {}
    results: dict[str, ByNode] = {}
    for shape_id, shape in acting(graph).items():
        nodes = engine.targets(shape.targets)
        counts[names[shape_id]] = len(nodes)
        if found := results_of(engine, shape, nodes, names):
            results[names[shape_id]] = found
    return Verdict(counts, results)


def results_of(engine: Engine, shape: Shape, nodes: Collection[int], names: Mapping[ShapeId, str]) -> ByNode:
    """The results of a shape for some of its focus nodes; `names` has what they call shapes."""
    return {
        node: tuple(renamed(result, lambda name: names.get(name, name)) for result in results)
        for node, results in results_by_node(engine, shape, list(nodes)).items()
    }
