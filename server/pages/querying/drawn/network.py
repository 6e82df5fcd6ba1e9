"""An answer as a graph: its things, and between them the statements that its rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from server.lookup import Label, Row
from server.pages.drawing.layout import network
from server.pages.drawing.layout.network import Edge
from server.pages.querying.drawn.columns import Graph

MOST: Final = 60
"""Ties in a picture."""
MOST_NODES: Final = 40
"""Names in a picture."""
LOOKED_AT: Final = 5_000
"""Rows that are looked at for them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture, and what of the rows it has."""

    picture: network.Network
    edges: tuple[Edge, ...]
    labels: Mapping[str, Label]
    total: int
    """How many ties the rows have."""
    texts: int
    """How many rows have a text or a number where a thing would be: they are no ties."""
    more: bool
    """Whether there are rows that were not looked at."""

    @property
    def properties(self) -> tuple[str, ...]:
        """What the ties are, each once."""
        return tuple(dict.fromkeys(edge.property for edge in self.edges if edge.property))


def drawn(
    rows: Sequence[Row],
    graph: Graph,
    names: Callable[[Iterable[str]], Mapping[str, Label]],
    *,
    more: bool,
    mirrored: bool,
) -> Drawn | None:
    """The picture of some rows; None where they have no two things. `more` tells whether there are rows beyond them."""
    found = [edge for row in rows if (edge := _edge(row, graph)) is not None]
    # Statements have no order, and come in another one each time.
    edges = tuple(sorted(set(found)) if graph.is_statements else dict.fromkeys(found))
    shown = _within(edges)
    if not shown:
        return None
    labels = names({name for edge in shown for name in (edge.subject, edge.property, edge.object) if name})
    picture = network.draw(shown, labels, mirrored=mirrored)
    texts = sum(graph.object in row and row[graph.object].kind in {"literal", "triple"} for row in rows)
    return Drawn(picture, shown, labels, len(edges), texts, more)


def _within(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The first ties, as many as have no more names than a picture has room for."""
    shown: list[Edge] = []
    known: set[str] = set()
    for edge in islice(edges, LOOKED_AT):
        grown = known | {edge.subject, edge.object}
        if len(shown) < MOST and len(grown) <= MOST_NODES:
            shown.append(edge)
            known = grown
    return tuple(shown)


def _edge(row: Row, graph: Graph) -> Edge | None:
    """The tie of a row, where it has both things, and the property if there is a column of them."""
    terms = [row.get(column) for column in (graph.subject, graph.property, graph.object) if column]
    if any(term is None or term.kind not in {"iri", "blank"} for term in terms):
        return None
    names = [term.name for term in terms if term is not None]
    return Edge(names[0], names[1] if graph.property else "", names[-1])
