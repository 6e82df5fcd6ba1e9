"""A document as its page shows it, read from a release into frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from kg.terms import ZEL, expand
from server.direction import direction_of
from server.lookup import Label, Term
from server.pages import describe
from server.pages.documents.fragments import at_words
from server.pages.documents.given import Given, read_given
from server.pages.documents.passages import Passage, Segment, Span, direction_in, pages, segments
from server.pages.documents.places import SORTED, Place, read_places
from server.pages.documents.standing import ASSERTED_BY, STATED_IN, Standing, read_standing
from server.pages.evidence import ClaimView, Quote, Statement, read_views, statement_of
from server.pages.language import order
from server.pages.language import words as words_in
from server.pages.phrases.naming import name_all
from server.pages.statements import TYPE, read_facts
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
    also: tuple[str, ...] = ()
    """Evidence that names the document and nothing in it, beside that of the quote."""
    span: Span | None = None
    """Where the text that is shown has these words; None if it has not, or none is shown."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A passage of the text, and the claims whose words begin in it."""

    segments: tuple[Segment, ...]
    """None behind the end of the text: what has no words in it."""
    direction: str
    language: str
    """Empty for a passage in other letters than the text."""
    entries: tuple[Entry, ...]


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
    own_words: Mapping[str, str]
    """What the page says of the text."""
    passages: tuple[Beside, ...] = ()
    """The text, where it may be shown: the claims are beside it then."""
    licence: str = ""
    """The IRI of what allows that."""
    identifiers: Mapping[int, str] = field(default_factory=dict)
    """Of the claims that stand beside it, by their numbers."""


def read_document(release: Release, iri: str, number: int, language: str) -> DocumentView | None:
    """A page of a document; None if the release knows no document of this IRI.

    What is known of it beside its claims stands on the first page only.

    :raises ValueError: if `iri` is no absolute IRI
    """
    said = [quad for quad in read_facts(release, iri) if quad.predicate.value not in _DERIVED]
    facts = tuple(dict.fromkeys(map(statement_of, said)))
    if not any(fact.property.value == TYPE.value and fact.value == _DOCUMENT for fact in facts):
        return None
    standing, source = read_standing(release, iri), _source(facts, order(language))
    page = _page(release, iri, number, _Stated(standing, facts, source))
    references = standing.references[:_LISTED]
    shown = {iri, *_shown(page.entries)} | (set() if number else set(_of((*facts, *references))))
    names = name_all(release, shown, language)
    return DocumentView(
        resource=ResourceView(iri, facts, references, len(references) < len(standing.references), names),
        source=source,
        entries=page.entries,
        number=number,
        more=page.more,
        total=page.total,
        first=page.first,
        listed=() if number else _listed(standing),
        labels=names,
        own_words=words_in(language, "documents"),
        passages=page.passages,
        licence=page.licence,
        identifiers={it.span.number: it.claim.identifier for it in page.entries if it.span is not None},
    )


@dataclass(frozen=True, slots=True)
class _Stated:
    standing: Standing
    facts: tuple[Statement, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class _Page:
    """The claims of a page, with the text if it may be shown."""

    entries: tuple[Entry, ...]
    first: int
    more: bool
    total: int | None
    passages: tuple[Beside, ...] = ()
    licence: str = ""


def _page(release: Release, iri: str, number: int, stated: _Stated) -> _Page:
    given = read_given(release, stated.facts)
    begin, size = (number * PAGE, PAGE) if given is None else (0, SORTED)
    places = read_places(release, iri, begin, size, stated.standing)
    if given is None or places.total is None:
        if given is not None:
            places = read_places(release, iri, number * PAGE, PAGE, stated.standing)
        entries = _entries(release, iri, places.shown, stated.source)
        return _Page(tuple(entries.values()), number * PAGE + 1, places.more, places.total)
    return _with_text(release, iri, number, _Text(given, places.shown, stated.source))


@dataclass(frozen=True, slots=True)
class _Text:
    given: Given
    places: tuple[Place, ...]
    source: Source


def _with_text(release: Release, iri: str, number: int, it: _Text) -> _Page:
    """A page of the text, and beside it the claims whose words begin there."""
    text, within = it.given.text, partial(_is_within, len(it.given.text))
    # What has no place in the text stands behind it.
    ordered = sorted(it.places, key=lambda place: not within(place))
    spans = [Span(n, place.start or 0, place.end or 0) for n, place in enumerate(ordered, 1) if within(place)]
    leaves = pages(text, spans, range(len(spans) + 1, len(ordered) + 1), PAGE)
    shown = leaves[number] if number < len(leaves) else ()
    numbers = [n for passage in shown for n in passage.numbers]
    entries = _entries(release, iri, [ordered[n - 1] for n in numbers], it.source)
    found = {n: entries[ordered[n - 1]] for n in numbers if ordered[n - 1] in entries}
    # Only what the text says at the place that was noted is marked there.
    marked = {span.number: span for span in spans if span.number in found and _holds(text, span, found[span.number])}
    found = {n: replace(entry, span=marked.get(n)) for n, entry in found.items()}
    beside = tuple(_beside(text, passage, it.source.language, found) for passage in shown)
    first = numbers[0] if numbers else 0
    more = number + 1 < len(leaves)
    return _Page(tuple(found.values()), first, more, len(ordered), beside, it.given.licence)


def _is_within(length: int, place: Place) -> bool:
    return place.start is not None and place.end is not None and place.start < place.end <= length


def _holds(text: str, span: Span, entry: Entry) -> bool:
    return entry.quote is not None and entry.quote.text == text[span.start : span.end]


def _beside(text: str, passage: Passage, language: str, entries: Mapping[int, Entry]) -> Beside:
    words = text[passage.start : passage.end]
    direction = direction_in(words, language)
    said = segments(text, passage, [entry.span for entry in entries.values() if entry.span is not None])
    own = language if direction in {direction_of(language), "auto"} else ""
    return Beside(said, direction, own, tuple(entries[n] for n in passage.numbers if n in entries))


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


def _entries(release: Release, iri: str, places: Sequence[Place], source: Source) -> dict[Place, Entry]:
    views = read_views(release, (place.claim for place in places))
    entries = {}
    for place in places:
        if place.claim not in views:
            continue  # something else than a claim that is said to be stated in it
        view = views[place.claim]
        quote = next((q for q in view.quotes if q.iri == place.evidence and q.document == iri), None)
        words = quote.text if quote is not None and source.is_whole else None
        found = at_words(source.address, words) if words else ""
        brief = () if ZEL + "gloss" in view.metadata else view.statements[:_BRIEF]
        entries[place] = Entry(view, quote, found, brief, place.also)
    return entries


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
