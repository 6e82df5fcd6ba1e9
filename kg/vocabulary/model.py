"""The vocabulary as values: classes, properties and concepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kg.errors import Position
from kg.terms import ZEL, expand

THING: Final = expand("owl:Thing")

Kind: TypeAlias = Literal["class", "object", "data"]

DATATYPES: Final = tuple(
    expand(curie)
    for curie in (
        "edtf:EDTF", "rdf:langString", "xsd:anyURI", "xsd:boolean", "xsd:date", "xsd:decimal", "xsd:gYear",
        "xsd:nonNegativeInteger", "xsd:positiveInteger", "xsd:string",
    )
)  # fmt: skip
"""The datatypes that a data property may range over."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term relates to one of another vocabulary: `=` same, `~` close, `<` narrower."""

    relation: str
    curie: str


@dataclass(frozen=True, slots=True)
class Term:
    """One class or property, with absolute IRIs; an external one keeps the IRI of its own vocabulary."""

    name: str
    iri: str
    kind: Kind
    parent: str
    domain: str | None
    range: str | None
    scheme: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    characteristics: tuple[str, ...]
    disjoint_with: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    used_in: str
    """Identifiers of competency questions, or `reserved: ` and the reason."""
    since: str
    deprecated: str | None
    """Version and reason, or None while the term is in use."""
    replaced_by: str | None
    position: Position

    @property
    def external(self) -> bool:
        """Whether the term belongs to another vocabulary."""
        return not self.iri.startswith(ZEL)

    @property
    def derived(self) -> bool:
        """Whether a build makes the statements of the property, and nobody writes them."""
        return "derived" in self.characteristics


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms by name, and all concepts by scheme and name."""

    classes: Mapping[str, Term]
    properties: Mapping[str, Term]
    concepts: Mapping[str, Mapping[str, str]]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Classes, then properties, in the order of the file."""
        return (*self.classes.values(), *self.properties.values())

    def superclasses(self, iri: str) -> tuple[str, ...]:
        """The class and everything above it up to, and without, owl:Thing; a foreign class stands alone."""
        parents = {term.iri: term.parent for term in self.classes.values()}
        chain = [iri]
        while (above := parents.get(chain[-1], THING)) != THING:
            chain.append(above)
        return tuple(chain)
