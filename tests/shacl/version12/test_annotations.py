"""Severities, messages and switches of SHACL 1.2, said of a shape or of one constraint; and what each version refuses."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError, ShapesError
from kg.shacl import Columns, Message, coverage, read_shapes, shapes_graph, validate
from kg.shacl.report import SH
from shacl.version12.test_components import PREFIXES, parse, run

SHAPE = ":S sh:targetNode :a ; sh:property [ sh:path :p ; {} ] ."


@pytest.mark.parametrize(
    ("demand", "severity", "conforms"),
    [
        ("sh:minCount 1", "Violation", False),
        ("sh:minCount 1 ; sh:severity sh:Info", "Info", False),
        ("sh:minCount 1 ; sh:severity sh:Debug", "Debug", True),
        ("sh:minCount 1 ; sh:severity sh:Trace", "Trace", True),
        ("sh:minCount 1 {| sh:severity sh:Debug |}", "Debug", True),
        ("sh:minCount 1 {| sh:severity sh:Warning |} ; sh:severity sh:Debug", "Warning", False),
    ],
)
def test_the_severity_of_a_result_decides_whether_data_conform(demand: str, severity: str, conforms: bool) -> None:
    report = run(":a :q 1 .", SHAPE.format(demand))
    assert [result.severity for result in report.results] == [SH + severity]
    assert report.conforms == conforms
    assert report.to_text().endswith("\nconforms\n" if conforms else "\ndoes not conform: 1 result\n")


@pytest.mark.parametrize("severity", ["sh:Debug", "sh:Trace", ":Mine"])
def test_what_is_allowed_lets_nodes_conform_to_shapes_inside_shapes(severity: str) -> None:
    inner = f":T a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 {{| sh:severity {severity} |}} ] ."
    assert not len(run(":a :q 1 .", f":S sh:targetNode :a ; sh:node :T . {inner}"))
    assert len(run(":a :q 1 .", f":S sh:targetNode :a ; sh:not :T . {inner}")) == 1


def test_a_severity_said_of_one_constraint_leaves_the_others_alone() -> None:
    report = run(":a :p 'x' , 'y' .", SHAPE.format("sh:datatype xsd:integer {| sh:severity sh:Info |} ; sh:maxCount 1"))
    found = {result.component.removeprefix(SH): result.severity.removeprefix(SH) for result in report.results}
    assert found == {"DatatypeConstraintComponent": "Info", "MaxCountConstraintComponent": "Violation"}


def test_messages_said_of_a_constraint_go_before_those_of_its_shape() -> None:
    demand = 'sh:minCount 1 {| sh:message "one"@en , "un"@fr |} ; sh:hasValue 2 ; sh:message "shape" , "نص"@ar--rtl'
    report = run(":a :q 1 .", SHAPE.format(demand))
    texts = {result.component.removeprefix(SH): result.messages for result in report.results}
    assert texts["MinCountConstraintComponent"] == (Message("one", "en"), Message("un", "fr"))
    assert texts["HasValueConstraintComponent"] == (Message("shape"), Message("نص", "ar--rtl"))
    assert 'sh:resultMessage "نص"@ar--rtl' in report.to_turtle()


@pytest.mark.parametrize(
    ("demand", "count"),
    [
        ("sh:minCount 1 {| sh:deactivated true |} ; sh:hasValue 2", 1),
        ("sh:minCount 1 {| sh:deactivated false |}", 1),
        ('sh:pattern "A" ; sh:flags "i" {| sh:deactivated true |} ; sh:minCount 1', 1),  # the other parameter counts
        ("sh:class ( :B ) {| sh:deactivated true |} , :C ; sh:hasValue :x", 1),
    ],
)
def test_one_constraint_is_switched_off(demand: str, count: int) -> None:
    assert len(run(":a :q 1 .", SHAPE.format(demand))) == count


def test_a_property_shape_is_switched_off_where_it_is_called() -> None:
    assert run(
        ":a :q 1 .", ":S sh:targetNode :a ; sh:property :P {| sh:deactivated true |} . :P sh:path :p ; sh:minCount 1 ."
    ).conforms


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("sh:targetNode [ sh:inversePath :p ]", "sh:targetNode is a node expression other than an IRI or a literal"),
        ("sh:deactivated [ :not true ]", "sh:deactivated is a node expression other than an IRI or a literal"),
        ("sh:path :p ; sh:values [ sh:path :q ]", "sh:values is a node expression other than an IRI or a literal"),
        ("sh:path ( :p :q ) ; sh:defaultValue 1", "sh:defaultValue stands in a shape whose sh:path is no IRI"),
        ("sh:nodeByExpression [ sh:path :p ]", "sh:nodeByExpression is a node expression other than an IRI or a literal"),
        ("sh:nodeByExpression 'x'", "sh:nodeByExpression is a literal, not a shape"),
        ("sh:sparqlExpr 'x'", "sh:sparqlExpr is not supported (SHACL 1.2 node expressions)"),
        ("sh:expression true", "sh:expression is not supported (SHACL-AF node expressions)"),
        ("sh:path ( :p :q ) ; sh:reifierShape []", "sh:reifierShape stands in a shape whose sh:path is no IRI"),
        ("sh:reifierShape []", "sh:reifierShape stands in a shape whose sh:path is no IRI"),
        ("sh:path :p ; sh:reificationRequired true", "sh:reificationRequired stands without sh:reifierShape"),
        ("sh:memberShape [ sh:path :p ]", "sh:memberShape names a node without IRI, which has a sh:path"),
        ("sh:minListLength -1", "sh:minListLength is less than 0"),
        ("sh:maxListLength 1.0", "sh:maxListLength is no xsd:integer"),
        ("sh:singleLine 'yes'", "sh:singleLine is no xsd:boolean"),
        ("sh:class ( :A 'B' )", "sh:class is a list with a member that is no IRI"),
        ("sh:rootClass 'B'", "sh:rootClass is no IRI and no list of IRIs"),
        ("sh:nodeKind ( sh:IRIOrLiteral )", "sh:nodeKind is none of sh:IRI, sh:BlankNode, sh:Literal, sh:TripleTerm"),
        ("sh:someValue 1", "sh:someValue is a literal, not a shape"),
        ("sh:datatype xsd:string {| sh:severity sh:Info , sh:Warning |}", "annotations with more than one sh:severity"),
        ("sh:sparql [ sh:select 'SELECT $this {}' ] {| sh:deactivated true |}", "an annotation of sh:sparql is not supported"),
        ("sh:message '<b>x</b>'^^rdf:HTML", "sh:message is rdf:HTML, and reports here are plain text"),
        ("sh:severety sh:Debug ; sh:memberShpae []", "(did you mean 'memberShape'?)"),
    ],
)  # fmt: skip
def test_what_is_ill_formed_or_not_settled_is_refused_by_name(shape: str, said: str) -> None:
    with pytest.raises(ShapesError) as refused:
        shapes_graph(parse(f":S {shape} ; sh:targetNode :a ."), "1.2")
    assert said in str(refused.value)


def test_a_fault_after_annotations_is_told_at_its_line(tmp_path: Path) -> None:
    text = """:S sh:targetNode :a ;
 sh:minLength 1 {| sh:severity sh:Debug ; sh:message "x"@ar--rtl |} ~ :r ,
 'one' ; sh:hasValue <<( :s :p :o )>> ;
 sh:maxLength 'two' .
