"""Aggregates of what the engine cannot handle: long numbers, values of mixed kinds, and values that are none."""

from __future__ import annotations

import pytest

from kg.sparql.repair import repaired
from kg.sparql.repair.asking import Graphs

LONG = "9223372036854775808"


@pytest.mark.parametrize(
    ("aggregate", "values", "value"),
    [
        # 18.5.1.3 and 18.5.1.4: numbers of any length
        ("SUM(?p)", f"{LONG} 1", '"9223372036854775809"^integer'),
        ("SUM(?p)", "9223372036854775807 1", f'"{LONG}"^integer'),
        ("SUM(?p)", f"{LONG} UNDEF 2", '"9223372036854775810"^integer'),
        ("SUM(DISTINCT ?p)", f"{LONG} {LONG} 0", f'"{LONG}"^integer'),
        ("SUM(?p + 1)", f"{LONG} 1", '"9223372036854775811"^integer'),
        ("SUM(?p)", f"{LONG} 0.25 -0.125", '"9223372036854775808.125"^decimal'),
        ("AVG(?p)", f"{LONG} 0", '"4611686018427387904"^decimal'),
        ("AVG(?p)", f"{LONG} UNDEF 0", '"4611686018427387904"^decimal'),
        ("AVG(DISTINCT ?p)", f"{LONG} {LONG} 0", '"4611686018427387904"^decimal'),
        ("SUM(?p) / COUNT(?p)", f"{LONG} 0", '"4611686018427387904"^decimal'),
        ("SUM(?p)", f"{LONG} 1e0 -1e0", '"9223372036854776000"^double'),
        # 18.5.1.5 and 18.5.1.6: the order of ORDER BY
        ("MAX(?p)", '"1" 10', '"1"'),
        ("MIN(?p)", '"1" 10', '"10"^integer'),
        ("MIN(?p)", '2 "1,5"^^xsd:double', '"2"^integer'),
        ("MAX(?p)", '"2020-01-01"^^xsd:date "1"^^:type', '"1"^^<type>'),
        ("MAX(DISTINCT ?p)", '"a" "b"@en 7', '"b"@en'),
        ("MAX(?p)", f"{LONG} 5", f'"{LONG}"^integer'),
        ("MIN(?p)", f"-{LONG}1 5 1.5", f'"-{LONG}1"^integer'),
        ("MIN(?p)", ":a 1", "<a>"),
        ("MAX(?p)", ":a :c :b", "<c>"),
        ("MAX(?p)", "1 2.5 2", '"2.5"^decimal'),
        ("MAX(?p)", "9007199254740992e0 9007199254740993", '"9007199254740993"^integer'),
        ("MAX(?p)", '1e0 "NaN"^^xsd:double', '"1"^double'),
        ("MAX(?p)", '"2020-01-02"^^xsd:date "2020-01-01"^^xsd:date', '"2020-01-02"^date'),
        ("MIN(?p)", '"2020-01-01"^^xsd:date "2020-01-01Z"^^xsd:date 7', '"7"^integer'),
        ("MAX(?p)", '"2020-01-01"^^xsd:date "tomorrow"^^xsd:date', '"tomorrow"^date'),
        ("MAX(?p)", '"2020-01-01"^^xsd:date "2020-01-01T09:00:00"^^xsd:dateTime', '"2020-01-01T09:00:00"^dateTime'),
        (
            "MIN(?p)",
            '"2020-01-01T10:00:00+01:00"^^xsd:dateTime "2020-01-01T09:30:00Z"^^xsd:dateTime',
            '"2020-01-01T10:00:00+01:00"^dateTime',
        ),
        ("MAX(?p)", '"a"@fr "b"@de "a"@en', '"b"@de'),
        (
            "MAX(?p)",
            '"2020-01-01T00:00:00Z"^^xsd:dateTime "2020-01-01T12:00:00"^^xsd:dateTime',
            '"2020-01-01T12:00:00"^dateTime',
        ),
    ],
)
def test_what_the_engine_cannot_handle_has_its_result(ask, aggregate, values, value):
    given = ask(f"SELECT ({aggregate} AS ?a) {{ VALUES ?p {{ {values} }} }}")
    assert given.cells == [(value,)]
    assert given.notes == ()


