"""Targets of SHACL-AF: nodes that a query finds, by itself or as a type with parameters."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from small_project import kg

from kg.errors import ShapesError
from kg.shacl import shapes_graph
from kg.shacl.judge import reference
from kg.shacl.judge.memory import memory_graph
from shacl.test_native import parse, rows, run

PEOPLE = """
    :a a :Person ; :bornIn :usa ; :age 20 . :b a :Person ; :bornIn :usa ; :age 10 . :c a :Person ; :bornIn :fr .
    _:d a :Person . :e :says "01"^^xsd:integer , "x"@fr , :a .
"""
TARGET = (
    ":S a sh:NodeShape ; :p 1 ; sh:target [ a sh:SPARQLTarget ; sh:prefixes :prefixes ; sh:select '''{}''' ] ; {} ."
)
TYPE = """
    :BornIn a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:labelTemplate "born in {$country}" ;
        sh:parameter [ sh:path :country ] , [ sh:path :least ; sh:optional true ] ; sh:prefixes :prefixes ;
        sh:select '''SELECT ?this WHERE { ?this :bornIn $country
                     FILTER (!bound($least) || EXISTS { ?this :age ?a FILTER (?a >= $least) }) }''' .
    :S a sh:NodeShape ; sh:target TARGET ; sh:nodeKind sh:Literal .
