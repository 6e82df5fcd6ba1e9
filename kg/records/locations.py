"""From an IRI of the graph back to the file and line that a person can edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kg.errors import Position
from kg.records.model import Records
from kg.terms import Minter

Locate = Callable[[str], Position | None]


def locations(records: Records, mint: Minter) -> Locate:
    """A function from the IRI of a claim, its evidence, a document or an entity to where it is written.

    A thing that several claims speak of is located at the first one, in the order of the files.
    """
    places: dict[str, Position] = {}
    for claim in records.claims.values():
        places[mint.claim(claim.id)] = claim.position
    for document in records.documents.values():
        places[mint.document(document.slug)] = document.position
    for claim in records.claims.values():
        for subject in _subjects(claim.says):
            places.setdefault(subject, claim.position)
    for entity in records.entities.values():
        places.setdefault(mint.entity(entity.slug), entity.position)

    def locate(iri: str) -> Position | None:
        return places.get(iri) or places.get(iri.partition("#")[0])

    return locate


def _subjects(value: Any) -> Iterator[str]:
    """The subjects of JSON-LD nodes, the inner ones included; a lone reference is none."""
    if isinstance(value, dict):
        if len(value) > 1 and "@id" in value:
            yield value["@id"]
        for inner in value.values():
            yield from _subjects(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _subjects(inner)
