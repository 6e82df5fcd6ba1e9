"""Queries of shapes asked for a few nodes: on a store that holds what they look at from there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.shacl.graph.columns import Column, Columns
from kg.shacl.graph.terms import Term
from kg.shacl.paths import Inverse, Path, Predicate, Repeat, Several
from kg.shacl.shapes.model import Query
from kg.shacl.shapes.sparql.queries import THIS
from kg.shacl.sparql.patterns import Link, links
from kg.shacl.sparql.store import QueryStore, Row
from kg.shacl.values import turned


class LocalStore(QueryStore):
    """A store of a large graph of which a few nodes are asked for.

    A query of the plain form (`kg.shacl.sparql.patterns`) sees the surroundings of its node; every other one sees
    all statements with its predicates, as ever.
    """

    def __init__(self, data: Columns, shapes: tuple[ox.Quad, ...]) -> None:
        super().__init__(data, shapes)
        self._whole, self._graph = data, shapes

    def warm(self, query: Query) -> None:
        """Nothing is ready before a node is asked for."""

    def rows(self, query: Query, bound: Mapping[str, Term]) -> Iterator[Row]:
        """The rows of a SELECT, the bound variables among them.

        :raises ShapesError: if it cannot be evaluated
        """
        names = frozenset({THIS, "value"} & bound.keys())
        walked = links(query, names) if THIS in bound else None
        if walked is None or any(_is_by_value(link, bound) for link in walked):
            return super().rows(query, bound)
        starts = {name: self._whole.terms.of(bound[name]) for name in names}
        return QueryStore(surroundings(self._whole, walked, starts), self._graph).rows(query, bound)


def _is_by_value(link: Link, bound: Mapping[str, Term]) -> bool:
    """Whether a path goes backwards from a literal, which a store may hold in another spelling."""
    first, path = link
    start = path.paths[0] if isinstance(path, Several) and path.sign == "/" else path
    return isinstance(bound[first], ox.Literal) and not isinstance(start, Predicate)


def surroundings(data: Columns, walked: Iterable[Link], starts: Mapping[str, int]) -> Columns:
    """The statements that paths lead over from some nodes."""
    found = Columns(data.terms)
    walk = _Walk(data)
    for first, path in walked:
        walk.along(path, {starts[first]})
    for predicate, pairs in walk.passed.items():
        column = found.columns[predicate] = Column()
        column.subjects.extend(subject for subject, _ in pairs)
        column.objects.extend(value for _, value in pairs)
    return found


class _Walk:
    """Goes along paths and remembers over which statements."""

    def __init__(self, data: Columns) -> None:
        self._data = data
        self.passed: dict[int, dict[tuple[int, int], None]] = {}

    def along(self, path: Path, nodes: set[int]) -> set[int]:
        """Where a path leads to from some nodes."""
        match path:
            case Predicate():
                return self._over(path.iri, nodes, is_turned=False)
            case Inverse(path=Predicate() as inner):
                return self._over(inner.iri, nodes, is_turned=True)
            case Inverse():
                return self.along(turned(path.path), nodes)
            case Repeat():
                return self._again(path, nodes)
            case Several(sign="/"):
                for step in path.paths:
                    nodes = self.along(step, nodes)
                return nodes
            case Several():
                return {node for choice in path.paths for node in self.along(choice, nodes)}
        raise TypeError(f"not a path: {path!r}")

    def _over(self, iri: str, nodes: set[int], *, is_turned: bool) -> set[int]:
        column = self._data.column(iri)
        index = column.inverse if is_turned else column.forward
        passed = self.passed.setdefault(self._data.terms.iri(iri), {})
        ends: set[int] = set()
        for node in nodes:
            for end in index.get(node, ()):
                passed[(end, node) if is_turned else (node, end)] = None
                ends.add(end)
        return ends

    def _again(self, path: Repeat, nodes: set[int]) -> set[int]:
        found = set() if path.sign == "+" else set(nodes)
        new = set(nodes)
        while new:
            new = self.along(path.path, new) - found
            found |= new
            if path.sign == "?":
                break
        return found
