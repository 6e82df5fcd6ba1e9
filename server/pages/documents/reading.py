"""A document as its page shows it, read from a release into frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.terms import ZEL, expand
from server.lookup import Label, Term
from server.pages import describe
from server.pages.documents.fragments import at_words
from server.pages.documents.places import Place, read_places
from server.pages.documents.standing import ASSERTED_BY, STATED_IN, Standing, read_standing
from server.pages.evidence import ClaimView, Quote, Statement, statement_of, view_of
from server.pages.language import order
from server.pages.phrases.naming import name_all
from server.pages.statements import TYPE, read_facts, read_records
from server.pages.views import ResourceView
from server.releases import Release

PAGE: Final = 25
"""Claims on a page."""
LAST_PAGE: Final = 1_000_000
"""The largest number of a page of claims; pages count from 0."""
_LISTED: Final = 50
"""Claims elsewhere that speak of the document, or in its voice, and references."""
_BRIEF: Final = 3
"""Statements that stand for a claim without a gloss."""
_DOCUMENT: Final = Term("iri", expand("zel:SourceDocument"))
_TOLD: Final = tuple(ZEL + name for name in ("assertedBy", "modality", "reviewStatus"))
_DERIVED: Final = frozenset(map(expand, describe.DERIVED))


@dataclass(frozen=True, slots=True)
class Source:
    """A document by what a person knows it by."""

    title: Label | None
    publisher: Label | None
    date: str
    language: str
    address: str
    """At its publisher's; empty where nobody wrote it down."""
    is_whole: bool
    """Whether it leads to the document itself, not only to the site where it stands."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim of the document, with the words that carry it."""

    claim: ClaimView
    quote: Quote | None
    """None without evidence in this document."""
    at_words: str
    """The publisher's page at the words; empty where that is not known."""
    brief: tuple[Statement, ...]
    """What it states, where no gloss says it; the first statements."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Claims under a heading, by their names; `cut` tells that there are more."""

    heading: str
    claims: tuple[tuple[str, str], ...]
    """IRI and identifier."""
    cut: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A page of a document."""

    resource: ResourceView
    """What is known of it beside its claims."""
    source: Source
    entries: tuple[Entry, ...]
    number: int
    more: bool
    total: int | None
    """How many entries all pages have; None for too many, which come in no order."""
    first: int
    """The number of the first entry shown, from 1."""
    listed: tuple[Listed, ...]
    labels: Mapping[str, Label]


def read_document(release: Release, iri: str, number: int, language: str) -> DocumentView | None:
    """A page of a document; None if the release knows no document of this IRI.

    What is known of it beside its claims stands on the first page only.

    :raises ValueError: if `iri` is no absolute IRI
    """
    said = [quad for quad in read_facts(release, iri) if quad.predicate.value not in _DERIVED]
    facts = tuple(dict.fromkeys(map(statement_of, said)))
    if not any(fact.property.value == TYPE.value and fact.value == _DOCUMENT for fact in facts):
        return None
    standing = read_standing(release, iri)
    places = read_places(release, iri, number * PAGE, PAGE, standing)
    source = _source(facts, order(language))
    entries = _entries(release, iri, places.shown, source)
    references = standing.references[:_LISTED]
    shown = {iri, *_shown(entries)} | (set() if number else set(_of((*facts, *references))))
    names = name_all(release, shown, language)
    resource = ResourceView(iri, facts, references, len(references) < len(standing.references), names)
    listed = () if number else _listed(standing)
    return DocumentView(resource, source, entries, number, places.more, places.total, number * PAGE + 1, listed, names)


def _source(facts: Sequence[Statement], languages: Sequence[str]) -> Source:
    def texts(name: str) -> list[Label]:
        return [Label(f.value.value, f.value.language) for f in facts if f.property.value == expand(name)]

    def best(name: str) -> Label | None:
        ranks = {tag: rank for rank, tag in enumerate((languages[0], "", *languages[1:]))}
        return min(texts(name), key=lambda text: ranks.get(text.language, len(ranks)), default=None)

    def first(name: str) -> str:
        return next((text.text for text in texts(name)), "")

    address = first("schema:url")
    return Source(
        best("dct:title"),
        best("dct:publisher"),
        first("dct:date") or first("dct:issued"),
        first("dct:language"),
        address if address.startswith(("https://", "http://")) else "",
        first("zel:addressComplete") != "false",
    )


def _entries(release: Release, iri: str, places: Sequence[Place], source: Source) -> tuple[Entry, ...]:
    records = read_records(release, dict.fromkeys(place.claim for place in places))
    views = {record.iri: view_of(record, release) for record in records}
    entries = []
    for place in places:
        if place.claim not in views:
            continue  # something else than a claim that is said to be stated in it
        view = views[place.claim]
        quote = next((q for q in view.quotes if q.iri == place.evidence and q.document == iri), None)
        words = quote.text if quote is not None and source.is_whole else None
        found = at_words(source.address, words) if words else ""
        brief = () if ZEL + "gloss" in view.metadata else view.statements[:_BRIEF]
        entries.append(Entry(view, quote, found, brief))
    return tuple(entries)


def _listed(standing: Standing) -> tuple[Listed, ...]:
    """Claims that mention it, and claims in its voice that are stated elsewhere."""
    stated = set(standing.linked[STATED_IN])
    voiced = sorted(claim.value for claim in standing.linked[ASSERTED_BY] if claim not in stated)
    found = (("claims_about", standing.mentioning), ("claims_by", voiced))
    return tuple(
        Listed(heading, tuple((iri, iri.rpartition("/")[2]) for iri in iris[:_LISTED]), len(iris) > _LISTED)
        for heading, iris in found
        if iris
    )


def _shown(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield from (term.name for name in _TOLD for term in entry.claim.metadata.get(name, ()))
        yield from _of(entry.brief)


def _of(statements: Iterable[Statement]) -> Iterator[str]:
    """The nodes that statements name."""
    for it in statements:
        yield from (part.name for part in (it.subject, it.property, it.value) if part.kind in {"iri", "blank"})
