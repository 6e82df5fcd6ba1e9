"""Lists of a data graph (RDF Schema, section 5.2), each of their nodes visited once, however many lists share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.shacl.graph.columns import Columns
from kg.shacl.graph.xsd import RDF


class Lists:
    """What is a list, and of what members.

    >>> import pyoxigraph as ox
    >>> data = Columns.from_quads(ox.parse(b"<urn:a> <urn:p> ( 1 2 ) , <urn:b> .", format=ox.RdfFormat.TURTLE))
    >>> lists = Lists(data)
    >>> sorted(str(lists.length(value)) for value in data.column("urn:p").objects)
    ['2', 'None']
    """

    def __init__(self, data: Columns) -> None:
        self._first = data.column(RDF + "first").forward
        self._rest = data.column(RDF + "rest").forward
        self.nil = data.terms.iri(RDF + "nil")
        is_bare = self.nil not in self._first and self.nil not in self._rest
        self._lengths: dict[int, int | None] = {self.nil: 0 if is_bare else None}

    def length(self, node: int) -> int | None:
        """How many members a list has; None if the node is no list, or one that is broken or leads back to itself."""
        chain: list[int] = []
        on_chain: set[int] = set()
        at: int | None = node
        while at is not None and at not in self._lengths and at not in on_chain:
            chain.append(at)
            on_chain.add(at)
            at = self._after(at)
        known = None if at is None or at in on_chain else self._lengths[at]
        for cell in reversed(chain):
            known = None if known is None else known + 1
            self._lengths[cell] = known
        return self._lengths[node]

    def _after(self, cell: int) -> int | None:
        first, rest = self._first.get(cell, ()), self._rest.get(cell, ())
        return rest[0] if len(first) == 1 and len(rest) == 1 else None

    def cells(self, node: int, known: Mapping[int, object] | None = None) -> Iterator[tuple[int, int]]:
        """The nodes of a list, each with its member, up to the end or to one that is known."""
        while node != self.nil and (known is None or node not in known):
            yield node, self._first[node][0]
            node = self._rest[node][0]

    def after(self, cell: int) -> int:
        """The node that follows one of a list."""
        return self._rest[cell][0]

    def holding(self, heads: Iterable[int], members: set[int]) -> set[int]:
        """Those of some lists that have one of the members."""
        judged: dict[int, bool] = {self.nil: False}
        for head in heads:
            cells = list(self.cells(head, judged))
            for cell, member in reversed(cells):
                judged[cell] = member in members or judged[self.after(cell)]
        return {head for head in heads if judged[head]}

    def repeating(self, heads: Iterable[int]) -> set[int]:
        """Those of some lists that have a member twice."""
        judged: dict[int, bool] = {self.nil: False}
        for head in sorted(heads, key=lambda head: -(self._lengths[head] or 0)):  # the longest tells of all its tails
            if head in judged:
                continue
            seen: set[int] = set()
            is_repeated = False
            for cell, member in reversed(list(self.cells(head))):
                is_repeated = is_repeated or member in seen
                seen.add(member)
                judged[cell] = is_repeated
        return {head for head in heads if judged[head]}
