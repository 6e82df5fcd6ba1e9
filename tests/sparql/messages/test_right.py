"""Right queries are never called wrong; and of a query that lacks one token, the cause is the right one, or none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.sparql.guard import check
from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages.finding import correct, find
from kg.sparql.messages.judging import judge
from kg.sparql.messages.mistake import Kind
from kg.sparql.messages.reading import read, resolved

BASE = "http://example.org/"
LONGEST = 3000
OUTSIDE_THE_STANDARD = frozenset(
    {"nested-aggregate-functions.rq", "tripleterm-subject-03.rq", "tripleterm-subject-06.rq"}
)
"""Queries of negative tests that the engine takes all the same: it is asked first, so nobody is told of them."""
BRACKETS = frozenset("{}()[]")
SIGNS = frozenset({".", ";", ",", "/", "|", "^^", "~", "^", "+", "-", "*", "=", "!=", "<", ">", "<=", ">=", "&&", "||"})
OF_BRACKETS = {Kind.BRACKET, Kind.EXPRESSION_BARE}
AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
WORDS = {
    "PREFIX": {Kind.PREFIX_DECLARATION},
    **{word: {Kind.WORD_MISSING} for word in ("AS", "BY", "EXISTS")},
    **{word: {Kind.UNGROUPED} for word in AGGREGATES},
}


def taken(query: str) -> bool:
    """Whether the engine takes a query."""
    with suppress(RuntimeError):  # of the evaluation
        try:
            Store().query(query, base_iri=BASE)
        except SyntaxError:
            return False
    return True


@pytest.fixture(scope="module")
def right(shared: Path) -> dict[str, str]:
    """The queries of the suites that the engine takes, escapes resolved, by their path."""
    found: dict[str, str] = {}
    for suite in ("sparql11", "sparql12"):
        for path in sorted((shared / "suites" / suite).rglob("*.rq")):
            text = resolved(path.read_text(encoding="utf-8")).text
            if len(text) <= LONGEST and path.name not in OUTSIDE_THE_STANDARD and taken(text):
                found[str(path)] = text
    return found


def test_no_right_query_is_called_wrong(right: dict[str, str]) -> None:
    assert len(right) > 300
    assert {path for path, text in right.items() if not judge(read(text, BASE)).is_right} == set()


def causes(token: Token) -> set[Kind]:
    """The mistakes that leaving a token out may be told as, beside the place alone."""
    if token.kind is Is.MARK:
        return OF_BRACKETS if token.text in BRACKETS else {Kind.SEPARATOR} if token.text in SIGNS else set()
    if token.kind is Is.WORD:
        return WORDS.get(token.text.upper(), set())
    return {Is.IRI: {Kind.PREFIX_DECLARATION}, Is.NAME: {Kind.PREFIX_UNDECLARED}}.get(token.kind, set())


def mutations(right: dict[str, str]) -> Iterator[tuple[str, Token]]:
    chance = random.Random(20)
    for path in chance.sample(sorted(right), 250):
        text = right[path]
        tokens = read(text).tokens
        for token in chance.sample(tokens, min(3, len(tokens))):
            mutated = f"{text[: token.start]} {text[token.end :]}"
            if not taken(mutated):
                yield mutated, token


def test_a_query_that_lacks_a_token_is_told_the_right_cause_or_the_place_alone(right: dict[str, str]) -> None:
    told = wrong = 0
    for text, token in mutations(right):
        found = find(text, BASE)
        assert found
        if all(mistake.kind is Kind.UNREADABLE for mistake in found):
            continue
        told += 1
        assert found[0].kind in causes(token), (token.text, found[0].words, text)
        corrected = correct(text, BASE)
        if corrected is not None:
            wrong += not taken(check(corrected).text if "SERVICE" not in corrected.upper() else corrected)
    assert wrong == 0
    assert told > 200
