"""Verdicts: graphs in memory only, prepared queries, refusals that name what is refused."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, Dataset, Graph, Literal, URIRef

from kg.errors import DataError, ShapesError, UsageError
from kg.shacl.judge import reference
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.reference import validate
from kg.shacl.judge.shapes import read_shapes

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <urn:> .
"""
SPARQL_SHAPE = """
:prefixes sh:declare :prefix . :prefix sh:prefix "" ; sh:namespace "urn:"^^xsd:anyURI .
:shape a sh:NodeShape ; sh:targetClass :T ; sh:sparql :query .
:query a sh:SPARQLConstraint ; sh:prefixes :prefixes ; sh:message "No {?value} here." ;
    sh:select "SELECT $this ?value WHERE { $this :p ?value . FILTER (?value > 1) }" .
"""


def graph(turtle: str) -> Graph:
    return memory_graph(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def test_plain_strings_of_an_oxigraph_store_are_in_the_list() -> None:
    """`"a"` read back from a store carries xsd:string; sh:in must find it all the same."""
    shapes = graph(':shape sh:targetClass :T ; sh:property :p1 . :p1 sh:path :p ; sh:in ( "a" "b" ) .')
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o)
        for s, p, o in [
            ("urn:x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode("urn:T")),
            ("urn:x", "urn:p", ox.Literal("a")),
            ("urn:x", "urn:p", ox.Literal("b", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#string"))),
        ]
    )
    assert validate(memory_graph(store), shapes).conforms


def test_a_graph_behind_a_store_is_refused() -> None:
    behind = Graph(store="Oxigraph")
    with pytest.raises(TypeError, match="memory_graph"):
        validate(behind, Graph())
    with pytest.raises(TypeError, match="memory_graph"):
        validate(Graph(), behind)
    with pytest.raises(TypeError, match="memory_graph"):
        validate(Dataset(), Graph())


def test_the_copy_keeps_every_term_but_the_idle_datatype() -> None:
    copy = graph(':s :p "x", "x"@ar-MA, "01"^^xsd:integer, 1, "2030"^^xsd:gYear, _:b, "no"^^xsd:integer .')
    assert len(copy) == 7
    objects = {o.n3() for o in copy.objects() if isinstance(o, Literal)}
    assert '"x"' in objects
    assert '"x"@ar-ma' in objects
    assert f'"01"^^{URIRef("http://www.w3.org/2001/XMLSchema#integer").n3()}' in objects


def test_the_copy_is_the_union_of_all_graphs() -> None:
    quads = ox.parse("<urn:g> { <urn:s> <urn:p> 1 } <urn:s> <urn:q> 2 .", format=ox.RdfFormat.TRIG)
    assert len(memory_graph(quads)) == 2


def test_terms_of_rdf_12_are_refused() -> None:
    with pytest.raises(DataError, match=r"RDF 1\.2"):
        graph(":s :p <<( :a :b :c )>> .")


def test_ill_typed_literals_are_found_and_log_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        data = graph(':x a :T ; :p "no number"^^xsd:integer .')
        report = validate(
            data, graph(":s sh:targetClass :T ; sh:property :q . :q sh:path :p ; sh:datatype xsd:integer .")
        )
    assert [r.value for r in report.results] == ['"no number"^^<http://www.w3.org/2001/XMLSchema#integer>']
    assert not caplog.records


def test_each_query_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = graph(" ".join(f":x{n} a :T ; :p {n} ." for n in range(8)))
    shapes = graph(SPARQL_SHAPE)
    parsed: list[str] = []
    parse: Callable[[str], object] = reference.parseQuery

    def counted(text: str) -> object:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(reference, "parseQuery", counted)
    kept = reference.validate(data, shapes)
    once = len(parsed)
    unkept = reference.validate(data, shapes, keep_queries=False)
    assert once == len(set(parsed)) == 1
    assert len(parsed) == once + 8
    assert kept == unkept
    assert [r.focus for r in kept.results] == [f"urn:x{n}" for n in range(2, 8)]
    assert kept.results[0].message() == "No 2 here."


def test_messages_keep_their_language_and_none_is_made_up() -> None:
    shapes = graph(
        SPARQL_SHAPE.replace('"No {?value} here."', '"No {?value} here."@en , "Pas de {?value} ici."@fr')
        + ":shape sh:property :said , :unsaid . :said sh:path :q ; sh:minCount 1 ; sh:message 'Dites q.'@fr ."
        + ":unsaid sh:path :p ; sh:in ( 1 2 3 ) ."
    )
    by_shape = {r.shape: r for r in validate(graph(":x a :T ; :p 7 ."), shapes).results}
    assert [(m.text, m.language) for m in by_shape["urn:shape"].messages] == [
        ("No 7 here.", "en"),
        ("Pas de 7 ici.", "fr"),
    ]
    assert [(m.text, m.language) for m in by_shape["urn:said"].messages] == [("Dites q.", "fr")]
    assert by_shape["urn:unsaid"].messages == ()
    assert by_shape["urn:unsaid"].message() == "is not in the list"


def test_validation_leaves_rdflib_and_both_graphs_as_they_were() -> None:
    from rdflib.plugins.sparql.processor import SPARQLProcessor

    query = SPARQLProcessor.query
    data, shapes = graph(":x a :T ; :p 5 ."), graph(SPARQL_SHAPE)
    before = set(data), set(shapes)
    validate(data, shapes)
    assert SPARQLProcessor.query is query
    assert (set(data), set(shapes)) == before


def test_only_the_named_focus_nodes_are_validated() -> None:
    data = graph(":x a :T . :y a :T . :z a :U .")
    shapes = graph(":s sh:targetClass :T ; sh:property :q . :q sh:path :p ; sh:minCount 1 .")
    assert [r.focus for r in validate(data, shapes).results] == ["urn:x", "urn:y"]
    assert [r.focus for r in validate(data, shapes, focus=["urn:y", "urn:z"]).results] == ["urn:y"]
    assert validate(data, shapes, focus=[]).conforms
    with pytest.raises(UsageError, match="IRI"):
        validate(data, shapes, focus=["_:b0"])


MALFORMED = {
    "two paths": ":s a sh:NodeShape ; sh:targetNode :x ; sh:property :q . :q sh:path :p , :r ; sh:minCount 1 .",
    "no path": ":s a sh:NodeShape ; sh:targetNode :x ; sh:property :q . :q sh:minCount 1 .",
    "a literal as path": ':s a sh:NodeShape ; sh:targetNode :x ; sh:property :q . :q sh:path "p" ; sh:minCount 1 .',
    "an empty path": ":s a sh:NodeShape ; sh:targetNode :x ; sh:property :q . :q sh:path () ; sh:minCount 1 .",
    "a path of itself": ":s sh:targetNode :x ; sh:property :q . :q sh:path _:b ; sh:minCount 1 . _:b sh:inversePath _:b .",
    "text as a count": ':s sh:targetNode :x ; sh:property :q . :q sh:path :p ; sh:minCount "one" .',
    "two counts": ":s sh:targetNode :x ; sh:property :q . :q sh:path :p ; sh:minCount 1 , 2 .",
    "no list": ":s a sh:NodeShape ; sh:targetNode :x ; sh:in :x .",
    "a broken pattern": ':s a sh:NodeShape ; sh:targetNode :x ; sh:pattern "(" .',
    "a broken query": ':s a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
    "no query": ":s a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:prefixes :x ] .",
    "an unknown prefix": ':s a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this {$this un:p 1}" ] .',
    "recursion": ":s a sh:NodeShape ; sh:targetNode :x ; sh:property [ sh:path :p ; sh:node :s ] .",
    "recursion through a list": ":s a sh:NodeShape ; sh:targetNode :x ; sh:or ( :t :u ) . :t sh:not :s .",
    "an unknown node kind": ":s a sh:NodeShape ; sh:targetNode :x ; sh:nodeKind :IRI .",
    "two booleans": ":s a sh:NodeShape ; sh:targetNode :x ; sh:closed true , false .",
    "a literal as shape": ':s a sh:NodeShape ; sh:targetNode :x ; sh:node "shape" .',
    "a literal as property": ':s a sh:NodeShape ; sh:targetNode :x ; sh:property "shape" .',
    "no list of shapes": ":s a sh:NodeShape ; sh:targetNode :x ; sh:or :x .",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_shapes_are_refused_by_name(name: str) -> None:
    with pytest.raises(ShapesError) as caught:
        validate(graph(":x :p :x ; :r 1 ."), graph(MALFORMED[name]))
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_shapes_nest_deep_and_are_shared_without_being_recursive() -> None:
    nested = "".join(f":s{n} sh:node :s{n + 1} , :last ." for n in range(20))
    report = validate(
        graph(":x :p 1 ."), graph(f":s0 sh:targetNode :x . {nested} :s20 sh:node :last . :last sh:in ( :y ) .")
    )
    assert [r.component for r in report.results] == [str(SH.NodeConstraintComponent)] * 2


def test_recursion_is_refused_with_its_chain() -> None:
    with pytest.raises(ShapesError, match="urn:a -> urn:b -> urn:a"):
        validate(Graph(), graph(":a sh:node :b . :b sh:property :a . :a sh:path :p ."))


REFUSED = {
    "sh:minCuont": (":s sh:targetNode :x ; sh:property :q . :q sh:path :p ; sh:minCuont 1 .", "minCount"),
    "sh:Nodeshape": (":s a sh:Nodeshape ; sh:targetNode :x .", "NodeShape"),
    "sh:rule": (":s a sh:NodeShape ; sh:targetNode :x ; sh:rule [ a sh:TripleRule ] .", "rules"),
    "sh:target": (":s a sh:NodeShape ; sh:target [ a sh:JSTarget ] .", "SHACL-JS"),
    "sh:entailment": ("<> sh:entailment rdfs: . :s a sh:NodeShape .", "entailment"),
    "FROM": (
        ':s sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this FROM <http://127.0.0.1:9/> {$this ?p 1}" ] .',
        "FROM",
    ),
    "SERVICE": (
        ':s sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this {SERVICE<http://127.0.0.1:9/> {$this ?p 1}}" ] .',
        "SERVICE",
    ),
    "GRAPH": (':s sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this { GRAPH ?g { $this ?p 1 } }" ] .', "GRAPH"),
    "MINUS": (
        ':s sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this { $this ?p 1 MINUS { $this ?p 2 } }" ] .',
        "MINUS",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_go_unchecked_or_leave_the_graph_is_refused(name: str) -> None:
    turtle, hint = REFUSED[name]
    with pytest.raises(ShapesError, match=hint):
        validate(
            graph(":x :p 1 ."), memory_graph(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE, base_iri="urn:b"))
        )


def test_shapes_of_a_folder_are_one_graph_and_its_cases_are_not_among_them(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.ttl").write_text(
            f"{PREFIXES} :{name} a sh:NodeShape ; sh:targetNode :x ; sh:property [ sh:path :{name} ; sh:minCount 1 ] ."
        )
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "c.ttl").write_text("not Turtle")
    shapes = read_shapes(tmp_path)
    assert {r.path for r in validate(Graph(), shapes).results} == {"urn:a", "urn:b"}
    assert read_shapes(tmp_path / "a.ttl") is not shapes


def test_shapes_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(f"{PREFIXES}\n:s a sh:NodeShape ;\n  sh:targetNode .\n")
    (tmp_path / "bad.txt").write_text("")
    with pytest.raises(ShapesError, match=r"bad\.ttl:10: "):
        read_shapes(tmp_path / "bad.ttl")
    with pytest.raises(ShapesError, match=r"\.ttl"):
        read_shapes(tmp_path / "bad.txt")
    with pytest.raises(ShapesError, match="no such file"):
        read_shapes(tmp_path / "none.ttl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ShapesError, match="no shapes"):
        read_shapes(tmp_path / "empty")


NODES = st.sampled_from(["urn:a", "urn:b", "urn:c", "urn:d"]).map(URIRef)
VALUES = st.one_of(
    NODES,
    st.builds(Literal, st.integers(-3, 3)),
    st.builds(Literal, st.sampled_from(["x", "y", ""]), lang=st.sampled_from([None, "ar", "fr"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=URIRef(f"http://www.w3.org/2001/XMLSchema#{kind}"), normalize=False),
        st.sampled_from(["1", "01", "true", "2025-01-01", "no"]),
        st.sampled_from(["date", "decimal", "boolean"]),
    ),
)
PREDICATES = st.sampled_from(["urn:p", "urn:q", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]).map(URIRef)
TRIPLES = st.lists(st.tuples(NODES, PREDICATES, VALUES), max_size=14)
CONSTRAINTS = st.sampled_from(
    [
        "sh:minCount 1",
        "sh:maxCount 1",
        "sh:datatype xsd:date",
        "sh:class :b",
        "sh:nodeKind sh:IRI",
        'sh:in ( "x" 1 :a )',
        "sh:lessThan :q",
        "sh:equals :q",
        "sh:disjoint :q",
        "sh:uniqueLang true",
        'sh:languageIn ( "ar" )',
        "sh:minInclusive 0",
        "sh:sparql :greater",
        "sh:sparql :undeclared",
    ]
)
PATHS = st.sampled_from([":p", "[ sh:inversePath :p ]", "( :p :q )", "[ sh:zeroOrMorePath :p ]"])
QUERIES = """
:prefixes sh:declare [ sh:prefix "" ; sh:namespace "urn:"^^xsd:anyURI ] .
:greater sh:prefixes :prefixes ; sh:select "SELECT $this ?value { $this $PATH ?value . FILTER (?value > 0) }" .
:undeclared sh:prefixes :prefixes ; sh:select "SELECT $this ?value { $this :p ?value FILTER NOT EXISTS { ?value :q ?o } }" .
"""


@settings(max_examples=40, deadline=None)
@given(TRIPLES, st.lists(st.tuples(PATHS, CONSTRAINTS), min_size=1, max_size=4))
def test_keeping_queries_changes_no_verdict(
    triples: list[tuple[URIRef, URIRef, URIRef | Literal]], properties: list[tuple[str, str]]
) -> None:
    data = Graph()
    for triple in triples:
        data.add(triple)
    shapes = graph(
        QUERIES
        + ":s a sh:NodeShape ; sh:targetNode :a , :b ; sh:targetSubjectsOf :q .\n"
        + "\n".join(f":s sh:property :n{n} . :n{n} sh:path {p} ; {c} ." for n, (p, c) in enumerate(properties))
    )
    kept = reference.validate(data, shapes)
    assert kept == reference.validate(data, shapes, keep_queries=False)
    assert kept.to_turtle() == reference.validate(data, shapes).to_turtle()
    assert set(shapes.objects(None, SH.property)) >= {URIRef(r.shape) for r in kept.results if r.shape}


PARAMETERS = st.sampled_from(
    [
        "path",
        "property",
        "node",
        "not",
        "and",
        "or",
        "xone",
        "in",
        "minCount",
        "maxCount",
        "minLength",
        "pattern",
        "flags",
        "languageIn",
        "uniqueLang",
        "closed",
        "ignoredProperties",
        "class",
        "datatype",
        "nodeKind",
        "hasValue",
        "lessThan",
        "equals",
        "sparql",
        "select",
        "prefixes",
        "declare",
        "prefix",
        "namespace",
        "targetClass",
        "targetNode",
        "deactivated",
        "severity",
        "message",
        "qualifiedValueShape",
        "qualifiedMinCount",
        "parameter",
        "validator",
    ]
).map(lambda name: SH[name])
ANYTHING = st.sampled_from(
    [URIRef("urn:s"), URIRef("urn:t"), URIRef("urn:x"), SH.IRI, XSD.integer, RDF.nil]
    + [Literal(v) for v in (1, -1, True, "(", "a", "SELECT $this WHERE { $this ?p ?o }", "ASK {")]
    + [Literal("a", lang="en")]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["urn:s", "urn:t"]).map(URIRef), PARAMETERS, ANYTHING), max_size=5))
def test_any_shapes_give_a_report_or_a_refusal(triples: list[tuple[URIRef, URIRef, URIRef | Literal]]) -> None:
    shapes = graph(":s a sh:NodeShape ; sh:targetNode :x ; sh:property :t . :t sh:path :p .")
    for triple in triples:
        shapes.add(triple)
    with contextlib.suppress(ShapesError):
        report = validate(graph(":x :p 1 ; a :t ."), shapes)
        assert report.conforms == (not report.results)
