"""What rows become: term maps, triples maps, and the plan of a mapping (RML-Core, RML-IO, RML-CC)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import Position, Problem
from kg.rml.mapping.model.expressions import Conditions, Expression, Join, TermType
from kg.rml.mapping.model.sources import Compression, Source


class Serialization(StrEnum):
    """How the triples of a target are written: the local names of the formats of the W3C."""

    N_QUADS = "N-Quads"
    N_TRIPLES = "N-Triples"
    TURTLE = "Turtle"
    TRIG = "TriG"
    N3 = "N3"
    JSON_LD = "JSON-LD"
    RDF_XML = "RDF_XML"
    RDF_JSON = "RDF_JSON"

    @property
    def has_graphs(self) -> bool:
        """Whether it can say which graph a triple is in."""
        return self in {Serialization.N_QUADS, Serialization.TRIG, Serialization.JSON_LD}


@dataclass(frozen=True, slots=True)
class Target:
    """A file that triples are written to in the place of the output (RML-IO, logical targets)."""

    name: str
    """The path as the mapping writes it; of one that follows from rows, the template or the like."""
    is_beside: bool
    """Whether the path begins at the folder of the mapping, and not at the folder of the targets."""
    serialization: Serialization = Serialization.N_QUADS
    compression: Compression = Compression.NONE
    encoding: str = "utf-8"
    position: Position = field(default=Position("", 1), compare=False)
    expression: Expression | None = None
    """What makes the path of each row; nothing, if all rows have the same file."""


def expressions_of(targets: Iterable[Target]) -> list[Expression]:
    """What the names of targets are made of, of those that follow from rows."""
    return [target.expression for target in targets if target.expression is not None]


class Collection(StrEnum):
    """What members are gathered as: the local names of RDF."""

    LIST = "List"
    BAG = "Bag"
    SEQ = "Seq"
    ALT = "Alt"


@dataclass(frozen=True, slots=True)
class Gather:
    """The members of a collection or a container (RML-CC, gather maps)."""

    members: tuple[TermMap | RefObjectMap, ...]
    collection: Collection
    is_product: bool
    """Whether there is one for each choice of a value of every member, and not one of all values."""
    allows_empty: bool
    number: int
    """Of the gather map in its mapping."""


@dataclass(frozen=True, slots=True)
class TermMap:
    """How a term is made of a row; without an expression, every row gets a blank node of its own."""

    expression: Expression | None
    term_type: TermType
    base: str | None
    """What relative IRIs are put behind."""
    position: Position = field(compare=False)
    language: TermMap | None = None
    datatype: TermMap | None = None
    conditions: Conditions = ()
    targets: tuple[Target, ...] = ()
    """Where the triples go that the term is in."""
    gather: Gather | None = None
    """What the term is the head of."""

    def within(self) -> Iterator[TermMap | RefObjectMap]:
        """The members that it gathers, those of members that gather included."""
        for member in () if self.gather is None else self.gather.members:
            yield member
            if isinstance(member, TermMap):
                yield from member.within()


@dataclass(frozen=True, slots=True)
class RefObjectMap:
    """Objects that are the subjects of another triples map."""

    parent: str
    joins: tuple[Join, ...]
    position: Position = field(compare=False)
    conditions: Conditions = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Predicates and objects, and the graphs they go to besides those of the subject."""

    predicates: tuple[TermMap, ...]
    objects: tuple[TermMap | RefObjectMap, ...]
    graphs: tuple[TermMap, ...]
    conditions: Conditions = ()


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """How the rows of a source become triples."""

    name: str
    source: Source
    subject: TermMap
    classes: tuple[NamedNode, ...]
    graphs: tuple[TermMap, ...]
    pairs: tuple[PredicateObjectMap, ...]
    position: Position = field(compare=False)
    conditions: Conditions = ()
    """Those of its subject map, too: without a subject there is no triple."""

    def terms(self) -> Iterator[TermMap | RefObjectMap]:
        """Everything that a term is made by, in the order of writing; what is gathered included."""
        pairs = ((*pair.predicates, *pair.objects, *pair.graphs) for pair in self.pairs)
        for made in (self.subject, *self.graphs, *(made for pair in pairs for made in pair)):
            yield made
            if isinstance(made, TermMap):
                yield from made.within()

    def links(self) -> Iterator[RefObjectMap]:
        """Everything that leads to another triples map."""
        return (made for made in self.terms() if isinstance(made, RefObjectMap))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole mapping, in the order in which its triples maps are written."""

    path: Path
    maps: tuple[TriplesMap, ...]
    notes: tuple[Problem, ...] = ()
    """What its author should know, though it can be run."""

    def map_named(self, name: str) -> TriplesMap:
        """The triples map of a name.

        :raises KeyError: if there is none
        """
        for triples_map in self.maps:
            if triples_map.name == name:
                return triples_map
        raise KeyError(name)
