"""HAVING that names an alias of the projection, as Jena takes it."""

from __future__ import annotations

import pytest

DATA = ':p1 :cat "x" ; :n 1 . :p2 :cat "x" ; :n 2 . :p3 :cat "y" ; :n 7 .'


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?c (COUNT(*) AS ?n) { ?x :cat ?c } GROUP BY ?c HAVING (?n > 1)", [('"x"', '"2"^integer')]),
        (
            "SELECT ?c (COUNT(*) AS ?n) { ?x :cat ?c } GROUP BY ?c HAVING (?n > 1 || ?c = 'y')",
            [('"x"', '"2"^integer'), ('"y"', '"1"^integer')],
        ),
        # several conditions
        (
            "SELECT (COUNT(*) AS ?n) (MAX(?v) AS ?m) { ?x :n ?v } HAVING (?n = 3) (?m = 7)",
            [('"3"^integer', '"7"^integer')],
        ),
        ("SELECT (COUNT(*) AS ?n) (MAX(?v) AS ?m) { ?x :n ?v } HAVING (?n = 3) (?m = 8)", []),
        # a key of the grouping is itself
        (
            "SELECT ?k (COUNT(*) AS ?n) { ?x :n ?v } GROUP BY (?v > 1 AS ?k) HAVING (?k)",
            [('"true"^boolean', '"2"^integer')],
        ),
        # within a query
        ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?x :n ?v } HAVING (?n = 3) } }", [('"3"^integer',)]),
        # without an alias all is as it was
        ("SELECT ?c { ?x :cat ?c } GROUP BY ?c HAVING (COUNT(*) > 1)", [('"x"',)]),
    ],
)
def test_the_alias_stands_for_its_expression(ask, query, rows):
    assert ask(query, DATA).cells == rows


def test_it_has_a_switch_and_leaves_others_alone(ask):
    query = "SELECT (COUNT(*) AS ?n) { ?x :n ?v } HAVING (?n > 1)"
    assert ask(query, DATA, without=("having-alias",)).cells == []
    assert ask(query, DATA).rules == ["having-alias"]
    assert ask("SELECT (COUNT(*) AS ?n) { ?x :n ?v } HAVING (COUNT(*) > 1)", DATA).rules == []
