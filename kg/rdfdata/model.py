"""A file of RDF of a project, as its register describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.errors import Position
from kg.rdf import RdfFile

Values = Mapping[str, tuple[bytes, ...]]
"""Of a claim, its values as N-Quads writes them, by the IRI of the property."""


@dataclass(frozen=True, slots=True)
class StatedGraph:
    """What is known of the triples of a file, or of one graph in it: they are what one claim states."""

    claim: str
    """The id of the claim."""
    said: Values
    position: Position


@dataclass(frozen=True, slots=True)
class Document:
    """What is told of a file, unless `sources.yaml` describes it."""

    title: Mapping[str, str]
    """By language; a title in no language has the empty one."""
    language: str
    publisher: str
    licence: str
    date: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file whose triples are stated in a release."""

    slug: str
    """Of its document."""
    file: RdfFile
    name: str
    """Its path relative to the project: what errors and manifests call it."""
    document: Document | None
    """None where `sources.yaml` describes it."""
    whole: StatedGraph
    """The triples of its default graph."""
    graphs: Mapping[str, StatedGraph] = field(default_factory=dict)
    """Those of the graphs that the register names, by their IRIs."""
    position: Position = field(default=Position("", 0))


@dataclass(frozen=True, slots=True)
class OntologyFile:
    """A file whose triples are the project's own vocabulary."""

    file: RdfFile
    name: str
