"""What makes a node of a release a term of its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.terms import expand
from server.releases import Release

TYPE: Final = NamedNode(expand("rdf:type"))
MAKES: Final[Mapping[str, str]] = MappingProxyType(
    {
        expand(name): kind
        for name, kind in (
            ("owl:Class", "class"), ("rdfs:Class", "class"),
            ("owl:ObjectProperty", "object"), ("owl:DatatypeProperty", "data"),
            ("owl:AnnotationProperty", "annotation"), ("rdf:Property", "property"),
        )
    }
)  # fmt: skip
"""What makes a node a term, the strongest first (OWL 2, section 5; RDF Schema 1.1, sections 2 and 3)."""
KINDS: Final = ("class", "object", "data", "property", "annotation")
"""The kinds of terms in the order of the index."""


def graph_of(release: Release) -> NamedNode | None:
    """The graph in which a release describes its vocabulary; None for any, where it was not built as a project is."""
    return NamedNode(release.minter.graph("ontology")) if release.has_vocabulary else None


def is_term(release: Release, iri: str) -> bool:
    """Whether a release describes a class or a property of this IRI."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    types = release.engine.quads(node, TYPE, None, graph_of(release))
    return any(isinstance(quad.object, NamedNode) and quad.object.value in MAKES for quad in types)


def has_terms(release: Release) -> bool:
    """Whether a release describes any."""
    graph = graph_of(release)
    return any(any(True for _ in release.engine.quads(None, TYPE, NamedNode(kind), graph)) for kind in MAKES)
