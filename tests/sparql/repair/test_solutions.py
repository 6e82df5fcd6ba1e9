"""How many solutions there are: in merged graphs, by different ones, and by keys; and lists without a member."""

from __future__ import annotations

import pytest

from kg.sparql.repair import repaired
from kg.sparql.repair.asking import Graphs, Noting

DATA = """
:g1 { :a :p :b . :b :q :c . :x :n 1 . }
:g2 { :a :p :b . :b :q :d . :x :n 1 . :y :n 2 . }
:g3 { :z :n 9 . }
"""
BOTH = "FROM :g1 FROM :g2"


@pytest.mark.parametrize(
    ("query", "cells"),
    [
        (f"SELECT (COUNT(*) AS ?n) {BOTH} {{ ?s ?p ?o }}", [('"5"^integer',)]),
        (f"SELECT (SUM(?n) AS ?s) {BOTH} {{ ?x :n ?n }}", [('"3"^integer',)]),
        (f"SELECT ?o {BOTH} {{ :a :p ?b . ?b :q ?o }}", [("<c>",), ("<d>",)]),
        (f"SELECT ?o {BOTH} {{ :a :p/:q ?o }}", [("<c>",), ("<d>",)]),
        (f"SELECT ?o {BOTH} {{ :a :p [ :q ?o ] }}", [("<c>",), ("<d>",)]),
        (f"SELECT ?s {BOTH} {{ ?s ^:p :a }}", [("<b>",)]),
        (f"SELECT ?y {BOTH} {{ :a :p* ?y }}", [("<a>",), ("<b>",)]),
        (f"SELECT ?y {BOTH} {{ :no :p* ?y }}", [("<no>",)]),
        (f"SELECT ?z {BOTH} {{ :a :p :b VALUES ?z {{ 1 }} }}", [('"1"^integer',)]),
        (f"SELECT ?z {BOTH} {{ :a :p :c VALUES ?z {{ 1 }} }}", []),
        (
            f"SELECT ?n {BOTH} {{ ?x :n ?n FILTER(?n > 0) ?x :n ?m OPTIONAL {{ ?x :n ?o }} }}",
            [('"1"^integer',), ('"2"^integer',)],
        ),
        (f"SELECT ?x {BOTH} {{ ?x :n ?n FILTER EXISTS {{ ?x :n 2 }} }}", [("<y>",)]),
        # a node between two steps is counted each time
        ("SELECT ?x FROM :g1 FROM :g2 { ?x ^:q/:q ?y }", [("<c>",), ("<c>",), ("<d>",), ("<d>",)]),
        # one graph twice is that graph
        ("SELECT (COUNT(*) AS ?n) FROM :g1 FROM :g1 { ?s ?p ?o }", [('"3"^integer',)]),
        (
            f"SELECT (COUNT(*) AS ?n) {BOTH} FROM NAMED :g1 FROM NAMED :g2 {{ GRAPH ?g {{ ?s :p ?o }} }}",
            [('"2"^integer',)],
        ),
    ],
)
def test_a_triple_of_two_graphs_is_there_once(ask, query, cells):
    assert ask(query, DATA).cells == cells


def test_the_protocol_makes_a_merge_too(store_of):
    store, text = store_of(DATA), "SELECT * { ?x <http://e/n> ?n }"
    graphs = Graphs(store.named_graphs, (), ("http://e/g1", "http://e/g2"))
    done = repaired(text, data=graphs)
    assert [rule.name for rule in done.rules] == ["default-graph"]
    alone = Graphs(store.named_graphs, (), ("http://e/g1",))
    assert repaired(text, data=alone).rules == ()
    assert Noting().callables_of(done.text) == {}


def test_alternatives_in_a_merge_are_told(ask):
    given = ask(f"SELECT ?o {BOTH} {{ :a !:q ?o }}", DATA)
    assert "default-graph" in given.warnings


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("?x :q _:p", 1),
        ("?x :q [ ]", 1),
        ("?x :q ?y", 2),
        ("GRAPH ?g { VALUES ?z { 1 } }", 3),
        (":no :p* _:n . ?x :q ?y", 2),
    ],
)
def test_different_solutions_bind_variables_only(ask, pattern, count):
    data = f":b :q :c , :d . {DATA}"
    assert ask(f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {pattern} }}", data).cells == [(f'"{count}"^integer',)]


def test_a_variable_is_a_key_under_another_name(ask):
    query = "SELECT ?k (COUNT(*) AS ?n) { VALUES ?z { 1 1 2 UNDEF } } GROUP BY (?z AS ?k)"
    assert ask(query).cells == [("", '"1"^integer'), ('"1"^integer', '"2"^integer'), ('"2"^integer', '"1"^integer')]


@pytest.mark.parametrize("value", [":a", "1", "'x'", "'x'@fr", "'x'^^:type", "true"])
def test_in_a_list_without_members_is_nothing(ask, value):
    assert ask(f"SELECT (?z IN () AS ?i) (?z NOT IN ( ) AS ?o) {{ VALUES ?z {{ {value} }} }}").cells == [
        ('"false"^boolean', '"true"^boolean')
    ]


def test_an_error_is_in_no_list(ask):
    assert ask("SELECT (?z IN () AS ?i) { VALUES ?z { UNDEF } }").cells == [("",)]


@pytest.mark.parametrize(
    "head", ["BASE <http://b/>", "BASE <http://b/c/> BASE <../>", "PREFIX : <http://p/> BASE <http://b/>"]
)
def test_iri_resolves_against_the_declared_base(store_of, asked, head):
    query = f"{head} SELECT (IRI('x') AS ?x) (SUM(?u) AS ?s) {{ VALUES ?u {{ UNDEF }} }}"
    given = asked(store_of(""), query)
    assert given.cells == [("<http://b/x>", '"0"^integer')]
    assert repaired(query).text.splitlines()[:1] == ["BASE <http://b/>"]
    assert repaired(query).text.count("BASE") == 1
