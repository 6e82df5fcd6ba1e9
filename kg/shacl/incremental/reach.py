"""What a change can reach: shape paths are walked backwards from the statements that come or go.

What is said of a node depends on the values that paths lead to, on what is said of these, and on nothing else. A shape
of which it is not known what it looks at is touched everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from kg.shacl.graph.columns import TYPE
from kg.shacl.incremental.views import Pair, View
from kg.shacl.paths import Inverse, Path, Predicate, Repeat, Several
from kg.shacl.shapes import model
from kg.shacl.shapes.model import Ask, Class, Closed, Constraint, Form, Select, Shape, ShapeId, Shapes, Targets, parts
from kg.shacl.shapes.sparql.queries import THIS
from kg.shacl.sparql.patterns import is_changing, links, predicates
from kg.shacl.values import turned, walker

Touched = frozenset[int] | None
"""Nodes; None for all of them."""
NOTHING: Final[frozenset[int]] = frozenset()
_BY_THEMSELVES: Final[Mapping[type, frozenset[str]]] = MappingProxyType(
    {
        model.Count: frozenset({"number", "is_minimum"}),
        model.Datatype: frozenset({"iris"}),
        model.NodeKind: frozenset({"starts"}),
        model.Range: frozenset({"component", "limit", "allowed"}),
        model.Length: frozenset({"number", "is_minimum"}),
        model.Pattern: frozenset({"pattern", "flags"}),
        model.LanguageIn: frozenset({"ranges"}),
        model.UniqueLang: frozenset(),
        model.In: frozenset({"members"}),
        model.HasValue: frozenset({"value"}),
    }
)
"""Constraints that look at the values alone, and not at what is said of them."""
_OF_OTHERS: Final[Mapping[type, frozenset[str]]] = MappingProxyType(
    {
        model.Logic: frozenset({"component", "shapes"}),
        model.Property: frozenset({"shape"}),
        model.Qualified: frozenset({"shape", "number", "is_minimum", "siblings"}),
    }
)
"""Constraints that look at what other shapes find of the values."""
_OF_DATA: Final[Mapping[type, frozenset[str]]] = MappingProxyType(
    {
        model.Class: frozenset({"iris"}),
        model.Pair: frozenset({"component", "path"}),
        model.Closed: frozenset({"allowed"}),
        model.Select: frozenset({"component", "query", "messages", "bound", "node"}),
        model.Ask: frozenset({"component", "query", "messages", "bound"}),
    }
)
_KNOWN: Final = MappingProxyType({**_BY_THEMSELVES, **_OF_OTHERS, **_OF_DATA})
_TARGETS: Final = {"nodes", "classes", "subjects_of", "objects_of"}


class Reach:
    """What a change reaches by the shapes of one shapes graph.

    `changed` has the statements that come or go, by predicate. The class hierarchy is the same before and after.
    """

    def __init__(self, shapes: Shapes, before: View, after: View, changed: Mapping[int, Iterable[Pair]]) -> None:
        self._shapes, self._views, self._changed = shapes, (before, after), changed
        self._terms = after.terms
        self._touched: dict[ShapeId, Touched] = {}

    @property
    def is_changed(self) -> bool:
        """Whether a statement comes or goes at all."""
        return bool(self._changed)

    @cached_property
    def _iris(self) -> frozenset[str]:
        return frozenset(map(self._terms.text, self._changed))

    def _pairs(self, predicate: str) -> Iterable[Pair]:
        return self._changed.get(self._terms.iri(predicate), ())

    # --- targets

    def is_fixed(self, targets: Targets) -> bool:
        """Whether all that makes a node a target is known here: in SHACL 1.2 it is not."""
        return self._shapes.version == "1.0" and not any(
            getattr(targets, name) for name in targets.__dataclass_fields__.keys() - _TARGETS
        )

    def candidates(self, targets: Targets) -> set[int]:
        """The nodes that may have become targets, or may be none any more."""
        kinds = self._kinds(targets) if self._pairs(TYPE) else NOTHING
        found = {node for node, kind in self._pairs(TYPE) if kind in kinds}
        found |= {node for predicate in targets.subjects_of for node, _ in self._pairs(predicate)}
        found |= {node for predicate in targets.objects_of for _, node in self._pairs(predicate)}
        return found

    def _kinds(self, targets: Targets) -> frozenset[int]:
        return self._below(targets.classes)

    def _below(self, classes: Iterable[Form]) -> frozenset[int]:
        """Classes and those below them."""
        after = self._views[1]
        return frozenset().union(*(after.kinds(self._terms.number(kind)) for kind in classes))

    def is_target(self, targets: Targets, node: int, *, after: bool) -> bool:
        """Whether a node is a target, before or after the change."""
        view = self._views[after]
        if self._terms.forms[node] in targets.nodes:
            return True
        if targets.classes and not self._kinds(targets).isdisjoint(view.column(TYPE).forward.get(node, ())):
            return True
        return any(node in view.column(predicate).forward for predicate in targets.subjects_of) or any(
            node in view.column(predicate).inverse for predicate in targets.objects_of
        )

    # --- shapes

    def has_circle(self, name: ShapeId) -> bool:
        """Whether a shape calls, at whatever depth, one that calls itself."""
        return not self._called(name).isdisjoint(self._shapes.circles)

    def _called(self, name: ShapeId) -> set[ShapeId]:
        found, waiting = {name}, [name]
        while waiting:
            for constraint in self._shapes.by_id[waiting.pop()].constraints:
                new = {part for part in parts(constraint) if part in self._shapes.by_id} - found
                found |= new
                waiting += new
        return found

    def touched(self, name: ShapeId) -> Touched:
        """The nodes for which a shape may find something else than before."""
        if name not in self._touched:
            self._touched[name] = self._touching(name)
        return self._touched[name]

    def _touching(self, name: ShapeId) -> Touched:
        shape = self._shapes.by_id.get(name)
        if shape is None or shape.is_deactivated:
            return NOTHING
        if self._shapes.version != "1.0":  # what is incomplete, and values that no statement has, are not followed
            return None
        if name in self._shapes.circles:
            # What settles the verdicts of a circle is the whole of it.
            every = [self._shapes.by_id[part] for part in self._called(name)]
            return NOTHING if all(self._of_itself(part) == NOTHING for part in every) else None
        called = [self.touched(part) for constraint in shape.constraints for part in parts(constraint)]
        own = self._of_itself(shape)
        if own is None or None in called:
            return None
        values = frozenset().union(*(found for found in called if found is not None))
        return own | self._holders(shape.path, values)

    def _of_itself(self, shape: Shape) -> Touched:
        """What is touched without regard to the shapes that it calls."""
        found = NOTHING if shape.path is None else frozenset(self.heads(shape.path))
        for constraint in shape.constraints:
            nodes = self._by(constraint, shape)
            if nodes is None:
                return None
            found |= nodes
        return found

    def _by(self, constraint: Constraint, shape: Shape) -> Touched:
        if not is_known(constraint):
            return None
        match constraint:
            case Class():
                kinds = self._below(constraint.iris) if self._pairs(TYPE) else NOTHING
                return self._holders(shape.path, (node for node, kind in self._pairs(TYPE) if kind in kinds))
            case model.Pair():
                return frozenset(self.heads(constraint.path))
            case Closed():
                allowed = {self._terms.iri(iri) for iri in constraint.allowed}
                more = (pairs for predicate, pairs in self._changed.items() if predicate not in allowed)
                return self._holders(shape.path, (node for pairs in more for node, _ in pairs))
            case Select() | Ask():
                return self._by_query(constraint, shape)
        return NOTHING

    def _by_query(self, constraint: Select | Ask, shape: Shape) -> Touched:
        query = constraint.query
        if is_changing(query):
            return None
        named = predicates(query)
        if named is None:
            return None if self._changed else NOTHING
        if named.isdisjoint(self._iris):
            return NOTHING
        walked = links(query, bound_of(constraint))
        if walked is None:
            return None
        found: set[int] = set()
        for first, path in walked:
            before = () if first == THIS or shape.path is None else (shape.path,)
            found |= self.heads(Several((*before, path), "/"))
        # A store compares literals by value: one that is a focus node may have been reached by another spelling.
        return None if any(map(self._terms.is_literal, found)) else frozenset(found)

    # --- paths

    def heads(self, path: Path) -> set[int]:
        """The nodes from which a path leads over a changed statement."""
        match path:
            case Predicate():
                return {node for node, _ in self._pairs(path.iri)}
            case Inverse(path=Predicate() as inner):
                return {node for _, node in self._pairs(inner.iri)}
            case Inverse():
                return self.heads(turned(path.path))
            case Repeat():
                heads = self.heads(path.path)
                return heads if path.sign == "?" else self._back(Repeat(path.path, "*"), heads)
            case Several(sign="/"):
                found: set[int] = set()
                for step in reversed(path.paths):
                    found = self._back(step, found) | self.heads(step)
                return found
            case Several():
                return {node for choice in path.paths for node in self.heads(choice)}
        raise TypeError(f"not a path: {path!r}")

    def _back(self, path: Path, nodes: Iterable[int]) -> set[int]:
        """The nodes from which a path leads to some of the nodes.

        One of the two graphs is enough: a way that changed is one over a changed statement, and what comes before the
        first such statement of the way is the same in both; from the statement itself `heads` begins.
        """
        wanted = set(nodes)
        walk = walker(self._views[1], turned(path))
        return {found for node in wanted for found in walk(node)} if wanted else wanted

    def _holders(self, path: Path | None, values: Iterable[int]) -> frozenset[int]:
        return frozenset(values) if path is None else frozenset(self._back(path, values))


def is_known(constraint: Constraint) -> bool:
    """Whether it is known here what a constraint looks at; one that has grown a part is another one."""
    return _KNOWN.get(type(constraint)) == constraint.__dataclass_fields__.keys()


def bound_of(constraint: Select | Ask) -> frozenset[str]:
    """The variables that are bound before a query runs and lead to nodes of the data."""
    return frozenset({THIS, "value"}) if isinstance(constraint, Ask) else frozenset({THIS})
