"""A query that was read and written again means the same to the engine: it gives the same answer."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store
from sparql import log_shapes
from sparql.query_spellings import DATA, GRAPH, Spellings

from kg.sparql.language import parse, write

BASE = "http://e/"


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.load(DATA, RdfFormat.TURTLE)
    store.load(GRAPH, RdfFormat.TURTLE, to_graph=NamedNode("http://e/g"))
    return store


def answer(store: Store, query: str) -> Any:
    """What the engine says, as a value to compare; the order of rows is none of it."""
    try:
        found = store.query(query, base_iri=BASE)
        if isinstance(found, QueryBoolean):
            return bool(found)
        if isinstance(found, QuerySolutions):
            names = [variable.value for variable in found.variables]
            return sorted(names), Counter(tuple(str(row[name]) for name in sorted(names)) for row in found)
        return Counter("made" if "_:" in str(one) else str(one) for one in found)
    except RuntimeError as error:
        return f"no answer: {error}"


def test_random_spellings(store: Store) -> None:
    asked = 0
    for seed in range(4_000):
        text = Spellings(random.Random(seed)).query()
        try:
            expected = answer(store, text)
        except SyntaxError:
            continue
        asked += 1
        tree = parse(text, BASE)
        again = write(tree)
        assert parse(again) == tree, text
        assert answer(store, again) == expected, f"{text}\n{again}"
    assert asked > 3_500


def test_shapes_of_public_logs() -> None:
    logs = Store()
    logs.load(log_shapes.DATA, RdfFormat.TURTLE)
    logs.load(log_shapes.DATA, RdfFormat.TURTLE, to_graph=NamedNode("http://example.org/people"))
    asked = answered = 0
    for text in log_shapes.queries(40):
        expected = answer(logs, text)
        tree = parse(text)
        again = write(tree)
        assert parse(again) == tree, text
        assert answer(logs, again) == expected, f"{text}\n{again}"
        asked += 1
        answered += bool(expected[1] if isinstance(expected, tuple) else expected)
    assert asked == 40 * len(log_shapes.SHAPES)
    assert answered > 0.7 * asked
