"""The gate: which shapes see which graph, and that what either level finds is in the one report."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.errors import ShapesError
from kg.shacl import memory_graph
from kg.shacl.gate import gate

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . """


def graph(text: str = "") -> Graph:
    return memory_graph(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


def needs(kind: str, predicate: str) -> Graph:
    """Whatever is of a class has a value of a property."""
    return graph(
        f"e:{kind}Shape a sh:NodeShape ; sh:targetClass e:{kind} ; sh:property e:{kind}-{predicate} ."
        f"e:{kind}-{predicate} sh:path e:{predicate} ; sh:minCount 1 ."
    )


EMPTY = graph()


def found(*graphs: Graph) -> list[tuple[str, str]]:
    report = gate(*graphs)
    assert report.conforms is (not report.results)
    return [
        (one.focus.removeprefix("http://e/"), (one.shape or "").removeprefix("http://e/")) for one in report.results
    ]


def test_shapes_of_claims_see_everything_that_is_stated():
    assert found(graph("e:a a e:Claim ."), EMPTY, EMPTY, needs("Claim", "p"), EMPTY) == [("a", "Claim-p")]
    assert found(graph("e:a a e:Claim ; e:p 1 ."), EMPTY, EMPTY, needs("Claim", "p"), EMPTY) == []


def test_shapes_of_claims_do_not_see_the_default_graph_nor_the_ontology_by_themselves():
    assert found(EMPTY, graph("e:a a e:Claim ."), graph("e:b a e:Claim ."), needs("Claim", "p"), EMPTY) == []
    stated = graph("e:a a e:Claim .")
    assert found(stated, graph("e:a e:p 1 ."), graph("e:a e:p 1 ."), needs("Claim", "p"), EMPTY) == [("a", "Claim-p")]


def test_shapes_of_the_domain_see_the_default_graph():
    assert found(EMPTY, graph("e:x a e:Place ."), EMPTY, EMPTY, needs("Place", "q")) == [("x", "Place-q")]
    assert found(EMPTY, graph("e:x a e:Place ; e:q 1 ."), EMPTY, EMPTY, needs("Place", "q")) == []


def test_shapes_of_the_domain_do_not_see_what_is_only_claimed():
    assert found(graph("e:x a e:Place ."), EMPTY, EMPTY, EMPTY, needs("Place", "q")) == []
    claimed, facts = graph("e:x e:q 1 ."), graph("e:x a e:Place .")
    assert found(claimed, facts, EMPTY, EMPTY, needs("Place", "q")) == [("x", "Place-q")]


def test_the_ontology_tells_shapes_of_the_domain_what_is_a_subclass():
    facts, ontology = graph("e:x a e:City ."), graph("e:City rdfs:subClassOf e:Place .")
    assert found(EMPTY, facts, EMPTY, EMPTY, needs("Place", "q")) == []
    assert found(EMPTY, facts, ontology, EMPTY, needs("Place", "q")) == [("x", "Place-q")]
    assert len(facts) == len(ontology) == 1, "what is given stays as it is"


def test_both_levels_come_in_one_report_in_one_order():
    stated, facts = graph("e:z a e:Claim ."), graph("e:b a e:Place . e:a a e:Place .")
    assert found(stated, facts, EMPTY, needs("Claim", "p"), needs("Place", "q")) == [
        ("a", "Place-q"),
        ("b", "Place-q"),
        ("z", "Claim-p"),
    ]


@pytest.mark.parametrize("level", [3, 4])
def test_shapes_that_cannot_be_read_are_an_error_of_either_level(level):
    graphs = [EMPTY] * 5
    graphs[level] = graph(
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:minCount 'many' ; sh:property e:P . e:P sh:path 1 ."
    )
    with pytest.raises(ShapesError):
        gate(*graphs)
