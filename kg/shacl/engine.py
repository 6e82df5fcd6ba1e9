"""The engine: shapes against a data graph, all focus nodes of a shape at once.

`findings` gives results, `failing` the nodes that do not conform, remembered for each shape and node. Values that
decide by themselves are judged once for each distinct term, and pairs of node and value are visited only when a term
is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from kg.errors import DataError
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.incomplete import Incomplete
from kg.shacl.shapes.model import (
    SH,
    Annotated,
    Class,
    Constraint,
    Property,
    QueryTarget,
    Shape,
    ShapeId,
    Shapes,
    Targets,
    Text,
)
from kg.shacl.shapes.references import shown_id
from kg.shacl.shapes.sparql.queries import THIS
from kg.shacl.sparql.store import Asked, Evaluator
from kg.shacl.values import Values

DISALLOWED: Final = frozenset({SH + "Violation", SH + "Warning", SH + "Info"})
"""The severities of results that make a node not conform in SHACL 1.2 (draft, "Conformance Checking")."""
REMEMBERED: Final = 4_000_000
"""Verdicts of a shape on a node that are kept: some 50 bytes each."""
_COMPONENT: Final = SH + "%sConstraintComponent"


class Finding(NamedTuple):
    """One result, its terms as numbers. There may be one for each node, and a tuple is soon made."""

    focus: int
    component: str
    shape: Shape
    value: int | None = None
    path: int | None = None
    """A predicate in place of the path of the shape."""
    messages: tuple[Text, ...] = ()
    constraint: Constraint | None = None
    """What is not met (`kg.shacl.reasons` tells why)."""


def _of(constraint: Constraint, found: Finding) -> Finding:
    """The finding with the constraint that it is of."""
    return found._replace(constraint=constraint)


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
    """One validation of a data graph by shapes; a graph that changes needs another one.

    `disallowed` are the severities of results that make data of SHACL 1.2 not conform, if they are not the usual ones.

    :raises DataError: if the data are RDF 1.2 and the shapes SHACL 1.0, or say of incomplete nodes what cannot be read
    """

    def __init__(
        self,
        data: Columns,
        shapes: Shapes,
        checks: Mapping[type, Check],
        store: Evaluator,
        disallowed: frozenset[str] | None = None,
    ) -> None:
        if data.beyond is not None and shapes.version == "1.0":
            what = f"a term of RDF 1.2 cannot be validated with SHACL 1.0: {data.beyond}"
            raise DataError(what, hint="kg validate --shacl 1.2 knows such terms")
        self.data, self.shapes, self.store = data, shapes, store
        is_later = shapes.version != "1.0"
        self.disallowed: frozenset[str] | None = (disallowed or DISALLOWED) if is_later else None
        self.incomplete: Container[int] = Incomplete(data) if is_later else frozenset()
        self._checks = checks
        self._verdicts: dict[ShapeId, dict[int, bool]] = {}
        self._settling: dict[frozenset[ShapeId], _Settling] = {}
        self._reported: dict[ShapeId, set[int]] = {}
        self.focus_nodes: dict[ShapeId, int] = {}
        """How many nodes each shape with targets had."""

    def targeted(self) -> Iterator[ShapeId]:
        """The shapes that are validated by themselves: they have targets (SHACL, section 3.4)."""
        for name, shape in self.shapes.by_id.items():
            if not shape.is_deactivated and (shape.targets or self._naming(shape)):
                yield name

    def validated(self, name: ShapeId) -> Iterator[Finding]:
        """The results of a shape that has targets; those of one do not depend on which others were asked before."""
        shape = self.shapes.by_id[name]
        nodes = self.focus(shape)
        self.focus_nodes[name] = len(nodes)
        yield from (finding for _, finding in self.findings_anew(shape, nodes))

    def focus(self, shape: Shape) -> list[int]:
        """The focus nodes of a shape, each once: those of its targets, and in SHACL 1.2 those that name it."""
        naming = self._naming(shape)
        return [*dict.fromkeys([*self.targets(shape.targets), *naming])] if naming else self.targets(shape.targets)

    def _naming(self, shape: Shape) -> Sequence[int]:
        if self.shapes.version == "1.0" or shape.id.startswith("_:"):
            return ()
        return self.data.column(SH + "shape").inverse.get(self.data.terms.iri(shape.id), ())

    def targets(self, targets: Targets) -> list[int]:
        """The focus nodes of targets (SHACL, section 2.1.3), each once."""
        number = self.data.terms.number
        found = dict.fromkeys(number(form) for form in targets.nodes)
        for kind in targets.classes:
            found.update(dict.fromkeys(sorted(self.data.members(number(kind)))))
        for predicate in targets.subjects_of:
            found.update(dict.fromkeys(self.data.column(predicate).subjects))
        for predicate in targets.objects_of:
            found.update(dict.fromkeys(self.data.column(predicate).objects))
        for name in targets.where:
            shape = self.shapes.by_id[name]
            is_strict = not self.incomplete and self._is_disallowed(shape)
            nodes = _candidates(self.data, shape, is_strict=is_strict)
            found.update(dict.fromkeys(sorted(nodes - self.failing(name, nodes))))
        for target in targets.queries:
            found.update(dict.fromkeys(self._found_by(target)))
        return list(found)

    def findings_anew(self, shape: Shape, nodes: Sequence[int]) -> Found:
        """The results of nodes, whatever was told of them before."""
        self._reported.clear()
        yield from self.findings(shape, nodes)

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
        values = self.values(shape, nodes)
        for constraint in shape.constraints:
            found = self.check(shape, constraint, values)
            plain = constraint.constraint if isinstance(constraint, Annotated) else constraint
            if isinstance(plain, Property):  # its results are those of the shape below, and have their reasons
                yield from found
                self._relieve()
            else:
                yield from ((node, _of(plain, finding)) for node, finding in found)

    def _relieve(self) -> None:
        """Forget what only saves time, where there is too much of it."""
        self.data.relieve()
        if sum(map(len, self._verdicts.values())) > REMEMBERED:
            self._verdicts.clear()

    def check(self, shape: Shape, constraint: Constraint, values: Values) -> Found:
        """The results of one constraint of a shape."""
        return self._checks[type(constraint)](self, shape, constraint, values)

    def values(self, shape: Shape, nodes: Sequence[int]) -> Values:
        """The value nodes of focus nodes of a shape."""
        number = self.data.terms.number
        added, default = (None if form is None else number(form) for form in (shape.added, shape.default))
        return Values(self.data, shape.path, nodes, added, default)

    def failing(self, name: ShapeId, nodes: Iterable[int]) -> set[int]:
        """Those of the nodes that do not conform to a shape (SHACL, section 3.4.2)."""
        wanted = set(nodes)
        circle = self.shapes.circles.get(name)
        if circle is not None and circle in self._settling:
            state = self._settling[circle]
            state.visited.setdefault(name, set()).update(wanted)
            return wanted & state.failing.get(name, set())
        known = self._verdicts.setdefault(name, {})
        new = {node for node in wanted if node not in known}  # `wanted - known.keys()` looks at all that are known
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
        values = self.values(shape, sorted(nodes))
        bad: set[int] = set()
        for constraint in shape.constraints:
            if isinstance(constraint, Property):
                below = self.failing(constraint.shape, self.told(shape, values))
                bad.update(node for node, _ in values.holding(below))
            elif self._is_disallowed(shape, constraint):
                bad.update(node for node, _ in self.check(shape, constraint, values))
        return bad

    def told(self, shape: Shape, values: Values) -> Collection[int]:
        """The values that other shapes may judge: of a property shape those that are not incomplete (SHACL 1.2)."""
        if shape.path is None or not self.incomplete:
            return values.distinct()
        return [value for value in values.distinct() if value not in self.incomplete]

    def _is_disallowed(self, shape: Shape, constraint: Constraint | None = None) -> bool:
        """Whether results of a constraint make a node not conform: in SHACL 1.2 those of some severities do not."""
        severity = (isinstance(constraint, Annotated) and constraint.severity) or shape.severity
        return self.disallowed is None or severity in self.disallowed

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
        return Finding(focus, _COMPONENT % component, shape, value, path, shape.messages)


def _candidates(data: Columns, shape: Shape, *, is_strict: bool) -> set[int]:
    """Nodes of a data graph, all that can conform to a shape among them (SHACL 1.2 Core, "Where Targets").

    Where the shape asks for a class, and nothing else conforms to it (`is_strict`), these are the instances; else
    everything that is a subject or an object.
    """
    found: set[int] | None = None
    is_narrow = is_strict and shape.path is None and not shape.is_deactivated
    for constraint in shape.constraints if is_narrow else ():
        if isinstance(constraint, Class):
            members = set().union(*(data.members(data.terms.number(iri)) for iri in constraint.iris))
            found = members if found is None else found & members
    if found is not None:
        return found
    return {node for column in data.columns.values() for nodes in (column.subjects, column.objects) for node in nodes}
