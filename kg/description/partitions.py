"""Nested partitions of a dataset in VoID: its classes, the properties of their members, and where those lead.

They are made as SIB's void-generator makes them, whose readers ask for `void:classPartition` and
`void-ext:datatypePartition` of a property within a class; `void-ext:objectClassPartition` names the first of the two
unmistakably.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.description.counts import Counts, Part
from kg.description.terms import fragment, integer, triple


def partitions(counts: Counts, iri: str) -> Iterator[ox.Triple]:
    """The partitions of the dataset `iri` by class, by property, and by property within each class."""
    for kind, members in counts.classes.items():
        part = f"{iri}#class-{fragment(kind)}"
        yield triple(iri, "void:classPartition", ox.NamedNode(part))
        yield triple(part, "void:class", ox.NamedNode(kind))
        yield triple(part, "void:entities", integer(members))
        for name, found in counts.partitions.get(kind, {}).items():
            yield from _within(part, name, found)
    for name, number in counts.properties.items():
        part = f"{iri}#property-{fragment(name)}"
        yield triple(iri, "void:propertyPartition", ox.NamedNode(part))
        yield from _counted(part, "void:property", name, number)


def _within(of: str, name: str, found: Part) -> Iterator[ox.Triple]:
    part = f"{of}-property-{fragment(name)}"
    yield triple(of, "void:propertyPartition", ox.NamedNode(part))
    yield from _counted(part, "void:property", name, found.triples)
    for kind, number in found.classes.items():
        target = f"{part}-to-{fragment(kind)}"
        yield triple(part, "void:classPartition", ox.NamedNode(target))
        yield triple(part, "void-ext:objectClassPartition", ox.NamedNode(target))
        yield from _counted(target, "void:class", kind, number)
    for datatype, number in found.datatypes.items():
        target = f"{part}-as-{fragment(datatype)}"
        yield triple(part, "void-ext:datatypePartition", ox.NamedNode(target))
        yield from _counted(target, "void-ext:datatype", datatype, number)


def _counted(part: str, by: str, value: str, number: int) -> Iterator[ox.Triple]:
    yield triple(part, by, ox.NamedNode(value))
    yield triple(part, "void:triples", integer(number))
