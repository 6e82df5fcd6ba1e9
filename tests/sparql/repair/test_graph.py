"""GRAPH against its definition: the group evaluated in each graph by itself, joined with its name (SPARQL 1.1, 18.6)."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

DATA = """
:x :p :y .
:g1 { :t :text "by 2030" . :a :p :b . :b :p :c . :g1 :kind :Claim . }
:g2 { :t :deadline 2030 . :a :p :a . :g1 :kind :Other . :v :n 3 . }
:g3 { :u :deadline 2031 . :v :n 1 . :w :n 2 . :g3 :kind :Claim ; :about :u . }
"""
NAMES = ("http://e/g1", "http://e/g2", "http://e/g3")

PATTERNS = [
    "",
    "?s ?p ?o",
    "VALUES ?x { 1 2 }",
    "VALUES ?x { 1 2 } ?s :deadline ?d",
    "BIND(1 AS ?x)",
    "FILTER(true)",
    "FILTER(1 = 2)",
    # OPTIONAL
    "OPTIONAL { ?s :deadline ?d }",
    "VALUES ?t { :t } OPTIONAL { ?t :deadline ?d } OPTIONAL { ?t :text ?x } FILTER(BOUND(?d) || BOUND(?x))",
    "OPTIONAL { ?s :deadline ?d } ?a :p ?b",
    "?a :p ?b OPTIONAL { ?b :p ?c }",
    "?a :p ?b OPTIONAL { VALUES ?z { 1 } }",
    "VALUES ?t { :t :u } OPTIONAL { VALUES ?z { 7 } OPTIONAL { ?t :deadline ?d } }",
    "VALUES ?t { :t } OPTIONAL { OPTIONAL { ?t :text ?x } FILTER(BOUND(?x)) }",
    "VALUES ?t { :t } OPTIONAL { ?t :deadline ?d FILTER NOT EXISTS { ?a :p ?b } }",
    # EXISTS
    "FILTER NOT EXISTS { ?s :deadline ?d }",
    "FILTER EXISTS { ?s :deadline ?d }",
    "VALUES ?x { 1 } FILTER EXISTS { ?s :deadline ?d }",
    "VALUES ?x { 1 } { FILTER NOT EXISTS { ?s :deadline ?d } }",
    "FILTER(EXISTS { ?s :deadline ?d } || EXISTS { ?s :text ?d })",
    "FILTER NOT EXISTS { VALUES ?q { 1 } FILTER NOT EXISTS { ?s :deadline ?d } }",
    "FILTER NOT EXISTS { OPTIONAL { ?s :deadline ?d } FILTER(BOUND(?d)) }",
    "FILTER EXISTS { SELECT (COUNT(*) AS ?n) { ?s :deadline ?d } HAVING (COUNT(*) = 0) }",
    "?a :p ?b FILTER NOT EXISTS { ?b :p ?c }",
    "BIND(EXISTS { ?s :deadline ?d } AS ?e)",
    "VALUES ?x { 1 } BIND(EXISTS { ?s :text ?d } AS ?e) ?a :p ?b",
    "BIND(IF(EXISTS { ?s :text ?d }, 'text', 'none') AS ?e)",
    # MINUS
    "?s :deadline ?d MINUS { ?x :deadline ?y }",
    "?s ?p ?d MINUS { ?s :deadline ?y }",
    "VALUES ?t { :t :u } MINUS { ?t :deadline ?d }",
    "VALUES ?t { :t :u } MINUS { VALUES ?t { :u } }",
    "VALUES (?s ?z) { (:t UNDEF) (:u 1) (UNDEF 2) } MINUS { ?s :deadline ?y OPTIONAL { ?s :q ?z } }",
    "VALUES (?a ?b) { (:a UNDEF) (UNDEF :b) (:z :c) } MINUS { ?a :p ?b }",
    "OPTIONAL { ?s :deadline ?d } MINUS { ?s :deadline 2030 }",
    "?a :p ?b MINUS { ?a :p ?b FILTER NOT EXISTS { ?s :deadline ?d } }",
    "?a :p ?b MINUS { VALUES ?a { :a } FILTER NOT EXISTS { ?s :deadline ?d } }",
    # UNION and groups
    "{ VALUES ?y { 1 } } UNION { ?s :text ?y }",
    "{ VALUES ?y { 1 } } UNION { VALUES ?y { 2 } }",
    "{ OPTIONAL { ?s :text ?y } } UNION { ?s :deadline ?y }",
    "{ FILTER NOT EXISTS { ?s :text ?y } } UNION { FILTER NOT EXISTS { ?s :deadline ?y } }",
    "{ { VALUES ?z { 1 } OPTIONAL { ?s :text ?y } } }",
    "{} UNION { ?s :text ?y } OPTIONAL { ?a :p ?b }",
    "{ ?s :text ?y } { VALUES ?z { 1 } }",
    # sub-selects
    "{ SELECT ?s { ?s :deadline ?d } }",
    "{ SELECT * { ?s :deadline ?d } }",
    "{ SELECT DISTINCT ?p { ?s ?p ?o } }",
    "{ SELECT (1 AS ?one) { VALUES ?z { 1 2 } } }",
    "{ SELECT ?z { VALUES ?z { 1 2 } OPTIONAL { ?s :text ?y } } }",
    "{ SELECT (?n + 1 AS ?m) { ?v :n ?n } ORDER BY ?n }",
    "{ SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p }",
    "{ SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 1) }",
    "{ SELECT (COUNT(*) AS ?n) { ?s :deadline ?o } }",
    "{ SELECT (COUNT(*) + 1 AS ?n) (SUM(?o) AS ?s) (AVG(?o) AS ?a) (MIN(?o) AS ?i) { ?v :n ?o } }",
    "{ SELECT (GROUP_CONCAT(?o) AS ?l) (SAMPLE(?o) AS ?a) (MAX(?o) AS ?m) { ?v :deadline ?o } }",
    "{ SELECT (COUNT(*) AS ?n) { ?v :n ?o } HAVING (?n > 0) }",
    "{ SELECT (COUNT(*) AS ?n) { ?v :n ?o } HAVING (?n = 0) }",
    "{ SELECT (COUNT(*) AS ?n) { ?v :n ?o } LIMIT 1 }",
    "{ SELECT (COUNT(*) AS ?n) { ?v :n ?o } VALUES ?z { 1 2 } }",
    "{ SELECT * { ?v :n ?o } VALUES ?z { 1 2 } }",
    "{ SELECT ?o { ?v :n ?o } VALUES ?z { 1 2 } }",
    "{ SELECT ?v (COUNT(*) AS ?n) { ?v :n ?o } GROUP BY ?v VALUES ?v { :v } }",
    "{ SELECT (COUNT(*) AS ?n) { FILTER NOT EXISTS { ?s :text ?x } } }",
    "{ SELECT (COUNT(*) AS ?n) { VALUES ?z { 1 2 } } }",
    "VALUES ?n { 0 1 } { SELECT (COUNT(*) AS ?n) { ?s :deadline ?o } }",
    "{ SELECT ?o { ?v :n ?o } ORDER BY ?o LIMIT 1 }",
    "{ SELECT ?o { ?v :n ?o } ORDER BY DESC(?o) OFFSET 1 }",
    "{ SELECT ?z { VALUES ?z { 1 2 } } ORDER BY ?z LIMIT 1 }",
    "{ SELECT (COUNT(*) AS ?n) { { SELECT ?v { ?v :n ?o } ORDER BY ?v LIMIT 1 } } }",
    "{ SELECT (COUNT(*) AS ?n) { ?v :n ?o } OFFSET 1 }",
    "{ SELECT * {} }",
    "{ SELECT (1 AS ?one) {} }",
    "{ SELECT (COUNT(*) AS ?n) {} }",
    "{ SELECT ?z { BIND(1 AS ?z) } }",
    "{ SELECT (COUNT(*) AS ?n) { FILTER(true) } }",
    "MINUS {}",
    "MINUS { ?s :text ?x }",
    "OPTIONAL {}",
    # paths
    "?x :p* ?y",
    ":a :p* ?y",
    ":no :p* ?y",
    ":no :p? :no",
    "?y (:p|:deadline)+ ?z",
    "VALUES ?z { 1 } OPTIONAL { :no :p* ?y }",
    # one GRAPH in another
    "GRAPH :g1 { ?s ?p ?o }",
    "GRAPH ?h { VALUES ?x { 1 } }",
    "GRAPH ?h {}",
    "GRAPH ?h { ?s :deadline ?d } ?s ?p ?o",
    "VALUES ?z { 1 } GRAPH ?h { FILTER NOT EXISTS { ?s :text ?d } }",
    "FILTER NOT EXISTS { GRAPH :g1 { ?s :deadline ?d } }",
    # the name of the graph within
    "?g :kind ?k",
    "?g :kind ?k ; :about ?o . ?o :deadline ?d",
    "?g :kind ?k OPTIONAL { ?g :about ?o }",
    "?g :kind ?k FILTER(?g = :g1)",
    "?g :kind ?k MINUS { ?g :about ?o }",
    "?g :kind ?k BIND(STR(?g) AS ?i)",
    "{ ?g :kind ?k } UNION { ?s :deadline ?d }",
    "VALUES ?g { :g1 :g2 } OPTIONAL { ?s :text ?d }",
    "?s ?p ?o FILTER(?g = :g1)",
    "?s ?p ?o BIND(?g AS ?h)",
    "?s ?p ?o FILTER(!BOUND(?g))",
    "?s :deadline ?d OPTIONAL { ?g :kind ?k }",
    "{ ?s :deadline ?d FILTER(?g = :g2) } UNION { ?g :kind ?k }",
    "BIND(:g2 AS ?g) ?s ?p ?o",
    "VALUES (?g ?z) { (:g1 1) (UNDEF 2) }",
    "{ SELECT ?g ?k { ?g :kind ?k } }",
    "{ SELECT ?g (COUNT(*) AS ?n) { ?g :kind ?k } GROUP BY ?g }",
    "{ SELECT ?k { ?g :kind ?k } }",
    "GRAPH ?g { ?s :deadline ?d }",
    "?s ?p ?o MINUS { ?g :kind ?k . ?s ?p ?o }",
    "FILTER NOT EXISTS { ?g :kind ?k }",
    "{ SELECT ?g ?o { ?v :n ?o OPTIONAL { ?g :kind ?k } } ORDER BY ?o LIMIT 1 }",
]


def by_definition(asked, store, pattern):
    found = Counter()
    for name in NAMES:
        alone = Store()
        alone.extend(quad for quad in store if quad.graph_name != DefaultGraph())
        for quad in store.quads_for_pattern(None, None, None, NamedNode(name)):
            alone.add(Quad(quad.subject, quad.predicate, quad.object))
        given = f"<{name}>".replace("http://e/", "")
        for row, times in asked(alone, f"SELECT * {{ {pattern} }}").rows.items():
            cells = dict(row)
            if cells.setdefault("g", given) == given:
                found[frozenset(cells.items())] += times
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_group_is_evaluated_in_each_graph(asked, store_of, pattern):
    store = store_of(DATA)
    given = asked(store, f"SELECT * {{ GRAPH ?g {{ {pattern} }} }}")
    assert given.rows == by_definition(asked, store, pattern)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_is_so_within_the_columns_of_a_query(asked, store_of, pattern):
    """No variable of the rewriting is seen from outside, and what stands around it is joined."""
    store = store_of(DATA)
    alone = asked(store, f"SELECT * {{ GRAPH ?g {{ {pattern} }} }}")
    around = asked(store, f"SELECT * {{ VALUES ?g {{ :g2 :g3 :g9 }} GRAPH ?g {{ {pattern} }} }}")
    kept = {"<g2>", "<g3>"}
    assert around.rows == Counter({row: times for row, times in alone.rows.items() if dict(row)["g"] in kept})
    assert not [name for name in around.columns if name not in pattern and name != "g"]


@pytest.mark.parametrize("pattern", [each for each in PATTERNS if "?g" not in each])
def test_in_one_graph_and_in_none(asked, store_of, pattern):
    store = store_of(DATA)
    every = asked(store, f"SELECT * {{ GRAPH ?g {{ {pattern} }} }}").rows
    one = Counter({row - {("g", "<g2>")}: n for row, n in every.items() if ("g", "<g2>") in row})
    assert asked(store, f"SELECT * {{ GRAPH :g2 {{ {pattern} }} }}").rows == one
    assert not asked(store, f"SELECT * {{ GRAPH :absent {{ {pattern} }} }}").rows


@pytest.fixture
def answer(asked, store_of):
    def answer(query, without=()):
        return asked(store_of(DATA), query, without)

    return answer


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ?p ?o",
        "?s :deadline ?d OPTIONAL { ?s :text ?x }",
        "?s :deadline ?d FILTER NOT EXISTS { ?s :text ?x }",
        "?s ?p ?d MINUS { ?s :deadline ?y }",
        "VALUES ?s { :t } ?s ?p ?o",
        "{ ?s :text ?d } UNION { ?s :deadline ?d }",
        "?g :kind ?k OPTIONAL { ?g :about ?o } FILTER(?g != :x)",
        "?x :p+ ?y BIND(1 AS ?z)",
        "",
    ],
)
@pytest.mark.parametrize("name", ["?g", ":g1"])
def test_a_group_that_needs_a_triple_is_left_alone(answer, name, pattern):
    assert answer(f"SELECT ?s {{ GRAPH {name} {{ {pattern} }} }}").rules == []


@pytest.mark.parametrize(
    ("pattern", "column"),
    [
        ("?s ?p ?o FILTER(?g = :g1)", 32),
        ("?s ?p ?o OPTIONAL { ?g :kind ?k }", 32),
        ("?s ?p ?o . { FILTER(?g = :g1) }", 36),
    ],
)
def test_what_sees_no_name_is_told(answer, pattern, column):
    given = answer(f"SELECT * {{ GRAPH ?g {{ {pattern} }} }}")
    assert given.warnings == ["graph-name"]
    (warning,) = given.repaired.warnings
    assert (warning.position.line, warning.position.column, warning.value) == (2, column, "g")
    assert "?g" in warning.message


def test_an_exists_gives_the_name_to_its_pattern(answer):
    """What the pattern around an EXISTS binds is put in the place of the variable, everywhere in it (18.6)."""
    inner = "GRAPH ?g { ?s :deadline ?d FILTER(?g = :g2) }"
    given = answer(f"SELECT ?g {{ VALUES ?g {{ :g2 :g3 }} FILTER EXISTS {{ {inner} }} }}")
    assert (given.cells, given.warnings) == ([("<g2>",)], [])


def test_a_limit_in_too_many_graphs_is_told(asked, store_of):
    store = store_of("".join(f":g{number} {{ :a :n {number} , 7 . }}\n" for number in range(101)))
    query = "SELECT * { GRAPH ?g { SELECT ?n { ?a :n ?n } LIMIT 1 } }"
    given = asked(store, query)
    assert (given.warnings, sum(given.rows.values())) == (["graph-limit"], 1)
    store.remove_graph(NamedNode("http://e/g7"))
    given = asked(store, query)
    assert (given.warnings, sum(given.rows.values())) == ([], 100)


def test_graphs_are_those_of_the_query(answer):
    limited = "{ SELECT ?o { ?v :n ?o } ORDER BY ?o LIMIT 1 }"
    given = answer(f"SELECT * FROM NAMED :g3 {{ GRAPH ?g {limited} }}")
    assert given.cells == [("<g3>", '"1"^integer')]
    assert answer(f"SELECT * FROM :g3 {{ GRAPH ?g {limited} }}").cells == []
    assert answer("SELECT * FROM NAMED :g3 { GRAPH ?g { VALUES ?z { 1 } } }").cells == [("<g3>", '"1"^integer')]


@pytest.mark.parametrize(
    "pattern", ["", "VALUES ?z { 1 }", "{ SELECT (COUNT(*) AS ?n) {} }", "MINUS {}", "BIND(1 AS ?z)"]
)
def test_without_graphs_there_are_no_solutions(asked, store_of, pattern):
    assert asked(store_of(":x :p :y ."), f"SELECT * {{ GRAPH ?g {{ {pattern} }} }}").cells == []


def test_it_has_a_switch(answer):
    assert answer("SELECT * { GRAPH ?g { VALUES ?x { 1 } } }", without=("graph",)).cells == [("", '"1"^integer')]
