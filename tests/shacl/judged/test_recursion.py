"""Recursive shapes against an oracle of a few lines: the greatest answer, found by taking away until nothing changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ShapesError
from kg.shacl import Columns, shapes_graph, validate
from shacl.test_native import parse

NODES, PREDICATES, NAMES = range(6), ("p", "q"), range(4)
Edge = tuple[int, str, int]


@dataclass(frozen=True)
class Call:
    """One constraint of a shape: which shapes it calls, by what, along which predicate."""

    kind: str
    shapes: tuple[int, ...]
    predicate: str | None = None
    number: int = 0

    def turtle(self) -> str:
        names = " ".join(f":S{name}" for name in self.shapes)
        body = {
            "node": f"sh:node {names}",
            "and": f"sh:and ( {names} )",
            "or": f"sh:or ( {names} )",
            "xone": f"sh:xone ( {names} )",
            "not": f"sh:not {names}",
            "least": f"sh:qualifiedValueShape {names} ; sh:qualifiedMinCount {self.number}",
            "most": f"sh:qualifiedValueShape {names} ; sh:qualifiedMaxCount {self.number}",
            "count": f"sh:minCount {self.number}",
        }[self.kind]
        return body if self.predicate is None else f"sh:property [ sh:path :{self.predicate} ; {body} ]"

    def holds(self, values: list[int], fits: Mapping[int, set[int]]) -> bool:
        """Whether values meet it, given which nodes fit which shapes."""
        if self.kind == "count":
            return len(values) >= self.number
        each = [sum(value in fits[name] for name in self.shapes) for value in values]
        return {
            "node": lambda: all(each),
            "and": lambda: all(number == len(self.shapes) for number in each),
            "or": lambda: all(each),
            "xone": lambda: all(number == 1 for number in each),
            "not": lambda: not any(each),
            "least": lambda: sum(each) >= self.number,
            "most": lambda: sum(each) <= self.number,
        }[self.kind]()


Shapes = list[list[Call]]


def call(kinds: tuple[str, ...]) -> st.SearchStrategy[Call]:
    def of(kind: str) -> st.SearchStrategy[Call]:
        many = kind in {"and", "or", "xone"}
        called = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3 if many else 1, unique=True).map(tuple)
        along = st.sampled_from(PREDICATES if kind in {"least", "most", "count"} else (*PREDICATES, None))
        return st.builds(Call, st.just(kind), called, along, st.integers(0, 2))

    return st.sampled_from(kinds).flatmap(of)


def shapes_of(kinds: tuple[str, ...]) -> st.SearchStrategy[Shapes]:
    return st.lists(st.lists(call(kinds), max_size=3), min_size=len(NAMES), max_size=len(NAMES))


EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES)), max_size=12)
POSITIVE = ("node", "and", "or", "least", "count", "count")


def written(shapes: Shapes) -> str:
    """The shapes, and for each node one that asks whether it fits the first of them."""
    body = [" ; ".join(["a sh:NodeShape", *(c.turtle() for c in calls)]) for calls in shapes]
    asked = [f":T{node} sh:targetNode :n{node} ; sh:node :S0 ." for node in NODES]
    return " ".join([*asked, *(f":S{n} {text} ." for n, text in enumerate(body))])


def values_of(node: int, predicate: str | None, edges: list[Edge]) -> list[int]:
    if predicate is None:
        return [node]
    return sorted({target for source, name, target in edges if (source, name) == (node, predicate)})


def greatest(shapes: Shapes, edges: list[Edge]) -> Mapping[int, set[int]]:
    """All nodes fit all shapes, until a constraint does not hold; what is taken away does not come back."""
    fits = {name: set(NODES) for name in NAMES}
    is_changed = True
    while is_changed:
        is_changed = False
        for name, node in [(n, node) for n in NAMES for node in sorted(fits[n])]:
            if not all(c.holds(values_of(node, c.predicate, edges), fits) for c in shapes[name]):
                fits[name].discard(node)
                is_changed = True
    return fits


def edges_of(calls: list[Call], *, negated: bool) -> Iterator[int]:
    for c in calls:
        if c.kind != "count" and (not negated or c.kind in {"xone", "not", "most"}):
            yield from c.shapes


def below(shapes: Shapes, start: int) -> set[int]:
    """The shapes that one calls, by way of others too; itself among them if it stands in a circle."""
    found, waiting = set[int](), [start]
    while waiting:
        new = set(edges_of(shapes[waiting.pop()], negated=False)) - found
        found |= new
        waiting += new
    return found


def passes_a_negation(shapes: Shapes) -> bool:
    """Whether a shape that is called through a negation, or an upper limit, leads back to the one that calls it."""
    pairs = ((name, called) for name in NAMES for called in edges_of(shapes[name], negated=True))
    return any(name == called or name in below(shapes, called) for name, called in pairs)


def failing(shapes: Shapes, edges: list[Edge]) -> set[int]:
    """The nodes that do not fit the first shape, as the engine says."""
    data = Columns.from_quads(parse(" ".join(f":n{s} :{p} :n{o} ." for s, p, o in edges)))
    return {int(result.focus[-1]) for result in validate(data, shapes_graph(parse(written(shapes)))).results}


@settings(max_examples=200, deadline=None)
@given(shapes_of(POSITIVE), EDGES)
def test_circles_without_a_negation_have_the_greatest_answer(shapes: Shapes, edges: list[Edge]) -> None:
    assert failing(shapes, edges) == set(NODES) - greatest(shapes, edges)[0]


@settings(max_examples=200, deadline=None)
@given(shapes_of((*POSITIVE, "xone", "not", "most")), EDGES)
def test_circles_are_refused_exactly_where_one_passes_a_negation(shapes: Shapes, edges: list[Edge]) -> None:
    if passes_a_negation(shapes):
        with pytest.raises(ShapesError, match="calls itself by way of"):
            shapes_graph(parse(written(shapes)))
    else:
        assert failing(shapes, edges) == set(NODES) - stratified(shapes, edges)[0]


def stratified(shapes: Shapes, edges: list[Edge]) -> Mapping[int, set[int]]:
    """The answer where negations stand between circles only: what a circle calls is settled before it."""
    settled: dict[int, set[int]] = {}

    calls = {name: below(shapes, name) for name in NAMES}
    for name in sorted(NAMES, key=lambda name: len(calls[name] | {name})):
        if name in settled:
            continue
        circle = {other for other in calls[name] if name in calls[other]} | {name}
        fits = {**settled, **{other: set(NODES) for other in circle}}
        is_changed = True
        while is_changed:
            is_changed = False
            for other, node in [(o, node) for o in circle for node in sorted(fits[o])]:
                if not all(c.holds(values_of(node, c.predicate, edges), fits) for c in shapes[other]):
                    fits[other].discard(node)
                    is_changed = True
        settled |= {other: fits[other] for other in circle}
    return settled
