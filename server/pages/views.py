"""What the pages of documents and tables show of them as things, read from a release into frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from server.lookup import Label
from server.pages.evidence import ClaimView, Statement
from server.pages.phrases.claims import Worded


@dataclass(frozen=True, slots=True)
class ResourceView:
    """What is known of a thing beside what its page is for."""

    iri: str
    facts: tuple[Statement, ...]
    references: tuple[Statement, ...]
    references_cut: bool
    labels: Mapping[str, Label]
    origin: tuple[Statement, ...] = ()
    """Of a table: the runs that made claims of its rows, and what they used."""
    worded: Mapping[str, Worded] = field(default_factory=dict)
    """What the claims say, as a person reads it, by their IRIs."""


def claim_iris(claim: ClaimView) -> frozenset[str]:
    """Every IRI that a page about the claim shows."""
    documents = {quote.document for quote in claim.quotes if quote.document}
    values = {term.value for terms in claim.metadata.values() for term in terms if term.kind == "iri"}
    tables = {row.table for row in claim.rows}
    return frozenset({*documents, *tables, *values, *claim.metadata, *iris_of((*claim.statements, *claim.rest))})


def iris_of(statements: Iterable[Statement]) -> Iterator[str]:
    """The IRIs that statements name."""
    for one in statements:
        yield from (term.value for term in (one.subject, one.property, one.value) if term.kind == "iri")
