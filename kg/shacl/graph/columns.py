"""A data graph as columns: for each predicate its subjects and objects as numbers, and indexes made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.shacl.graph.lines import Lines, in_blocks
from kg.shacl.graph.terms import Terms
from kg.shacl.graph.xsd import RDF

TYPE: Final = RDF + "type"
SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
INDEXED: Final = 2_000_000
"""Nodes in indexes and classes, of about 100 bytes, beyond which both are forgotten and made again when asked for."""
_FIRST: Final = 100
"""Keys that are looked at before one of them is likely to stand alone."""
Index = Mapping[int, Sequence[int]]


class Column:
    """The pairs of one predicate, in the order in which they were met; graphs may repeat one another."""

    __slots__ = ("_forward", "_inverse", "_is_single", "_size", "objects", "subjects")

    def __init__(self) -> None:
        self.subjects: list[int] = []
        self.objects: list[int] = []
        self._forward: Index | None = None
        self._inverse: Index | None = None
        self._is_single: bool | None = None
        self._size = 0

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Each pair once."""
        pairs = zip(self.subjects, self.objects, strict=True)
        return pairs if self.is_single else iter(dict.fromkeys(pairs))

    def _renew(self) -> None:
        """Forget what was made before pairs were added."""
        if self._size != len(self.subjects):
            self._size = len(self.subjects)
            self._forward = self._inverse = self._is_single = None

    @property
    def is_single(self) -> bool:
        """Whether no subject has two pairs."""
        self._renew()
        if self._is_single is None:
            self._is_single = _is_single(self.subjects)
        return self._is_single

    @property
    def is_indexed(self) -> bool:
        """Whether there is an index of subjects already."""
        self._renew()
        return self._forward is not None

    @property
    def indexed(self) -> int:
        """How many nodes stand in indexes that were made."""
        return len(self._forward or ()) + len(self._inverse or ())

    def forget(self) -> None:
        """Forget the indexes: whoever has one keeps it."""
        self._forward = self._inverse = None

    @property
    def forward(self) -> Index:
        """The objects of each subject, each once."""
        self._renew()
        if self._forward is None:
            self._forward = _index(self.subjects, self.objects)
        return self._forward

    @property
    def inverse(self) -> Index:
        """The subjects of each object, each once."""
        self._renew()
        if self._inverse is None:
            self._inverse = _index(self.objects, self.subjects)
        return self._inverse


def _index(keys: Sequence[int], values: Sequence[int]) -> Index:
    """The values of each key, each once, in the order in which they were met.

    >>> _index([1, 2, 1, 1], [3, 4, 5, 3]), _index([1, 2], [3, 4])
    ({1: [3, 5], 2: [4]}, {1: (3,), 2: (4,)})
    """
    if _is_single(keys[:_FIRST]):
        alone: dict[int, tuple[int, ...]] = dict(zip(keys, zip(values, strict=True), strict=True))
        if len(alone) == len(keys):
            return alone
        del alone
    several: dict[int, list[int]] = {}
    known = several.get
    for key, value in zip(keys, values, strict=True):
        found = known(key)
        if found is None:
            several[key] = [value]
        else:
            found.append(value)
    for key, found in several.items():
        if len(found) > 1 and len(set(found)) < len(found):
            several[key] = [*dict.fromkeys(found)]
    return several


def _is_single(keys: Sequence[int]) -> bool:
    return len(set(keys)) == len(keys)


