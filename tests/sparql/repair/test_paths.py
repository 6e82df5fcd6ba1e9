"""Paths of length zero hold for every constant (SPARQL 1.1, 9.3 and 18.4)."""

from __future__ import annotations

import pytest

DATA = ":a :p :b . :b :p :c . :c :q :a . :g { :d :p :e . }"
RULE = "zero-length-paths"


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        (":no :p* ?y", ["<no>"]),
        (":no :p? ?y", ["<no>"]),
        ("?y :p* :no", ["<no>"]),
        ("?y :p? :no", ["<no>"]),
        ("?y :p? 'no'", ['"no"']),
        ("?y :p* 7", ['"7"^integer']),
        (":no ^:p* ?y", ["<no>"]),
        (":no (^:p)? ?y", ["<no>"]),
        (":no (:p*)+ ?y", ["<no>"]),
        (":no (:p|:q)* ?y", ["<no>"]),
        (":no (:p*|:q) ?y", ["<no>"]),
        (":no (:p*|:q?) ?y", ["<no>", "<no>"]),
        (":no ^(:q|:p*) ?y", ["<no>"]),
        (":no (:p/:q)* ?y", ["<no>"]),
        (":no (!:p)* ?y", ["<no>"]),
        # in the data nothing is added
        (":a :p* ?y", ["<a>", "<b>", "<c>"]),
        (":a :p? ?y", ["<a>", "<b>"]),
        ("?y :p* :c", ["<a>", "<b>", "<c>"]),
        (":c :p* ?y", ["<c>"]),
        (":a (:p|^:q)* ?y", ["<a>", "<b>", "<c>"]),
        # in another graph it is not in this one
        (":d :p* ?y", ["<d>"]),
        # a step there must be
        (":no :p+ ?y", []),
        (":no :p*/:q ?y", []),
        (":no :p*/:p* ?y", []),
        (":no :p ?y", []),
        (":no (:p|:q) ?y", []),
        # a variable takes nodes of the data only, whatever else binds it
        ("VALUES ?x { :no } ?x :p* ?y", []),
        # beside other patterns
        (":no :p* ?y . :a :p ?z", ["<no>"]),
        (":a :p ?z . :no :p* ?y FILTER(?y = :no) ?z :p ?w", ["<no>"]),
        ("?y :p* :no . ?y :p ?z", []),
        ("OPTIONAL { :no :p* ?y }", ["<no>"]),
        ("{ :no :p* ?y } UNION { :a :p ?y }", ["<b>", "<no>"]),
        ("VALUES ?y { :no } FILTER EXISTS { ?y :p* :no }", ["<no>"]),
        ("VALUES ?y { :a :no } MINUS { :no :p* ?y }", ["<a>"]),
        ("{ SELECT ?y { :no :p* ?y } }", ["<no>"]),
        ("_:n :p* :no . BIND(1 AS ?y)", ['"1"^integer']),
        ("_:n :p* :c FILTER(true) _:n :p ?y", ["<b>", "<c>"]),
    ],
)
def test_a_constant_is_connected_with_itself(ask, pattern, rows):
    assert ask(f"SELECT ?y {{ {pattern} }}", DATA).cells == [(row,) for row in rows]


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        (":no :p* :no", "true"),
        (":no :p? :no", "true"),
        ("'x' :p* 'x'", "true"),
        (":no :p* :other", "false"),
        (":no :p+ :no", "false"),
        (":a :p* :c", "true"),
        (":a :p* :a", "true"),
        (":no (:p|:q)? :no", "true"),
    ],
)
def test_between_two_constants(ask, pattern, holds):
    assert ask(f"ASK {{ {pattern} }}", DATA).cells == [(holds,)]


def test_it_adds_one_solution_and_not_more(ask):
    assert ask("SELECT (COUNT(*) AS ?n) { :no :p* ?y }", DATA).cells == [('"1"^integer',)]
    assert ask("SELECT (COUNT(*) AS ?n) { :a :p* ?y }", DATA).cells == [('"3"^integer',)]


def test_in_a_graph(ask):
    assert ask("SELECT ?y { GRAPH :g { :a :p* ?y } }", DATA).cells == [("<a>",)]
    assert ask("SELECT ?y { GRAPH :absent { :a :p* ?y } }", DATA).cells == []
    assert ask("SELECT ?g ?y { GRAPH ?g { :a :p* ?y } }", DATA).cells == [("<g>", "<a>")]


@pytest.mark.parametrize(
    "query", ["ASK { ?x :p* ?y }", "ASK { :a :p+ ?y }", "ASK { :a :p*/:q ?y }", "ASK { :a :p* :b }"]
)
def test_other_paths_are_left_alone(ask, query):
    assert ask(query, DATA).rules == []


def test_the_columns_are_those_of_the_query(ask):
    given = ask("SELECT * { ?z :p _:n . _:n :p* :c . :no :p* ?a }", DATA)
    assert (given.columns, given.rules) == (("z", "a"), [RULE])


def test_it_has_a_switch(ask):
    assert ask("SELECT * { :no :p* ?y }", DATA, without=(RULE,)).cells == []