@pytest.mark.parametrize(
    ("aggregate", "values", "value"),
    [("SUM(?p)", "", '"0"^integer'), ("AVG(?p)", "", '"0"^integer'), ("MIN(?p)", "", ""), ("MAX(?p + 1)", "", "")],
)
def test_of_nothing_nothing_is_told(ask, aggregate, values, value):
    given = ask(f"SELECT ({aggregate} AS ?a) {{ VALUES ?p {{ {values} }} }}")
    assert (given.cells, given.notes) == ([(value,)], ())
    assert "again" not in str(given.repaired.rules)


@pytest.mark.parametrize(
    ("query", "word", "message"),
    [
        ('SELECT (SUM(?p) AS ?a) { VALUES ?p { 1 "n/a" } }', "SUM", 'SUM has no value in 1 group: "n/a" is no number'),
        ('SELECT (SUM(?p) AS ?a) { VALUES ?p { 1 UNDEF "n/a"@en } }', "SUM", '"n/a"@en is no number'),
        ('SELECT (AVG(DISTINCT ?p) AS ?a) { VALUES ?p { "x"^^xsd:integer } }', "AVG", '"x"^^integer is no number'),
        ("SELECT (SUM(?p + 1) AS ?a) { VALUES ?p { 1 :b } }", "SUM", "its operand is an error in a solution"),
        ("SELECT (MAX(?p + 1) AS ?a) { VALUES ?p { 1 :b } }", "MAX", "its operand is an error in a solution"),
        ("SELECT (MIN(?p + ?q) AS ?a) { VALUES (?p ?q) { (1 UNDEF) (:b 1) } }", "MIN", "its operand is an error"),
        ("SELECT (SAMPLE(1 / ?p) AS ?a) { VALUES ?p { 0 } }", "SAMPLE", "its operand is an error in a solution"),
        ("SELECT (GROUP_CONCAT(?p) AS ?a) { VALUES ?q { 1 } BIND(BNODE() AS ?p) }", "GROUP_CONCAT", "has no value"),
        ("SELECT (GROUP_CONCAT(1 / ?p) AS ?a) { VALUES ?p { 1 0 } }", "GROUP_CONCAT", "its operand is an error"),
        (
            'SELECT ?k (SUM(?p) AS ?a) { VALUES (?k ?p) { (1 "a") (1 "b") (2 "c") (3 4) } } GROUP BY ?k',
            "SUM",
            'SUM has no value in 2 groups: "a" is no number',
        ),
        ('SELECT ?a { { SELECT (SUM(?p) AS ?a) { VALUES ?p { "a" } } } }', "SUM", '"a" is no number'),
        ('SELECT (1 AS ?a) { VALUES ?p { "a" } } HAVING (SUM(?p) > 1)', "SUM", '"a" is no number'),
    ],
)
def test_a_blank_cell_is_not_the_only_sign(ask, query, word, message):
    given = ask(query)
    if "GROUP BY" not in query:
        assert given.cells in ([("",)], [])
    (note,) = given.notes
    assert note.code == "aggregate-error"
    assert message in note.message
    assert note.hint
    # The prefixes stand in a line of their own.
    assert (note.position.line, note.position.column) == (2, query.index(word) + 1)


@pytest.mark.parametrize("aggregate", ["MIN", "MAX"])
def test_what_is_proved_to_be_of_one_kind_is_left_to_the_engine(aggregate):
    def stated(name: str) -> frozenset[str]:
        return frozenset({"date"} if name == "http://e/p" else {"integer", "string"})

    query = f"SELECT ({aggregate}(?x) AS ?a) {{ ?s <http://e/{{}}> ?x }}"
    data = Graphs(lambda: (), stated=stated)
    assert repaired(query.replace("{}", "p"), data=data).rules == ()
    assert "sure-aggregates" in [rule.name for rule in repaired(query.replace("{}", "q"), data=data).rules]


def test_the_engine_is_asked_first_and_ours_only_if_it_has_no_sure_result():
    query = "SELECT (SUM(?x) AS ?a) (MAX(?x) AS ?b) { ?s <http://e/p> ?x }"
    first = repaired(query)
    assert first.is_provisional
    assert "engine/sum" not in first.text
    assert "engine/maximum" not in first.text
    again = repaired(query, data=Graphs(lambda: (), careful=True))
    assert not again.is_provisional
    assert "engine/sum" in again.text
    assert "engine/maximum" in again.text
