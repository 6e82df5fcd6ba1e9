"""The one pass of a build: lines in any order become the graph of a release, with its derived graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.rml.run.distinct import Sorter
from kg.runs.default import RULE, Scan
from kg.runs.derivation import Derivation
from kg.runs.graph import Graph, TakeRows, pack, pass_over, with_rows
from kg.runs.lines import Entry
from kg.runs.shortcuts import Shortcuts
from kg.runs.survey import survey
from kg.store import Rule, derive_default, parse_lines
from kg.terms import Minter


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph with its derived graphs, and what stayed out of the default graph."""

    graph: Graph
    withheld: Mapping[str, int]
    """How many claims each reason kept out of the default graph."""


class Drawing:
    """Takes all that a project states, in any order, through its `entry`; then gives the graph.

    Shortcuts on claims are added as the lines come in (`kg.runs.shortcuts`).

    `folder` gives the folder for what is too much for the memory.
    """

    def __init__(self, base: str, rule: Rule, folder: Callable[[], Path]) -> None:
        self._base, self._rule, self._folder = base, rule, folder
        self._sorter = Sorter(folder)
        self._scan = Scan(base, rule.lists) if rule.pattern == RULE else None
        self._shortcuts = Shortcuts(base, self._sorter.write)
        learn = (lambda _: None) if self._scan is None else self._scan
        self.entry = Entry(self._sorter.write, learn, self._shortcuts)

    def blocks(self) -> Iterator[list[bytes]]:
        """What was taken, as lists of sorted lines that follow one another.

        :raises OSError: if the disk is full
        """
        return self._sorter.blocks()

    @uncollected()
    def draw(self, number: Callable[[bytes], int], take: TakeRows = pass_over) -> Drawn:
        """Derive the graphs of the views and pass everything on, sorted, to `take` and into the graph.

        The published rule is run as a query, unless it is the one that `kg.runs.default` does.

        :param number: tells terms apart
        :raises DataError: for statements that no release can hold
        :raises KgError: if the rule is not SPARQL
        :raises OSError: if the disk is full
        """
        self.entry.close()
        self._shortcuts.close()
        try:
            return self._drawn(number, take)
        finally:
            self._sorter.clear()

    def _drawn(self, number: Callable[[bytes], int], take: TakeRows) -> Drawn:
        if self._scan is None:
            derived = derive_default(self._quads(), self._rule.text, self._base)
            self._sorter.write("".join(f"{quad} .\n" for quad in derived.quads).encode())
            rows = with_rows(self._sorter.blocks())
            graph = pack(rows, self._base, number, self._folder, take)
            return Drawn(graph.with_facts(derived.facts), derived.reasons)
        admission = self._scan.close()
        self._scan = None
        found = survey(admission, self._sorter.taken)
        for lines in found.lines(f"<{Minter(self._base).graph('stated')}>".encode()):
            self._sorter.write(lines)
        derivation = Derivation(admission, found, self._base)
        graph = pack(derivation(self._sorter.blocks()), self._base, number, self._folder, take)
        return Drawn(graph.with_facts(derivation.facts), derivation.reasons())

    def _quads(self) -> Iterator[ox.Quad]:
        for block in self._sorter.taken():
            yield from parse_lines([block.decode()])