"""
NOTHING_FITS = "sh:nodeKind sh:BlankNode ; sh:property [ sh:path :name ; sh:minCount 1 ]"


def both(said: str, shaped: str) -> set[str]:
    """The focus nodes of results, where pySHACL has the same results."""
    report = run(said, shaped)
    assert rows(report) == rows(reference.validate(memory_graph(parse(said)), memory_graph(parse(shaped))))
    return {"_:" if r.focus.startswith("_:") else r.focus.removeprefix("http://e/") for r in report.results}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT ?this WHERE { ?this a :Person }", {"a", "b", "c", "_:"}),
        ("SELECT DISTINCT ?this WHERE { ?this a ?any }", {"a", "b", "c", "_:"}),
        ("SELECT $this { ?this a :Person MINUS { ?this :bornIn :usa } }", {"c", "_:"}),
        ("SELECT ?this { VALUES ?place { :usa :fr } ?this :bornIn ?place }", {"a", "b", "c"}),
        ("SELECT ?this { ?x :bornIn ?this } GROUP BY ?this HAVING (COUNT(?x) > 1)", {"usa"}),
        ("SELECT ?this { { SELECT ?this { ?this :age ?age } ORDER BY ?age LIMIT 1 } }", {"b"}),
        ("SELECT * { ?this a :Person FILTER NOT EXISTS { ?this :age ?a } }", {"c", "_:"}),
        ("SELECT ?this { ?this :nowhere ?x }", set()),
    ],
)
def test_the_focus_nodes_are_what_the_query_finds(query: str, found: set[str]) -> None:
    assert both(PEOPLE, TARGET.format(query, NOTHING_FITS)) == found


def test_literals_are_found_in_their_spelling() -> None:
    report = run(PEOPLE, TARGET.format("SELECT ?this { ?x :says ?this FILTER isLiteral(?this) }", "sh:nodeKind sh:IRI"))
    assert sorted(r.focus for r in report.results) == [
        '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"x"@fr',
    ]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("[ a :BornIn ; :country :usa ]", {"a", "b"}),
        ("[ a :BornIn ; :country :usa ; :least 18 ]", {"a"}),
        ("[ a :BornIn ; :country :usa ; :least 18 ] , [ a :BornIn ; :country :fr ]", {"a", "c"}),
        (":named . :named a :BornIn ; :country :fr . :S a sh:NodeShape", {"c"}),
    ],
)
def test_a_type_takes_the_values_of_its_parameters(target: str, found: set[str]) -> None:
    assert both(PEOPLE, TYPE.replace("TARGET", target)) == found


def test_a_group_may_be_asked_for_a_parameter() -> None:
    shaped = """
        :Many a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:parameter [ sh:path :more ] ; sh:prefixes :prefixes ;
            sh:select "SELECT ?this WHERE { ?x :bornIn ?this } GROUP BY ?this HAVING (COUNT(?x) > $more)" .
        :S a sh:NodeShape ; sh:target [ a :Many ; :more 1 ] ; sh:nodeKind sh:Literal .
    """
    assert both(PEOPLE, shaped) == {"usa"}


def test_a_target_without_a_value_that_its_type_needs_has_no_nodes() -> None:
    """ "A target that lacks a value for a non-optional parameter is ignored, producing no target nodes" (SHACL-AF, 3.2)."""
    report = run(PEOPLE, TYPE.replace("TARGET", "[ a :BornIn ; :least 18 ]"))
    assert (report.conforms, report.focus_nodes, report.unreached) == (True, 0, ("http://e/S",))


def test_targets_are_counted_and_a_node_that_two_find_is_validated_once() -> None:
    shaped = TARGET.format("SELECT ?this WHERE { ?this a :Person }", f"sh:targetNode :a , :z ; {NOTHING_FITS}")
    report = run(PEOPLE, shaped)
    assert report.coverage["http://e/S"] == 5
    assert sum(r.focus == "http://e/a" for r in report.results) == 2  # one for each constraint


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ('[ a sh:SPARQLTarget ; sh:select "ASK { ?this ?p ?o }" ]', "has a sh:select that is no SELECT"),
        ('[ a sh:SPARQLTarget ; sh:select "SELECT ?x { ?x ?p ?o }" ]', r"does not select \$this"),
        ('[ a sh:SPARQLTarget ; sh:select "SELECT ?this ?p { ?this ?p ?o }" ]', r"selects \?p beside \?this"),
        ('[ a sh:SPARQLTarget ; sh:select "SELECT * { ?this ?p ?o }" ]', r"selects \?o, \?p beside \?this"),
        ('[ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this" ]', "does not parse"),
        ('[ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this un:p 1 }" ]', "does not parse"),
        ("[ a sh:SPARQLTarget ]", "needs one sh:select"),
        ('[ sh:select "SELECT ?this { ?this ?p ?o }" ]', r"lacks 'a sh:SPARQLTarget'"),
        ("[ a :Unknown ]", "of no type that is a sh:SPARQLTargetType"),
        ('"text"', "is a literal, not a target"),
        ("[ a :BornIn ; :country :usa , :fr ]", "more than one value of <http://e/country>"),
        ("[ a :BornIn ; :country [] ]", "a blank node as <http://e/country>"),
        ("[ a sh:JSTarget ]", r"sh:JSTarget is not supported \(SHACL-JS\)"),
    ],
)
def test_what_is_no_target_is_refused(target: str, reason: str) -> None:
    with pytest.raises(ShapesError, match=reason):
        shapes_graph(parse(TYPE.replace("TARGET", target)))


HOSTILE = (
    ("SELECT ?this { SERVICE <http://127.0.0.1:1/> { ?this ?p ?o } }", "SERVICE"),
    ("SELECT ?this { ?this ?p ?o { SERVICE SILENT ?p { ?o ?p ?o } } }", "SERVICE"),
    ("SELECT ?this { ?this ?p ?o FILTER EXISTS { service <http://127.0.0.1:1/> { ?o ?p ?o } } }", "SERVICE"),
    ("SELECT ?this FROM <http://127.0.0.1:1/> { ?this ?p ?o }", "FROM"),
    ("SELECT ?this FROM NAMED <http://127.0.0.1:1/> { ?this ?p ?o }", "FROM"),
    ("SELECT ?this { GRAPH <http://127.0.0.1:1/> { ?this ?p ?o } }", "GRAPH"),
    ("SELECT ?this { GRAPH ?g { ?this ?p ?o } }", "GRAPH"),
)


def test_queries_of_targets_and_constraints_stay_in_the_data_graph() -> None:
    for query, word in (*HOSTILE, ("LOAD <http://127.0.0.1:1/>", "LOAD"), ("DELETE WHERE { ?this ?p ?o }", "neither")):
        constraint = f":S sh:targetNode :a ; sh:sparql [ sh:select '''{query}''' ] ."
        for shaped in (TARGET.format(query, "sh:nodeKind sh:IRI"), constraint):
            with pytest.raises(ShapesError, match=word):
                shapes_graph(parse(shaped))


def declared(prefix: str, namespace: str) -> str:
    return f":evil sh:declare [ sh:prefix {prefix} ; sh:namespace {namespace} ] ."


def smuggled() -> Iterable[str]:
    """Declarations that would write a query of their own, and leave that of the shape within a text."""
    quotes = '\\"' * 3
    service = "SELECT $this WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } FILTER ("
    yield declared('"x"', f'"urn:x> {service}{quotes}"')
    yield declared(r'''"x: <urn:x> SELECT $this { ?s ?p ?o } #"''', '"urn:x"')
    yield declared('"x"', r'"urn:x>\nBASE <urn:y"')


@pytest.mark.parametrize("declaration", list(smuggled()))
def test_a_prefix_cannot_write_into_a_query(declaration: str) -> None:
    query = 'sh:select "SELECT $this WHERE { $this ?p ?o }"'
    with pytest.raises(ShapesError, match=r"has a declaration whose sh:(prefix|namespace) is none"):
        shapes_graph(parse(f"{declaration} :S sh:targetNode :a ; sh:sparql [ sh:prefixes :evil ; {query} ] ."))


def test_what_is_wrong_with_a_target_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .\n"
        ":S a sh:NodeShape ;\n  sh:target [ a sh:SPARQLTarget ;\n    sh:select 'SELECT ?that { ?that ?p ?o }' ] .\n"
    )
    (tmp_path / "d.ttl").write_text("<http://e/a> a <http://e/A> .")
    told = kg("validate", "d.ttl", "--shapes", "s.ttl", cwd=tmp_path)
    assert told.returncode == 2
    assert told.stderr.startswith("error: s.ttl:3: sh:target does not select $this (http://e/S)")
