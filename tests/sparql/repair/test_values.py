"""Expressions whose value the engine does not find, or finds wrongly: each as the standard says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryRefused
from kg.sparql.guard import RESERVED, check, draft
from kg.sparql.repair import repaired
from kg.sparql.repair.asking import OURS
from kg.sparql.repair.functions.names import NAMESPACE, ORDER
from server.engine import Dataset
from server.engine.inprocess import InProcessEngine, request_of

JSON = "application/sparql-results+json"
PREFIXES = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
BIG = "99999999999999999999"


def rows(text: str, *without: str) -> list[tuple[str | None, ...]]:
    request = request_of(check(PREFIXES + text), Dataset(), JSON, without=without)
    answer = InProcessEngine(ox.Store()).answer(request)
    parsed = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    return [tuple(_shown(row[variable]) for variable in parsed.variables) for row in parsed]


def _shown(term: Any) -> str | None:
    return None if term is None else f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def value(expression: str, *without: str) -> str | None:
    ((found,),) = rows(f"SELECT ({expression} AS ?v) {{}}", *without)
    return found


@pytest.mark.parametrize(
    ("expression", "expected", "rule"),
    [
        (f"{BIG} > 1", "true", "comparisons"),
        (f"{BIG} < 1", "false", "comparisons"),
        (f"1 <= {BIG}", "true", "comparisons"),
        (f"{BIG} != 1", "true", "comparisons"),
        (f"{BIG} = {BIG}.0", "true", "comparisons"),
        (f"{BIG} = 1e20", "true", "comparisons"),
        (f'{BIG} <= "NaN"^^xsd:double', "false", "comparisons"),
        (f"{BIG} IN (1, 2, {BIG}.0)", "true", "comparisons"),
        (f"{BIG} NOT IN (1, 2)", "true", "comparisons"),
        ("0.1234567890123456789 > 0.12345678901234567", "true", "comparisons"),
        (f"isNumeric({BIG})", "true", "comparisons"),
        (f'"{BIG}"^^xsd:unsignedByte > 1', None, ""),
        (f'isNumeric("{BIG}"^^xsd:unsignedByte)', "false", ""),
        (f'{BIG} > "1"', None, ""),
        ("9223372036854775807 + 1", "9223372036854775808", "arithmetic"),
        ("9223372036854775807 * 9223372036854775807", str(9223372036854775807**2), "arithmetic"),
        ("-(-9223372036854775808)", "9223372036854775808", "arithmetic"),
        (f"{BIG} - {BIG}", "0", "arithmetic"),
        (f"{BIG} / 3", "33333333333333333333", "arithmetic"),
        (f"{BIG} * 0.5 + 1", "50000000000000000000.5", "arithmetic"),
        (f"{BIG} / 0", None, ""),
        (f"{BIG} + 'a'", None, ""),
        ("(9223372036854775807 + 1) > 5", "true", "arithmetic"),
        (
            '"2020-01-31T00:00:00Z"^^xsd:dateTime + "P1M"^^xsd:yearMonthDuration',
            "2020-02-29T00:00:00Z",
            "arithmetic",
        ),
        (
            '"2020-03-31T10:00:00.5+05:00"^^xsd:dateTime - "P1Y1M"^^xsd:yearMonthDuration',
            "2019-02-28T10:00:00.5+05:00",
            "",
        ),
        ('"P1M"^^xsd:yearMonthDuration + "2020-12-31"^^xsd:date', "2021-01-31", "arithmetic"),
        ('"2020-01-31"^^xsd:date + "-P1Y"^^xsd:yearMonthDuration', "2019-01-31", "arithmetic"),
        ('"2020-01-31"^^xsd:date + "P1D"^^xsd:yearMonthDuration', None, ""),
        ('"2020-02-28+01:00"^^xsd:date + "P1DT36H"^^xsd:dayTimeDuration', "2020-03-01+01:00", "arithmetic"),
        ('"2020-01-01T00:00:00Z"^^xsd:dateTime + "PT1H"^^xsd:dayTimeDuration', "2020-01-01T01:00:00Z", "arithmetic"),
        ('"2020-02-28T23:30:00Z"^^xsd:dateTime + "PT1H"^^xsd:dayTimeDuration', "2020-02-29T00:30:00Z", ""),
        ('"2020-01-01T00:00:00"^^xsd:dateTime + "-PT0.5S"^^xsd:dayTimeDuration', "2019-12-31T23:59:59.5", "arithmetic"),
        (
            '"2020-01-01T00:00:00Z"^^xsd:dateTime + "PT1H"^^xsd:dayTimeDuration - "P30D"^^xsd:dayTimeDuration',
            "2019-12-02T01:00:00Z",
            "arithmetic",
        ),
        ('"P30D"^^xsd:dayTimeDuration + "2019-12-30T23:00:00"^^xsd:dateTime', "2020-01-29T23:00:00", "arithmetic"),
        ('"-PT1S"^^xsd:dayTimeDuration + "2020-01-01"^^xsd:date', "2019-12-31", ""),
        (
            '"2020-01-01"^^xsd:date + "PT1H1M"^^xsd:dayTimeDuration + "P1Y"^^xsd:yearMonthDuration',
            "2021-01-01",
            "arithmetic",
        ),
        (
            '("2020-01-31"^^xsd:date + "P1M"^^xsd:yearMonthDuration) < "2020-03-01"^^xsd:date',
            "true",
            "arithmetic",
        ),
        ('!("abc"^^xsd:integer)', "true", "truth"),
        ('!("abc"^^xsd:boolean)', "true", "truth"),
        (f"!{BIG}", "false", "truth"),
        ('"abc"^^xsd:boolean || false', "false", "truth"),
        ('"abc"^^xsd:double && true', "false", "truth"),
        ('IF("abc"^^xsd:integer, 1, 2)', "2", "truth"),
        ('IF("x"@en, 1, 2)', None, ""),
        ("IF(<urn:x>, 1, 2)", None, ""),
        ('!("2020-01-01"^^xsd:date)', None, ""),
        (r'REPLACE("abc", "b", "\\$")', "a$c", "replace"),
        (r'REPLACE("abc", "b", "\\\\")', "a\\c", "replace"),
        ('REPLACE("abc", "(b)", "$1x")', "abxc", "replace"),
        ('REPLACE("abc", "(b)", "$12")', "ab2c", "replace"),
        ('REPLACE("abc", "b", "$1")', "ac", ""),
        ('REPLACE("abc", "b", "[$0]")', "a[b]c", ""),
        ('REPLACE("abc", "b", "$")', None, "replace"),
        (r'REPLACE("abc", "b", "\\n")', None, "replace"),
        (r'REPLACE("abc", "b", CONCAT("\\", "$"))', "a$c", "replace"),
        ('REPLACE("a.c", ".", "$x", "q")', "a$xc", "replace"),
        ('REPLACE("a.c", ".", CONCAT("$", "$"), "q")', "a$$c", "replace"),
        ('REPLACE("ABC", "b", "$0$0", "i")', "ABBC", ""),
    ],
)
def test_the_value_is_that_of_the_standard(expression: str, expected: str | None, rule: str) -> None:
    assert value(expression) == expected
    if rule:
        assert value(expression, "arithmetic", "comparisons", "truth", "replace") != expected
        assert value(expression, rule) != expected or rule == "replace"


def test_a_filter_sees_long_numbers() -> None:
    found = rows(f"SELECT ?v {{ VALUES ?v {{ 5 {BIG} 'x' <urn:a> UNDEF 7.5 }} FILTER(?v > 6) }} ORDER BY ?v")
    assert found == [("7.5",), (BIG,)]


def test_optional_and_exists_see_what_is_around_them() -> None:
    pattern = f"VALUES ?v {{ 5 {BIG} }} OPTIONAL {{ VALUES ?w {{ 6 }} FILTER(?v > ?w) }}"
    assert rows(f"SELECT ?v ?w {{ {pattern} }} ORDER BY ?v") == [("5", None), (BIG, "6")]
    pattern = f"VALUES ?v {{ 5 {BIG} }} FILTER EXISTS {{ VALUES ?w {{ 6 }} FILTER(?v > ?w) }}"
    assert rows(f"SELECT ?v {{ {pattern} }}") in ([(BIG,)], [])  # what EXISTS sees through VALUES is the engine's own


def test_aggregates_and_groups_see_long_numbers() -> None:
    pattern = f"VALUES (?k ?v) {{ (1 {BIG}) (1 2) (2 3) }}"
    having = rows(f"SELECT ?k {{ {pattern} }} GROUP BY ?k HAVING (MAX(?v) > 5)")
    assert having == [("1",)]
    key = rows(f"SELECT ?big (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY (?v > 5 AS ?big) ORDER BY ?big")
    assert key == [("false", "2"), ("true", "1")]


def test_blank_nodes_are_those_of_a_solution() -> None:
    made = 'SELECT (BNODE("a") AS ?x) (BNODE("a") AS ?y) (BNODE("b") AS ?z) { VALUES ?v { 1 2 } }'
    (x1, y1, z1), (x2, y2, z2) = rows(made)
    assert x1 == y1 != z1
    assert x2 == y2 != z2
    assert {x1, z1}.isdisjoint({x2, z2})


@pytest.mark.parametrize(
    "made",
    [
        'SELECT * { VALUES ?v { 1 2 } BIND(BNODE("a") AS ?x) FILTER(?v < 5) BIND(BNODE(CONCAT("a", "")) AS ?y) }',
        'SELECT ?v ?x ?y { { SELECT ?v (BNODE("a") AS ?x) (BNODE("a") AS ?y) { { VALUES ?v { 1 2 } } } } }',
        'SELECT ?v ?x (?x AS ?y) { VALUES ?v { 1 2 } BIND(BNODE("a") AS ?x) }',
    ],
)
def test_bind_and_sub_selects_make_them_alike(made: str) -> None:
    first, second = rows(made)
    assert len(first) == 3
    assert first[1] == first[2]
    assert second[1] == second[2] != first[1]


def test_nothing_else_is_rewritten() -> None:
    for text in (
        'SELECT * { ?s <urn:p> ?o FILTER(?o = "x") FILTER(STRLEN(STR(?o)) > 3 && isIRI(?s) || ?s != <urn:x>) }',
        'SELECT (REPLACE(STR(?o), "a", "b") AS ?x) (BNODE() AS ?y) { ?s <urn:p> ?o FILTER NOT EXISTS { ?o ?p ?s } }',
        "SELECT ?s { VALUES ?n { 1 2 3 } ?s <urn:p> ?n FILTER(?n + 1 < 3) } ORDER BY ?n",
    ):
        assert repaired(text, without=("told-errors",)).rules == (), text


def test_a_query_does_not_grow_beyond_measure() -> None:
    nested = "?v"
    for number in range(30):
        nested = f"IF({nested} + ?v > {number}, ?v, ?w)"
    text = f"SELECT ({nested} AS ?x) {{ ?s ?p ?v, ?w }}"
    assert len(repaired(text).text) < 100 * len(text)


@given(
    left=st.integers(-(10**40), 10**40),
    right=st.integers(-(10**40), 10**40),
    scale=st.integers(0, 25),
    operator=st.sampled_from(["+", "-", "*", "<", ">", "<=", ">=", "=", "!="]),
)
@settings(max_examples=150, deadline=None)
def test_numbers_of_any_length_are_reckoned_exactly(left: int, right: int, scale: int, operator: str) -> None:
    one, other = Fraction(left), Fraction(right, 10**scale)
    written = f"{'-' if right < 0 else ''}{str(abs(right)).rjust(scale + 1, '0')}"
    decimal = f"{written[:-scale]}.{written[-scale:]}" if scale else written
    found = value(f"{left} {operator} {decimal}")
    assert found is not None
    results: dict[str, Any] = {
        "+": one + other, "-": one - other, "*": one * other, "<": one < other, ">": one > other,
        "<=": one <= other, ">=": one >= other, "=": one == other, "!=": one != other,
    }  # fmt: skip
    expected = results[operator]
    if isinstance(expected, bool):
        assert found == str(expected).lower()
    else:
        assert Fraction(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT (<{ORDER}>(?x) AS ?y) {{ ?s ?p ?x }}",
        f"PREFIX z: <{NAMESPACE}> SELECT ?x {{ ?s ?p ?x }} ORDER BY z:order(?x)",
        f"PREFIX z: <{RESERVED}> SELECT ?x {{ ?s ?p ?x }}",
        f"BASE <{NAMESPACE}> SELECT ?x {{ ?s ?p ?x }} ORDER BY <order>(?x)",
        r"SELECT ?x { ?s ?p ?x } ORDER BY <x\u002Dzellige://engine/order>(?x)",
        f"ASK {{ SERVICE <http://127.0.0.1:9/> {{ BIND(<{ORDER}>(1) AS ?x) }} }}",
    ],
)
def test_a_stranger_names_none_of_our_functions(text: str) -> None:
    for guard in (check, draft):
        with pytest.raises(QueryRefused) as caught:
            guard(text)
        assert "reserved-name" in {problem.code for problem in caught.value.problems} or "SERVICE" in text


def test_what_only_mentions_them_is_answered() -> None:
    assert value(f'STRLEN("{NAMESPACE}")') == str(len(NAMESPACE))
    assert NAMESPACE.startswith(OURS)
    assert OURS.startswith(RESERVED)


def test_what_goes_elsewhere_is_left_as_it_is() -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:9/> { SELECT ?x { ?s ?p ?x FILTER(?x > 5) } ORDER BY ?x } }"
    assert NAMESPACE not in repaired(text).text
