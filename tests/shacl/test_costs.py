"""What a query of a shape looks at, for one node: never more because there is more elsewhere in the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import SH, Graph, URIRef
from rdflib.plugins.stores.memory import Memory

from kg.shacl import read_shapes
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.reference import PreparedGraph

ROOT = Path(__file__).resolve().parents[2]
CASES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "ontology").glob("*/shapes/cases/*/*.ttl"))]
SHAPES = {
    f"{path.parts[-3]}-{path.stem}": memory_graph(read_shapes(path).quads)
    for path in sorted((ROOT / "ontology").glob("*/shapes/*.ttl"))
}
QUERIES = [
    pytest.param(level, shape, constraint, id=f"{level}-{shape.rpartition('/')[2]}-{constraint.rpartition('/')[2]}")
    for level, shapes in SHAPES.items()
    for shape, constraint in sorted(shapes.subject_objects(SH.sparql))
    if isinstance(shape, URIRef) and isinstance(constraint, URIRef)
]


class Counted(Memory):
    """A graph in memory that counts the triples which are taken out of it."""

    taken = 0

    def triples(self, *given: Any, **named: Any) -> Iterator[Any]:
        for found in super().triples(*given, **named):
            self.taken += 1
            yield found


def copies(count: int) -> Graph:
    """All cases of the shapes, that many times, each copy of things of its own."""
    graph = Graph(store=Counted())
    for number in range(count):
        for text in CASES:
            own = re.sub(r"<((?:id|doc|claim|table)/[^>#]+)", rf"<\1-{number}", text)
            graph.parse(data=own, format="turtle")
    return graph


@pytest.fixture(scope="module")
def graphs() -> tuple[Graph, Graph]:
    return copies(1), copies(4)


@pytest.mark.parametrize(("level", "shape", "constraint"), QUERIES)
def test_a_query_starts_from_the_node_that_it_is_about(
    level: str, shape: URIRef, constraint: URIRef, graphs: tuple[Graph, Graph]
) -> None:
    shapes = SHAPES[level]
    declared = {
        str(shapes.value(d, SH.prefix)): str(shapes.value(d, SH.namespace))
        for d in shapes.objects(shapes.value(constraint, SH.prefixes), SH.declare)
    }
    prologue = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared.items())
    path = shapes.value(shape, SH.path)
    text = prologue + str(shapes.value(constraint, SH.select)).replace("$PATH", f"<{path}>")
    taken = []
    for graph in graphs:
        nodes = sorted(node for node in graphs[0].subjects(unique=True) if isinstance(node, URIRef))
        prepared = PreparedGraph(graph)
        store = graph.store
        assert isinstance(store, Counted)
        before = store.taken
        for node in nodes:
            list(prepared.query(text, initBindings={"this": node}))
        taken.append(store.taken - before)
    assert taken[0] > 0
    assert taken[1] == taken[0]
