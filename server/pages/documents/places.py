"""Where in a document its claims stand: in the order of its text, where anybody wrote down their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.terms import expand
from server.pages.documents.standing import KEPT, SOURCE, STATED_IN, Standing
from server.pages.statements import SELECTOR, SUPPORTED_BY, TARGET
from server.releases import Memory, Release

SORTED: Final = 1_000
"""How many claims of a document are put in the order of its text."""
_ASKED: Final = 1_000
"""Documents of which it is remembered whether claims that are not stated in them have words there."""


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))


_START: Final = _term("oa:start")
_END: Final = _term("oa:end")
_SENTENCE: Final = _term("zel:sentenceNumber")
_Node = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class Place:
    """A claim, and where its words stand in the document; a claim without evidence there stands nowhere."""

    claim: str
    evidence: str = ""
    start: int | None = None
    """In characters of the text; the end is behind the last one."""
    end: int | None = None
    sentence: int | None = None
    is_bare: bool = False
    """Whether the evidence names the document and nothing in it."""
    also: tuple[str, ...] = ()
    """Further evidence of the claim that does so."""

    @property
    def order(self) -> tuple[bool, int, int, int, str, str]:
        """What has a place goes before what has none, then by sentence, then by name."""
        last = 1 << 62
        known = self.start is not None
        return not known, self.start or 0, self.end or 0, self.sentence or last, self.claim, self.evidence


@dataclass(frozen=True, slots=True)
class Places:
    """A page of the claims of a document."""

    shown: tuple[Place, ...]
    more: bool
    total: int | None
    """None for more than `SORTED`: these come in the order of the store, so many claims a page."""


def read_places(release: Release, iri: str, begin: int, size: int, standing: Standing) -> Places:
    """So many claims of a document from the one numbered `begin`, which counts from 0.

    A claim stands once for each piece of its evidence that points into the document, and once if none does: a claim
    made of three rows of a table has three pieces of it that name the document and nothing in it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    reading = _Reading(release, NamedNode(iri), standing)
    known: Memory[str, tuple[Place, ...] | None] = release.memory("places of documents", KEPT)
    found = known.of(iri, lambda _: reading.in_order())
    if found is not None:
        return Places(found[begin : begin + size], len(found) > begin + size, len(found))
    return reading.page(begin, size)


def _gathered(places: Iterable[Place]) -> list[Place]:
    """Places of which those of a claim that say nothing of where are one, or none beside one that says it.

    >>> _gathered([Place("F1", "b", is_bare=True), Place("F1", "a", is_bare=True)])[0].also
    ('b',)
    """
    bare: dict[str, list[str]] = {}
    told: dict[str, Place] = {}
    found = []
    for place in sorted(places, key=lambda place: place.order):
        if place.is_bare:
            bare.setdefault(place.claim, []).append(place.evidence)
        elif place.claim not in told:
            told[place.claim] = place
        else:
            found.append(place)
    for claim, (first, *rest) in bare.items():
        if claim in told:
            told[claim] = replace(told[claim], also=(first, *rest))
        else:
            told[claim] = Place(claim, first, is_bare=True, also=tuple(rest))
    return [*told.values(), *found]


