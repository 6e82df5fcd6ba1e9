"""Incomplete data of SHACL 1.2: what may be told elsewhere is no fault, and everything else still is."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.shacl import Columns, shapes_graph, validate
from shacl.version12.test_components import parse, run

DATA = """
[] sh:incompleteURIStart "http://e/out/"^^xsd:anyURI .
:out sh:incomplete true . <http://e/out/known> sh:incomplete false . :both sh:incomplete true , false .
"""
FOCUS = ":out {0} . <http://e/out/x> {0} . <http://e/out/known> {0} . :both {0} . :in {0} ."
"""The same of nodes that are incomplete (two of them) and of nodes that are not."""
TARGETS = ":S sh:targetNode :out , <http://e/out/x> , <http://e/out/known> , :both , :in ; "
COMPLETE = {"http://e/out/known", "http://e/both", "http://e/in"}
ALL = COMPLETE | {"http://e/out", "http://e/out/x"}


@pytest.mark.parametrize(
    ("said", "demand", "reported"),
    [
        (":q 1", "sh:minCount 1", COMPLETE),
        (":p 1 , 2", "sh:maxCount 1", ALL),
        (":q 1", "sh:hasValue 1", COMPLETE),
        (":p 1", "sh:equals :q", COMPLETE),
        (":p 1", "sh:subsetOf :q", COMPLETE),
        (":p 1 ; :q 1", "sh:disjoint :q", ALL),
        (":p 1", "sh:someValue [ sh:datatype xsd:string ]", COMPLETE),
        (":p 1", "sh:qualifiedValueShape [ sh:datatype xsd:string ] ; sh:qualifiedMinCount 1", COMPLETE),
        (":p 1", "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMaxCount 0", ALL),
        (":p 1", "sh:reifierShape [] ; sh:reificationRequired true", COMPLETE),
        (":p 1 {| :by 2 |}", "sh:reifierShape [ sh:property [ sh:path :by ; sh:maxCount 0 ] ]", ALL),
        (":p 1", "sh:datatype xsd:string", ALL),
    ],
)
def test_what_an_incomplete_focus_node_may_lack(said: str, demand: str, reported: set[str]) -> None:
    report = run(DATA + FOCUS.format(said), f"{TARGETS} sh:property [ sh:path :p ; {demand} ] .")
    assert {result.focus for result in report.results} == reported


@pytest.mark.parametrize(
    "demand",
    [
        "sh:hasValue :x",
        "sh:not [ sh:nodeKind sh:IRI ]",
        "sh:and ( [ sh:nodeKind sh:Literal ] )",
        "sh:node [ sh:nodeKind sh:Literal ]",
    ],
)
def test_a_node_shape_judges_its_focus_nodes_all_the_same(demand: str) -> None:
    report = run(DATA + FOCUS.format(":p 1"), f"{TARGETS} {demand} .")
    assert {result.focus for result in report.results} == ALL


LITERAL = "[ sh:nodeKind sh:Literal ]"


@pytest.mark.parametrize(
    ("demand", "reported"),
    [
        ("sh:class :C", COMPLETE),
        ("sh:rootClass :C", COMPLETE),
        (f"sh:node {LITERAL}", COMPLETE),
        ("sh:not [ sh:nodeKind sh:IRI ]", COMPLETE),
        (f"sh:and ( {LITERAL} )", COMPLETE),
        (f"sh:or ( {LITERAL} )", COMPLETE),
        (f"sh:xone ( {LITERAL} )", COMPLETE),
        ("sh:nodeKind sh:Literal", ALL),
        ("sh:in ()", ALL),
    ],
)
def test_what_values_that_are_incomplete_may_be(demand: str, reported: set[str]) -> None:
    said = ":a :p :out , <http://e/out/x> , <http://e/out/known> , :both , :in ."
    report = run(DATA + said, f":S sh:targetNode :a ; sh:property [ sh:path :p ; {demand} ] .")
    assert {result.value for result in report.results} == reported


def test_property_shapes_do_not_look_into_incomplete_values() -> None:
    said = DATA + FOCUS.format(":q 1") + ":a :p :out , <http://e/out/x> , <http://e/out/known> , :both , :in ."
    shape = ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:maxCount 0 ] ] ."
    assert {result.focus for result in run(said, shape).results} == COMPLETE
    # The same where conformance is asked for, and not results.
    nested = f":T sh:targetNode :z ; sh:property [ sh:path :of ; sh:node :S ] . {shape}"
    assert len(run(f"{said} :z :of :a .", nested).results) == len(COMPLETE) + 1
    only = DATA + ":out :q 1 . :a :p :out . :z :of :a ."
    assert run(only, nested).conforms


def test_members_and_values_that_are_incomplete_may_fit() -> None:
    member = ":S sh:targetNode :a , :b ; sh:property [ sh:path :l ; sh:memberShape [ sh:class :C ] ] ."
    report = run(DATA + ":a :l ( :out <http://e/out/x> ) . :b :l ( :out :in ) .", member)
    assert [result.focus for result in report.results] == ["http://e/b"]
    some = ":S sh:targetNode :a , :b ; sh:property [ sh:path :p ; {} ] ."
    for demand in (f"sh:someValue {LITERAL}", f"sh:qualifiedValueShape {LITERAL} ; sh:qualifiedMinCount 1"):
        report = run(DATA + ":a :p :out , :in . :b :p :in .", some.format(demand))
        assert [result.focus for result in report.results] == ["http://e/b"]


def test_blank_nodes_can_be_incomplete_but_no_root_class() -> None:
    said = ":a :p _:b . _:b sh:incomplete true ."
    assert run(said, ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:class :C ] .").conforms
    assert not run(said, ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:rootClass :C ] .").conforms


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (":a sh:incomplete 'yes' .", 'sh:incomplete is neither true nor false: "yes"'),
        (":a sh:incomplete '1'^^xsd:boolean .", "sh:incomplete is neither true nor false"),
        (":a sh:incompleteURIStart true .", "sh:incompleteURIStart is no xsd:anyURI"),
        ("<http://e/out/> sh:incompleteURIStart :x .", "sh:incompleteURIStart is no xsd:anyURI: http://e/x"),
    ],
)
def test_what_cannot_be_read_is_refused(said: str, words: str) -> None:
    with pytest.raises(DataError) as refused:
        run(said, ":S sh:targetNode :a ; sh:nodeKind sh:IRI .")
    assert words in str(refused.value)


def test_without_the_switch_data_are_what_they_say() -> None:
    shapes = shapes_graph(parse(":S sh:targetNode :out ; sh:property [ sh:path :p ; sh:minCount 1 ] ."))
    assert not validate(Columns.from_quads(parse(DATA)), shapes).conforms


def test_the_severities_that_are_disallowed_can_be_others() -> None:
    shapes = shapes_graph(parse(":S sh:targetNode :a ; sh:severity sh:Warning ; sh:nodeKind sh:Literal ."), "1.2")
    data = Columns.from_quads([])
    violation, warning = (frozenset({f"http://www.w3.org/ns/shacl#{name}"}) for name in ("Violation", "Warning"))
    assert not validate(data, shapes).conforms
    report = validate(data, shapes, violation)
    assert (report.conforms, len(report)) == (True, 1)
    assert "sh:conformanceDisallows <http://www.w3.org/ns/shacl#Violation>" in report.to_turtle()
    assert not validate(data, shapes, warning).conforms
