"""What SHACL 1.2 says shorter is what SHACL 1.0 says longer; and what both say means the same in both."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.shacl import Columns, Report, shapes_graph, validate
from shacl.shape_strategies import data, shapes
from shacl.test_native import rows
from shacl.version12.test_components import parse, run

EVEN = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@EVEN
@given(data(), shapes())
def test_shapes_of_10_mean_the_same_in_12(said: str, shaped: str) -> None:
    graph = Columns.from_quads(parse(said))
    assert rows(validate(graph, shapes_graph(parse(shaped)))) == rows(
        validate(graph, shapes_graph(parse(shaped), "1.2"))
    )


SHORT = [
    ("sh:class ( :A :B )", "sh:or ( [ sh:class :A ] [ sh:class :B ] )", True),
    ("sh:datatype ( xsd:integer xsd:string )", "sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:string ] )", True),
    ("sh:nodeKind ( sh:IRI sh:Literal )", "sh:nodeKind sh:IRIOrLiteral", True),
    ("sh:someValue [ sh:class :A ]", "sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1", False),
    (
        "sh:rootClass :A",
        "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:path [ sh:zeroOrMorePath rdfs:subClassOf ] ; sh:hasValue :A ] )",
        True,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("short", "long", "has_values"), SHORT, ids=[short.split()[0] for short, _, _ in SHORT])
def test_what_is_said_shorter(short: str, long: str, has_values: bool) -> None:
    """One test for each, so that a failure names it."""

    @EVEN
    @given(data())
    def agree(said: str) -> None:
        said += "\n:a :p :A , :B , :C , :a . :b :p 1 ; :q [ :r 1 ] ."
        found = [
            told(run(said, f":S sh:targetSubjectsOf :p , :q ; sh:property [ sh:path :p ; {demand} ] ."), has_values)
            for demand in (short, long)
        ]
        assert found[0] == found[1]

    agree()


@EVEN
@given(data())
def test_a_subset_is_one_of_terms(said: str) -> None:
    pairs: dict[str, set[tuple[str, str]]] = {}
    for quad in parse(said):
        pairs.setdefault(quad.predicate.value, set()).add((str(quad.subject), str(quad.object)))
    reached = {
        (node, end) for node, at in pairs.get("http://e/q", ()) for on, end in pairs.get("http://e/r", ()) if on == at
    }
    report = run(said, ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:subsetOf ( :q :r ) ] .")
    assert len(report) == len(pairs.get("http://e/p", set()) - reached)


def told(report: Report, has_values: bool) -> list[tuple[str, str]]:
    """What is told; names of blank nodes are those of one report."""
    found = ((result.focus, str(result.value) if has_values else "") for result in report.results)
    return sorted(
        ("_:" if focus.startswith("_:") else focus, "_:" if value.startswith("_:") else value) for focus, value in found
    )


@EVEN
@given(data(), shapes(), st.sampled_from(["sh:targetWhere :S0", "sh:targetWhere [ sh:node :S0 ]"]))
def test_where_targets_are_the_nodes_that_fit(said: str, shaped: str, target: str) -> None:
    quads = [quad for quad in parse(shaped) if not quad.predicate.value.rpartition("#")[2].startswith("target")]
    nodes = {term for quad in parse(said) for term in (quad.subject, quad.object) if not isinstance(term, ox.BlankNode)}
    chosen = validate(
        Columns.from_quads(parse(said)), shapes_graph([*quads, *parse(f":W {target} ; sh:in () .")], "1.2")
    )
    fitting = {result.focus for result in chosen.results if not result.focus.startswith("_:")}
    asked = " , ".join(map(str, nodes))
    judged = validate(
        Columns.from_quads(parse(said)),
        shapes_graph([*quads, *parse(f":J sh:targetNode {asked} ; sh:node :S0 .")], "1.2"),
    )
    plain = {str(node) if isinstance(node, ox.Literal) else node.value for node in nodes}
    assert fitting == plain - {result.focus for result in judged.results}
