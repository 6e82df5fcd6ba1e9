"""Who says what of a thing: its facts, and under each one a row for every claim that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import Final

from kg.terms import ZEL, expand
from server.lookup import Label, Term
from server.pages.evidence import ClaimView, read_views
from server.pages.facts.marks import Key, Mark, is_contested, marks_of, rank
from server.pages.facts.order import Order
from server.pages.facts.reading import REVIEWED, Said, Standing, read_said, read_same, read_standings
from server.pages.phrases.naming import Naming
from server.releases import Release

ROWS: Final = 20
"""Rows on a page."""
LAST_PAGE: Final = 1_000
"""The largest number of a page of rows; pages count from 0."""
SHOWS: Final = ("all", "reviewed", "contested")
"""What rows can be asked for."""
_TOLD: Final = tuple(ZEL + name for name in ("assertedBy", "statedIn", "modality", "nuance", "reviewStatus"))
_ISSUED: Final = tuple(map(expand, ("dct:issued", "dct:date")))
_PUBLISHER: Final = expand("dct:publisher")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a page is to be shown."""

    show: str = SHOWS[0]
    number: int = 0
    """Which page of what is said."""
    of: str = ""
    """The property of which alone is shown what refers to the thing by it; empty for the whole page."""
    page: int = 0
    """Which page of that."""


@dataclass(frozen=True, slots=True)
class Source:
    """The document that a claim is stated in."""

    iri: str
    title: Label | None
    publisher: Label | None
    date: str
    """As the document says; likewise empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one claim says of a fact."""

    said: Said
    claim: ClaimView
    marks: tuple[Mark, ...]
    phrases: Mapping[str, Label]
    """Of values that are amounts, by their IRIs."""
    sources: tuple[Source, ...]
    repeats: str
    """The claim whose row, above this one, gives the very same values; empty where there is none."""
    place: str = ""
    """Where a file of RDF says it, as in `data/rdf/a.ttl:12`."""

    @property
    def is_quoted(self) -> bool:
        """Whether its words are recorded."""
        return any(quote.text is not None for quote in self.claim.quotes)

    @property
    def speaks_for_itself(self) -> bool:
        """Whether the document that it is stated in says it in its own voice."""
        speakers = {term.value for term in self.claim.metadata.get(_TOLD[0], ())}
        return bool(speakers) and speakers == {source.iri for source in self.sources}

    @property
    def at(self) -> str:
        """Where its words are: the evidence with words, or any, or the claim itself."""
        with_words = (quote.iri for quote in self.claim.quotes if quote.text is not None)
        return next(with_words, "") or next((quote.iri for quote in self.claim.quotes), "") or self.claim.iri


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a thing with what claims say of it."""

    subject: str
    property: str
    rows: tuple[Row, ...]
    claims: int
    """How many claims speak of it; likewise how many different things they say."""
    values: int
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of the facts of a thing."""

    facts: tuple[Fact, ...]
    show: str
    number: int
    more: bool
    counts: Mapping[str, int]
    """How many rows there are, by what can be asked for."""
    claims: int
    documents: int
    """How many there are in all."""
    is_cut: bool
    names: frozenset[str] = field(default_factory=frozenset)
    """What a page needs words for."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row before its claim is read."""

    subject: str
    said: Said
    marks: tuple[Mark, ...]
    contested: bool
    review: str
    claims: int
    values: int
    repeats: str = ""


def read_matrix(release: Release, iri: str, naming: Naming, order: Order, asked: Asked) -> Matrix | None:
    """A page of what claims say of a thing; None where none says anything.

    :raises ValueError: if `iri` is no absolute IRI
    """
    show, number = asked.show, asked.number
    said, is_cut = read_said(release, iri)
    if not said:
        return None
    standings = read_standings(release, (one.claim for one in said))
    facts = _facts(iri, said, naming, standings)
    facts.sort(key=lambda lines: (not any(line.contested for line in lines), order.place(lines[0].said.property)))
    kept = {name: [line for lines in facts for line in _chosen(lines, name)] for name in SHOWS}
    shown = kept[show][number * ROWS : (number + 1) * ROWS]
    made = _made(release, shown, naming)
    documents = {d for claim in standings for d in _values(release, claim, _TOLD[1])}
    return Matrix(
        made,
        show,
        number,
        len(kept[show]) > (number + 1) * ROWS,
        MappingProxyType({name: len(lines) for name, lines in kept.items()}),
        len(standings),
        len(documents),
        is_cut,
        frozenset(_named(made)),
    )


def read_others(
    release: Release, facts: Iterable[tuple[str, str]], naming: Naming, claim: str, most: int
) -> tuple[tuple[Fact, ...], frozenset[str]]:
    """What all claims say of some facts, each a thing and a property, the one of `claim` first; and what they name.

    Facts of which only that claim speaks are left out. At most so many rows are shown, and no further fact once there
    are half as many.
    """
    lines: list[_Line] = []
    for subject, link in facts:
        if len(lines) > most // 2:
            break
        said = read_same(release, subject, link)
        if {one.claim for one in said} <= {claim}:
            continue
        standings = read_standings(release, (one.claim for one in said))
        for found in _facts(subject, said, naming, standings):
            lines += _led_by(found, claim)[: most - len(lines)]
    made = _made(release, lines, naming)
    return made, frozenset(_named(made))


