"""The engine: what the standard says where engines differ, recursion, queries, and agreement with pySHACL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patience import trials

from kg.errors import ShapesError
from kg.shacl import Columns, Report, shapes_graph, validate
from kg.shacl.judge import reference
from kg.shacl.judge.memory import memory_graph
from shacl.shape_strategies import CANONICAL, NUMBERS, data, ordered_shapes, shapes

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""


def parse(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def run(said: str, shaped: str) -> Report:
    return validate(Columns.from_quads(parse(said)), shapes_graph(parse(shaped)))


def rows(report: Report) -> Counter[tuple[object, ...]]:
    def blanked(term: str | None) -> str | None:
        return "_:" if term is not None and term.startswith("_:") else term

    return Counter(
        (blanked(r.focus), r.path, blanked(r.value), r.severity, r.component, blanked(r.shape), r.messages)
        for r in report.results
    )


@settings(max_examples=trials(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data(), shapes())
def test_the_engine_says_what_pyshacl_says(said: str, shaped: str) -> None:
    """Without what pySHACL gets wrong: comparisons of what has no order, `sh:minLength 0`, inverses of sequences."""
    quads, shape_quads = parse(said), parse(shaped)
    mine = validate(Columns.from_quads(quads), shapes_graph(shape_quads))
    theirs = reference.validate(memory_graph(quads), memory_graph(shape_quads))
    assert rows(mine) == rows(theirs)


@settings(max_examples=trials(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(data(CANONICAL), shapes(in_sparql=True))
def test_queries_and_targets_find_what_pyshacl_finds(said: str, shaped: str) -> None:
    """But for messages, and the values of an ASK of a property shape, which pySHACL does not tell."""
    assert apart(said, shaped) == (Counter(), Counter())


@settings(max_examples=trials(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data(NUMBERS, nodes=()), ordered_shapes())
def test_numbers_are_compared_as_pyshacl_compares_them(said: str, shaped: str) -> None:
    assert apart(said, shaped) == (Counter(), Counter())


def apart(said: str, shaped: str) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """What only this engine finds, and what only pySHACL does; of equal solutions of a query, pySHACL tells one."""
    quads, shape_quads = parse(said), parse(shaped)
    mine = rows(validate(Columns.from_quads(quads), shapes_graph(shape_quads)))
    theirs = rows(reference.validate(memory_graph(quads), memory_graph(shape_quads)))
    one, two = (_once(row[:-1] for row in found.elements()) for found in (mine, theirs))
    return one - two, two - one


def _once(found: Iterable[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    counted = Counter(found)
    return Counter(
        {
            row: 1 if "http://www.w3.org/ns/shacl#SPARQLConstraintComponent" in row else times
            for row, times in counted.items()
        }
    )


LITERALS = st.sampled_from(
    [
        '"1"^^xsd:integer', '"01"^^xsd:integer', '"1.0"^^xsd:decimal', '"0.1"^^xsd:decimal', '"1e0"^^xsd:double',
        '"INF"^^xsd:double', '"NaN"^^xsd:double', '"-3"^^xsd:byte', '"a"', '"b"', '"é"', '"2026-01-01"^^xsd:date', '"2026-01-02Z"^^xsd:date', '"2025-12-31"^^xsd:date',
        '"2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T05:00:00"^^xsd:dateTime',
        '"2026-01-01T23:59:59.999+14:00"^^xsd:dateTime', '"2025-01-01T00:00:00"^^xsd:dateTime', '"x"^^xsd:integer',
        '"a"@en', '"12:00:00"^^xsd:time', '"13:00:00Z"^^xsd:time', '"PT1H"^^xsd:dayTimeDuration',
        '"PT36H"^^xsd:dayTimeDuration', '"P1D"^^xsd:dayTimeDuration',
    ]
)  # fmt: skip


@settings(max_examples=trials(200), deadline=None)
@given(LITERALS, LITERALS)
def test_what_is_less_is_what_sparql_says(one: str, other: str) -> None:
    """The comparison of two literals by `sh:lessThan` is that of `<` in the query engine, which has none for booleans."""
    xsd = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    less = bool(ox.Store().query(f"{xsd}ASK {{ FILTER ({one} < {other}) }}"))
    found = run(f":a :p {one} ; :q {other} .", ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:lessThan :q ] .")
    assert found.conforms == less


@pytest.mark.parametrize(
    ("said", "path", "reached"),
    [
        (":x :p :a . :a :q :y .", "[ sh:inversePath ( :p :q ) ]", {"http://e/x"}),
        (":x :p :a . :y :p :a .", "( :p [ sh:inversePath :p ] )", {"http://e/x", "http://e/y"}),
        (":y :p :y .", "[ sh:zeroOrMorePath :p ]", {"http://e/y"}),
        (":y :p :a . :a :p :b .", "[ sh:oneOrMorePath :p ]", {"http://e/a", "http://e/b"}),
        (":y :p :a . :a :p :b .", "[ sh:zeroOrOnePath :p ]", {"http://e/y", "http://e/a"}),
    ],
)
def test_paths_lead_where_sparql_says(said: str, path: str, reached: set[str]) -> None:
    report = run(said, f":S sh:targetNode :y ; sh:property [ sh:path {path} ; sh:in ( :none ) ] .")
    assert {r.value for r in report.results} == reached


def test_an_inverse_of_a_sequence_is_walked_from_its_end() -> None:
    """pySHACL does not turn the steps around, and finds nothing here."""
    report = run(
        ":x :p :a . :a :q :y .",
        ":S sh:targetNode :y ; sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:maxCount 0 ] .",
    )
    assert len(report) == 1


RECURSIVE = ":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :knows ; sh:node :S ] , [ sh:path :name ; sh:minCount 1 ] ."


@pytest.mark.parametrize(
    ("said", "failing"),
    [
        (":a :name 1 ; :knows :b . :b :name 2 ; :knows :a .", 0),  # a circle without a reason: all conform
        (":a :name 1 ; :knows :b . :b :name 2 ; :knows :c . :c :knows :a .", 1),  # c has no name: so b fails, so a
        (":a :name 1 ; :knows :a .", 0),
    ],
)
def test_recursion_that_passes_no_negation_has_one_greatest_answer(said: str, failing: int) -> None:
    assert len(run(said, RECURSIVE)) == failing


@pytest.mark.parametrize(
    "shape",
    [
        ":S a sh:NodeShape ; sh:targetNode :a ; sh:not :S .",
        ":S a sh:NodeShape ; sh:targetNode :a ; sh:xone ( :S :T ) . :T a sh:NodeShape .",
        ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:qualifiedValueShape :S ; sh:qualifiedMaxCount 1 ] .",
        ":S a sh:NodeShape ; sh:node :T . :T a sh:NodeShape ; sh:property [ sh:path :p ; sh:not :S ] .",
    ],
)
def test_recursion_through_a_negation_is_refused_by_name(shape: str) -> None:
    with pytest.raises(ShapesError, match=r"calls itself by way of .* through a negation or an upper limit"):
        shapes_graph(parse(shape))


SELECT = ':S sh:targetNode :a , "x" ; sh:sparql [ sh:prefixes :prefixes ; sh:message "{{?value}} of {{$this}}"@en ; sh:select """{}""" ] .'


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("SELECT $this ?value WHERE { $this :p ?value }", {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("SELECT $this ?value WHERE { BIND ($this AS ?value) }", {"http://e/a", '"x"'}),
        ("SELECT $this WHERE { { FILTER (bound($this)) } }", {"http://e/a", '"x"'}),
        ("SELECT $this WHERE { FILTER (isLiteral($this)) }", {'"x"'}),
        ("SELECT $this ?value WHERE { ?value ?any $this }", set()),
        ("SELECT $this ?value WHERE { $this !:q ?value }", {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("SELECT $this (COUNT(?o) AS ?value) WHERE { $this :p ?o } GROUP BY $this", {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("# $this { SELECT\nSELECT $this WHERE { $this :p ?n FILTER (?n > 0) }", {"http://e/a"}),
    ],
)  # fmt: skip
def test_queries_see_what_is_bound_before(query: str, values: set[str]) -> None:
    assert {r.value for r in run(":a :p 1 .", SELECT.format(query)).results} == values


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this WHERE { SERVICE <http://e/> { ?s ?p ?o } }", "must not have SERVICE"),
        ("SELECT $this FROM <http://e/> WHERE { $this ?p ?o }", "must not have FROM"),
        ("SELECT $this WHERE { $this ?p ?o MINUS { $this :q ?o } }", "must not have MINUS"),
        ("SELECT ?o WHERE { ?s ?p ?o }", r"does not select \$this"),
        ("SELECT $this WHERE { $this ex:p ?o }", "does not parse"),
        ("SELECT $this WHERE { $this $PATH ?o }", r"has \$PATH, but its shape has no path"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "is neither SELECT nor ASK"),
    ],
)
def test_queries_that_cannot_be_run_are_refused_before_any_data(query: str, reason: str) -> None:
    with pytest.raises(ShapesError, match=reason):
        shapes_graph(parse(SELECT.format(query)))


def test_messages_name_what_a_query_found() -> None:
    report = run(":a :p 1 .", SELECT.format("SELECT $this ?value WHERE { $this :p ?value }"))
    assert [r.message() for r in report.results] == ["1 of http://e/a"]


def test_a_component_of_ones_own_judges_by_its_parameters() -> None:
    component = """
        :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ;
           sh:validator [ a sh:SPARQLAskValidator ; sh:message "{$value} is more than {$most}" ;
                          sh:ask "ASK { FILTER ($value <= $most) }" ] .
        :S sh:targetNode :a ; sh:property [ sh:path :p ; :most 2 ; :most 3 ] .
    """
    report = run(":a :p 1 , 3 , 4 .", component)
    assert sorted(r.message() for r in report.results) == ["3 is more than 2", "4 is more than 2", "4 is more than 3"]


def test_coverage_tells_which_shapes_checked_nothing() -> None:
    report = run(":a a :T .", ":S sh:targetClass :T . :N sh:targetClass :None . :M a sh:NodeShape .")
    assert (report.focus_nodes, report.unreached) == (1, ("http://e/N",))
    nothing = run(":a a :T .", ":N sh:targetClass :None .")
    assert nothing.to_text() == "0 focus nodes: nothing was checked\n"


QUERIES = (
    "SELECT $this ?value WHERE { $this :p ?value }",
    "SELECT DISTINCT $this ?value WHERE { $this :p ?value ; :q ?other . FILTER (?value != ?other) }",
    "SELECT $this ?value WHERE { $this :p ?value . FILTER NOT EXISTS { ?value :q $this } }",
    "SELECT $this ?value WHERE { $this :p ?value . FILTER EXISTS { $this :q ?any . } }",
    "SELECT $this ?value WHERE { $this :p/:q ?value }",
    "SELECT $this ?value WHERE { $this :p? ?value }",
    "SELECT $this ?value WHERE { $this :p ?value } LIMIT 2",
    "SELECT $this (COUNT(?v) AS ?value) WHERE { $this :p ?v } GROUP BY $this",
    "SELECT $this (COUNT(?v) AS ?value) WHERE { $this :p ?of . ?of :q ?v } GROUP BY ?of $this HAVING (COUNT(?v) > 1)",
    "SELECT $this (STR($this) AS ?value) WHERE { $this :p ?v FILTER NOT EXISTS { ?v :q $this } } GROUP BY $this HAVING (COUNT(*) > 1)",
    "SELECT $this ?value WHERE { $this :p ?value . OPTIONAL { $this :q ?x FILTER (?x = $this) } FILTER (!bound(?x)) }",
    "SELECT $this ?value WHERE { { $this :p ?value } UNION { ?value :q $this } }",
    "SELECT $this ?value WHERE { $this :p ?value . { FILTER ($this != :n1) } }",
    "SELECT $this ?value WHERE { $this :p ?v BIND ($this AS ?value) }",
)
TRIPLE = st.tuples(st.integers(0, 29), st.sampled_from([":p", ":q"]), st.integers(0, 29))


@settings(max_examples=trials(30), deadline=None)
@given(st.sampled_from(QUERIES), st.lists(TRIPLE, min_size=1, max_size=40), st.data())
def test_all_focus_nodes_at_once_are_as_one_after_the_other(
    query: str, triples: list[tuple[int, str, int]], chosen: st.DataObject
) -> None:
    """Each of some nodes that have something to find, alone, has the results that it has among all thirty.

    All are more than the engine asks for one by one; another process is begun for each that is asked for alone.
    """
    said = Columns.from_quads(parse(" ".join(f":n{s} {p} :n{o} ." for s, p, o in triples)))
    shape = ':S sh:sparql [ sh:prefixes :prefixes ; sh:select """{}""" ] ; sh:targetNode {} .'

    def found(nodes: Iterable[int]) -> Counter[tuple[object, ...]]:
        named = ", ".join(f":n{node}" for node in nodes)
        return rows(validate(said, shapes_graph(parse(shape.format(query, named)))))

    together = found(range(30))
    nodes = sorted({s for s, _, _ in triples} | {o for _, _, o in triples})
    for node in chosen.draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=5, unique=True)):
        alone = Counter({row: n for row, n in together.items() if row[0] == f"http://e/n{node}"})
        assert found([node]) == alone


def test_what_a_query_finds_does_not_depend_on_the_queries_before_it() -> None:
    """A path of no length leads to a node that is in the graph, whatever is said of it there."""
    query = "sh:sparql [ sh:prefixes :prefixes ; sh:select '''SELECT $this ?value WHERE {{ {} }}''' ]"
    alone = f":Z sh:targetNode :a ; {query.format('$this :p* ?value')} ."
    before = f":A sh:targetNode :a ; {query.format('$this :q ?value . FILTER (?value = 2)')} ."
    for shaped in (alone, before + alone):
        assert {r.value for r in run(":a :q 1 .", shaped).results} == {"http://e/a"}
