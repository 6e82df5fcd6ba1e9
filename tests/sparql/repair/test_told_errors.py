"""A cell that is blank because of an error is not the only sign of it."""

from __future__ import annotations

import pytest

from kg.sparql.repair import repaired


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            'SELECT ?x (?x + 1 AS ?y) { VALUES ?x { 1 "n/a" UNDEF "-" } }',
            '?y has no value in 2 solutions: its expression is an error with "n/a"',
        ),
        ('SELECT ?y { VALUES ?x { 1 "a" } BIND(xsd:integer(?x) AS ?y) }', 'an error with "a"'),
        ("SELECT (1 / ?x AS ?y) { VALUES ?x { 0 2 } }", '1 solution: its expression is an error with "0"^^integer'),
        ("SELECT (YEAR(?x) AS ?y) { VALUES ?x { :a } }", "an error with <http://e/a>"),
        ('SELECT ?y { { SELECT (?x * ?z AS ?y) { VALUES (?x ?z) { ("a" 2) } } } }', 'with "a", "2"^^integer'),
        ("SELECT (SUM(?x) / COUNT(?z) AS ?y) { VALUES (?x ?z) { (1 UNDEF) } }", 'with "1"^^integer, "0"^^integer'),
        ('SELECT ("a" + 1 AS ?y) {}', "its expression is an error"),
        ("SELECT ?y { ?s :p ?x OPTIONAL { ?s :q ?z BIND(?z * 2 AS ?y) } }", 'an error with "b"'),
        ("SELECT ?y { GRAPH ?g { ?s :r ?z BIND(STRLEN(?z) AS ?y) } }", 'an error with "7"^^integer'),
        ("ASK { ?s :q ?z BIND(?z * 2 AS ?y) }", 'an error with "b"'),
    ],
)
def test_an_error_is_told(ask, query, message):
    (note,) = ask(query, ':a :p 1 ; :q "b" . :g { :a :r 7 }').notes
    assert note.code == "expression-error"
    assert message in note.message
    assert (note.position.line, note.position.column) == (2, query.rindex("AS ?y") + 4)
    assert note.hint


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (?x + 1 AS ?y) { VALUES ?x { 1 UNDEF } }",
        'SELECT (COALESCE(xsd:integer(?x), 0) AS ?y) { VALUES ?x { 1 "a" } }',
        "SELECT (COALESCE(?x, ?z) AS ?y) { VALUES (?x ?z) { (UNDEF UNDEF) } }",
        'SELECT * { VALUES ?x { 1 "a" } FILTER(?x + 1 > 1) }',
        'SELECT * { VALUES ?x { 1 "a" } FILTER EXISTS { BIND(?x + 1 AS ?y) } }',
        "SELECT (MAX(?x) + 1 AS ?y) { ?s :none ?x }",
        "SELECT (9223372036854775808 * ?x AS ?y) { VALUES ?x { 2 } }",
        "SELECT (?x AS ?y) { VALUES ?x { UNDEF 1 } }",
        "SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 1 UNDEF } }",
    ],
)
def test_what_is_no_error_is_not(ask, query):
    assert ask(query).notes == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (?x AS ?y) { ?s ?p ?x }",
        "SELECT (BOUND(?x) AS ?y) { ?s ?p ?x }",
        "SELECT (COUNT(?x) AS ?y) { ?s ?p ?x }",
        "SELECT ?y { ?s ?p ?x BIND(?x AS ?y) }",
        "SELECT ?y { ?s ?p ?x BIND(COALESCE(?x, 0) AS ?y) }",
    ],
)
def test_what_has_a_value_for_certain_is_left_alone(query):
    assert repaired(query).rules == ()
