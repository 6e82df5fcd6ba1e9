"""Whatever is typed, something is told of it: a place, and words in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import Position, QueryError
from kg.sparql.messages.finding import correct
from kg.sparql.messages.judging import judge
from kg.sparql.messages.reading import read, resolved
from kg.sparql.messages.told import Explained, explained
from kg.sparql.messages.wording import plain
from kg.terms import LANGUAGES
from server.pages.telling import wording_of

REFUSED = QueryError("expected something", position=Position("query", 1, 1))
PIECES = (
    "SELECT", "*", "?x", "?y", "WHERE", "{", "}", "(", ")", "[", "]", ".", ";", ",", "FILTER", "OPTIONAL", "UNION",
    "BIND", "AS", "GROUP", "ORDER", "BY", "LIMIT", "10", '"a"', "'a", "“a”", "<http://e/a>", "<a>", "foaf:name", "e:f",
    "PREFIX", "e:", "@prefix", "http://e/a", "COUNT", "STR", "WHER", "==", "AND", "NOT", "EXISTS", "VALUES", "UNDEF",
    "@en", "^^", "؛", "؟x", "\\u0041", "\\uD800", "#", "\n", "a", "bif:contains", "INSERT", "SERVICE", "<<", ">>", "|", "/",
)  # fmt: skip


def look(text: str) -> None:
    problems = explained(REFUSED, text).problems
    assert problems
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert isinstance(problem, Explained)
        assert problem.position is not None
        assert 1 <= problem.position.line <= len(lines)
        assert 1 <= (problem.position.column or 0) <= len(lines[problem.position.line - 1]) + 1
        for language in LANGUAGES:
            assert plain(problem.cause(wording_of(language)))
        assert problem.excerpt()
    fixed = correct(resolved(text).text)
    assert fixed is None or judge(read(fixed)).is_right


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_words_of_queries_in_any_order(text: str) -> None:
    look(text)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_characters(text: str) -> None:
    look(text)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), st.integers(0, 200))
def test_a_query_with_words_put_into_it(words: str, place: int) -> None:
    query = "PREFIX e: <http://e/> SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x e:p ?y . FILTER(?y > 1) } GROUP BY ?x"
    look(query[:place] + words + query[place:])


@pytest.mark.parametrize("text", ["PREFIX : 1 SELECT * { ?s ?p ?o }", "PREFIX : <a b> ASK { ?s :p 1 }", "PREFIX :"])
def test_the_empty_prefix_has_a_name_too(text: str) -> None:
    error = explained(REFUSED, text)
    assert error.problems
    assert all("prefix  " not in problem.message for problem in error.problems)