class Columns:
    """A data graph.

    >>> data = Columns.from_lines([b'<urn:a> <urn:p> "1" .', b'<urn:a> <urn:p> "1" <urn:g> .'])
    >>> [[data.terms.text(number) for number in pair] for pair in data.column("urn:p").pairs()]
    [['urn:a', '"1"']]
    """

    def __init__(self, terms: Terms | None = None) -> None:
        self.terms = Terms() if terms is None else terms
        self.columns: dict[int, Column] = {}
        self._members: dict[int, set[int]] = {}

    @classmethod
    def from_lines(cls, lines: Iterable[bytes], graphs: frozenset[bytes] | None = None) -> Columns:
        """The union of the graphs of lines of N-Quads; with `graphs` only of these (`b""` is the default graph).

        :raises SyntaxError: with its number, if a line is no N-Quads
        """
        return cls.from_blocks(in_blocks(lines), graphs)

    @classmethod
    def from_blocks(cls, blocks: Iterable[bytes], graphs: frozenset[bytes] | None = None) -> Columns:
        """The same of blocks of whole lines (`kg.rdf.whole_lines` reads them from a file).

        :raises SyntaxError: with the number of the line, if one is no N-Quads
        """
        data = cls()
        data.add_blocks(blocks, graphs)
        return data

    @uncollected()
    def add_blocks(
        self,
        blocks: Iterable[bytes],
        graphs: frozenset[bytes] | None = None,
        syntax: ox.RdfFormat = ox.RdfFormat.N_QUADS,
        apart: str = "",
    ) -> int:
        """Add blocks of whole lines of N-Quads, or of N-Triples if that is the syntax; how many statements they have.

        With `apart`, a word for a file, its blank nodes are none of another file's, whatever their labels. Indexes that
        were made do not know of what is added.

        :raises SyntaxError: with the number of the line, if one is ill-formed
        """
        lines = Lines(self.terms, [(self.extend, graphs)], syntax, apart)
        try:
            for block in blocks:
                lines.add_block(block)
        finally:
            self.terms.keep_apart("")
        return lines.statements

    def extend(self, statements: Iterable[tuple[int, int, int]]) -> None:
        """Add statements, their terms as numbers; one that follows itself, as in another graph, is added once."""
        appends: dict[int, tuple[Callable[[int], None], Callable[[int], None]]] = {}
        last_subject = last_predicate = last_value = -1
        for subject, predicate, value in statements:
            if value != last_value or subject != last_subject or predicate != last_predicate:
                last_subject, last_predicate, last_value = subject, predicate, value
                try:
                    add_subject, add_object = appends[predicate]
                except KeyError:
                    column = self.columns.get(predicate) or self.columns.setdefault(predicate, Column())
                    add_subject, add_object = appends[predicate] = column.subjects.append, column.objects.append
                add_subject(subject)
                add_object(value)

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad | ox.Triple]) -> Columns:
        """The union of the graphs of quads."""
        data = cls()
        for quad in quads:
            data.add(quad)
        return data

    def add(self, quad: ox.Quad | ox.Triple) -> None:
        """One statement more; indexes that were made do not know of it."""
        column = self.columns.setdefault(self.terms.of(quad.predicate), Column())
        column.subjects.append(self.terms.of(quad.subject))
        column.objects.append(self.terms.of(quad.object))

    @property
    def beyond(self) -> str | None:
        """The first term that is none of RDF 1.1, if there is one (`kg.shacl.graph.terms`)."""
        return None if self.terms.beyond is None else self.terms.beyond.decode()

    def column(self, predicate: str) -> Column:
        """The column of a predicate, empty where nothing has it."""
        return self.columns.get(self.terms.iri(predicate)) or Column()

    def members(self, kind: int) -> set[int]:
        """The instances of a class and of its subclasses (SHACL, section 1.1)."""
        found = self._members.get(kind)
        if found is None:
            types = self.column(TYPE).inverse
            found = self._members[kind] = {member for below in self.subclasses(kind) for member in types.get(below, ())}
        return found

    def relieve(self) -> None:
        """Forget indexes and members of classes where they are more than is worth keeping."""
        indexed = sum(column.indexed for column in self.columns.values())
        if indexed + sum(map(len, self._members.values())) > INDEXED:
            self.forget()

    def forget(self) -> None:
        """Forget all indexes and members of classes."""
        self._members.clear()
        for column in self.columns.values():
            column.forget()

    def subclasses(self, kind: int) -> set[int]:
        """A class and all below it; a circle of classes is no hindrance."""
        below = self.column(SUBCLASS).inverse
        seen, waiting = {kind}, [kind]
        while waiting:
            for lower in below.get(waiting.pop(), ()):
                if lower not in seen:
                    seen.add(lower)
                    waiting.append(lower)
        return seen

    def quads(self, predicates: Iterable[int] | None = None) -> Iterator[ox.Quad]:
        """The statements with these predicates, or all of them, for a store of Oxigraph's."""
        term = self.terms.term
        for key in self.columns if predicates is None else predicates:
            column = self.columns.get(key)
            if column is not None:
                predicate = term(key)
                for subject, value in column.pairs():
                    yield ox.Quad(term(subject), predicate, term(value))  # type: ignore[arg-type]
