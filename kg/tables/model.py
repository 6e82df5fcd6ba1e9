"""A table of a project, as `tables.yaml` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import Position
from kg.rml.mapping.yarrrml.terms import Template
from kg.terms import PREFIXES, ZEL
from kg.vocabulary import Term

_NOTE: Final = PREFIXES["skos"] + "editorialNote"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a table's rows have for one property of their claims: texts in which `$(column)` stands for a cell."""

    term: Term | None
    """None for an editorial note."""
    texts: tuple[Template, ...]
    languages: tuple[str, ...] = ()
    """The language of each text, where the property takes texts of a language."""

    @property
    def predicate(self) -> str:
        """The IRI of the property."""
        return self.term.iri if self.term is not None else _NOTE

    @property
    def is_symmetric(self) -> bool:
        """Whether the property holds from both ends."""
        return self.term is not None and "symmetric" in self.term.characteristics

    @property
    def is_tie(self) -> bool:
        """Whether the values are other claims."""
        return self.term is not None and self.term.range == ZEL + "Claim"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that become claims, and the mapping that says what each of them states."""

    slug: str
    path: Path
    name: str
    """The path relative to the project: what errors and manifests call the file."""
    mapping: Path
    mapping_name: str
    title: Mapping[str, str]
    """By language; empty where the table is a document of `sources.yaml`."""
    publisher: str
    licence: str
    document: str | None
    """The document of `sources.yaml` that the file itself is; without one it was compiled from documents."""
    is_grouped: bool
    """Whether several rows may make one claim."""
    id: Template
    stated: Mapping[str, Stated]
    """By the name of a property of claims."""
    position: Position

    def texts(self) -> tuple[Template, ...]:
        """Every text that may hold cells, that of the id first."""
        return (self.id, *(text for stated in self.stated.values() for text in stated.texts))
