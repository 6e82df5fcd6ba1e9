"""ORDER BY over values of mixed kinds: no list ends in an error, and each is in the order that is documented."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
from patience import PATIENCE
from sparql.repair.mixed_terms import mixture, rank

from kg.sparql.guard import check
from server.engine import Dataset
from server.engine.inprocess import InProcessEngine, request_of
from server.engine.limits import Limits
from server.engine.pool import PoolEngine

TRIES: Final = int(os.environ.get("KG_ORDER_TRIES", "60"))
"""2,000 for the figure of the changelog."""
SEED: Final = 20_261_129
P, Q = ox.NamedNode("urn:p:first"), ox.NamedNode("urn:p:second")
JSON: Final = "application/sparql-results+json"
Row = tuple[Any, ...]


def lists() -> Iterator[tuple[ox.NamedNode, list[Row]]]:
    """For each try a graph, and the rows that it holds: two columns, the second one with holes."""
    draw = random.Random(SEED)
    for number in range(TRIES):
        count = draw.choice((10, 21, 30, 60, 120, draw.randint(10, 500)))
        first = mixture(draw, max(2, count // draw.choice((1, 1, 4))))
        second = mixture(draw, count)
        yield (
            ox.NamedNode(f"urn:g:{number}"),
            [(draw.choice(first), draw.choice((second[place], second[place], None))) for place in range(count)],
        )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("order") / "store"
    made = ox.Store(str(folder))
    for graph, rows in lists():
        quads = []
        for number, (first, second) in enumerate(rows):
            subject = ox.NamedNode(f"urn:s:{number}")
            quads.append(ox.Quad(subject, P, first, graph))
            if second is not None:
                quads.append(ox.Quad(subject, Q, second, graph))
        made.bulk_extend(quads)
    made.flush()
    del made
    return folder


def ask(engine: PoolEngine | InProcessEngine, text: str, *without: str) -> list[Row]:
    answer = engine.answer(request_of(check(text), Dataset(), JSON, without=without))
    parsed = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    return [tuple(row[variable] for variable in parsed.variables) for row in parsed]


def in_order(rows: list[Row], *descending: bool) -> bool:
    """Whether rows are in the order of their columns."""

    def compare(one: Row, other: Row) -> int:
        for left, right, down in zip(one, other, descending, strict=True):
            a, b = rank(left), rank(right)
            if a != b:
                return (1 if a > b else -1) * (-1 if down else 1)
        return 0

    return all(compare(one, other) <= 0 for one, other in pairwise(rows))


@pytest.mark.parametrize("down", [False, True])
def test_lists_of_mixed_values_are_in_order(store: Path, down: bool) -> None:
    engine = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    wrong = []
    for graph, rows in lists():
        key = "DESC(?v)" if down else "?v"
        found = ask(engine, f"SELECT ?v {{ GRAPH {graph} {{ ?s {P} ?v }} }} ORDER BY {key}")
        kept = len(found) == len(rows) and in_order(found, down)
        if not kept:
            wrong.append(graph.value)
    assert wrong == []
    assert engine.pool.counts.lost == 0


def test_several_keys_and_holes(store: Path) -> None:
    engine = InProcessEngine.open(store)
    for number, (graph, rows) in enumerate(lists()):
        down = (number % 2 == 0, number % 3 == 0)
        keys = " ".join(f"{'DESC' if each else 'ASC'}(?{name})" for each, name in zip(down, "vw", strict=True))
        found = ask(
            engine, f"SELECT ?v ?w {{ GRAPH {graph} {{ ?s {P} ?v OPTIONAL {{ ?s {Q} ?w }} }} }} ORDER BY {keys}"
        )
        assert len(found) == len(rows)
        assert in_order(found, *down), graph


def test_inline_data_are_in_order_too(store: Path) -> None:
    engine = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    draw = random.Random(SEED)
    for _ in range(TRIES):
        terms = mixture(draw, draw.randint(10, 120))
        values = " ".join(map(str, terms))
        found = ask(engine, f"SELECT ?v {{ VALUES ?v {{ UNDEF {values} }} }} ORDER BY ?v")
        assert len(found) == len(terms) + 1
        assert in_order(found, False), values


def test_the_oracle_sees_what_the_engine_alone_does_wrongly(store: Path) -> None:
    values = "9 10000000000000000000 9000000000000000000 20000000000000000000"
    query = f"SELECT ?v {{ VALUES ?v {{ {values} }} }} ORDER BY ?v"
    engine = InProcessEngine.open(store)
    assert in_order(ask(engine, query), False)
    assert not in_order(ask(engine, query, "order"), False)


def test_no_term_is_lost_or_changed(store: Path) -> None:
    engine = InProcessEngine.open(store)
    for graph, _ in lists():
        pattern = f"SELECT ?v {{ GRAPH {graph} {{ ?s {P} ?v }} }}"
        assert Counter(ask(engine, f"{pattern} ORDER BY ?v")) == Counter(ask(engine, pattern))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT ?x { { SELECT ?x { VALUES ?x { 10 'a' 9 <urn:x> } } ORDER BY DESC(?x) LIMIT 3 } FILTER(?x != 9) }",
            {("10",), ("a",)},
        ),
        (
            "SELECT (SUM(?v) AS ?sum) { VALUES (?k ?v) { (1 5) (2 'x') (1 6) (3 1) } } GROUP BY ?k ORDER BY SUM(?v) ?k",
            {("11",), ("1",), ("",)},
        ),
    ],
)
def test_sub_selects_and_groups(store: Path, query: str, expected: set[tuple[str]]) -> None:
    found = ask(InProcessEngine.open(store), query)
    assert {tuple("" if cell is None else cell.value for cell in row) for row in found} == expected
