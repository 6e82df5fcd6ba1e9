"""A data graph that is kept and may change: sorted numbers, searched where they lie, and what differs from them.

Nothing is indexed when a kept graph is opened: the pairs of a predicate are numbers of 64 bits (subject and object, and
once more object and subject), sorted, so that a node is found by halving. A change leaves them as they are and lays new
lists over the nodes that it touches; so the graph before a change and the one after it stand beside each other.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Protocol

from kg.shacl.graph.columns import TYPE, Column, Columns
from kg.shacl.graph.terms import Terms

Pair = tuple[int, int]
"""The numbers of a subject and an object."""
Numbers = memoryview | tuple[int, ...]
_LOW: Final = (1 << 32) - 1


class Base(Protocol):
    """Where the pairs of predicates lie."""

    def forward(self, predicate: int) -> Numbers:
        """The pairs of a predicate, the subject in the upper half, sorted."""

    def inverse(self, predicate: int) -> Numbers:
        """The same with the object in the upper half."""

    def times(self, predicate: int) -> Numbers | None:
        """How many graphs state each pair, in the order of `forward`; None where it is one for all of them."""

    def predicates(self) -> Iterable[int]:
        """The predicates that have pairs."""


class Lookup(Mapping[int, list[int]]):
    """What is on the other side of a node: found in sorted numbers, unless something was laid over it."""

    __slots__ = ("_keys", "_over")

    def __init__(self, keys: Numbers, over: Mapping[int, list[int]]) -> None:
        self._keys, self._over = keys, over

    def beyond(self, node: int) -> list[int]:
        """The nodes beyond a node, none if it has none."""
        laid = self._over.get(node)
        if laid is not None:
            return laid
        start = bisect_left(self._keys, node << 32)
        end = bisect_left(self._keys, (node + 1) << 32, start)
        return [key & _LOW for key in self._keys[start:end]]

    def get(self, node: int, default: object = None) -> object:  # type: ignore[override]
        """The nodes beyond a node, or the default if there are none."""
        return self.beyond(node) or default

    def __getitem__(self, node: int) -> list[int]:
        if found := self.beyond(node):
            return found
        raise KeyError(node)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and bool(self.beyond(node))

    def __iter__(self) -> Iterator[int]:
        last = -1
        for key in self._keys:
            node = key >> 32
            if node != last and node not in self._over:
                yield node
            last = node
        yield from (node for node, laid in self._over.items() if laid)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid over the pairs of one predicate."""

    forward: Mapping[int, list[int]] = field(default_factory=dict)
    inverse: Mapping[int, list[int]] = field(default_factory=dict)
    times: Mapping[Pair, int] = field(default_factory=dict)
    """How many graphs state a pair, where that has changed."""


class KeptColumn(Column):
    """The pairs of one predicate of a kept graph."""

    __slots__ = ("_back", "_forth", "_keys", "_laid", "_times")

    def __init__(self, base: Base, predicate: int, laid: Laid) -> None:
        self._keys, self._laid = base.forward(predicate), laid
        self._times = base.times(predicate)
        self._forth = Lookup(self._keys, laid.forward)
        self._back = Lookup(base.inverse(predicate), laid.inverse)

    @property
    def subjects(self) -> list[int]:  # type: ignore[override]
        """The subject of each pair."""
        return [subject for subject, _ in self.pairs()]

    @property
    def objects(self) -> list[int]:  # type: ignore[override]
        """The object of each pair."""
        return [value for _, value in self.pairs()]

    @property
    def is_single(self) -> bool:
        """Not known: nobody counts."""
        return False

    @property
    def is_indexed(self) -> bool:
        """Always: nodes are found where the pairs lie."""
        return True

    @property
    def forward(self) -> Lookup:
        """The objects of each subject."""
        return self._forth

    @property
    def inverse(self) -> Lookup:
        """The subjects of each object."""
        return self._back

    def pairs(self) -> Iterator[Pair]:
        """Each pair once."""
        over = self._laid.forward
        yield from ((key >> 32, key & _LOW) for key in self._keys if key >> 32 not in over)
        yield from ((subject, value) for subject, laid in over.items() for value in laid)

    def times(self, pair: Pair) -> int:
        """How many graphs state a pair."""
        laid = self._laid.times.get(pair)
        if laid is not None:
            return laid
        key = pair[0] << 32 | pair[1]
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key:
            return 0
        return 1 if self._times is None else self._times[place]

    def changed(self, stated: Mapping[Pair, int], forms: Sequence[bytes]) -> tuple[Laid, list[Pair]]:
        """What is laid over the pairs when that many graphs more, or fewer, state some; and those that come or go.

        What is laid over a node stands in the order of `forms`, as in a graph that is read from sorted lines.

        :raises ValueError: if a graph is to lose what it does not state
        """
        times = dict(self._laid.times)
        forward, inverse = dict(self._laid.forward), dict(self._laid.inverse)
        turned: list[Pair] = []
        for pair, more in stated.items():
            before = self.times(pair)
            if before + more < 0:
                raise ValueError("a statement is taken away that is not there")
            times[pair] = before + more
            if bool(before) != bool(before + more):
                turned.append(pair)
                for index, (here, there), known in ((forward, pair, self._forth), (inverse, pair[::-1], self._back)):
                    values = list(index[here]) if here in index else known.beyond(here)
                    if before:
                        values.remove(there)
                    else:
                        insort(values, there, key=forms.__getitem__)
                    index[here] = values
        return Laid(forward, inverse, times), turned


