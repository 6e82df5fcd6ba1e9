"""The figures of a dataset, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """The triples of one property among the members of one class."""

    triples: int
    classes: Mapping[str, int] = field(default_factory=dict)
    """How many of them lead to members of a class; one that leads to a thing of two classes counts for each."""
    datatypes: Mapping[str, int] = field(default_factory=dict)
    """How many of them end in a literal of a datatype."""


Partitions = Mapping[str, Mapping[str, Part]]
"""By the class of the subject, then by property. A subject of two classes counts for each."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one dataset; classes, properties, subjects and objects are those of its default graph."""

    quads: int
    default_triples: int
    claims: int
    documents: int
    entities: int
    subjects: int
    objects: int
    by_modality: Mapping[str, int]
    by_review: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    facts: int = 0
    """Triples of the default graph that claims state, without names, marks and paths."""
    derived: int = 0
    """Quads of the graphs that views are joined of: the default graph, what is stated, and all else."""
    views: Mapping[str, int] = field(default_factory=dict)
    """The triples of each view."""
    partitions: Partitions = field(default_factory=dict)
    """Which properties the members of each class of the default graph have, and where they lead."""

    def to_json(self) -> dict[str, object]:
        """The figures that a manifest states."""
        return {
            "quads": self.quads,
            "quads_derived": self.derived,
            "default_triples": self.default_triples,
            "facts": self.facts,
            "views": dict(self.views),
            "claims": self.claims,
            "claims_by_modality": dict(self.by_modality),
            "claims_by_review": dict(self.by_review),
            "documents": self.documents,
            "entities": self.entities,
        }
