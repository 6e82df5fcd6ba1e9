"""A claim as a page shows it: made of its statements, each of which has its place on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.terms import ZEL, expand
from server.lookup import Term, term_of
from server.pages.statements import (
    CLAIM,
    DERIVED_FROM,
    FEW,
    SELECTOR,
    SUPPORTED_BY,
    TARGET,
    TYPE,
    Record,
    read_records,
)
from server.releases import Memory, Release


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))


_SHORTCUTS: Final = frozenset(
    ZEL + name for name in ("about", "quote", "quoteStart", "quoteEnd", "publisher", "address", "published")
)
"""What a build derives: the page shows what it follows from, in its place."""
_FIXED: Final = frozenset(
    {
        (TYPE, _term("zel:Evidence")), (TYPE, _term("oa:SpecificResource")), (TYPE, _term("oa:TextPositionSelector")),
        (TYPE, _term("oa:TextQuoteSelector")), (TYPE, _term("oa:FragmentSelector")), (TYPE, _term("csvw:Row")),
        (_term("oa:motivatedBy"), _term("oa:identifying")),
    }
)  # fmt: skip
"""What a quote or a row is, wherever one is shown: the page has no words for it."""
_TOLD: Final = ("gloss", "modality", "nuance", "assertedBy", "statedIn", "reviewStatus")
_RELATIONS: Final = ("contradicts", "agreesWith", "compatibleWith")
_FIRST: Final = tuple(ZEL + name for name in (*_TOLD, *_RELATIONS))
_IDENTIFIER: Final = expand("dct:identifier")
_KEPT: Final = 1_000
"""Claims that are remembered, and likewise of how many statements."""
_SMALL: Final = 40
_ELSEWHERE: Final = frozenset({SUPPORTED_BY.value, DERIVED_FROM.value})


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple."""

    subject: Term
    property: Term
    value: Term


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a document that carry a claim, and their place in it."""

    iri: str
    """Of the evidence."""
    text: str | None
    start: str | None
    end: str | None
    sentence: str | None
    document: str | None
    language: str
    pointer: str | None
    """Its place in a document that is no text: `row=8`."""
    words: str
    """The IRI of the selector of its words, if there is one; likewise the others."""
    place: str
    target: str

    @property
    def is_bare(self) -> bool:
        """Whether it names a document and nothing in it."""
        return self.text is None and self.start is None and self.sentence is None and self.pointer is None


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """The row of a table that a claim was made from."""

    iri: str
    table: str
    file: str
    """Its file and its place there: `tables/dams.csv#row=2`."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with everything that is known of it."""

    iri: str
    identifier: str
    statements: tuple[Statement, ...]
    metadata: Mapping[str, tuple[Term, ...]]
    """Values by property IRI, in the order of the page; evidence and rows apart."""
    quotes: tuple[Quote, ...]
    rows: tuple[Row, ...] = ()
    rest: tuple[Statement, ...] = ()
    """Of its evidence, what has no place of its own."""


def statement_of(quad: Quad) -> Statement:
    """A quad as a page shows it."""
    return Statement(term_of(quad.subject), term_of(quad.predicate), term_of(quad.object))


def view_of(record: Record, release: Release) -> ClaimView:
    """A claim as a page shows it."""
    known = _Known(record.evidence)
    claim = NamedNode(record.iri)
    quotes = [_quote(known, quad.object, claim, release) for quad in record.metadata if quad.predicate == SUPPORTED_BY]
    rows = [_row(known, quad.object, release) for quad in record.metadata if quad.predicate == DERIVED_FROM]
    # By their numbers, row 2 before row 10: among whole numbers the longer is the greater.
    shown = tuple(row for _, _, row in sorted((len(n), n, row) for n, row in filter(None, rows)))
    placed = {*(quote.iri for quote in quotes), *(row.iri for row in shown)}
    values: dict[str, list[Term]] = {name: [] for name in _FIRST}
    identifier = None
    for quad in record.metadata:
        term = term_of(quad.object)
        if identifier is None and quad.predicate.value == _IDENTIFIER and not term.language:
            identifier = term.value
        elif not _in_place(quad, placed):
            values.setdefault(quad.predicate.value, []).append(term)
    return ClaimView(
        record.iri,
        identifier or record.iri.rpartition("/")[2],
        tuple(map(statement_of, record.statements)),
        {name: tuple(found) for name, found in values.items() if found},
        tuple(quotes),
        shown,
        tuple(map(statement_of, known.left)),
    )


