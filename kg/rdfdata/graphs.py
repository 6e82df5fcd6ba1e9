"""The lines of one file on their way into a release: each graph of it becomes the graph of a claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import pyoxigraph as ox

from kg.errors import Position, Problem
from kg.rdf.rows import ROW
from kg.rdfdata.checks import Checks
from kg.rdfdata.model import DataFile, StatedGraph
from kg.rdfdata.reading import followed
from kg.rdfdata.register import claim_of
from kg.terms import Minter

_RESERVED: Final = ("graph/", "claim/", "rule/")
_GENID: Final = b"_:"


class Entry(Protocol):
    """What takes the lines of a build."""

    def stated(self, block: bytes) -> object:
        """Take lines that are to be in the form of the store already."""

    def graphs(self, block: bytes) -> object:
        """Take what whole graphs state."""


def claim_in(data: DataFile, graph: str) -> tuple[str, StatedGraph]:
    """The id of the claim that a graph of a file becomes, and what is said of it; a graph without a name is empty."""
    if not graph or graph in data.graphs:
        stated = data.graphs[graph] if graph else data.whole
        return stated.claim, stated
    return claim_of(data.slug, graph), data.whole


class Graphs:
    """Places the lines of a file."""

    def __init__(self, mint: Minter, data: DataFile, checks: Checks, entry: Entry) -> None:
        self._mint, self._data, self._checks, self._entry = mint, data, checks, entry
        self.claims: dict[str, tuple[StatedGraph, str]] = {}
        """By their ids, the claims that the file has, each with the IRI of its graph in the file, or nothing."""
        self.statements = 0
        self._ends: dict[bytes, bytes] = {}
        self._reserved: set[str] = set()
        self._is_blank = False

    def take(self, block: bytes) -> None:
        """Take lines, whose blank nodes have IRIs."""
        rows = ROW.findall(block)
        self._checks.take(rows)
        self.statements += len(rows)
        graphs = {row[3] for row in rows}
        for graph in graphs - self._ends.keys():
            self._ends[graph] = self._end(graph)
        if len(graphs) == 1:
            (graph,) = graphs
            # What a line ends in stands nowhere else in it: a line feed of a literal is written as an escape.
            named = block.replace(b" %s .\n" % graph if graph else b" .\n", self._ends[graph])
        else:
            named = b"".join([b"%s %s %s%s" % (*row[:3], self._ends[row[3]]) for row in rows])
        self._entry.graphs(named)

    def _end(self, graph: bytes) -> bytes:
        """How lines of a graph of the file end in the release."""
        iri = graph.decode()[1:-1] if graph else ""
        self._is_blank = self._is_blank or graph.startswith(_GENID)
        if iri.startswith(tuple(f"{self._mint.base}{name}" for name in _RESERVED)):
            self._reserved.add(iri)
        claim, stated = claim_in(self._data, iri)
        self.claims[claim] = (stated, iri)
        return f" <{self._mint.claim(claim)}> .\n".encode()

    def problems(self) -> Iterator[Problem]:
        """Graphs that cannot be those of claims, and those that the register names and the file has not."""
        hint = "name the graph otherwise: it becomes that of a claim, and keeps its IRI as the source of it"
        for iri in sorted(self._reserved):
            what = f"the graph <{iri}> is one of the release itself"
            yield Problem("reserved-iri", what, self._place(iri), hint=hint)
        if self._is_blank:
            yield Problem("blank-node", "a graph has no IRI", self._place(""), hint="give it one")
        named = {own for _, own in self.claims.values()}
        for iri, stated in self._data.graphs.items() if self.statements else ():
            if iri not in named:
                what = f"{self._data.name} has no graph <{iri}>"
                yield Problem("rdf", what, stated.position, hint=f"it has {_listed(named - {''})}")

    def _place(self, graph: str) -> Position:
        """Where a graph begins, or the first one without an IRI."""
        for quad, line in followed(self._data.file):
            name = quad.graph_name
            is_named = isinstance(name, ox.NamedNode) and name.value == graph
            if is_named or (isinstance(name, ox.BlankNode) and not graph):
                return Position(self._data.name, line)
        return Position(self._data.name, 1)


def _listed(iris: set[str]) -> str:
    return ", ".join(f"<{iri}>" for iri in sorted(iris)[:3]) or "none but the default graph"
