"""Property paths of a graph of rdflib's."""

from __future__ import annotations

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.paths import DEPTH, POSTFIX, Inverse, Path, Predicate, Repeat, Several


def read_path(graph: Graph, node: Node, depth: int = 0) -> Path:
    """The path that `node` describes in `graph`.

    :raises ShapesError: if it is no well-formed path
    """
    if depth > DEPTH:
        raise ShapesError("a property path is nested too deep, or contains itself")
    if isinstance(node, URIRef) and node != RDF.nil:
        return Predicate(str(node))
    if (node, RDF.first, None) in graph:
        return Several(_steps(graph, node, depth), "/")
    for sign, name in POSTFIX.items():
        for inner in graph.objects(node, SH[name]):
            return Repeat(read_path(graph, inner, depth + 1), sign)
    for inner in graph.objects(node, SH.inversePath):
        return Inverse(read_path(graph, inner, depth + 1))
    for choices in graph.objects(node, SH.alternativePath):
        return Several(_steps(graph, choices, depth), "|")
    raise ShapesError(f"not a property path: {'a blank node' if isinstance(node, BNode) else node.n3()}")


def _steps(graph: Graph, node: Node, depth: int) -> tuple[Path, ...]:
    steps: list[Path] = []
    while node != RDF.nil:
        first, rest = graph.value(node, RDF.first), graph.value(node, RDF.rest)
        if first is None or rest is None or len(steps) > DEPTH:
            raise ShapesError("not a property path: a list that does not end")
        steps.append(read_path(graph, first, depth + 1))
        node = rest
    return tuple(steps)
