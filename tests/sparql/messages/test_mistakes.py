"""The commonest mistakes, each in some ten spellings: what a person reads, and where; and that the cure cures."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import Position, QueryError
from kg.sparql.messages.finding import correct
from kg.sparql.messages.told import Explained, explained

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["mistake"]
QUERIES = [(case["name"], case["says"], query) for case in CASES for query in case["queries"]]
INCURABLE = ("a variable begins with ?", "does not end in its line")
"""Mistakes of which only the person knows what is meant."""


def refusal(query: str) -> QueryError:
    """The engine's own."""
    with pytest.raises(SyntaxError) as caught:
        Store().query(query)
    return QueryError(str(caught.value), position=Position("query", 1))


def told(query: str, base: str | None = None) -> list[Explained]:
    """The problems, as people read them."""
    problems = explained(refusal(query), query, base).problems
    assert all(isinstance(problem, Explained) for problem in problems)
    return [problem for problem in problems if isinstance(problem, Explained)]


@pytest.mark.parametrize(("name", "says", "marked"), QUERIES, ids=[query for _, _, query in QUERIES])
def test_a_mistake_is_told_with_its_place_its_cause_and_its_cure(name: str, says: str, marked: str) -> None:
    before, _, after = marked.partition("¦")
    found = told(before + after)
    lines = before.split("\n")
    first = found[0]
    assert says in str(first)
    assert first.mistake == name
    assert first.position is not None
    assert (first.position.line, first.position.column) == (len(lines), len(lines[-1]) + 1)
    start, _, end = first.line
    assert start == lines[-1]
    assert after.split("\n")[0].endswith(end)


@pytest.mark.parametrize(("says", "marked"), [(says, query) for _, says, query in QUERIES])
def test_the_engine_takes_the_query_that_is_cured(says: str, marked: str) -> None:
    query = correct(marked.replace("¦", ""))
    if query is None:
        assert says.startswith(INCURABLE)
        return
    with suppress(RuntimeError):  # a function that the engine has not: its grammar takes it
        Store().query(query)


def test_every_mistake_of_a_query_is_told_in_the_order_of_the_text() -> None:
    found = told("SELCT ?n\nWHERE {\n  ?x foaf:name ?n\n  FILTER ?n = “a”\n")
    assert [(p.mistake, p.position and (p.position.line, p.position.column)) for p in found] == [
        ("word-unknown", (1, 1)),
        ("prefix-undeclared", (3, 6)),
        ("expression-without-brackets", (4, 10)),
        ("quote-curly", (4, 15)),
        ("bracket", (4, 18)),
    ]


def test_what_has_no_known_cause_is_told_at_its_place_with_what_may_stand_there() -> None:
    (problem,) = told("SELECT * {\n  ?x ?p .\n}")
    assert str(problem) == (
        "query:2:9: the query cannot be read on from '.' (here may stand: a variable, as ?x, an IRI or a prefixed name,"
        " a text in quotes, a number, '(' or '[')"
    )
    assert "here may stand: SELECT, ASK, CONSTRUCT, DESCRIBE or PREFIX" in str(told("* { ?s ?p ?o }")[0])


def test_a_relative_iri_is_no_mistake_where_there_is_a_base() -> None:
    (problem,) = told("SELECT * { ?x a <foo> . ?x ?y }", base="http://example.org/")
    assert problem.mistake == "unreadable"


@pytest.mark.parametrize("query", ["", "  \n", "# nothing but words\n"])
def test_an_empty_query_is_called_empty(query: str) -> None:
    (problem,) = told(query)
    assert problem.message == "the query is empty"
