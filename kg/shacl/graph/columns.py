"""A data graph as columns: for each predicate its subjects and objects as numbers, and indexes made when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.terms import Terms, is_beyond
from kg.shacl.graph.xsd import RDF

TYPE: Final = RDF + "type"
SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
# A line that Oxigraph wrote: no escape, no capital in a language tag, no datatype that the canonical form leaves out,
# and nothing beyond RDF 1.1: a direction after two dashes, a triple term.
_CANONICAL: Final = re.compile(
    rb"(<[^<>\\]*>|_:\S+) (<[^<>\\]*>) "
    rb'(<[^<>\\]*>|_:\S+|"[^"\\\n]*"(?:@[a-z0-9]+(?:-[a-z0-9]+)*|\^\^<(?!http://www\.w3\.org/2001/XMLSchema#string>)[^<>\\]*>)?)'
    rb"(?: (<[^<>\\]*>|_:\S+))? \.\n?"
)
Index = Mapping[int, list[int]]


class Column:
    """The pairs of one predicate."""

    __slots__ = ("_forward", "_inverse", "objects", "subjects")

    def __init__(self) -> None:
        self.subjects: list[int] = []
        self.objects: list[int] = []
        self._forward: dict[int, list[int]] | None = None
        self._inverse: dict[int, list[int]] | None = None

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Each pair once: the graphs that a data graph is the union of may repeat one another."""
        return iter(dict.fromkeys(zip(self.subjects, self.objects, strict=True)))

    @property
    def forward(self) -> Index:
        """The objects of each subject."""
        if self._forward is None:
            index: dict[int, list[int]] = {}
            for subject, value in self.pairs():
                index.setdefault(subject, []).append(value)
            self._forward = index
        return self._forward

    @property
    def inverse(self) -> Index:
        """The subjects of each object."""
        if self._inverse is None:
            index: dict[int, list[int]] = {}
            for subject, value in self.pairs():
                index.setdefault(value, []).append(subject)
            self._inverse = index
        return self._inverse


class Columns:
    """A data graph.

    >>> data = Columns.from_lines([b'<urn:a> <urn:p> "1" .', b'<urn:a> <urn:p> "1" <urn:g> .'])
    >>> [[data.terms.text(number) for number in pair] for pair in data.column("urn:p").pairs()]
    [['urn:a', '"1"']]
    """

    def __init__(self) -> None:
        self.terms = Terms()
        self.columns: dict[int, Column] = {}
        self.beyond: ox.Quad | ox.Triple | None = None
        """The first statement whose object is no term of RDF 1.1, if there is one."""
        self._members: dict[int, set[int]] = {}

    @classmethod
    def from_lines(cls, lines: Iterable[bytes], graphs: frozenset[bytes] | None = None) -> Columns:
        """The union of the graphs of lines of N-Quads; with `graphs` only of these (`b""` is the default graph).

        :raises SyntaxError: if a line is no N-Quads
        """
        data = cls()
        number, columns = data.terms.number, data.columns
        for line in lines:
            found = _CANONICAL.fullmatch(line)
            if found is None:
                for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS):
                    name = b"" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name).encode()
                    if graphs is None or name in graphs:
                        data.add(quad)
                continue
            subject, predicate, value, graph = found.groups()
            if graphs is None or (graph or b"") in graphs:
                key = number(predicate)
                column = columns.get(key)
                if column is None:
                    column = columns[key] = Column()
                column.subjects.append(number(subject))
                column.objects.append(number(value))
        return data

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad | ox.Triple]) -> Columns:
        """The union of the graphs of quads."""
        data = cls()
        for quad in quads:
            data.add(quad)
        return data

    def add(self, quad: ox.Quad | ox.Triple) -> None:
        """One statement more; indexes that were made do not know of it."""
        if self.beyond is None and is_beyond(quad.object):
            self.beyond = quad
        column = self.columns.setdefault(self.terms.of(quad.predicate), Column())
        column.subjects.append(self.terms.of(quad.subject))
        column.objects.append(self.terms.of(quad.object))

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
