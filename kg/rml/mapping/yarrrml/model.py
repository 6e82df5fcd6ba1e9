"""What a YARRRML document says, after its spellings have been read."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import Position, Problem
from kg.rml.mapping.yarrrml.sources import Source
from kg.rml.mapping.yarrrml.targets import Target
from kg.rml.mapping.yarrrml.terms import Call, Value


@dataclass(frozen=True, slots=True)
class Object:
    """An object made from the row; datatype and language are at most one of the two."""

    value: Value
    is_iri: bool
    datatype: Value | None
    language: Value | None
    conditions: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Equality:
    """A condition of a link: a value of the own row equals a value of the other mapping's row."""

    own: Value
    other: Value
    position: Position


@dataclass(frozen=True, slots=True)
class Link:
    """An object that is the subject of another mapping."""

    mapping: str
    conditions: tuple[Equality, ...]
    position: Position
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class PredicateObject:
    """Every predicate with every object, in all of the graphs."""

    predicates: tuple[Value, ...]
    objects: tuple[Object | Link, ...]
    graphs: tuple[Value, ...]
    position: Position
    conditions: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class RowMapping:
    """One entry of `mappings`; a subject that is `None` is a blank node for each row."""

    name: str
    sources: tuple[Source, ...]
    subjects: tuple[Value | None, ...]
    graphs: tuple[Value, ...]
    predicateobjects: tuple[PredicateObject, ...]
    position: Position
    conditions: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole YARRRML file; names of triples maps start with `base`."""

    base: str
    mappings: tuple[RowMapping, ...]
    notes: tuple[Problem, ...] = ()
    """What may have been meant otherwise."""
