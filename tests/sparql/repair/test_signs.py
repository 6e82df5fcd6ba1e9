"""A number with a plus after a property is a number, not a path."""

from __future__ import annotations

import pytest

DATA = ":t :p :s . :s :p 7 ; :q 2.5 ; :r 1e1 ."
RULE = "signed-numbers"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?x { ?x :p +7 }", [(":s",)]),
        ("SELECT ?x { ?x :p+7 }", [(":s",)]),
        ("SELECT ?x { ?x <http://e/p> +7 ; :q +2.5 , +02.50 ; :r +10.0e0 }", [(":s",)]),
        ("SELECT ?x { { SELECT ?x { ?x (:p) +7 } } }", [(":s",)]),
        ("SELECT (1 AS ?x) { FILTER EXISTS { :t :p +7 } }", []),
    ],
)
def test_a_sign_belongs_to_its_number(ask, query, rows):
    found = ask(query, DATA)
    assert len(found.cells) == len(rows)
    assert found.rules == [RULE]


def test_a_path_is_a_path(ask):
    for query in ("SELECT ?x { ?x :p + 7 }", "SELECT ?x { ?x (:p+) 7 }", "SELECT (1 +7 AS ?x) { ?s :p 7 }"):
        assert RULE not in ask(query, DATA).rules
    assert len(ask("SELECT ?x { ?x :p + 7 }", DATA).cells) == 2


def test_it_has_a_switch(ask):
    assert len(ask("SELECT ?x { ?x :p +7 }", DATA, without=(RULE,)).cells) == 2
