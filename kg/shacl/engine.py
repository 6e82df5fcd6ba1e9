"""The engine: shapes against a data graph, all focus nodes of a shape at once.

`findings` gives results, `failing` the nodes that do not conform, remembered for each shape and node. Values that
decide by themselves are judged once for each distinct term, and pairs of node and value are visited only when a term
is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.shacl.graph.columns import Columns
from kg.shacl.shapes.model import SH, Property, QueryTarget, Shape, ShapeId, Shapes, Targets, Text
from kg.shacl.shapes.queries import THIS
from kg.shacl.shapes.references import shown_id
from kg.shacl.store import Asked, Evaluator
from kg.shacl.values import Values

COMPONENT: Final = SH + "{}ConstraintComponent"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, its terms as numbers."""

    focus: int
    component: str
    shape: Shape
    value: int | None = None
    path: int | None = None
    """A predicate in place of the path of the shape."""
    messages: tuple[Text, ...] = ()


Found = Iterator[tuple[int, Finding]]
"""Findings, each with the focus node that it makes not conform (a property shape below may have another one)."""
Check = Callable[["Engine", Shape, Any, Values], Found]
"""What checks one kind of constraint: the third argument is of the class that it is registered for."""


@dataclass(slots=True)
class _Settling:
    """What is known of the shapes of a circle while their verdicts are being found."""

    visited: dict[ShapeId, set[int]] = field(default_factory=dict)
    failing: dict[ShapeId, set[int]] = field(default_factory=dict)

    def size(self) -> int:
        return sum(map(len, self.visited.values())) + sum(map(len, self.failing.values()))


class Engine:
    """One validation of a data graph by shapes; a graph that changes needs another one."""

    def __init__(self, data: Columns, shapes: Shapes, checks: Mapping[type, Check], store: Evaluator) -> None:
        self.data, self.shapes, self.store = data, shapes, store
        self._checks = checks
        self._verdicts: dict[ShapeId, dict[int, bool]] = {}
        self._settling: dict[frozenset[ShapeId], _Settling] = {}
        self._reported: dict[ShapeId, set[int]] = {}
        self.focus_nodes: dict[ShapeId, int] = {}
        """How many nodes each shape with targets had."""

    def validate(self) -> Iterator[Finding]:
        """The results of all shapes that have targets (SHACL, section 3.4)."""
        for name, shape in self.shapes.by_id.items():
            if shape.targets and not shape.is_deactivated:
                nodes = self.targets(shape.targets)
                self.focus_nodes[name] = len(nodes)
                self._reported.clear()
                yield from (finding for _, finding in self.findings(shape, nodes))

    def targets(self, targets: Targets) -> list[int]:
        """The focus nodes of targets (SHACL, section 2.1.3), each once."""
        number = self.data.terms.number
        found = dict.fromkeys(number(form) for form in targets.nodes)
        for kind in targets.classes:
            found.update(dict.fromkeys(sorted(self.data.members(number(kind)))))
        for predicate in targets.subjects_of:
            found.update(dict.fromkeys(self.data.column(predicate).forward))
        for predicate in targets.objects_of:
            found.update(dict.fromkeys(self.data.column(predicate).inverse))
        for target in targets.queries:
            found.update(dict.fromkeys(self._found_by(target)))
        return list(found)

    def _found_by(self, target: QueryTarget) -> Iterator[int]:
        """The nodes that a query finds; what it makes up is no node of the data, and a target all the same."""
        if target.query is not None:
            terms = self.data.terms
            bound = {name: terms.term(terms.number(value)) for name, value in target.bound}
            for rows in self.store.answers(
                Asked(target.query, f"a target of the shape {shown_id(target.shape)}", bound)
            ):
                yield from (terms.spelled(row[THIS]) for row in rows if THIS in row)

    def findings(self, shape: Shape, nodes: Sequence[int]) -> Found:
        """The results of nodes, each with the node that it makes not conform.

        A node that a circle of shapes leads back to has told its results already.
        """
        if shape.id in self.shapes.circles:
            done = self._reported.setdefault(shape.id, set())
            nodes = [node for node in nodes if node not in done]
            done.update(nodes)
        if shape.is_deactivated or not nodes:
            return
        values = Values(self.data, shape.path, nodes)
        for constraint in shape.constraints:
            yield from self._checks[type(constraint)](self, shape, constraint, values)

    def failing(self, name: ShapeId, nodes: Iterable[int]) -> set[int]:
        """Those of the nodes that do not conform to a shape (SHACL, section 3.4.2)."""
        wanted = set(nodes)
        circle = self.shapes.circles.get(name)
        if circle is not None and circle in self._settling:
            state = self._settling[circle]
            state.visited.setdefault(name, set()).update(wanted)
            return wanted & state.failing.get(name, set())
        known = self._verdicts.setdefault(name, {})
        new = wanted - known.keys()
        if new and circle is None:
            bad = self._bad(name, new)
            known.update((node, node in bad) for node in new)
        elif new and circle is not None:
            self._settle(circle, name, new)
        return {node for node in wanted if known[node]}

    def _bad(self, name: ShapeId, nodes: set[int]) -> set[int]:
        shape = self.shapes.by_id[name]
        if shape.is_deactivated:
            return set()
        values = Values(self.data, shape.path, sorted(nodes))
        bad: set[int] = set()
        for constraint in shape.constraints:
            if isinstance(constraint, Property):
                below = self.failing(constraint.shape, values.distinct())
                bad.update(node for node, _ in values.holding(below))
            else:
                bad.update(node for node, _ in self._checks[type(constraint)](self, shape, constraint, values))
        return bad

    def _settle(self, circle: frozenset[ShapeId], name: ShapeId, nodes: set[int]) -> None:
        """The greatest answer: every node conforms until there is a reason why it does not, and reasons only grow."""
        state = self._settling[circle] = _Settling({name: set(nodes)})
        size = -1
        while state.size() != size:
            size = state.size()
            for part, visited in list(state.visited.items()):
                failing = state.failing.setdefault(part, set())
                failing |= self._bad(part, visited - failing)
        del self._settling[circle]
        for part, visited in state.visited.items():
            known = self._verdicts.setdefault(part, {})
            known.update((node, node in state.failing[part]) for node in visited)

    def found(
        self, shape: Shape, focus: int, component: str, value: int | None = None, path: int | None = None
    ) -> Finding:
        """A finding of a component that SHACL names."""
        return Finding(focus, COMPONENT.format(component), shape, value, path, shape.messages)