class _Reading:
    def __init__(self, release: Release, document: NamedNode, standing: Standing) -> None:
        self._release, self._engine = release, release.engine
        self._document, self._standing = document, standing
        self._claims = NamedNode(release.minter.graph("claims"))

    def in_order(self) -> tuple[Place, ...] | None:
        """All of them, in the order of the text; None for more than are sorted."""
        found = list(islice(self.places(), SORTED + 1))
        if len(found) > SORTED:
            return None
        return tuple(sorted(_gathered(found), key=lambda place: place.order))

    def places(self) -> Iterator[Place]:
        """All of them, in the order of the store."""
        quoted = set()
        for target in self._linked(SOURCE):
            for place in self._of_target(target):
                quoted.add(place.claim)
                yield place
        yield from (Place(claim.value) for claim in self._linked(STATED_IN) if claim.value not in quoted)

    def page(self, begin: int, size: int) -> Places:
        """The places of so many claims: first those that are stated in it, then those that only have words in it.

        A document may have a hundred thousand: those before the page are counted and not looked at.
        """
        stated = list(islice(self._linked(STATED_IN), begin, begin + size + 1))
        if len(stated) > size:
            return Places(self._of_claims(stated[:size]), more=True, total=None)
        before = begin if stated else sum(1 for _ in self._linked(STATED_IN))
        others = list(islice(self._others(), begin - before, begin - before + size - len(stated) + 1))
        room = size - len(stated)
        return Places(self._of_claims([*stated, *others[:room]]), len(others) > room, None)

    def _others(self) -> Iterator[NamedNode]:
        """The claims with words in it that are not stated in it."""
        known: Memory[str, bool] = self._release.memory("documents with claims of others", _ASKED)
        if known.of(self._document.value, lambda _: any(True for _ in self._quoted_alone())):
            yield from self._quoted_alone()

    def _quoted_alone(self) -> Iterator[NamedNode]:
        seen = set[NamedNode]()
        for target in self._linked(SOURCE):
            for claim in self._claims_with(target):
                if claim not in seen and not self._says(claim, STATED_IN):
                    seen.add(claim)
                    yield claim

    def _claims_with(self, target: _Node) -> Iterator[NamedNode]:
        found = (it for evidence in self._subjects(TARGET, target) for it in self._subjects(SUPPORTED_BY, evidence))
        return (claim for claim in found if isinstance(claim, NamedNode))

    def _says(self, node: _Node, link: NamedNode) -> bool:
        """Whether a property leads from a node to the document."""
        return any(True for _ in self._engine.quads(node, link, self._document, self._claims))

    def _of_claims(self, claims: Iterable[NamedNode]) -> tuple[Place, ...]:
        return tuple(place for claim in claims for place in self._of_claim(claim) or [Place(claim.value)])

    def _of_claim(self, claim: NamedNode) -> list[Place]:
        """The places of its words in the document."""
        return _gathered(
            self._place(claim, evidence, self._selectors(target))
            for evidence in self._objects(claim, SUPPORTED_BY)
            for target in self._objects(evidence, TARGET)
            if isinstance(target, NamedNode) and self._says(target, SOURCE)
        )

    def _linked(self, link: NamedNode) -> Iterator[NamedNode]:
        if not self._standing.is_cut:
            return iter(self._standing.linked[link])
        found = (quad.subject for quad in self._engine.quads(None, link, self._document, self._claims))
        return (node for node in found if isinstance(node, NamedNode))

    def _of_target(self, target: _Node) -> Iterator[Place]:
        selectors = self._selectors(target)
        for evidence in self._subjects(TARGET, target):
            for claim in self._subjects(SUPPORTED_BY, evidence):
                if isinstance(claim, NamedNode):
                    yield self._place(claim, evidence, selectors)

    def _place(self, claim: NamedNode, evidence: _Node, selectors: Sequence[object]) -> Place:
        sentence = self._number([evidence], _SENTENCE)
        start, end = self._number(selectors, _START), self._number(selectors, _END)
        return Place(claim.value, evidence.value, start, end, sentence, not selectors and sentence is None)

    def _selectors(self, target: _Node) -> Sequence[object]:
        return [quad.object for quad in self._engine.quads(target, SELECTOR, None, self._claims)]

    def _objects(self, node: _Node, link: NamedNode) -> list[_Node]:
        found = (quad.object for quad in self._engine.quads(node, link, None, self._claims))
        return [node for node in found if isinstance(node, _Node)]

    def _subjects(self, link: NamedNode, value: _Node) -> list[_Node]:
        found = (quad.subject for quad in self._engine.quads(None, link, value, self._claims))
        return [node for node in found if isinstance(node, _Node)]

    def _number(self, nodes: Iterable[object], link: NamedNode) -> int | None:
        for node in nodes:
            if isinstance(node, _Node):
                for quad in self._engine.quads(node, link, None, self._claims):
                    if isinstance(quad.object, Literal) and quad.object.value.isdecimal():
                        return int(quad.object.value[:18])
        return None
