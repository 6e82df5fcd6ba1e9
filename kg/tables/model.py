"""A table of a project, as `tables.yaml` describes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import Position
from kg.rml.mapping.yarrrml.terms import Template
from kg.terms import PREFIXES, ZEL
from kg.vocabulary import Term

_NOTE: Final = PREFIXES["skos"] + "editorialNote"
_DIGITS: Final = 12


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
    is_hashed: bool = False
    """Whether a hash stands in the id in place of the cells, which may have any signs."""
    left_out: tuple[LeftOut, ...] = ()
    """What tells rows that are none of the table."""

    def texts(self) -> tuple[Template, ...]:
        """Every text that may hold cells, that of the id first."""
        return (*self.naming, *(text for stated in self.stated.values() for text in stated.texts))

    @property
    def naming(self) -> tuple[Template, ...]:
        """What tells the rows, and their ids: that of the id first."""
        return (self.id, *(one.cell for one in self.left_out))

    def named(self, text: str) -> str:
        """The name of a claim by the text of its id; of a hashed one what stands before the first cell, and 12 digits.

        Of 100,000 rows two have one hash by a chance of 1 in 50,000, and are told then as any two of one id.
        """
        return hashed(self.before, text) if self.is_hashed and text else text

    @property
    def before(self) -> str:
        """What stands in the id before the first cell."""
        first = self.id.parts[0]
        return first if isinstance(first, str) else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are none of the table: notes below it, sums."""

    cell: Template
    values: frozenset[str]
    """What stands in the cell; the empty text where nothing does."""


def hashed(before: str, text: str) -> str:
    """The name of a claim whose key has signs that a name cannot have.

    >>> hashed("lab-", "lab-ENSIAS, Rabat")
    'lab-c2c23b21660c'
    """
    return f"{before}{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"
