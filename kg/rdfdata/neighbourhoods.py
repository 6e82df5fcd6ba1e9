"""Names of blank nodes that follow from their own neighbourhoods, so that a change far away renames nothing.

Every blank node has a colour: the hash of what is said of it and of what leads to it. Round by round the colours of
its neighbours are hashed in, as in the refinement of Weisfeiler and Leman; after `d` rounds a colour tells the
neighbourhood to the depth `d`, and nothing beyond. A node is named by the colour of the least of some depths that
tells it from all others of its file, or at which it has been told from all that any depth tells it from. What is equal
then is told apart by numbers, in an order that follows from the statements as far as a bounded search goes, and from
the order of the file beyond. So the names of nodes never coincide, whatever a file holds, and the work has an end.

RDF Dataset Canonicalization (RDFC-1.0) is made for another end: its labels are numbers in an order of all nodes, and
most of them move when one node is added.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from kg.rdf.rows import ROW, Row
from kg.rdfdata.symmetry import Budget, Component, ordered

DEPTHS: Final = (3, 6, 12, 24, 48)
"""How far a neighbourhood may reach that names a node."""
WORK: Final = 10_000_000
"""Looks at neighbours in all rounds together, beyond those of the first depth."""
_SEARCH: Final = 300_000
"""Likewise of the search in what is symmetrical."""
_BYTES: Final = 16
_MOST: Final = (1 << 8 * _BYTES) - 1
_NAME: Final = 24
"""Hexadecimal digits of a name."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the blank nodes of a file, by their labels."""

    by_label: Mapping[bytes, str]
    is_canonical: bool
    """Whether they follow from the statements alone; else the order of the file had a part in some of them."""


def name_blank_nodes(blocks: Iterable[bytes], salt: bytes) -> Names:
    """The names of the blank nodes of lines, none of which may come twice.

    :param blocks: lines of canonical N-Quads that hold blank nodes, with labels `_:b` and a number each
    :param salt: tells files apart, whose blank nodes are never the same
    """
    graph = _Graph()
    for block in blocks:
        for row in ROW.findall(block):
            graph.add(row)
    classes, is_whole = _classes(graph)
    ranks, is_searched = _ranks(graph, [colour for _, colour in classes])
    named = {}
    for label, (depth, colour), rank in zip(graph.labels, classes, ranks, strict=True):
        text = salt + depth.to_bytes(1) + colour.to_bytes(_BYTES)
        name = blake2b(text, digest_size=_BYTES).hexdigest()[:_NAME]
        named[label] = name if rank == 1 else f"{name}-{rank}"
    return Names(named, is_whole and is_searched)


