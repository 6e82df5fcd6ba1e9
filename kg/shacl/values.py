"""Value nodes: what a path leads to from many focus nodes at once (SHACL, sections 2.3.1 and 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Final

from kg.shacl.graph.columns import Column, Columns, Index
from kg.shacl.paths import Inverse, Path, Predicate, Repeat, Several

_REPEATED: Final = 8
"""Values of a focus node beyond which it is not likely that the focus nodes are all the subjects of a column."""


class Values:
    """The value nodes of focus nodes; of a shape without a path each node is its own value.

    Where the focus nodes are all the subjects of the predicate, its column answers as it stands, without an index.
    """

    def __init__(
        self,
        data: Columns,
        path: Path | None,
        nodes: Sequence[int],
        added: int | None = None,
        default: int | None = None,
    ) -> None:
        self.data, self.path, self.nodes = data, path, nodes
        self._added, self._default = added, default

    @cached_property
    def index(self) -> Index | None:
        """The values of each focus node that has any; None where each node is its own."""
        found = self._reached
        if found is None or (self._added is None and self._default is None):
            return found
        added = [] if self._added is None else [self._added]
        default = [] if self._default is None else [self._default]
        return {node: list(dict.fromkeys([*found.get(node, ()), *added])) or default for node in self.nodes}

    @cached_property
    def _reached(self) -> Index | None:
        if self.path is None:
            return None
        if isinstance(self.path, Predicate):
            return self.data.column(self.path.iri).forward
        if isinstance(self.path, Inverse) and isinstance(self.path.path, Predicate):
            return self.data.column(self.path.path.iri).inverse
        walk = walker(self.data, self.path)
        return {node: list(dict.fromkeys(walk(node))) for node in self.nodes}

    @cached_property
    def column(self) -> Column | None:
        """The column of the predicate, if the focus nodes are all its subjects and it has no index yet."""
        if not isinstance(self.path, Predicate) or self._added is not None or self._default is not None:
            return None
        column = self.data.column(self.path.iri)
        if column.is_indexed or len(self.nodes) * _REPEATED < len(column.subjects):
            return None
        return column if set(self.nodes).issuperset(column.subjects) else None

    def pairs(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Each focus node with its values."""
        index = self.index
        if index is None:
            return ((node, (node,)) for node in self.nodes)
        return zip(self.nodes, map(index.get, self.nodes, repeat(())), strict=True)

    def numbers(self) -> Iterator[tuple[int, int]]:
        """Each focus node with how many values it has."""
        if self.column is not None and self.column.is_single:
            having = set(self.column.subjects)
            return ((node, int(node in having)) for node in self.nodes)
        return ((node, len(values)) for node, values in self.pairs())

    def distinct(self) -> Collection[int]:
        """All values, each once, in the order in which they are met."""
        return self._distinct

    @cached_property
    def _distinct(self) -> Collection[int]:
        if self.column is not None:
            return dict.fromkeys(self.column.objects).keys()
        if self.index is None:
            return self.nodes
        return dict.fromkeys(chain.from_iterable(map(self.index.get, self.nodes, repeat(())))).keys()

    def holding(self, wanted: Collection[int]) -> Iterator[tuple[int, int]]:
        """The focus nodes that have some of the values, with each of them."""
        if not wanted:
            return
        if self.column is not None:
            found = zip(self.column.subjects, self.column.objects, strict=True)
            yield from dict.fromkeys(pair for pair in found if pair[1] in wanted)
            return
        for node, values in self.pairs():
            for value in values:
                if value in wanted:
                    yield node, value


Walk = Callable[[int], Iterable[int]]


def walker(data: Columns, path: Path) -> Walk:
    """A function from a node to what a path leads to; a node may come more than once."""
    match path:
        case Predicate():
            return _looking_up(data.column(path.iri).forward)
        case Inverse(path=Predicate() as inner):
            return _looking_up(data.column(inner.iri).inverse)
        case Inverse():
            return walker(data, turned(path.path))
        case Repeat():
            return _repeated(walker(data, path.path), path.sign)
        case Several(sign="/"):
            return _one_after_another([walker(data, step) for step in path.paths])
        case Several():
            walks = [walker(data, choice) for choice in path.paths]
            return lambda node: (value for walk in walks for value in walk(node))
    raise TypeError(f"not a path: {path!r}")


def turned(path: Path) -> Path:
    """The path from the other end.

    >>> turned(Several((Predicate("urn:p"), Inverse(Predicate("urn:q"))), "/"))
    Several(paths=(Predicate(iri='urn:q'), Inverse(path=Predicate(iri='urn:p'))), sign='/')
    """
    match path:
        case Predicate():
            return Inverse(path)
        case Inverse():
            return path.path
        case Repeat():
            return Repeat(turned(path.path), path.sign)
        case Several():
            steps = tuple(map(turned, path.paths))
            return Several(steps[::-1] if path.sign == "/" else steps, path.sign)
    raise TypeError(f"not a path: {path!r}")


def _looking_up(index: Index) -> Walk:
    return lambda node: index.get(node, ())


def _one_after_another(walks: Sequence[Walk]) -> Walk:
    def walk(node: int) -> Iterable[int]:
        found: Iterable[int] = (node,)
        for step in walks:
            found = dict.fromkeys(value for before in found for value in step(before))
        return found

    return walk


def _repeated(step: Walk, sign: str) -> Walk:
    def walk(node: int) -> Iterable[int]:
        found = {} if sign == "+" else {node: None}
        waiting = [node]
        while waiting:
            for value in step(waiting.pop()):
                if value not in found:
                    found[value] = None
                    waiting.append(value)
            if sign == "?":
                break
        return found

    return walk
