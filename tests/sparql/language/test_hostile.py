"""Queries that are made to hurt: the work grows with their length and no faster, and nothing is too deep for Python."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from costs import calls

from kg.errors import QueryError
from kg.sparql.language import parse, write

DEEP = {
    "brackets": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n}) }}",
    "groups": lambda n: f"ASK {'{' * n}{'}' * n}",
    "sub-selects": lambda n: f"ASK {'{ SELECT * {' * n}{'} }' * n}",
    "exists": lambda n: f"ASK {{ {'FILTER EXISTS {' * n}{'}' * n} }}",
    "functions": lambda n: f"ASK {{ FILTER({'STR(' * n}1{')' * n}) }}",
    "signs": lambda n: f"ASK {{ FILTER({'!' * n}1) }}",
    "lists of properties": lambda n: f"ASK {{ ?s ?p {'[ ?p ' * n}1{']' * n} }}",
    "collections": lambda n: f"ASK {{ ?s ?p {'(' * n}1{')' * n} }}",
    "paths": lambda n: f"ASK {{ ?s {'^(' * n}<p>{')' * n} ?o }}",
    "triple terms": lambda n: f"ASK {{ {'<<( ' * n}",
    "reified triples": lambda n: f"ASK {{ {'<< ' * n}",
    "annotations": lambda n: f"ASK {{ ?s ?p ?o {'{| ?p ?o ' * n}{'|}' * n} }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL {' * n}{'}' * n} }}",
}


@pytest.mark.parametrize("make", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_is_an_error(make: Callable[[int], str]) -> None:
    with pytest.raises(
        QueryError, match=r"^query:1: brackets and groups stand in one another more than 64 levels deep$"
    ):
        parse(make(10_000))


@pytest.mark.parametrize("make", [make for name, make in DEEP.items() if name[:3] not in {"tri", "rei", "fun"}])
def test_what_people_write_is_not(make: Callable[[int], str]) -> None:
    tree = parse(make(30))
    assert parse(write(tree)) == tree


@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
def test_a_long_row_of_operators_is_an_error(operator: str) -> None:
    with pytest.raises(QueryError, match="a row of operators makes the query more than 256 levels deep"):
        parse(f"ASK {{ FILTER({operator.join(['?x'] * 1_000)}) }}")
    assert parse(f"ASK {{ FILTER({operator.join(['?x'] * 200)}) }}")


@pytest.mark.parametrize("operator", ["||", "&&"])
def test_a_long_row_of_conditions_is_none(operator: str) -> None:
    text = f"ASK {{ FILTER({operator.join(f'?x = {number}' for number in range(2_000))}) }}"
    tree = parse(text)
    assert parse(write(tree)) == tree


LONG = {
    "triples": lambda n: "ASK {" + "?s ?p ?o ." * n + "}",
    "objects": lambda n: f"ASK {{ ?s ?p {','.join(['?o'] * n)} }}",
    "nodes": lambda n: f"ASK {{ ?s ?p {','.join(['[?p 1]'] * n)} }}",
    "a collection": lambda n: f"ASK {{ ?s ?p ({'1 ' * n}) }}",
    "data": lambda n: f"ASK {{ VALUES ?x {{ {'1 ' * n} }} }}",
    "unions": lambda n: f"ASK {{ {'UNION'.join(['{?s ?p ?o}'] * n)} }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL{?s ?p ?o}' * n} }}",
    "binds": lambda n: "ASK {" + "".join(f"BIND(1 AS ?v{i})" for i in range(n)) + "}",
    "conditions": lambda n: f"ASK {{ FILTER({'||'.join(['?x=1'] * n)}) }}",
    "comparisons that look like IRIs": lambda n: f"ASK {{ FILTER({'&&'.join(['?a<?b&&?c>?d'] * n)}) }}",
    "beginnings of IRIs": lambda n: f"ASK {{ FILTER({'?a<?b&&' * n}1) }}",
    "IRIs": lambda n: f"ASK {{ FILTER(?a{'<b>' * n}) }}",
    "prefixes": lambda n: "".join(f"PREFIX a{i}: <http://e/{i}>" for i in range(n)) + "ASK {}",
    "columns": lambda n: f"SELECT {' '.join(f'?x{i}' for i in range(n))} {{}}",
    "made columns": lambda n: f"SELECT {' '.join(f'(1 AS ?x{i})' for i in range(n))} {{}}",
    "keys": lambda n: (
        f"SELECT {' '.join(f'?x{i}' for i in range(n))} {{}} GROUP BY {' '.join(f'?x{i}' for i in range(n))}"
    ),
    "reifiers": lambda n: f"ASK {{ ?s ?p ?o {'~ ' * n} }}",
    "brackets that never end": lambda n: f"ASK {{ ?s ?p {'[' * n}",
    "dots": lambda n: f"ASK {{ {'.' * n} }}",
    "lines": lambda n: "\n" * n + "ASK { ?s ?p }",
    "sub-selects": lambda n: f"ASK {{ {'{ SELECT ?x { ?x ?p ?o } }' * n} }}",
}  # fmt: skip


def read(text: str) -> None:
    """Read a text, and write what was read."""
    with suppress(QueryError):
        write(parse(text))


@pytest.mark.parametrize("make", LONG.values(), ids=LONG)
def test_the_work_grows_with_the_length(make: Callable[[int], str]) -> None:
    read("ASK {}")  # What is loaded but once is none of it.
    few, many = (calls(partial(read, make(n))) for n in (400, 800))
    assert many < 2.3 * few + 500


@pytest.mark.parametrize("make", LONG.values(), ids=LONG)
def test_a_long_query_is_read(make: Callable[[int], str]) -> None:
    """Without a RecursionError."""
    text = make(5_000)
    try:
        tree = parse(text)
    except QueryError:
        return
    assert len(write(tree)) >= len("ASK {}")
