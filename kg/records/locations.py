"""From an IRI of the graph back to the file and line that a person can edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from kg.config import Config
from kg.errors import KgError, Position
from kg.positions import Faults, Node, Sequence, Table, Value, read_yaml
from kg.records import claim_files
from kg.records.claims import claim_name, claim_tables
from kg.records.documents import read_documents, read_entities
from kg.terms import Minter
from kg.vocabulary import Vocabulary

Locate = Callable[[str], Position | None]


def locations(config: Config, vocabulary: Vocabulary) -> Locate:
    """A function from the IRI of a claim, its evidence, a document or an entity to where it is written.

    The files are read again when it is first asked: that is when something is wrong, and nothing is kept for it until
    then. A thing that several claims speak of is located at the first one, in the order of the files.
    """
    known = cache(lambda: _places(config, vocabulary))

    def locate(iri: str) -> Position | None:
        return known().get(iri) or known().get(iri.partition("#")[0])

    return locate


def _places(config: Config, vocabulary: Vocabulary) -> dict[str, Position]:
    mint, faults = Minter(config.project.base), Faults()
    found: dict[str, Position] = {}
    subjects: dict[str, Position] = {}
    for table in _claims(config, faults):
        place = table.keys.get("id", table.position)
        found[mint.claim(claim_name(table, faults) or "")] = place
        for name in _subjects(table.get("says"), vocabulary):
            for iri in _iris(name, vocabulary, mint):
                subjects.setdefault(iri, place)
    for root in _read(config, config.locate("sources")):
        found.update((mint.document(slug), one.position) for slug, one in read_documents(root, faults).items())
    for root in _read(config, config.locate("entities")):
        for slug, entity in read_entities(root, vocabulary, (), faults).items():
            subjects.setdefault(mint.entity(slug), entity.position)
    return {**subjects, **found}


def _claims(config: Config, faults: Faults) -> Iterator[Table]:
    with suppress(KgError):
        for path in claim_files(config):
            for root in _read(config, path):
                yield from (table for _, table in claim_tables(root, faults))


def _read(config: Config, path: Path) -> Iterator[Node]:
    """The root of a file; nothing, if it changed meanwhile and is sound no more."""
    with suppress(KgError):
        yield read_yaml(path, config.name_of(path), limit=config.limits.file_bytes, depth=config.limits.depth)


def _subjects(node: Node | None, vocabulary: Vocabulary) -> Iterator[str]:
    """The names of the nodes of a statement, the inner ones included; a lone reference is none."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _subjects(item, vocabulary)
    elif isinstance(node, Table):
        name = node.get("id")
        if isinstance(name, Value) and len(node.entries) > 1:
            yield name.text
        for key, value in node:
            term = vocabulary.properties.get(key)
            if term is not None and term.kind == "object":
                yield from _subjects(value, vocabulary)


def _iris(name: str, vocabulary: Vocabulary, mint: Minter) -> Iterator[str]:
    """What a name may stand for: a thing, and a concept if it is written `scheme/name`."""
    yield mint.entity(name)
    scheme, _, concept = name.partition("/")
    concepts = vocabulary.concepts.get(scheme, {})
    if concept in concepts:
        yield concepts[concept]