def read_views(release: Release, iris: Iterable[str], most: int = FEW) -> Mapping[str, ClaimView]:
    """The claims of these names as pages show them, `most` statements of each; names that are no claims are left out.

    A claim stands on several pages, in several languages: those that say little are remembered.

    :raises ValueError: if one of `iris` is no absolute IRI
    :raises AnswerTooLarge: if a claim has more than `LARGEST` quads
    """
    known: Memory[str, ClaimView | None] = release.memory("claims", _KEPT)

    def find(iri: str) -> ClaimView | None:
        return next((view_of(record, release) for record in read_records(release, (iri,), most)), None)

    found = (
        (iri, known.of(iri, find, lambda view: view is not None and is_small(view))) for iri in dict.fromkeys(iris)
    )
    return MappingProxyType({iri: view for iri, view in found if view is not None})


def is_small(view: ClaimView) -> bool:
    """Whether a claim says so little that many like it can be remembered."""
    return len(view.statements) + len(view.rest) + sum(map(len, view.metadata.values())) <= _SMALL


def _in_place(quad: Quad, placed: set[str]) -> bool:
    """Whether the heading, a quote or a row says it."""
    if quad.predicate.value in _SHORTCUTS:
        return True
    if quad.predicate.value in _ELSEWHERE:
        return isinstance(quad.object, NamedNode) and quad.object.value in placed
    return quad.predicate == TYPE and quad.object == CLAIM


class _Known:
    """What is said of nodes, of which everything is taken to its place on the page once."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.left = list(dict.fromkeys(quad for quad in quads if (quad.predicate, quad.object) not in _FIXED))

    def take(self, subject: object, predicate: NamedNode) -> NamedNode | str | None:
        """The first value, a literal as its text; it is no longer left."""
        for place, quad in enumerate(self.left):
            if quad.subject == subject and quad.predicate == predicate:
                del self.left[place]
                return quad.object if isinstance(quad.object, NamedNode) else term_of(quad.object).value
        return None

    def text(self, subject: object, name: str) -> str | None:
        """A value as text."""
        found = self.take(subject, _term(name))
        return found.value if isinstance(found, NamedNode) else found

    def selectors(self, target: object) -> Iterable[object]:
        """All selectors of a target, taken."""
        while (found := self.take(target, SELECTOR)) is not None:
            yield found


def _quote(known: _Known, evidence: object, claim: NamedNode, release: Release) -> Quote:
    known.left = [q for q in known.left if not (q.subject == evidence and q.predicate == _BODY and q.object == claim)]
    target = known.take(evidence, TARGET)
    document = known.text(target, "oa:hasSource")
    found: dict[str, str] = {}
    places: dict[str, str] = {}
    for selector in known.selectors(target):
        for name in ("oa:exact", "oa:start", "oa:end", "rdf:value"):
            if name not in found and (text := known.text(selector, name)) is not None:
                found[name] = text
                places[name] = _iri(selector)
    sentence = known.text(evidence, "zel:sentenceNumber")
    language = _said(release, document, "dct:language") if document else ""
    return Quote(
        _iri(evidence),
        found.get("oa:exact"),
        found.get("oa:start"),
        found.get("oa:end"),
        sentence,
        document,
        language,
        found.get("rdf:value"),
        words=places.get("oa:exact", ""),
        place=places.get("oa:start", places.get("rdf:value", "")),
        target=_iri(target),
    )


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


_BODY: Final = _term("oa:hasBody")


def _row(known: _Known, row: object, release: Release) -> tuple[str, Row] | None:
    """A row and its number, as text."""
    if not isinstance(row, NamedNode):
        return None
    table = known.text(row, "dct:isPartOf")
    if table is None:
        return None
    number = known.text(row, "csvw:rownum") or ""
    file = f"{_said(release, table, 'zel:fileName') or table}#{row.value.partition('#')[2]}"
    return number, Row(row.value, table, file)


def _said(release: Release, iri: str, name: str) -> str:
    claims = NamedNode(release.minter.graph("claims"))
    quads = release.engine.quads(NamedNode(iri), _term(name), None, claims)
    return next((term_of(quad.object).value for quad in quads), "")