"""
    (tmp_path / "s.ttl").write_text(PREFIXES + text)
    with pytest.raises(ShapesError) as refused:
        read_shapes(tmp_path / "s.ttl", name=lambda path: path.name, version="1.2")
    start = PREFIXES.count("\n")
    assert f"s.ttl:{start + 3}: sh:minLength is no xsd:integer" in str(refused.value)
    assert f"s.ttl:{start + 4}: sh:maxLength is no xsd:integer" in str(refused.value)
    with pytest.raises(ShapesError, match=rf"s\.ttl:{start + 2}: a triple term, or an annotation"):
        read_shapes(tmp_path / "s.ttl", name=lambda path: path.name)


LATER = [
    "sh:singleLine true", "sh:closed sh:ByTypes", "sh:memberShape []", "sh:minListLength 1", "sh:maxListLength 1",
    "sh:uniqueMembers true", "sh:someValue []", "sh:rootClass :C", "sh:targetWhere []", "a sh:ShapeClass",
    "sh:path :p ; sh:reifierShape []", "sh:path :p ; sh:subsetOf :q", "sh:uniqueValuesFor :id", "sh:shape :T",
    "sh:severity sh:Debug", "sh:severity sh:Trace", "sh:nodeKind sh:TripleTerm", "sh:path :p ; sh:values 1",
    "sh:nodeByExpression :T", "sh:incomplete true", "sh:intent 'x'", "sh:unit 'm'", "sh:codeIdentifier 'x'", "sh:agentInstruction 'x'",
    # terms of 1.0 with values of 1.2
    "sh:class ( :A :B )", "sh:datatype ( xsd:string rdf:langString )", "sh:nodeKind ( sh:IRI )",
    "sh:path :p ; sh:equals ( :q :r )", "sh:targetNode [ sh:inversePath :p ]", "sh:message 'x'@ar--rtl",
    "sh:in ( 'x'@ar--rtl )", "sh:hasValue <<( :s :p :o )>>", "sh:nodeKind sh:IRI {| sh:deactivated true |}",
]  # fmt: skip


OTHER_WORDS = {
    "sh:path :p ; sh:values 1": "sh:values is not supported (SHACL-AF node expressions)",
    "sh:path :p ; sh:equals ( :q :r )": "sh:equals is a list, which is SHACL 1.2",
    "sh:targetNode [ sh:inversePath :p ]": "sh:targetNode is a blank node",
    "sh:message 'x'@ar--rtl": "sh:message is no text",
}


@pytest.mark.parametrize("shape", LATER)
def test_without_the_switch_it_is_refused(shape: str) -> None:
    with pytest.raises(ShapesError) as refused:
        shapes_graph(parse(f":S {shape} ; sh:targetNode :a ."))
    assert OTHER_WORDS.get(shape, "1.2") in str(refused.value)


@pytest.mark.parametrize("said", [":a :p 1 {| :q 2 |} .", ":a :p 'x'@ar--rtl .", ":a :p <<( :s :p :o )>> ."])
@pytest.mark.parametrize("are_lines", [True, False])
def test_data_of_rdf_12_are_refused_by_name_without_the_switch(said: str, are_lines: bool) -> None:
    quads = parse(said)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    data = Columns.from_lines(lines) if are_lines else Columns.from_quads(quads)
    shapes = ":S sh:targetNode :a ; sh:nodeKind sh:IRI ."
    for ask in (validate, coverage):
        with pytest.raises(DataError, match=r"a term of RDF 1\.2 cannot be validated with SHACL 1\.0"):
            ask(data, shapes_graph(parse(shapes)))
    assert validate(data, shapes_graph(parse(shapes), "1.2")).conforms


def test_lines_of_rdf_12_are_the_terms_that_quads_are() -> None:
    quads = parse(":a :p 'x'@ar--rtl , 'x'@en-gb {| :q <<( :s :p 'a b'@en )>> |} .")
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    read = Columns.from_lines(lines)
    assert sorted(read.terms.forms) == sorted(Columns.from_quads(quads).terms.forms)
    assert {str(quad) for quad in read.quads()} == {str(quad) for quad in quads}


def test_queries_see_triple_terms() -> None:
    query = "sh:select 'SELECT $this ?value { ?value <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( $this ?p ?o )>> }'"
    report = run(":a :p 1 ~ :r , 2 ~ :s .", f":S sh:targetNode :a ; sh:sparql [ {query} ; sh:message '{{?o}}' ] .")
    assert {result.value for result in report.results} == {"http://e/r", "http://e/s"}