def _led_by(lines: Sequence[_Line], claim: str) -> list[_Line]:
    """The rows of a fact with that of one claim first, which then gives the values that others repeat."""
    first, *others = sorted(lines, key=lambda line: line.said.claim != claim)
    if first.said.claim != claim:
        return [first, *others]
    same = {claim, first.repeats} - {""}
    led = (
        replace(line, repeats=claim) if line.repeats in same or line.said.claim == first.repeats else line
        for line in others
    )
    return [replace(first, repeats=""), *led]


def _facts(subject: str, said: Iterable[Said], naming: Naming, standings: Mapping[str, Standing]) -> list[list[_Line]]:
    """The rows of each property, sorted."""
    by_property = [list(group) for _, group in groupby(said, key=lambda one: one.property)]
    shared: dict[str, frozenset[str]] = {}
    for fact in by_property:
        together = frozenset(one.claim for one in fact)
        for one in fact:
            shared[one.claim] = shared.get(one.claim, frozenset()) | together
    found = []
    for fact in by_property:
        keys = {one.claim: _key(one, naming) for one in fact}
        ranked = []
        for one in fact:
            marks, standing = marks_of(one, fact, keys, standings, shared), standings[one.claim]
            contested = is_contested(marks, standing)
            line = _Line(subject, one, marks, contested, standing.review, len(fact), len(set(keys.values())))
            ranked.append((rank(marks, standing), one.claim, line))
        sorted_lines = [line for _, _, line in sorted(ranked, key=lambda row: row[:2])]
        found.append(list(_gathered(sorted_lines, keys)))
    return found


def _gathered(lines: Sequence[_Line], keys: Mapping[str, Key]) -> Iterator[_Line]:
    """Rows that say the very same stand below the first of them."""
    by_key: dict[Key, list[_Line]] = {}
    for line in lines:
        by_key.setdefault(keys[line.said.claim], []).append(line)
    for first, *others in by_key.values():
        yield first
        yield from (replace(line, repeats=first.said.claim) for line in others)


def _key(said: Said, naming: Naming) -> Key:
    """What a claim says, so that the same is known: an amount by its phrase, other values as they are."""

    def key(term: Term) -> str:
        if term.kind == "literal":
            return f"{term.value} {term.datatype or term.language}"
        phrase = naming.phrase(term.value, said.claim) if term.kind == "iri" else None
        return term.name if phrase is None else f"{phrase.mark} {phrase.text} {[note.text for note in phrase.notes]}"

    return tuple(sorted(map(key, said.values)))


def _chosen(lines: Sequence[_Line], show: str) -> list[_Line]:
    """Of a contested fact all rows are shown: each one is a side of it."""
    match show:
        case "all":
            return list(lines)
        case "reviewed":
            return [line for line in lines if line.review == REVIEWED]
        case "contested":
            return list(lines) if any(line.contested for line in lines) else []
    raise ValueError(f"no such choice: {show!r}")


def _made(release: Release, lines: Sequence[_Line], naming: Naming) -> tuple[Fact, ...]:
    """The facts of some rows, with their claims as a page shows them."""
    views = read_views(release, (line.said.claim for line in lines))
    source = _sources(release, naming)
    facts = []
    written = release.lines.place
    for (subject, link), group in groupby(lines, key=lambda line: (line.subject, line.said.property)):
        rows = list(group)
        shown = tuple(
            replace(
                _row(line, views[line.said.claim], naming, source),
                place=written(views[line.said.claim].identifier, subject, link),
            )
            for line in rows
        )
        contested = any(line.contested for line in rows)
        facts.append(Fact(subject, link, shown, rows[0].claims, rows[0].values, contested))
    return tuple(facts)


def _row(line: _Line, claim: ClaimView, naming: Naming, source: Callable[[str], Source]) -> Row:
    nodes = [term.value for term in line.said.values if term.kind == "iri" and naming.label(term.value) is None]
    told = ((node, naming.phrase(node, claim.iri)) for node in nodes)
    documents = [term.value for term in claim.metadata.get(ZEL + "statedIn", ()) if term.kind == "iri"]
    return Row(
        line.said,
        claim,
        line.marks,
        MappingProxyType({node: phrase for node, phrase in told if phrase is not None}),
        tuple(map(source, documents)),
        line.repeats,
    )


def _sources(release: Release, naming: Naming) -> Callable[[str], Source]:
    """A function that reads a document once."""
    known: dict[str, Source] = {}

    def source(iri: str) -> Source:
        if iri not in known:
            title = naming.label(iri)
            publisher = next(iter(_values(release, iri, _PUBLISHER)), "")
            named = naming.name(publisher) if "://" in publisher else Label(publisher) if publisher else None
            dates = [date for name in _ISSUED for date in _values(release, iri, name)]
            shown = None if title is not None and named is not None and named.text == title.text else named
            known[iri] = Source(iri, title, shown, next(iter(dates), ""))
        return known[iri]

    return source


def _values(release: Release, iri: str, link: str) -> list[str]:
    return sorted({str(getattr(quad.object, "value", "")) for quad in release.engine.values(iri, link)})


def _named(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        yield from (fact.subject, fact.property)
        for row in fact.rows:
            yield from (term.name for term in row.said.values if term.kind in {"iri", "blank"})
            yield from (term.name for name in _TOLD for term in row.claim.metadata.get(name, ()) if term.kind == "iri")
            yield from (one.table for one in row.claim.rows)
