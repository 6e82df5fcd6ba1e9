"""Functions of numbers of any length, comparisons with NaN, REPLACE of nothing, and literals where a path begins."""

from __future__ import annotations

import pytest

LONG = "9223372036854775808"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # 17.4.4
        (f"ABS(-{LONG}1)", f'"{LONG}1"^integer'),
        (f"CEIL({LONG})", f'"{LONG}"^integer'),
        (f"FLOOR({LONG}000.5)", f'"{LONG}000"^decimal'),
        (f"ROUND({LONG}000.5)", f'"{LONG[:-1]}8001"^decimal'),
        (f"ROUND(-{LONG}000.5)", f'"-{LONG}000"^decimal'),
        (f"CEIL({LONG}000.5)", f'"{LONG[:-1]}8001"^decimal'),
        (f"ABS({LONG} - 2 * {LONG})", f'"{LONG}"^integer'),
        ("ABS(-5)", '"5"^integer'),
        ('ABS("5")', ""),
        # 17.5
        (f"xsd:boolean({LONG})", '"true"^boolean'),
        (f"xsd:integer({LONG}.75)", f'"{LONG}"^integer'),
        (f'xsd:integer(" {LONG} ")', f'"{LONG}"^integer'),
        ("xsd:integer(1e20)", '"100000000000000000000"^integer'),
        ('xsd:integer("NaN"^^xsd:double)', ""),
        (f"xsd:decimal({LONG})", f'"{LONG}"^decimal'),
        (f'xsd:decimal("{LONG}000.5")', f'"{LONG}000.5"^decimal'),
        (f"xsd:double({LONG}) = 9223372036854775808e0", '"true"^boolean'),
        (f"xsd:float({LONG}) > 9e18", '"true"^boolean'),
        ('xsd:integer("n/a")', ""),
        # 17.3: a number and a text are different values, and NaN is not equal to anything nor less
        (f'"a" IN ({LONG}, "a")', '"true"^boolean'),
        ('xsd:double("NaN") <= 0', '"false"^boolean'),
        ('!(xsd:double("NaN") > 0)', '"true"^boolean'),
        # XPath functions, 7.6.3: FORX0003 and FORX0004
        ('REPLACE("1", "", "")', ""),
        ('REPLACE("abc", "x*", "-")', ""),
        ('REPLACE("abc", "x*|y", "-")', ""),
        ('REPLACE("abc", "B", "-", "i")', '"a-c"'),
        ('REPLACE("aBc", "[b-c]+", "-", "i")', '"a-"'),
        ('REPLACE("a b", " ", "", "x")', ""),
        ('REPLACE("a.b", ".", "-", "q")', '"a-b"'),
        ('REPLACE("abc", "b", "$")', ""),
    ],
)
def test_functions(ask, expression, value):
    assert ask(f"SELECT ({expression} AS ?a) {{}}").cells == [(value,)]


@pytest.mark.parametrize("condition", ["?x = 1.5", "1.5 = ?x", "?x IN (1, 1.5)", "!(?x != 1.5)"])
@pytest.mark.parametrize("path", ["?x :r? ?y", "?x :r* ?y", "?y ^(:r?) ?x", "?x :r?/:s* ?y", "?x :r*|:s ?y"])
def test_a_path_of_length_zero_may_begin_at_a_literal(ask, path, condition):
    given = ask(
        f"SELECT DISTINCT ?x {{ {path} FILTER({condition}) }}",
        ':a :p "1.5"^^<http://www.w3.org/2001/XMLSchema#double> .',
    )
    assert given.cells == [('"1.5"^double',)]


def test_a_long_number_is_no_text(ask):
    query = (
        f'SELECT (?x = ?y AS ?a) {{ VALUES (?x ?y) {{ ({LONG} "a") ("a"@en {LONG}) (true {LONG}) ({LONG} {LONG}) }} }}'
    )
    assert ask(query).cells == [('"false"^boolean',)] * 3 + [('"true"^boolean',)]
