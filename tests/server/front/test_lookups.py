"""Queries that are answered in the server's own process: which those are, and that their answers are the engine's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store

from kg.sparql.columns import asked
from server.engine.evaluation import Request
from server.engine.inprocess import InProcessEngine
from server.engine.lookups import LARGEST, is_lookup

JSON = "application/sparql-results+json"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?l { <urn:a> <urn:p> ?l }",
        "select * where{<urn:a> ?p ?o.}limit 5",
        "PREFIX ex: <urn:>\nASK { ?s a ex:C }",
        'SELECT ?s WHERE { ?s <urn:p> "ذكاء"@ar }',
        "DESCRIBE <urn:a>",
        "PREFIX ex: <urn:> DESCRIBE ex:a",
    ],
)
def test_one_pattern_with_a_known_end_is_a_lookup(text: str) -> None:
    assert is_lookup(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s <urn:p> ?o }",
        "SELECT * { <urn:a> ?x ?x }",
        "SELECT * { ?x ?x <urn:a> }",
        "SELECT * { <urn:a> <urn:p>* ?o }",
        "SELECT * { <urn:a> <urn:p>/<urn:q> ?o }",
        "SELECT * { <urn:a> <urn:p> ?o . ?o ?p ?q }",
        "SELECT * { <urn:a> <urn:p> ?o FILTER(false) }",
        "SELECT * { <urn:a> <urn:p> ?o } ORDER BY ?o",
        "SELECT * { <urn:a> <urn:p> ?o } OFFSET 100000000",
        "SELECT DISTINCT ?o { <urn:a> <urn:p> ?o }",
        "SELECT (COUNT(*) AS ?n) { <urn:a> <urn:p> ?o }",
        "SELECT * FROM <urn:g> { <urn:a> <urn:p> ?o }",
        "SELECT * { SERVICE <urn:a> { } }",
        "DESCRIBE ?s { ?s ?p ?o }",
        "DESCRIBE <urn:a> <urn:b>",
        "SELECT ?s { ?s <urn:p> '''x''' }",
        " " * 5000 + "ASK { <urn:a> ?p ?o }",
    ],
)
def test_everything_else_is_left_to_a_process(text: str) -> None:
    assert not is_lookup(text)


@pytest.mark.parametrize("space", ["\t", " ", "\n", "\r"])
@pytest.mark.parametrize(
    "head", ["", "SELECT", "SELECT ?a", "SELECT ?a {", "SELECT ?a { <urn:a>", "PREFIX a: <b>", "ASK"]
)
def test_blanks_without_end_are_read_once(head: str, space: str) -> None:
    assert not is_lookup(head + space * (4096 - len(head) - 1) + "!")


NODES = st.sampled_from([NamedNode(f"urn:{letter}") for letter in "abc"])
OBJECTS = NODES | st.sampled_from(
    [Literal("x"), Literal("ذكاء", language="ar"), Literal("1", datatype=NamedNode("urn:t"))]
)
STATEMENTS = st.lists(st.builds(Quad, NODES, NODES, OBJECTS, st.just(DefaultGraph())), max_size=30)
TERMS = st.tuples(NODES.map(str) | st.just("?s"), NODES.map(str) | st.just("?p"), OBJECTS.map(str) | st.just("?o"))


@given(STATEMENTS, TERMS, st.sampled_from(["SELECT *", "SELECT ?s ?o", "ASK"]))
def test_the_answer_is_the_engine_s(statements: list[Quad], terms: tuple[str, str, str], head: str) -> None:
    store = Store()
    store.extend(statements)
    text = f"{head} {{ {' '.join(terms)} }}"
    found = InProcessEngine(store).look_up(Request(text, JSON))
    if terms[0] == "?s" and terms[2] == "?o":
        assert found is None
    else:
        assert found == asked(store.query, text).serialize(format=QueryResultsFormat.JSON)


def test_a_large_answer_is_left_to_a_process() -> None:
    many = [Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(str(n)), DefaultGraph()) for n in range(LARGEST // 8)]
    store = Store()
    store.bulk_extend(many)
    engine = InProcessEngine(store)
    assert engine.look_up(Request("SELECT * { <urn:a> <urn:p> ?o }", JSON)) is None
    assert engine.look_up(Request("DESCRIBE <urn:a>", "application/n-triples")) is None
    assert engine.look_up(Request("SELECT * { <urn:a> <urn:p> ?o } LIMIT 2", JSON)) is not None


def test_a_query_that_names_graphs_is_left_to_a_process() -> None:
    engine = InProcessEngine(Store())
    assert engine.look_up(Request("ASK { <urn:a> ?p ?o }", JSON, named=("urn:g",))) is None


def test_a_failure_is_left_to_a_process() -> None:
    assert InProcessEngine(Store()).look_up(Request("ASK { ex:a ?p ?o }", JSON)) is None
