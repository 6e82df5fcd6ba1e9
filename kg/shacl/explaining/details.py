"""The results below a result: why a value does not fit the shapes that it was held against (`sh:detail`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from kg.shacl.engine import Engine, Finding
from kg.shacl.explaining.reasons import values_of
from kg.shacl.graph.lists import Lists
from kg.shacl.shapes import model
from kg.shacl.shapes.model import ShapeId

DEPTH: Final = 8
"""How far reasons of reasons are followed."""
MOST: Final = 50
"""How many reasons one result tells; the others are counted."""
Pair = tuple[ShapeId, int]
"""A shape, and a node that does not fit it."""


class Details:
    """The results below findings (SHACL, section 3.6.2.4), found for all of them at once, level by level."""

    def __init__(self, engine: Engine, findings: Sequence[Finding]) -> None:
        self._engine = engine
        self._below: dict[Pair, list[Finding]] = {}
        for _ in range(DEPTH):
            pairs = (pair for finding in findings for pair in islice(self._pairs(finding), MOST))
            new = dict.fromkeys(pair for pair in pairs if pair not in self._below)
            findings = [finding for pair in self._explained(new) for finding in self._below[pair]]

    def below(self, finding: Finding) -> Iterator[tuple[Pair, Sequence[Finding] | None]]:
        """For each shape that a value does not fit, the results that say why; None where there are too many to look."""
        for turn, pair in enumerate(self._pairs(finding)):
            yield pair, self._below.get(pair) if turn < MOST else None

    def _explained(self, pairs: Iterable[Pair]) -> list[Pair]:
        wanted: dict[ShapeId, list[int]] = {}
        for name, node in pairs:
            self._below[name, node] = []
            wanted.setdefault(name, []).append(node)
        for name, nodes in wanted.items():
            shape = self._engine.shapes.by_id[name]
            # What a circle has told once it does not tell again: each of its nodes is asked by itself.
            groups = [[node] for node in nodes] if name in self._engine.shapes.circles else [nodes]
            for group in groups:
                for node, finding in self._engine.findings_anew(shape, group):
                    self._below[name, node].append(finding)
        return [(name, node) for name, nodes in wanted.items() for node in nodes]

    def _pairs(self, finding: Finding) -> Iterator[Pair]:
        """The shapes that were called and not fitted, each with the value."""
        constraint, value = finding.constraint, finding.value
        if isinstance(constraint, model.Logic) and value is not None and constraint.component != "Not":
            failing = [name for name in constraint.shapes if self._engine.failing(name, (value,))]
            if constraint.component != "Xone" or len(failing) == len(constraint.shapes):
                yield from ((name, value) for name in failing)
        elif isinstance(constraint, model.MemberShape) and value is not None:
            yield from ((constraint.shape, member) for member in self._unfit_members(constraint.shape, value))
        elif isinstance(constraint, model.SomeValue) or (
            isinstance(constraint, model.Qualified) and constraint.is_minimum
        ):
            values = values_of(self._engine, finding)
            unfit = self._engine.failing(constraint.shape, values)
            yield from ((constraint.shape, node) for node in values if node in unfit)

    def _unfit_members(self, name: ShapeId, value: int) -> Iterator[int]:
        """The members of a list that do not fit a shape, each once."""
        lists = Lists(self._engine.data)
        members = [] if lists.length(value) is None else [member for _, member in lists.cells(value)]
        unfit = self._engine.failing(name, (one for one in members if one not in self._engine.incomplete))
        yield from dict.fromkeys(member for member in members if member in unfit)
