"""Constraint components of one's own: validators of both kinds, what they see, and what is refused before any data."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.errors import ShapesError
from kg.shacl import shapes_graph
from kg.shacl.judge import reference
from kg.shacl.judge.memory import memory_graph
from shacl.test_native import parse, rows, run

DATA = """
    :a :p 1 , 2 , 3 ; :q :b ; :knows :b . :b :p 1 ; :knows :c . :c :name "c"@fr .
    _:x :p 5 , 6 .
"""
COMPONENT = """
    :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] , [ sh:path :flag ; sh:optional true ] ;
       {} [ sh:prefixes :prefixes ; sh:message "{{?value}} over {{$most}}" ; {} ] .
    :S sh:targetSubjectsOf :p ; sh:property [ sh:path {} ; :most 1 {} ] .
"""
ASK, NODE, PROPERTY = (
    "sh:validator",
    "sh:nodeValidator",
    "sh:propertyValidator",
)


def found(shaped: str, said: str = DATA) -> list[tuple[str, str | None]]:
    def local(term: str | None) -> str | None:
        if term is None or term.startswith("_:"):
            return term and "_:"
        return term.partition("^^")[0].removeprefix("http://e/")

    return sorted((str(local(r.focus)), local(r.value)) for r in run(said, shaped).results)


def selected(query: str, path: str = ":p", more: str = "") -> str:
    return COMPONENT.format(PROPERTY, f"sh:select '''{query}'''", path, more)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("SELECT $this ?value { $this $PATH ?value FILTER (?value > $most) }", ["_:", "_:", "a", "a"]),
        ("SELECT $this { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > $most)", ["_:", "a"]),
        ("SELECT $this (COUNT(?v) AS ?value) { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > $most)", ["_:", "a"]),
        ("SELECT $this (SUM(?v + $most) AS ?value) { $this $PATH ?v } GROUP BY $this", ["_:", "a", "b"]),
        ("SELECT $this { $this $PATH $most }", ["a", "b"]),
        ("SELECT $this ?value { $this $PATH ?value FILTER (bound($flag)) }", []),
        ("SELECT DISTINCT $this { { FILTER ($most) } $this $PATH ?v }", ["_:", "a", "b"]),
        ("SELECT DISTINCT $this { { FILTER (!$most) } $this $PATH ?v }", []),
        ("SELECT DISTINCT $this { { FILTER (IF($most, $most = 1, false)) } $this $PATH ?v }", ["_:", "a", "b"]),
        ("SELECT $this ?value { $this $PATH ?value . FILTER (COALESCE($flag, ?value, $most) = 6) }", ["_:"]),
        ("SELECT $this ?value { $this $PATH ?value . { FILTER ($most IN (1, 2)) } FILTER (?value > 5) }", ["_:"]),
        ("SELECT $this ?value { $this $PATH ?value FILTER (!bound($flag) && ?value = $most) }", ["a", "b"]),
        (
            "SELECT $this ?value { { SELECT $this $most $flag (MAX(?v) AS ?value) { $this $PATH ?v } GROUP BY $this $most $flag } }",
            ["_:", "a", "b"],
        ),
    ],
)  # fmt: skip
def test_a_select_is_asked_once_for_each_focus_node(query: str, wrong: list[str]) -> None:
    """pySHACL asks for each value node, and tells each row so often; section 6.3 has QS made by one execution."""
    assert [focus for focus, _ in found(selected(query))] == wrong


def test_an_optional_parameter_is_bound_where_it_is_given() -> None:
    query = "SELECT $this ?value { $this $PATH ?value FILTER (bound($flag) && $flag = 7) }"
    assert len(found(selected(query, more="; :flag 7"))) == 6
    assert found(selected(query, more="; :flag 8")) == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("[ sh:inversePath :knows ]", []),
        ("( :knows :p )", []),
        ("[ sh:zeroOrMorePath :knows ]", [("a", "c"), ("b", "c")]),
        ("[ sh:alternativePath ( :q [ sh:oneOrMorePath :knows ] ) ]", [("a", "c"), ("b", "c")]),
    ],
)
def test_path_stands_for_any_path_and_both_validators_agree(path: str, wrong: list[tuple[str, str]]) -> None:
    said = DATA.replace("_:x :p 5 , 6 .", "")
    query = "SELECT DISTINCT $this ?value { $this $PATH ?value FILTER NOT EXISTS { ?value :p ?any } FILTER (!isLiteral(?value)) }"
    asked = "ASK { FILTER (isLiteral($value) || EXISTS { $value :p ?any }) }"
    assert found(selected(query, path), said) == wrong
    assert found(COMPONENT.format(ASK, f"sh:ask '''{asked}'''", path, ""), said) == wrong


def test_an_ask_says_what_pyshacl_says_of_nodes_and_of_values() -> None:
    shaped = """
        :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ; sh:validator :V .
        :V a sh:SPARQLAskValidator ; sh:message "{$value} over {$most}"@en ; sh:ask "ASK { FILTER ($value <= $most) }" .
        :S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; :most 2 ] . :N sh:targetObjectsOf :p ; :most 4 .
    """
    mine = [(row[0], row[4]) for row in rows(run(DATA, shaped)).elements()]
    theirs = rows(reference.validate(memory_graph(parse(DATA)), memory_graph(parse(shaped))))
    # Of an ASK of a property shape pySHACL tells no value: section 6.3 has the solution bind $value to the value node.
    assert Counter(mine) == Counter((row[0], row[4]) for row in theirs.elements())
    assert found(shaped) == [('"5"', '"5"'), ('"6"', '"6"'), ("_:", '"5"'), ("_:", '"6"'), ("a", '"3"')]


def test_the_shapes_graph_is_asked_in_a_subquery_too() -> None:
    query = "SELECT $this ?value { { SELECT $this $most $flag ?value { GRAPH $shapesGraph { $currentShape :most ?value } $this :p ?any } } }"
    with pytest.raises(ShapesError, match=r"has a subquery that does not select \$currentShape"):
        shapes_graph(parse(selected(query)))
    shaped = ":S sh:targetNode :b ; sh:sparql [ sh:prefixes :prefixes ; sh:select '''{}''' ] ; :note 4 ."
    inner = "SELECT $this ?value { { SELECT $this ?value { $this :p ?any GRAPH $shapesGraph { ?s :note ?value } } } }"
    assert found(shaped.format(inner)) == [("b", '"4"')]


def test_what_is_told_comes_from_the_validator_else_from_the_component() -> None:
    shaped = selected("SELECT $this ?value { $this $PATH ?value FILTER (?value > 5) }")
    assert [r.message() for r in run(DATA, shaped).results] == ["6 over 1"]
    bare = shaped.replace("sh:message", ":note").replace(":C a", ':C sh:message "of {$most}: {?value}"@en ; a')
    assert [r.message() for r in run(DATA, bare).results] == ["of 1: 6"]


def test_a_path_that_is_no_iri_is_no_path_of_a_result() -> None:
    shaped = """:S sh:targetNode :b ; sh:sparql [ sh:prefixes :prefixes ; sh:select '''
        SELECT $this ?path { $this :p ?n . { BIND (:q AS ?path) } UNION { BIND ("q" AS ?path) } }''' ] ."""
    assert {r.path for r in run(DATA, shaped).results} == {"http://e/q", None}


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ("sh:parameter [ sh:path :this ]", "whose name cannot be a variable: 'this'"),
        ("sh:parameter [ sh:path :value ]", "whose name cannot be a variable: 'value'"),
        ("sh:parameter [ sh:path :a-b ]", "whose name cannot be a variable: 'a-b'"),
        ("sh:parameter [ sh:path :most ] , [ sh:path <urn:x:most> ]", "has two parameters called most"),
        ("sh:parameter [ sh:path ( :a :b ) ]", "has not one IRI as sh:path"),
        ("sh:parameter [ sh:path :most ; sh:optional 'yes' ]", "sh:optional is not one xsd:boolean"),
        ("sh:parameter [ sh:path :most ; sh:optional true ]", "needs a parameter that is not optional"),
    ],
)
def test_parameters_that_no_query_could_see_are_refused(component: str, reason: str) -> None:
    shaped = f":C a sh:ConstraintComponent ; sh:validator [ sh:ask 'ASK {{}}' ] ; {component} . :S sh:targetNode :a ."
    with pytest.raises(ShapesError, match=reason):
        shapes_graph(parse(shaped))


@pytest.mark.parametrize(
    ("kind", "query", "reason"),
    [
        (ASK, "sh:select 'SELECT $this { $this ?p ?o }'", "has a sh:validator with sh:select"),
        (
            PROPERTY,
            "sh:select 'SELECT $this {}' ; sh:ask 'ASK {}'",
            "has a sh:propertyValidator with sh:select and sh:ask",
        ),
        (ASK, ":jsFunctionName 'f'", "has no validator for property shapes"),
        (ASK, "sh:ask 'SELECT $this { $this ?p ?o }'", "has a sh:ask that is no ASK"),
        (ASK, "sh:ask 'ASK { VALUES ?x { 1 } }'", "must not have VALUES"),
        (ASK, "sh:ask 'ASK { { SELECT $this $most $flag { $this ?p ?o } } }'", r"does not select \$value"),
        (PROPERTY, "sh:select 'SELECT ?value { $this $PATH ?value }'", r"does not select \$this"),
        (PROPERTY, "sh:select 'SELECT $this (1 AS ?most) { $this $PATH ?v }'", r"must not assign \?most"),
        (PROPERTY, "sh:select 'SELECT $this (1 AS ?flag) { $this $PATH ?v }'", r"must not assign \?flag"),
        (PROPERTY, "sh:select 'SELECT $this { { SELECT $this { $this ?p ?o } } }'", r"does not select \$(flag|most)"),
        (PROPERTY, "sh:select 'SELECT $this { $this ?p ?o MINUS { $this :q ?o } }'", "must not have MINUS"),
        (PROPERTY, "sh:select 'SELECT $this { $this ?p ?o FILTER <http://e/f>(?o) }'", "custom function <http://e/f>"),
        (NODE, "sh:select 'SELECT $this { $this ?p ?o }'", "has no validator for property shapes"),
    ],
)
def test_validators_that_cannot_be_run_are_refused(kind: str, query: str, reason: str) -> None:
    with pytest.raises(ShapesError, match=reason):
        shapes_graph(parse(COMPONENT.format(kind, query, ":p", "")))


def test_prefixes_of_imported_ontologies_reach_validators() -> None:
    shaped = """
        :one <http://www.w3.org/2002/07/owl#imports> :two . :two <http://www.w3.org/2002/07/owl#imports> :three , :one .
        :three sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
        :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ;
           sh:validator [ sh:prefixes :one ; sh:ask "ASK { FILTER NOT EXISTS { $this e:q ?o } }" ] .
        :S sh:targetNode :a , :b ; :most 1 .
    """
    assert found(shaped) == [("a", "a")]


def test_what_is_defined_and_not_used_stops_nothing() -> None:
    """DASH, which many shapes import, has functions, and components whose validators are in no language of these."""
    defined = """
        :f a sh:SPARQLFunction ; sh:parameter [ sh:path :x ] ; sh:returnType xsd:boolean ; sh:ask "ASK {}" .
        :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] .
        :D a sh:ConstraintComponent ; sh:parameter [ sh:path :subset ] ;
           sh:propertyValidator [ a sh:SPARQLAskValidator ; sh:ask "ASK { $this $subset $value }" ] .
        :S sh:targetNode :a ; sh:property [ sh:path :knows ; :subset :q ] , [ sh:path :p ; :subset :q ] .
    """
    assert found(defined) == [("a", '"1"'), ("a", '"2"'), ("a", '"3"')]
    with pytest.raises(ShapesError, match=r"the component <http://e/C> has no validator for node shapes"):
        shapes_graph(parse(defined + ":S :most 1 ."))
    with pytest.raises(
        ShapesError, match=r"sh:sparql cannot be run: The custom function <http://e/f> is not supported"
    ):
        shapes_graph(parse(defined + ":S sh:sparql [ sh:select 'SELECT $this { FILTER <http://e/f>($this) }' ] ."))


def test_a_rule_is_refused_once_and_the_reason_is_told() -> None:
    rules = ":S a sh:NodeShape ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :p ; sh:object 1 ] ."
    with pytest.raises(
        ShapesError, match=r"sh:rule is not supported \(SHACL-AF rules\).*shapes may ask for"
    ) as refused:
        shapes_graph(parse(rules))
    assert len(refused.value.problems) == 1
