"""Aggregates: what has no value is passed over, what is no value stays an error (SPARQL 1.1, 18.5.1)."""

from __future__ import annotations

import pytest

from kg.sparql.repair import UNBOUND

NUMBERS = "VALUES ?p { 10 20 UNDEF 5 }"


@pytest.mark.parametrize(
    ("aggregate", "pattern", "value"),
    [
        ("SUM(?p)", NUMBERS, '"35"^integer'),
        ("SUM(DISTINCT ?p)", "VALUES ?p { 10 10 UNDEF 0 }", '"10"^integer'),
        ("AVG(?p)", "VALUES ?p { 10 20 UNDEF }", '"15"^decimal'),
        ("AVG(DISTINCT ?p)", "VALUES ?p { 10 10 UNDEF 20 }", '"15"^decimal'),
        ("MIN(?p)", NUMBERS, '"5"^integer'),
        ("MAX(?p)", NUMBERS, '"20"^integer'),
        ("MIN(DISTINCT ?p)", NUMBERS, '"5"^integer'),
        ("MIN(?p)", "VALUES ?p { :b UNDEF :a }", "<a>"),
        ("MAX(?p)", 'VALUES ?p { "x"@fr UNDEF }', '"x"@fr'),
        ("SAMPLE(?p)", "VALUES ?p { UNDEF 10 UNDEF }", '"10"^integer'),
        ("SAMPLE(?p + 1)", "VALUES ?p { UNDEF 10 UNDEF }", '"11"^integer'),
        ("GROUP_CONCAT(?p)", NUMBERS, '"10 20 5"'),
        ('GROUP_CONCAT(?p; SEPARATOR=",")', NUMBERS, '"10,20,5"'),
        ('GROUP_CONCAT(?p; SEPARATOR="")', NUMBERS, '"10205"'),
        ('GROUP_CONCAT(?p; SEPARATOR="، ")', 'VALUES ?p { "ا" UNDEF "ب" }', '"ا، ب"'),
        ('GROUP_CONCAT(DISTINCT ?p; SEPARATOR="|")', "VALUES ?p { 10 UNDEF 10 5 }", '"10|5"'),
        # several variables, of which any may be unbound
        ("SUM(?p * ?q)", "VALUES (?p ?q) { (10 2) (UNDEF 3) (10 UNDEF) (1 1) }", '"21"^integer'),
        ("AVG(?p * ?q)", "VALUES (?p ?q) { (10 2) (UNDEF 3) (10 UNDEF) (0 1) }", '"10"^decimal'),
        ("MAX(?p * ?q)", "VALUES (?p ?q) { (10 2) (UNDEF 3) (10 UNDEF) (0 1) }", '"20"^integer'),
        # what gives an unbound variable a value counts
        ("SUM(COALESCE(?p, 1))", NUMBERS, '"36"^integer'),
        ("SUM(IF(BOUND(?p), ?p, 2))", NUMBERS, '"37"^integer'),
        ("GROUP_CONCAT(IF(BOUND(?p), STR(?p), '-'))", NUMBERS, '"10 20 - 5"'),
        # of nothing
        ("SUM(?p)", "VALUES ?p { UNDEF }", '"0"^integer'),
        ("AVG(?p)", "VALUES ?p { UNDEF }", '"0"^integer'),
        ("MIN(?p)", "VALUES ?p { UNDEF }", ""),
        ("SAMPLE(?p)", "VALUES ?p { UNDEF }", ""),
        ("GROUP_CONCAT(?p)", "VALUES ?p { UNDEF }", '""'),
        ("GROUP_CONCAT(DISTINCT ?p)", "VALUES ?p { UNDEF }", '""'),
        ("COUNT(?p)", NUMBERS, '"3"^integer'),
        ("SUM(?p)", "?x :none ?p", '"0"^integer'),
        ("AVG(?p)", "OPTIONAL { ?x :none ?p }", '"0"^integer'),
    ],
)
def test_unbound_values_are_passed_over(ask, aggregate, pattern, value):
    assert ask(f"SELECT ({aggregate} AS ?a) {{ {pattern} }}").cells == [(value,)]


@pytest.mark.parametrize(
    ("aggregate", "pattern", "value"),
    [
        ("GROUP_CONCAT(?p)", "VALUES ?p { 1 2.5 true }", '"1 2.5 true"'),
        ("GROUP_CONCAT(?p)", "VALUES ?p { :a }", '"http://e/a"'),
        ("GROUP_CONCAT(?p)", 'VALUES ?p { "a"@en "b"@en }', '"a b"'),
        ("GROUP_CONCAT(?p + 1)", "VALUES ?p { 1 2 }", '"2 3"'),
        # two terms of one text are two values
        ("GROUP_CONCAT(DISTINCT ?p)", 'VALUES ?p { 1 "1" "1"@en 1 }', '"1 1 1"'),
        ("GROUP_CONCAT(DISTINCT STR(?p))", 'VALUES ?p { 1 "1" "1"@en 1 }', '"1"'),
        ('GROUP_CONCAT(DISTINCT ?p; SEPARATOR="%/ ")', "VALUES ?p { 1 2 }", '"1%/ 2"'),
        ("COUNT(1 / ?p)", 'VALUES ?p { 1 0 "a" 2 }', '"2"^integer'),
        ("COUNT(1 / ?p)", "VALUES ?p { 1 UNDEF }", '"1"^integer'),
        ("COUNT(DISTINCT 1 / ?p)", 'VALUES ?p { 1 0 "a" 1 2 }', '"2"^integer'),
        ("COUNT(DISTINCT 1 / ?p)", "VALUES ?p { 1 2 }", '"2"^integer'),
        ("COUNT(DISTINCT 1 / ?p)", "?p :none ?x", '"0"^integer'),
        ("COUNT(1 / ?p)", "?p :none ?x", '"0"^integer'),
    ],
)
def test_texts_and_counts_are_those_of_the_standard(ask, aggregate, pattern, value):
    assert ask(f"SELECT ({aggregate} AS ?a) {{ {pattern} }}").cells == [(value,)]


