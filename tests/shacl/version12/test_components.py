"""SHACL 1.2 Core: what its parameters demand, each refused by name where it is not asked for."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import ShapesError
from kg.shacl import Columns, Report, shapes_graph, validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
LIST = ":a :l {} ."
TRIPLES = ":a :p 1 {| :by :x |} ; :p 2 {| :by 7 |} ; :p 3 ."
BY = "sh:reifierShape [ sh:property [ sh:path :by ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ]"


def parse(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def run(said: str, shaped: str) -> Report:
    return validate(Columns.from_quads(parse(said)), shapes_graph(parse(shaped), "1.2"))


def values(report: Report) -> list[str | None]:
    return sorted((result.value for result in report.results), key=str)


CASES = [
    # a list is one of its members; several values are all of them
    ("class", ":a :p :b , :c , :d . :b a :B . :c a :C . :d a :D .", "sh:class ( :B :C )", ["http://e/d"]),
    ("class", ":a :p :b . :b a :B .", "sh:class ( :B :C ) , ( :D )", ["http://e/b"]),
    ("datatype", ':a :p 1 , "x" , "x"@fr .', "sh:datatype ( xsd:integer rdf:langString )", ['"x"']),
    ("datatype", ':a :p "x"@ar--rtl , "x"@ar .', "sh:datatype rdf:dirLangString", ['"x"@ar']),
    ("nodeKind", ':a :p :b , "x" , [] .', "sh:nodeKind ( sh:IRI sh:BlankNode )", ['"x"']),
    ("nodeKind", ":a :p :b , <<( :s :q :o )>> .", "sh:nodeKind sh:TripleTerm", ["http://e/b"]),
    ("nodeKind", ":a :p :b , <<( :s :q :o )>> .", "sh:nodeKind sh:IRI", ["<<( <http://e/s> <http://e/q> <http://e/o> )>>"]),
    ("rootClass", ":a :p :R , :B , :X , 1 . :B rdfs:subClassOf :R .", "sh:rootClass :R", ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "http://e/X"]),
    ("rootClass", ":a :p :R , :S , :X .", "sh:rootClass ( :R :S )", ["http://e/X"]),
    # every kind of line end, and nothing but literals
    ("singleLine", r':a :p "a\nb" , "a\rb" , "a\fb" , "a\u000Bb" , "a\tb" , <urn:a> .', "sh:singleLine true", [r'"a\fb"', r'"a\nb"', r'"a\rb"', '"a\\u000Bb"']),
    ("singleLine", r':a :p "a\nb" .', "sh:singleLine false", []),
    ("someValue", ":a :p :b , :c . :c a :C .", "sh:someValue [ sh:class :C ]", []),
    ("someValue", ":a :p :b .", "sh:someValue [ sh:class :C ]", [None]),
    ("someValue", ":a :q :b .", "sh:someValue [ sh:class :C ]", [None]),
    ("subsetOf", ":a :p 1 , :x ; :q :x .", "sh:subsetOf :q", ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
    ("subsetOf", ":a :p :x , :y ; :q [ :r :x ] .", "sh:subsetOf ( :q :r )", ["http://e/y"]),
    ("equals", ":a :p :x ; :q [ :r :x , :y ] .", "sh:equals ( :q :r )", ["http://e/y"]),
    ("disjoint", ":a :p :x ; :q [ :r :x ] .", "sh:disjoint ( :q :r )", ["http://e/x"]),
    ("lessThan", ':a :p "b" ; :q [ :r "a" , "c" ] .', "sh:lessThan ( :q :r )", ['"b"']),
    ("uniqueLang", ':a :p "x"@ar--rtl , "y"@ar--ltr , "z"@ar .', "sh:uniqueLang true", []),
    ("uniqueLang", ':a :p "x"@ar--rtl , "y"@ar--rtl .', "sh:uniqueLang true", [None]),
    ("languageIn", ':a :p "x"@ar--rtl , "y"@fr .', 'sh:languageIn ( "ar" )', ['"y"@fr']),
    ("maxLength", ':a :p <<( :s :q :o )>> .', "sh:maxLength 1000", ["<<( <http://e/s> <http://e/q> <http://e/o> )>>"]),
    ("pattern", ':a :p <<( :s :q :o )>> .', "sh:pattern '.'", ["<<( <http://e/s> <http://e/q> <http://e/o> )>>"]),
    ("hasValue", ":a :p <<( :s :q :o )>> .", "sh:hasValue <<( :s :q :o )>>", []),
    ("nodeByExpression", ":a :p :b , :c . :b a :B .", "sh:nodeByExpression :T ] . :T sh:class :B . :U sh:property [ sh:path :p", ["http://e/c"]),
    ("values", ":a :q 1 .", "sh:values :x ; sh:in ( :y )", ["http://e/x"]),
    ("defaultValue", ":a :q 1 .", "sh:defaultValue 0 ; sh:minCount 1", []),
    ("defaultValue", ":a :p 1 .", "sh:defaultValue 0 ; sh:maxInclusive 0", ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
]  # fmt: skip


@pytest.mark.parametrize(("said", "demand", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_property_shape_demands_it(said: str, demand: str, expected: list[str | None]) -> None:
    shape = f":S sh:targetNode :a ; sh:property [ sh:path :p ; {demand} ] ."
    assert values(run(said, shape)) == expected


LISTS = [
    ("( 1 2 )", "sh:memberShape [ sh:datatype xsd:integer ]", 0),
    ('( 1 "x" "y" )', "sh:memberShape [ sh:datatype xsd:integer ]", 1),  # one result for a list
    ("()", "sh:memberShape [ sh:datatype xsd:integer ]", 0),
    (":x", "sh:memberShape [ sh:nodeKind sh:IRI ]", 1),
    ("( 1 )", "sh:minListLength 2", 1),
    ("( 1 2 )", "sh:minListLength 2 ; sh:maxListLength 2", 0),
    ("( 1 2 3 )", "sh:maxListLength 2", 1),
    ('"x"', "sh:maxListLength 2", 1),
    ("( 1 2 1 )", "sh:uniqueMembers true", 1),
    ("( 1 01 )", "sh:uniqueMembers true", 0),  # two terms
    ("( 1 2 1 )", "sh:uniqueMembers false", 0),
    (":x", "sh:uniqueMembers false", 1),  # no list
    ("[ rdf:first 1 ]", "sh:minListLength 0", 1),
    ("[ rdf:first 1 , 2 ; rdf:rest () ]", "sh:minListLength 0", 1),
    ("_:l . _:l rdf:first 1 ; rdf:rest _:l", "sh:minListLength 0", 1),
    ("[ rdf:first 1 ; rdf:rest :x ]", "sh:minListLength 0", 1),
    ("[ rdf:first 1 ; rdf:rest () ; :more 2 ]", "sh:minListLength 1", 0),
]


@pytest.mark.parametrize(("value", "demand", "count"), LISTS)
def test_lists_and_what_is_none(value: str, demand: str, count: int) -> None:
    report = run(LIST.format(value), f":S sh:targetNode :a ; sh:property [ sh:path :l ; {demand} ] .")
    assert len(report) == count


def test_lists_that_share_a_tail_are_judged_each_by_itself() -> None:
    said = ":a :l _:x , _:y , _:t . _:x rdf:first 1 ; rdf:rest _:t . _:y rdf:first 9 ; rdf:rest _:t . _:t rdf:first 1 ; rdf:rest ( 2 ) ."
    for demand, count in [
        ("sh:uniqueMembers true", 1),
        ("sh:memberShape [ sh:maxInclusive 2 ]", 1),
        ("sh:maxListLength 2", 2),
    ]:
        assert len(run(said, f":S sh:targetNode :a ; sh:property [ sh:path :l ; {demand} ] .")) == count


def test_a_long_list_is_walked_without_end_of_the_stack() -> None:
    cells = "".join(f"_:c{n} rdf:first {n} ; rdf:rest _:c{n + 1} . " for n in range(20_000))
    said = f":a :l _:c0 , _:c1 . {cells} _:c20000 rdf:first 0 ; rdf:rest () ."
    shape = ":S sh:targetSubjectsOf rdf:rest ; sh:memberShape [ sh:minInclusive 0 ] ; sh:uniqueMembers true ."
    assert len(run(said, shape)) == 1  # 0 stands at both ends


REIFIED = [
    (f"{BY}", ['"2"']),
    (f"{BY} ; sh:reificationRequired true", ['"2"', '"3"']),
    (f"{BY} ; sh:reificationRequired false", ['"2"']),
    (f"{BY} , [ sh:property [ sh:path :at ; sh:minCount 1 ] ] ; sh:reificationRequired true", ['"1"', '"2"', '"2"', '"3"']),
]  # fmt: skip


@pytest.mark.parametrize(("demand", "expected"), REIFIED)
def test_reifiers_fit_their_shape(demand: str, expected: list[str]) -> None:
    report = run(TRIPLES, f":S sh:targetNode :a ; sh:property [ sh:path :p ; {demand} ] .")
    assert [str(value).partition("^^")[0] for value in values(report)] == expected
    assert {result.path for result in report.results} == {"http://e/p"}


def test_two_reifiers_of_one_triple_are_both_judged() -> None:
    said = ':a :p 1 ~ :r {| :by "x" |} ~ :s {| :by "y" |} .'
    report = run(said, f":S sh:targetNode :a ; sh:property [ sh:path :p ; {BY} ] .")
    assert len(report) == 2


@pytest.mark.parametrize(
    "shape",
    [":S sh:targetNode :a ; sh:nodeKind sh:IRI .", ":S sh:targetObjectsOf rdf:reifies ; sh:nodeKind sh:TripleTerm ."],
)
def test_reifiers_that_no_shape_looks_at_are_no_hindrance(shape: str) -> None:
    assert run(TRIPLES, shape).conforms


def test_a_triple_term_stands_in_the_report_as_it_is_written() -> None:
    report = run(":r rdf:reifies <<( _:b :q 'a _:b' )>> .", ":S sh:targetObjectsOf rdf:reifies ; sh:nodeKind sh:IRI .")
    term = '<<( _:node1 <http://e/q> "a _:b" )>>'
    assert [result.focus for result in report.results] == [term]
    turtle = report.to_turtle()
    assert f"sh:focusNode {term}" in turtle
    list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))


CLASSES = ":C a rdfs:Class ; rdfs:subClassOf :B ; sh:property [ sh:path :c ] . :B a rdfs:Class ."


@pytest.mark.parametrize(
    ("said", "shaped", "expected"),
    [
        (":a :p 1 .", "", ["http://e/p"]),  # no type allows it
        (":a a :C .", "", []),  # rdf:type is always allowed
        (":a a :C ; :c 1 ; :d 2 .", CLASSES, ["http://e/d"]),
        (":a a :C ; :b 1 .", f"{CLASSES} :B sh:property [ sh:path :b ] .", []),  # of a class above
        (":a a :B ; :c 1 .", CLASSES, ["http://e/c"]),  # of a class below
        (":a a :C ; :t 1 .", f"{CLASSES} :T sh:targetClass :C ; sh:property [ sh:path :t ] .", []),
        (":a a :C ; :n 1 .", f"{CLASSES} :C a sh:NodeShape ; sh:node :N . :N sh:property [ sh:path :n ] .", []),
        (":a a :C ; :i 1 .", f"{CLASSES} :S sh:ignoredProperties ( :i ) .", []),
        (":a a :C , :D ; :d 1 .", f"{CLASSES} :D sh:property [ sh:path :d ] .", []),  # one of two types is enough
        (":a a :C ; :c 1 .", ":C a sh:ShapeClass ; sh:property [ sh:path :c ] ; sh:node :C .", []),  # a circle
    ],
)
def test_closed_by_types(said: str, shaped: str, expected: list[str]) -> None:
    report = run(said, f":S sh:targetNode :a ; sh:closed sh:ByTypes . {shaped}")
    assert [result.path for result in report.results] == expected


@pytest.mark.parametrize(
    ("said", "shaped", "expected"),
    [
        (":x :q 1 . :y :r 1 .", "sh:targetWhere [ sh:property [ sh:path :q ; sh:minCount 1 ] ]", {"http://e/x"}),
        (
            ":x a :C ; :q 1 . :y a :C .",
            "sh:targetWhere [ sh:class :C ; sh:property [ sh:path :q ; sh:minCount 1 ] ]",
            {"http://e/x"},
        ),
        # what does not fit a class conforms to it where that is only for debugging, and where it is incomplete
        (":x a :D .", "sh:targetWhere [ sh:class :C ; sh:severity sh:Debug ]", {"http://e/x", "http://e/D"}),
        (":x a :D .", "sh:targetWhere [ sh:class :C {| sh:severity sh:Trace |} ]", {"http://e/x", "http://e/D"}),
        (':x :q "lit" .', 'sh:targetWhere [ sh:hasValue "lit" ]', {'"lit"'}),  # objects are nodes too
        (":x :q 1 .", "sh:targetWhere [ sh:in ( :none ) ]", set()),
        (":x sh:shape :S . :y sh:shape :T .", "", {"http://e/x"}),  # told by the data
        (":x a :S .", "a sh:ShapeClass", {"http://e/x"}),
        (":x a :D . :D rdfs:subClassOf :S .", "a sh:ShapeClass", {"http://e/x"}),
    ],
)
def test_targets(said: str, shaped: str, expected: set[str]) -> None:
    report = run(said, f":S {shaped + ' ;' if shaped else ''} sh:property [ sh:path :none ; sh:minCount 1 ] .")
    assert {result.focus for result in report.results} == expected
    assert report.focus_nodes == len(expected)


def test_an_incomplete_node_is_a_where_target_that_a_class_may_have() -> None:
    report = run(":x sh:incomplete true .", ":S sh:targetWhere [ sh:class :C ] ; sh:nodeKind sh:Literal .")
    assert [result.focus for result in report.results] == ["http://e/x"]


@pytest.mark.parametrize(
    ("said", "demand", "expected"),
    [
        (':a :id "1" . :b :id "1" . :c :id "2" .', "sh:uniqueValuesFor :id", {"http://e/a", "http://e/b"}),
        (':a :id "1" ; :in :x . :b :id "1" ; :in :y .', "sh:uniqueValuesFor ( :id :in )", set()),
        (':a :id "1" , "2" . :b :id "1" .', "sh:uniqueValuesFor :id", set()),  # the same values, not one of them
        (":a :p 1 . :b :p 1 .", "sh:uniqueValuesFor :id", set()),  # neither has any
        (':a :id "1" . :z :id "1" .', "sh:uniqueValuesFor :id", set()),  # :z is no target
        (':a :id "1" . :b :id "1" .', "sh:uniqueValuesFor ( :id :in )", {"http://e/a", "http://e/b"}),
    ],
)
def test_values_that_tell_targets_apart(said: str, demand: str, expected: set[str]) -> None:
    report = run(said, f":S sh:targetNode :a , :b , :c ; {demand} .")
    assert {result.focus for result in report.results} == expected


def test_a_target_that_depends_on_which_nodes_are_targets_is_refused() -> None:
    with pytest.raises(ShapesError, match="calls itself by way of"):
        run(":a :id 1 .", ":S sh:targetWhere [ sh:node :S ] ; sh:uniqueValuesFor :id .")
