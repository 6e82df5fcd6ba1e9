"""What the pages show, read from a release into frozen values: no markup here, no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad

from kg.terms import PREFIXES, ZEL, expand
from server.lookup import Label, select
from server.pages import describe
from server.pages.evidence import ClaimView, Statement, statement_of, view_of
from server.pages.language import order
from server.pages.phrases.claims import Worded, worded
from server.pages.phrases.names import Name
from server.pages.phrases.naming import Naming
from server.pages.statements import describe_claim, describe_table, describe_thing, read_records
from server.releases import Release

_TYPE: Final = PREFIXES["rdf"] + "type"


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


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of the ontology."""

    iri: str
    anchor: str
    types: tuple[str, ...]
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    relations: tuple[Statement, ...]


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
    names = naming.names({iri, *mentioned, *said, *_others(said.values())})
    return ResourceView(iri, facts, references, found.references_cut, sections, names, origin, MappingProxyType(said))


def _others(said: Iterable[Worded]) -> frozenset[str]:
    """The claims that the phrases of amounts name."""
    phrases = (phrase for one in said for phrase in one.amounts.values())
    return frozenset(claim for phrase in phrases if isinstance(phrase, Name) for claim in phrase.claims)


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
    names = naming.names({iri, *claim_iris(view), *_iris(origin), *_others((said,))})
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


def read_vocabulary(release: Release, language: str) -> tuple[tuple[TermView, ...], Mapping[str, Label]]:
    """The terms of the ontology in alphabetical order, and the labels of what they refer to."""
    graph = f"<{release.base}graph/ontology>"
    rows = select(
        release.engine,
        f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o"
        f' FILTER(STRSTARTS(STR(?s), "{ZEL}") || STRSTARTS(STR(?s), "{release.base}ont#")) }} }}',
        "s",
        "p",
        "o",
    )
    rows.sort(key=lambda row: row["s"].value.lower())
    by_term: dict[str, list[Statement]] = {}
    for row in rows:
        by_term.setdefault(row["s"].value, []).append(Statement(row["s"], row["p"], row["o"]))
    names = Naming(release, language).names(_iris(*by_term.values()))
    return tuple(_term_view(iri, statements, language) for iri, statements in by_term.items()), names


def _term_view(iri: str, statements: Sequence[Statement], language: str) -> TermView:
    text = {"label": PREFIXES["rdfs"] + "label", "definition": PREFIXES["skos"] + "definition"}
    return TermView(
        iri,
        iri.rpartition("#")[2],
        tuple(s.value.value for s in statements if s.property.value == _TYPE),
        _texts(statements, text["label"], language),
        _texts(statements, text["definition"], language),
        tuple(s for s in statements if s.property.value not in {_TYPE, *text.values()}),
    )


def _texts(statements: Iterable[Statement], prop: str, language: str) -> tuple[Label, ...]:
    texts = [Label(s.value.value, s.value.language) for s in statements if s.property.value == prop]
    wanted = order(language)
    return tuple(sorted(texts, key=lambda t: wanted.index(t.language) if t.language in wanted else len(wanted)))
