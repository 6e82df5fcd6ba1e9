"""RDF statements of a mapping, each with the place where it was written."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import Position


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple of a mapping document."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: NamedNode | BlankNode | Literal
    position: Position
