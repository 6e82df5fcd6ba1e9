"""Names of blank nodes: the same for the same statements, of their own neighbourhood, and never two of one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.rdfdata.neighbourhoods import DEPTHS, name_blank_nodes

Node = int | str
Triple = tuple[Node, str, Node]
"""Blank nodes are numbers."""


def written(triples: Iterable[Triple]) -> set[Triple]:
    """The triples with the names of their blank nodes, as a file gives them that has them in this order."""
    labels: dict[int, str] = {}

    def text(node: Node) -> str:
        return f"_:b{labels.setdefault(node, len(labels))}" if isinstance(node, int) else node

    given = list(triples)
    lines = sorted({f"{text(s)} <urn:{p}> {text(o)} .\n" for s, p, o in given})
    names = name_blank_nodes(["".join(lines).encode()], b"file").by_label
    assert len(set(names.values())) == len(labels), "two nodes have one name"
    named = {node: names[label.encode()] for node, label in ((n, f"_:b{i}") for n, i in labels.items())}
    return {(named.get(s, s), p, named.get(o, o)) for s, p, o in given}  # type: ignore[arg-type]


NODES = st.integers(0, 6)
TRIPLES = st.sets(
    st.tuples(
        st.one_of(NODES, NODES, st.just("<urn:a>")),
        st.sampled_from("pq"),
        st.one_of(NODES, NODES, st.sampled_from(["<urn:x>", '"l"'])),
    ),
    min_size=1,
    max_size=14,
)


@given(TRIPLES, st.randoms(use_true_random=False))
@settings(max_examples=120)
def test_the_same_statements_in_another_order_with_other_labels_have_the_same_names(
    triples: set[Triple], rng: random.Random
) -> None:
    others = list(range(7))
    rng.shuffle(others)
    again = [(others[s] if isinstance(s, int) else s, p, others[o] if isinstance(o, int) else o) for s, p, o in triples]
    rng.shuffle(again)
    assert written(again) == written(sorted(triples, key=str))


@given(st.lists(TRIPLES, min_size=2, max_size=5), TRIPLES)
@settings(max_examples=40)
def test_what_hangs_together_is_not_renamed_by_what_does_not(parts: list[set[Triple]], more: set[Triple]) -> None:
    """Another part, with nodes and things of its own, adds its lines and changes no other."""

    def apart(number: int, part: set[Triple]) -> set[Triple]:
        def one(node: Node) -> Node:
            return node + 10 * number if isinstance(node, int) else f'"{number} {node[1:-1]}"' if '"' in node else node

        return {(one(s), f"{p}{number}", one(o)) for s, p, o in part}

    before = [triple for n, part in enumerate(parts) for triple in sorted(apart(n, part), key=str)]
    added = sorted(apart(len(parts), more), key=str)
    old, new = written(before), written([*added, *before])
    assert old <= new
    assert len(new) - len(old) == len(added)


def chain(values: Iterable[int]) -> list[Triple]:
    """A list of RDF, whose cells are called by their values."""
    cells = list(values)
    tied: list[Triple] = [(cell, "first", f'"{cell}"') for cell in cells]
    return [*tied, *((a, "rest", b) for a, b in itertools.pairwise(cells)), ("<urn:a>", "list", cells[0])]


@pytest.mark.parametrize("place", [0, 1, 30, 59, 60])
def test_one_more_cell_of_a_list_renames_those_around_it_alone(place: int) -> None:
    values = list(range(60))
    old, new = written(chain(values)), written(chain([*values[:place], 99, *values[place:]]))
    # Each cell has two lines; what is nearer than the least depth is renamed, at both sides.
    assert len(new - old) <= 2 * (2 * DEPTHS[0] + 1) + 1
    assert len(old - new) <= 2 * (2 * DEPTHS[0] + 1) + 1


def test_one_more_of_many_that_are_equal_adds_its_lines_alone() -> None:
    def seats(number: int) -> list[Triple]:
        return [t for n in range(number) for t in (("<urn:hall>", "seat", n), (n, "kind", '"seat"'))]  # type: ignore[misc]

    old, new = written(seats(200)), written(seats(201))
    assert old < new
    assert len(new - old) == 2


@pytest.mark.parametrize(
    ("triples", "is_canonical"),
    [
        ([(n, "p", (n + 1) % 300) for n in range(300)], False),
        ([(n, "p", m) for n in range(25) for m in range(25)], True),
        ([t for n in range(800) for t in ((2 * n, "p", 2 * n + 1), (2 * n + 1, "p", 2 * n))], True),
        ([(n, "p", '"same"') for n in range(3000)], True),
    ],
    ids=["ring", "all with all", "pairs", "alone"],
)
def test_hostile_graphs_of_equal_nodes_end_and_keep_them_apart(triples: list[Triple], is_canonical: bool) -> None:
    assert len(written(triples)) == len(set(triples))
    lines = "".join(f"_:b{s} <urn:{p}> {f'_:b{o}' if isinstance(o, int) else o} .\n" for s, p, o in triples)
    assert name_blank_nodes([lines.encode()], b"").is_canonical is is_canonical


def test_two_triangles_are_no_hexagon() -> None:
    """What rounds of colours alone cannot tell apart: each node has one of its kind before and behind it."""
    ring = [(n, "p", (n + 1) % 6) for n in range(6)]
    triangles = [(10 + n, "p", 10 + n // 3 * 3 + (n + 1) % 3) for n in range(6)]
    assert written([*ring, *triangles]) == written([*triangles, *ring])


def test_rounds_end_before_the_one_that_would_look_at_more_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes of a long way are told by how far its ends are: each depth tells more, and costs each link once a round."""
    links = 59
    lines = "".join(f"_:b{n} <urn:next> _:b{n + 1} .\n" for n in range(links)).encode()

    def named(limit: int) -> tuple[tuple[str, ...], bool]:
        monkeypatch.setattr("kg.rdfdata.neighbourhoods.WORK", limit)
        names = name_blank_nodes([lines], b"")
        return tuple(names.by_label.values()), names.is_canonical

    least, *further = DEPTHS
    steps = [0, *(depth * links for depth in further)]
    told = [named(limit) for limit in steps]
    assert len({names for names, _ in told}) == len(DEPTHS), "each depth that may be looked at tells more"
    apart = [len({name.partition("-")[0] for name in names}) for names, _ in told]
    assert apart == [min(2 * depth + 1, links + 1) for depth in DEPTHS], "a round tells one node more from each end"
    assert [named(after - 1) for after in steps[1:]] == told[:-1], "one look too few, and the depth is left out"
    assert named(least * links - 1) == told[0], "the first depth is always looked at"
    assert [is_canonical for _, is_canonical in told] == [False] * len(further) + [True]
    monkeypatch.setattr("kg.rdfdata.neighbourhoods.WORK", 0)
    short = b"_:b0 <urn:next> _:b1 .\n_:b1 <urn:next> _:b2 .\n"
    assert name_blank_nodes([short], b"").is_canonical, "who is told at the first depth needs no other"
