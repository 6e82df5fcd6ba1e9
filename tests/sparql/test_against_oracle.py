"""The engine, asked as the server asks it, gives what the slow evaluator of the algebra gives, on random queries.

`KG_RANDOM_QUERIES` says how many; a query depends on its number alone. A difference is made as small as it gets and
printed. Those that are known are data (`random_queries/differences.toml`), each with the sentence of the standard.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from sparql.oracle.queries import Table, evaluate
from sparql.oracle.terms import Undetermined
from sparql.random_queries import vocabulary
from sparql.random_queries.answers import agrees, ask, shown, to_engine
from sparql.random_queries.queries import Case, case
from sparql.random_queries.shrinking import shrink
from sparql.suite import data_of

from kg.errors import KgError
from kg.sparql.language import parse, syntax, write
from kg.store import kept_forms

COUNT = int(os.environ.get("KG_RANDOM_QUERIES", "300"))
BLOCK = 100
FOLDER = Path(__file__).parent / "random_queries"
KNOWN: list[dict[str, Any]] = tomllib.loads((FOLDER / "differences.toml").read_text(encoding="utf-8")).get(
    "difference", []
)
HEAD = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


def differs(one: Case) -> bool:
    """Whether the engine's answer is none that the oracle allows; False where there is nothing to compare."""
    try:
        expected = evaluate(one.query, one.data)
        return not agrees(expected, ask(one).given, one.data)
    except (Undetermined, KgError, AssertionError, LookupError, TypeError, ValueError):
        return False  # a query that is made smaller may be none any more


def known(one: Case) -> str | None:
    """The difference that a small case shows, by its name."""
    text = write(one.query)
    data = " ".join(shown(triple) for triples in (one.data.default, *one.data.named.values()) for triple in triples)

    def fits(some: dict[str, Any]) -> bool:
        return bool(re.search(some["signs"], text)) and bool(re.search(some.get("needs", ""), text + data))

    return next((some["name"] for some in KNOWN if fits(some)), None)


def told(one: Case, number: int) -> str:
    expected = evaluate(one.query, one.data)
    answer = ask(one)
    wanted = expected.rows if isinstance(expected, Table) else expected
    lines = [f"query {number}", write(one.query), "data:", *map(shown, sorted(one.data.default, key=str))]
    for name, triples in one.data.named.items():
        lines += [f"{shown((name,))} {{ {shown(triple)} }}" for triple in sorted(triples, key=str)]
    return "\n".join([*lines, "the oracle:", shown(wanted), "the engine:", shown(answer.given), *answer.warnings])


@pytest.mark.parametrize("block", range(0, COUNT, BLOCK))
def test_random_queries_have_the_answers_of_the_algebra(block: int) -> None:
    strange = []
    for number in range(block, min(block + BLOCK, COUNT)):
        one = case(number)
        try:
            expected = evaluate(one.query, one.data)
        except Undetermined:
            continue
        if not agrees(expected, ask(one).given, one.data):
            small = shrink(one, differs)
            if known(small) is None:
                strange.append(told(small, number))
    assert not strange, "\n\n".join(strange)


@pytest.mark.parametrize("some", KNOWN, ids=[some["name"] for some in KNOWN])
def test_what_is_known_to_differ_still_does(some: dict[str, Any]) -> None:
    one = Case(data_of(HEAD_OF_DATA + some.get("data", "")), parse(HEAD + some["query"]))
    assert some["standard"]
    assert known(one) == some["name"]
    assert differs(one)


HEAD_OF_DATA = "@prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "


def test_the_queries_are_of_every_kind() -> None:
    seen: Counter[str] = Counter()
    answered = 0
    for number in range(300):
        one = case(number)
        count(one.query, seen)
        try:
            found = evaluate(one.query, one.data)
        except Undetermined:
            continue
        answered += bool(found.rows if isinstance(found, Table) else found)
    kinds = {
        name
        for name, kind in vars(syntax).items()
        if dataclasses.is_dataclass(kind) and name not in {"Span", "TripleTerm", "Describe", "Service"}
    }
    assert kinds - seen.keys() == set()
    assert answered > 200


def count(node: object, seen: Counter[str]) -> None:
    if isinstance(node, tuple):
        for part in node:
            count(part, seen)
    elif dataclasses.is_dataclass(node):
        seen[type(node).__name__] += 1
        for field in dataclasses.fields(node):
            count(getattr(node, field.name), seen)


def test_the_data_hold_what_the_store_keeps() -> None:
    literals: list[ox.Literal] = [to_engine(one) for kind in vocabulary.KINDS for one in kind]
    assert kept_forms(literals) == {}


def test_a_difference_is_made_small() -> None:
    def still(some: Case) -> bool:
        try:
            return "OPTIONAL" in write(some.query)
        except ValueError:  # no query any more
            return False

    one = next(one for one in map(case, range(100)) if still(one) and len(write(one.query)) > 600)
    small = shrink(one, still)
    assert len(write(small.query)) < 100
    assert small.data.default == frozenset()
