"""Nodes of one colour within what hangs together: put in an order that follows from the statements, where it can be.

One of the nodes that look the same is given a colour of its own, and the others are told by how they stand to it, until
all are told apart: of those that could be chosen first, the one that gives the least picture. Where they are images of
each other it does not matter which one it was; where not, the choice is that of the picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

Edge = tuple[int, int, int]
"""Two nodes and the link from one to the other."""


@dataclass(frozen=True, slots=True)
class Component:
    """Nodes that hang together, in the order of the file."""

    nodes: tuple[int, ...]
    colours: Mapping[int, int]
    edges: tuple[Edge, ...]


class Budget:
    """How much may still be looked at."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.is_spent = False

    def spend(self, steps: int) -> bool:
        """Whether so many steps may be taken."""
        if steps > self._left:
            self.is_spent = True
            return False
        self._left -= steps
        return True


def ordered(component: Component, budget: Budget) -> Mapping[int, int]:
    """A number for each node that tells it from all others of its colour in the component."""
    colours = dict(component.colours)
    if len(set(colours.values())) < len(colours):
        colours = _told_apart(component, _without_twins(component, colours), budget)
    places = sorted(component.nodes, key=lambda node: (colours[node], node))
    return {node: place for place, node in enumerate(places)}


def _without_twins(component: Component, colours: Mapping[int, int]) -> dict[int, int]:
    """Colours in which nodes differ that have the very same neighbours: it is the same graph with any two changed."""
    ties: dict[int, list[Edge]] = defaultdict(list)
    for start, end, link in component.edges:
        ties[start].append((0, end, link))
        ties[end].append((1, start, link))
    seen: dict[tuple[int, tuple[Edge, ...]], int] = defaultdict(int)
    found = {}
    for node in component.nodes:
        key = (colours[node], tuple(sorted(ties[node])))
        seen[key] += 1
        found[node] = colours[node] if seen[key] == 1 else _hash(colours[node], seen[key])
    return found


def _told_apart(component: Component, colours: dict[int, int], budget: Budget) -> dict[int, int]:
    refined = _refined(component, colours, budget)
    while refined is not None:
        colours = refined
        tied = _least_tie(component, colours)
        if not tied:
            break
        pictures = []
        for node in tied:
            tried = _refined(component, {**colours, node: _hash(colours[node], 0)}, budget)
            if tried is None:
                return colours
            pictures.append((sorted(tried.values()), node, tried))
        refined = min(pictures, key=lambda picture: picture[:2])[2]
    return colours


def _least_tie(component: Component, colours: Mapping[int, int]) -> list[int]:
    """Nodes of one colour, the least of those that several have."""
    by_colour: dict[int, list[int]] = defaultdict(list)
    for node in component.nodes:
        by_colour[colours[node]].append(node)
    least = min((colour for colour, nodes in by_colour.items() if len(nodes) > 1), default=None)
    return [] if least is None else by_colour[least]


def _refined(component: Component, colours: dict[int, int], budget: Budget) -> dict[int, int] | None:
    """The colours once no round tells more apart; None where too much would have to be looked at."""
    count = len(set(colours.values()))
    while True:
        if not budget.spend(len(component.edges) + len(component.nodes)):
            return None
        sums = dict(colours)
        for start, end, link in component.edges:
            sums[start] += _hash(1, link, colours[end])
            sums[end] += _hash(2, link, colours[start])
        refined = {node: _hash(colours[node], total) for node, total in sums.items()}
        if len(set(refined.values())) <= count:
            # The last round told nothing apart, but makes the colours those of one depth in each picture.
            return refined
        colours, count = refined, len(set(refined.values()))


def _hash(*numbers: int) -> int:
    text = b"".join(number.to_bytes(24) for number in numbers)
    return int.from_bytes(blake2b(text, digest_size=16).digest())