class Members(AbstractSet[int]):
    """The instances of some classes: one is recognised by its types."""

    def __init__(self, types: Column, kinds: frozenset[int]) -> None:
        self._types, self._kinds = types, kinds

    @classmethod
    def _from_iterable(cls, nodes: Iterable[int]) -> set[int]:  # type: ignore[override]
        return set(nodes)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and not self._kinds.isdisjoint(self._types.forward.get(node, ()))

    def __iter__(self) -> Iterator[int]:
        known = self._types.inverse
        return iter({member for kind in self._kinds for member in known.get(kind, ())})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class View(Columns):
    """A kept data graph with what has changed since it was kept."""

    def __init__(self, base: Base, terms: Terms, laid: Mapping[int, Laid] | None = None) -> None:
        super().__init__(terms)
        self._base, self._laid = base, dict(laid or {})
        self._kinds: dict[int, frozenset[int]] = {}
        self._made: dict[int, KeptColumn] = {}
        self.columns = _Lazy(self)

    def names(self) -> frozenset[int]:
        """The predicates that have, or had, pairs."""
        return frozenset((*self._base.predicates(), *self._laid))

    def kept(self, predicate: int) -> KeptColumn:
        """The column of a predicate."""
        found = self._made.get(predicate)
        if found is None:
            found = self._made[predicate] = KeptColumn(self._base, predicate, self._laid.get(predicate, Laid()))
        return found

    def changed(self, stated: Mapping[int, Mapping[Pair, int]]) -> tuple[View, dict[int, list[Pair]]]:
        """The graph after a change, by predicate, and the statements that come or go by it.

        :raises ValueError: if a graph is to lose what it does not state
        """
        laid, turned = dict(self._laid), {}
        for predicate, pairs in stated.items():
            laid[predicate], found = self.kept(predicate).changed(pairs, self.terms.forms)
            if found:
                turned[predicate] = found
        return View(self._base, self.terms, laid), turned

    def relieve(self) -> None:
        """Nothing: what is kept lies in a file."""

    def kinds(self, kind: int) -> frozenset[int]:
        """A class and all below it, remembered."""
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = frozenset(self.subclasses(kind))
        return found

    def members(self, kind: int) -> Members:  # type: ignore[override]
        """The instances of a class and of its subclasses (SHACL, section 1.1)."""
        return Members(self.column(TYPE), self.kinds(kind))


class _Lazy(dict[int, Column]):
    """The columns by predicate, each made when asked for."""

    def __init__(self, view: View) -> None:
        super().__init__(dict.fromkeys(view.names()))  # type: ignore[arg-type]
        self._view = view

    def __getitem__(self, predicate: int) -> Column:
        if predicate in self:
            return self._view.kept(predicate)
        raise KeyError(predicate)

    def get(self, predicate: int, default: object = None) -> object:  # type: ignore[override]
        return self._view.kept(predicate) if predicate in self else default
