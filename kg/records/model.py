"""What people write, as values: documents, entities, claims and their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kg.errors import Position, Problem
from kg.positions import Faults, Node, Sequence, Table, Value
from kg.positions.faults import words_of
from kg.records.lock import Lock

Statement = Mapping[str, Any]
"""One node of JSON-LD, with every name resolved to its IRI."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as `sources.yaml` describes it; its text is not part of the project."""

    slug: str
    title: Mapping[str, str]
    language: str
    publisher: str
    licence: str
    address: str | None
    address_complete: bool
    date: str | None
    """EDTF, at the precision that is known."""
    sha256: str | None
    """Hash of the bytes of the text that offsets count in; None where only document-level evidence exists."""
    original: str | None
    """Hash of the bytes of the file that the text was taken from; None where that is the text, or nobody knows."""
    extractor: str | None
    """Name and version of the program that took the text from it."""
    text_file: str | None
    """Name of that text inside the folder given to `kg verify --sources`."""
    text_licence: str | None
    """The IRI of the licence under which a release may give the text away; None keeps it with who has it."""
    sentences: tuple[tuple[int, int], ...]
    """Half-open spans of Unicode code points, one for each sentence, numbered from 1."""
    origin: str | None
    """Slug of the wire text that this document reprints."""
    position: Position


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that claims speak of, with the editors' labels and classification."""

    slug: str
    types: tuple[str, ...]
    """IRIs of classes."""
    labels: Mapping[str, str]
    note: str | None
    position: Position


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry a claim; without offsets, the document as a whole."""

    sentence: int | None = None
    start: int | None = None
    """Offset of the first code point, from 0."""
    end: int | None = None
    """Offset after the last code point."""
    exact: str | None = None
    position: Position = field(default=Position("", 0))


@dataclass(frozen=True, slots=True)
class Claim:
    """Triples that one document states, and how it states them."""

    id: str
    document: str
    says: tuple[Statement, ...]
    metadata: Statement
    """Properties of the claim itself: modality, voice, review and the like, resolved."""
    evidence: tuple[Evidence, ...]
    notes: tuple[tuple[str, str], ...]
    """Editorial remarks as (language, text)."""
    position: Position


@dataclass(frozen=True, slots=True)
class Match:
    """A thing or concept of the project and an item of Wikidata, as a row of the SSSOM file states them."""

    subject: str
    """IRI."""
    predicate: str
    """IRI of skos:exactMatch or skos:closeMatch."""
    item: str | None
    """QID; None where a search found no item."""
    status: str
    confidence: float
    """From 0 to 1."""
    evidence: str
    position: Position


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that a project's data folder says."""

    documents: Mapping[str, Document]
    entities: Mapping[str, Entity]
    claims: Mapping[str, Claim]
    matches: tuple[Match, ...] = ()
    """With Wikidata, of every status."""
    lock: Lock = field(default_factory=Lock)
    """Where the quotes stand that claims give without offsets, as the lock file should have it."""
    things: frozenset[str] = frozenset()
    """Everything that may be named: the entities, and what claims themselves declare."""
    remarks: tuple[Problem, ...] = ()
    """What a steward is to be told of, and stops nothing."""


Left = tuple[str, Table]
"""A claim of which something is wrong: its id, or nothing where it has none, and what its file has."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What nobody knows of a project before its faults are mended."""

    claims: frozenset[str] = frozenset()
    """The ids of claims of which something is wrong."""
    number: int = 0
    """How many claims there are of which something is wrong, those without an id among them."""
    files: tuple[str, ...] = ()
    """Files that could not be read at all."""
    things: frozenset[str] = frozenset()
    """Documents and things of which something is wrong, by name."""
    words: tuple[frozenset[str], ...] = ()
    """The words of each claim and each file that is left out: what is not among them, it does not speak of."""

    @classmethod
    def of(cls, claims: Iterable[Left], faults: Faults) -> Self:
        """What is left out of claims, and of files that could not be read."""
        left = {id(table): (name, table) for name, table in claims}.values()  # a claim may have two faults
        words = [words_of(" ".join(_texts(table))) for _, table in left]
        return cls(
            claims=frozenset(name for name, _ in left if name),
            number=len(left),
            files=tuple(faults.unread),
            things=frozenset(faults.faulty),
            words=(*words, *faults.unread.values()),
        )


def _texts(node: Node) -> Iterator[str]:
    """All texts of a node, keys among them: a claim that names the type of a thing speaks of it."""
    if isinstance(node, Value):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, Table):
        for key, value in node:
            yield key
            yield from _texts(value)
    else:
        raise TypeError(node)
