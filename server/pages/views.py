"""What the pages show, read from a release into frozen values: no markup here, no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad

from kg.terms import expand
from server.lookup import Label, select
from server.pages import describe
from server.pages.evidence import ClaimView, Statement, statement_of, view_of
from server.pages.phrases.claims import Worded, claims_named, worded
from server.pages.phrases.naming import Naming
from server.pages.statements import describe_claim, describe_table, describe_thing, read_records
from server.releases import Release


@dataclass(frozen=True, slots=True)
class Section:
    """A list of claims under a heading; `cut` tells that there are more."""

    heading: str
    claims: tuple[ClaimView, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A thing with its own page."""

    iri: str
    facts: tuple[Statement, ...]
    references: tuple[Statement, ...]
    references_cut: bool
    sections: tuple[Section, ...]
    labels: Mapping[str, Label]
    origin: tuple[Statement, ...] = ()
    """Of a table: the runs that made claims of its rows, and what they used."""
    worded: Mapping[str, Worded] = field(default_factory=dict)
    """What the claims say, as a person reads it, by their IRIs."""


def read_resource(release: Release, iri: str, language: str) -> ResourceView | None:
    """A thing's page, or None if the release says nothing of it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    base = release.base
    table = iri.startswith(release.minter.table(""))
    found = (describe_table if table else describe_thing)(release, iri, describe.LIMIT)
    about = Section("claims_about", tuple(view_of(record, release) for record in found.records), found.records_cut)
    linked = (
        _section(release, heading, describe.related(iri, base, link))
        for heading, link in (
            ("claims_by", "zel:assertedBy"),
            ("claims_in", "zel:statedIn"),
            ("claims_from", "prov:wasDerivedFrom/dct:isPartOf"),
        )
    )
    sections = tuple(section for section in (about, *linked) if section.claims)
    told = (quad for quad in found.facts if quad.predicate.value not in _DERIVED)
    facts, references, origin = (_statements(part) for part in (told, found.references, found.origin))
    if not (facts or references or sections):
        return None
    naming = Naming(release, language)
    said = {claim.iri: worded(claim, naming) for section in sections for claim in section.claims}
    mentioned = _iris(facts, references, origin, *(claim_iris(c) for s in sections for c in s.claims))
    names = naming.names({iri, *mentioned, *said, *claims_named(said.values())})
    return ResourceView(iri, facts, references, found.references_cut, sections, names, origin, MappingProxyType(said))


_DERIVED: Final = frozenset(map(expand, describe.DERIVED))


def _statements(quads: Iterable[Quad]) -> tuple[Statement, ...]:
    """What a page shows of quads: each triple once, whatever graphs say it."""
    return tuple(dict.fromkeys(map(statement_of, quads)))


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim with its own page."""

    claim: ClaimView
    worded: Worded
    origin: tuple[Statement, ...]
    """The run and the table that it comes from."""
    labels: Mapping[str, Label]


def read_claim(release: Release, iri: str, language: str) -> ClaimPage | None:
    """A claim's page, or None for no claim.

    :raises ValueError: if `iri` is no absolute IRI
    """
    found = describe_claim(release, iri)
    if found is None:
        return None
    view, origin = view_of(found.records[0], release), _statements(found.origin)
    naming = Naming(release, language)
    said = worded(view, naming)
    names = naming.names({iri, *claim_iris(view), *_iris(origin), *claims_named((said,))})
    return ClaimPage(view, said, origin, names)


def _section(release: Release, heading: str, pattern: str) -> Section:
    rows = select(release.engine, f"{pattern} ORDER BY ?claim LIMIT {describe.LIMIT + 1}")
    found = [row["claim"].value for row in rows]
    records = read_records(release, found[: describe.LIMIT])
    return Section(heading, tuple(view_of(record, release) for record in records), len(found) > describe.LIMIT)


def claim_iris(claim: ClaimView) -> frozenset[str]:
    """Every IRI that a page about the claim shows."""
    documents = {quote.document for quote in claim.quotes if quote.document}
    values = {term.value for terms in claim.metadata.values() for term in terms if term.kind == "iri"}
    tables = {row.table for row in claim.rows}
    return frozenset({*documents, *tables, *values, *claim.metadata, *_iris(claim.statements, claim.rest)})


def _iris(*groups: Iterable[Statement] | frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for group in groups:
        for item in group:
            if isinstance(item, Statement):
                found.update(t.value for t in (item.subject, item.property, item.value) if t.kind == "iri")
            else:
                found.add(item)
    return frozenset(found)
