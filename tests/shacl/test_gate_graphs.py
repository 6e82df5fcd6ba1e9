"""The gate: which shapes see which graph, and that what either level finds is in the one report."""

from __future__ import annotations

import pyoxigraph as ox

from kg.shacl import ShapesGraph, gate, shapes_graph

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . """
NONE = shapes_graph([])


def needs(kind: str, predicate: str) -> ShapesGraph:
    """Whatever is of a class has a value of a property."""
    text = (
        f"e:{kind}Shape a sh:NodeShape ; sh:targetClass e:{kind} ; sh:property e:{kind}-{predicate} ."
        f"e:{kind}-{predicate} sh:path e:{predicate} ; sh:minCount 1 ."
    )
    return shapes_graph(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


def found(
    stated: str, facts: str, ontology: str = "", claims: ShapesGraph = NONE, domain: ShapesGraph = NONE
) -> list[tuple[str, str]]:
    """What the gate finds in a graph of claims, the default graph and that of the ontology: (thing, shape)."""
    trig = f"{PREFIXES} e:claims {{ {stated} }} e:ontology {{ {ontology} }} {facts}"
    quads = ox.parse(trig, format=ox.RdfFormat.TRIG)
    report = gate(sorted(f"{quad} ." for quad in quads), "http://e/ontology", claims, domain)
    assert report.conforms is (not report.results)
    return [
        (one.focus.removeprefix("http://e/"), (one.shape or "").removeprefix("http://e/")) for one in report.results
    ]


CLAIM, PLACE = needs("Claim", "p"), needs("Place", "q")


def test_shapes_of_claims_see_everything_that_is_stated():
    assert found("e:a a e:Claim .", "", claims=CLAIM) == [("a", "Claim-p")]
    assert found("e:a a e:Claim ; e:p 1 .", "", claims=CLAIM) == []
    assert found("", "e:a a e:Claim .", claims=CLAIM) == [("a", "Claim-p")]
    assert found("e:a a e:Claim .", "e:a e:p 1 .", claims=CLAIM) == []
    assert found("e:a a e:Claim .", "", "e:a e:p 1 .", claims=CLAIM) == []


def test_shapes_of_the_domain_see_the_default_graph():
    assert found("", "e:x a e:Place .", domain=PLACE) == [("x", "Place-q")]
    assert found("", "e:x a e:Place ; e:q 1 .", domain=PLACE) == []


def test_shapes_of_the_domain_do_not_see_what_is_only_claimed():
    assert found("e:x a e:Place .", "", domain=PLACE) == []
    assert found("e:x e:q 1 .", "e:x a e:Place .", domain=PLACE) == [("x", "Place-q")]


def test_the_ontology_tells_shapes_of_the_domain_what_is_a_subclass():
    facts, subclass = "e:x a e:City .", "e:City rdfs:subClassOf e:Place ."
    assert found("", facts, domain=PLACE) == []
    assert found("", facts, subclass, domain=PLACE) == [("x", "Place-q")]
    assert found(subclass, facts, domain=PLACE) == []


def test_both_levels_come_in_one_report_in_one_order():
    assert found("e:z a e:Claim .", "e:b a e:Place . e:a a e:Place .", "", CLAIM, PLACE) == [
        ("a", "Place-q"),
        ("b", "Place-q"),
        ("z", "Claim-p"),
    ]


def test_both_levels_say_how_many_things_they_looked_at():
    trig = f"{PREFIXES} e:claims {{ e:z a e:Claim ; e:p 1 . e:y a e:Claim ; e:p 2 }} e:x a e:Place ; e:q 1 ."
    lines = [f"{quad} ." for quad in ox.parse(trig, format=ox.RdfFormat.TRIG)]
    report = gate(lines, "http://e/ontology", CLAIM, PLACE)
    assert report.coverage == {"http://e/ClaimShape": 2, "http://e/PlaceShape": 1}
