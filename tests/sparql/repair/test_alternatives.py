"""Alternatives of a path are multisets: what two of them join is there twice (SPARQL 1.1, 18.4)."""

from __future__ import annotations

import pytest

DATA = ":a :p :b ; :q :b . :b :r :c . :c :p :c . :g { :d :p :e ; :q :e . }"
RULE = "path-alternatives"


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        (":a :p|:q ?y", ["<b>", "<b>"]),
        (":a :p|:p ?y", ["<b>", "<b>"]),
        ("?y :p|:q :b", ["<a>", "<a>"]),
        (":a :p|:q :b BIND(1 AS ?y)", ['"1"^integer', '"1"^integer']),
        (":b ^(:p|:q) ?y", ["<a>", "<a>"]),
        (":b ^:p|^:q ?y", ["<a>", "<a>"]),
        (":a (:p|:q)/:r ?y", ["<c>", "<c>"]),
        (":a (:p|:q)/(:r|:r) ?y", ["<c>", "<c>", "<c>", "<c>"]),
        ("?y (:p|:q)/:r :c", ["<a>", "<a>"]),
        (":c ^:r/^(:p|:q) ?y", ["<a>", "<a>"]),
        ("GRAPH :g { :d :p|:q ?y }", ["<e>", "<e>"]),
        ("GRAPH ?g { :d :p|:q ?y }", ["<e>", "<e>"]),
        # each pair once, however often it is gone
        (":a (:p|:q)+ ?y", ["<b>"]),
        (":a (:p|:q)? ?y", ["<a>", "<b>"]),
        (":a (:p|:q)*|:p ?y", ["<a>", "<b>", "<b>"]),
        # sets of properties that are not meant
        (":c !(:q|^:q) ?y", ["<b>", "<c>", "<c>"]),
        (":a !:r :b BIND(1 AS ?y)", ['"1"^integer', '"1"^integer']),
        (":b !^:r :a BIND(1 AS ?y)", ['"1"^integer', '"1"^integer']),
        (":a !(:p|:r) :b BIND(1 AS ?y)", ['"1"^integer']),
        # blank nodes are of the whole pattern
        ("_:n :p|:q :b . _:n :p ?y", ["<b>", "<b>"]),
        ("_:n :p ?y . [] :r :c . _:n :p|:q :b", ["<b>", "<b>"]),
        # in other places
        ("OPTIONAL { :a :p|:q ?y }", ["<b>", "<b>"]),
        ("{ :a :p|:q ?y } UNION { :b :r ?y }", ["<b>", "<b>", "<c>"]),
        ("?y :r ?z FILTER EXISTS { ?x :p|:q ?y }", ["<b>"]),
        ("VALUES ?y { :b :c } MINUS { ?x :p|:q ?y }", []),
        ("{ SELECT (COUNT(*) AS ?y) { ?s :p|:q :b } }", ['"2"^integer']),
    ],
)
def test_what_two_alternatives_join_is_there_twice(ask, pattern, rows):
    assert ask(f"SELECT ?y {{ {pattern} }}", DATA).cells == [(row,) for row in rows]


def test_the_engine_alone_counts_it_once(ask):
    query = "SELECT (COUNT(*) AS ?n) { ?x :p|:q ?y }"
    assert ask(query, DATA, (RULE,)).cells == [('"2"^integer',)]
    assert ask(query, DATA).cells == [('"3"^integer',)]
    assert ask(query, DATA).rules == [RULE]


def test_a_star_has_the_columns_that_were_written(ask):
    assert ask("SELECT * { _:n :p|:q ?y . ?y !(:z|^:z) ?w }", DATA).columns == ("y", "w")


@pytest.mark.parametrize("steps", [3, 30])
def test_a_long_sequence_of_alternatives_grows_no_more_than_its_steps(ask, steps):
    path = "/".join(["(:p|:q)"] * steps)
    found = ask(f"ASK {{ ?x {path} ?y }}", ":a :q :a . ")
    assert found.cells == [("true",)]
    assert found.rules == [RULE]
    assert len(found.repaired.text) < 400 * steps


@pytest.mark.parametrize("pattern", ["?x :p ?y", "?x :p/:q ?y", "?x (:p|:q)* ?y", "?x !(:p|:q) ?y", "?x ^:p ?y"])
def test_paths_without_a_choice_are_left_alone(ask, pattern):
    assert RULE not in ask(f"SELECT * {{ {pattern} }}", DATA).rules