@pytest.mark.parametrize("aggregate", ["SUM(?p)", "AVG(?p)", "SUM(DISTINCT ?p)", "SUM(?p + 1)", "MAX(?p + 1)"])
@pytest.mark.parametrize("values", ['10 "a" 5', '10 "a" UNDEF', ":a UNDEF"])
def test_what_is_no_number_stays_an_error(ask, aggregate, values):
    assert ask(f"SELECT ({aggregate} AS ?a) {{ VALUES ?p {{ {values} }} }}").cells == [("",)]


@pytest.mark.parametrize("aggregate", ["AVG(xsd:float(?p))", "SUM(xsd:float(?p))", "AVG(DISTINCT ?p * 2)"])
def test_an_operand_that_is_an_error_everywhere_stays_one(ask, aggregate):
    assert ask(f"SELECT ({aggregate} AS ?a) {{ VALUES ?p {{ :a UNDEF }} }}").cells == [("",)]


def test_a_blank_node_has_no_text(ask):
    assert ask("SELECT (GROUP_CONCAT(?p) AS ?a) { VALUES ?q { 1 2 } BIND(BNODE() AS ?p) }").cells == [("",)]


def test_in_groups_having_order_and_expressions(ask):
    query = """SELECT ?k (SUM(?p) * 2 AS ?s) { VALUES (?k ?p) { (1 10) (1 UNDEF) (2 3) (2 4) (3 UNDEF) } }
        GROUP BY ?k HAVING (SUM(?p) > 0) ORDER BY DESC(MAX(?p))"""
    assert ask(query).cells == [('"1"^integer', '"20"^integer'), ('"2"^integer', '"14"^integer')]


def test_in_sub_selects_and_in_the_patterns_of_exists(ask):
    inner = "{ SELECT (SUM(?p) AS ?s) { VALUES ?p { 1 UNDEF } } }"
    assert ask(f"SELECT ?s {{ {inner} }}").cells == [('"1"^integer',)]
    assert ask(f"SELECT ?x {{ VALUES ?x {{ 1 }} FILTER EXISTS {{ {inner} FILTER(?s = 1) }} }}").cells == [
        ('"1"^integer',)
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "?x :p ?p",
        "VALUES ?p { 1 2 }",
        "OPTIONAL { ?x :p ?p } FILTER(BOUND(?p))",
        "OPTIONAL { ?x :p ?p } FILTER(?p > 0 && ?x != :a)",
        "{ ?x :p ?p } UNION { ?y :q ?p }",
        "GRAPH :g { ?x :p ?p }",
        "{ SELECT ?p { ?x :p ?p } }",
        "{ SELECT (COUNT(*) AS ?p) { ?x :q ?y } }",
        "?x :p ?q BIND(?q AS ?p)",
        "OPTIONAL { ?x :p ?q } BIND(COALESCE(?q, 0) AS ?p)",
        "?x :p ?p MINUS { ?x :q ?p }",
    ],
)
@pytest.mark.parametrize("aggregate", ["SUM(?p)", "AVG(?p)", "MIN(?p)", "MAX(DISTINCT ?p)", "SAMPLE(?p)", "COUNT(?p)"])
def test_what_is_surely_bound_is_left_to_the_engine(ask, aggregate, pattern):
    rules = ask(f"SELECT ({aggregate} AS ?a) {{ {pattern} }}").rules
    assert not {"aggregates", UNBOUND} & {*rules}


@pytest.mark.parametrize(
    "pattern",
    [
        "?x :q ?y OPTIONAL { ?x :p ?p }",
        "{ ?x :p ?p } UNION { ?x :q ?y }",
        "VALUES ?p { 1 UNDEF }",
        "?x :p ?q BIND(?q + 1 AS ?p)",
        "{ SELECT (SUM(?q) AS ?p) { ?x :p ?q } }",
        "{ SELECT (?q + 1 AS ?p) { ?x :p ?q } }",
        "OPTIONAL { ?x :p ?p } FILTER(BOUND(?p) || ?x = :a)",
        "OPTIONAL { ?x :p ?p } FILTER(!BOUND(?p))",
        "OPTIONAL { ?x :p ?p } FILTER(COALESCE(?p, 1) = 1)",
        "?x :q ?y MINUS { ?x :p ?p }",
        "?x :q ?y FILTER EXISTS { ?x :p ?p }",
    ],
)
def test_what_may_be_unbound_is_not(ask, pattern):
    assert UNBOUND in ask(f"SELECT (SUM(?p) AS ?a) {{ {pattern} }}").rules


def test_the_choice_has_a_switch_and_the_answer_says_so(ask):
    given = ask(f"SELECT (SUM(?p) AS ?a) {{ {NUMBERS} }}", without=(UNBOUND,))
    assert (given.cells, given.warnings) == ([("",)], ["aggregate-unbound"])
    (warning,) = given.repaired.warnings
    assert "SUM" in warning.message
    assert "?p is unbound" in warning.message
    assert (warning.position.line, warning.position.column, warning.value) == (2, 9, "p")
    certain = ask("SELECT (SUM(?p) AS ?a) (COUNT(?q) AS ?b) { VALUES (?p ?q) { (1 UNDEF) } }", without=(UNBOUND,))
    assert (certain.cells, certain.warnings) == ([('"1"^integer', '"0"^integer')], [])