class _Graph:
    """Blank nodes by number, in the order of their labels' numbers where they are first met, and what ties them."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self.ground: list[int] = []
        """The sum of the hashes of what is said of each node without another one."""
        self.starts, self.ends, self.links = array("L"), array("L"), array("Q")
        """Statements between two nodes; a link is the hash of a property and a graph."""
        self._known: dict[bytes, int] = {}

    @property
    def labels(self) -> Iterable[bytes]:
        return self._numbers

    def add(self, row: Row) -> None:
        """Take a statement."""
        subject, predicate, value, graph = row
        from_blank, to_blank = subject.startswith(b"_:"), value.startswith(b"_:")
        if from_blank and to_blank:
            self.starts.append(self._number(subject))
            self.ends.append(self._number(value))
            self.links.append(self._link(predicate, graph))
        elif from_blank:
            number = self._number(subject)
            self.ground[number] += _hash(b"%s\0%s\0%s" % (predicate, value, graph))
        elif to_blank:
            number = self._number(value)
            self.ground[number] += _hash(b"%s\0%s\0\0%s" % (subject, predicate, graph))

    def _number(self, label: bytes) -> int:
        number = self._numbers.setdefault(label, len(self._numbers))
        if number == len(self.ground):
            self.ground.append(0)
        return number

    def _link(self, predicate: bytes, graph: bytes) -> int:
        key = b"%s\0%s" % (predicate, graph)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _hash(key) >> 64
        return found

    def edges(self) -> Iterator[tuple[int, int, int]]:
        """The statements between two nodes."""
        return zip(self.starts, self.ends, self.links, strict=True)


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=_BYTES).digest())


def _refined(colours: Sequence[int], edges: Iterable[tuple[int, int, int]]) -> list[int]:
    """The colours of the next round."""
    sums = [colour * 3 for colour in colours]
    for start, end, link in edges:
        name = link.to_bytes(8)
        sums[start] += _hash(b">" + name + colours[end].to_bytes(_BYTES))
        sums[end] += _hash(b"<" + name + colours[start].to_bytes(_BYTES))
    return [_hash((total & _MOST).to_bytes(_BYTES)) for total in sums]


_Class = tuple[int, int]
"""A depth and a colour."""


def _classes(graph: _Graph) -> tuple[list[_Class], bool]:
    """What each node is told by, and whether as much was looked at as the depths want."""
    colours = [_hash((total & _MOST).to_bytes(_BYTES)) for total in graph.ground]
    found: list[tuple[int, list[int], Counter[int]]] = []
    within = [depth for depth in DEPTHS if depth == DEPTHS[0] or depth * len(graph.links) <= WORK]
    done, is_whole = 0, True
    for depth in within:
        for _ in range(depth - done):
            colours = _refined(colours, graph.edges())
        done = depth
        found.append((depth, colours, Counter(colours)))
        sizes = found[-1][2]
        is_stable = len(found) > 1 and len(sizes) == len(found[-2][2])
        if len(sizes) == len(colours) or is_stable or not graph.links:
            break
    else:
        is_whole = len(within) == len(DEPTHS)
    last = found[-1]
    return [_class_of(found, number, last[2][last[1][number]]) for number in range(len(colours))], is_whole


def _class_of(found: Sequence[tuple[int, list[int], Counter[int]]], number: int, size: int) -> _Class:
    """The colour at the least depth that tells a node from as many others as the greatest one does."""
    return next((depth, colours[number]) for depth, colours, sizes in found if sizes[colours[number]] == size)


def _ranks(graph: _Graph, colours: Sequence[int]) -> tuple[list[int], bool]:
    """The place of each node among those of its colour, from 1."""
    sizes = Counter(colours)
    ranks = [1] * len(colours)
    if len(sizes) == len(colours):
        return ranks, True
    budget = Budget(_SEARCH)
    members = defaultdict(list)
    for component in _components(graph, colours):
        tied = [node for node in component.nodes if sizes[component.colours[node]] > 1]
        if tied:
            key = hash_of(sorted(component.colours.values()))
            places = ordered(component, budget)
            for node in tied:
                members[colours[node]].append((key, component.nodes[0], places[node], node))
    for found in members.values():
        for rank, (*_, node) in enumerate(sorted(found), 1):
            ranks[node] = rank
    return ranks, not budget.is_spent


def hash_of(colours: Iterable[int]) -> int:
    """One hash of colours in an order."""
    total = blake2b(digest_size=_BYTES)
    for colour in colours:
        total.update(colour.to_bytes(_BYTES))
    return int.from_bytes(total.digest())


def _components(graph: _Graph, colours: Sequence[int]) -> Iterator[Component]:
    """The nodes that statements tie together, each with its colour and its neighbours."""
    above = list(range(len(colours)))

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for start, end, _ in graph.edges():
        above[max(top(start), top(end))] = min(top(start), top(end))
    nodes: dict[int, list[int]] = defaultdict(list)
    for node in range(len(colours)):
        nodes[top(node)].append(node)
    tied: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for edge in graph.edges():
        tied[top(edge[0])].append(edge)
    for root, some in nodes.items():
        yield Component(tuple(some), {node: colours[node] for node in some}, tuple(tied.get(root, ())))
