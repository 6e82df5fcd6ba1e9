"""Where in a document its claims stand: in the order of its text, where anybody wrote down their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.terms import expand
from server.pages.documents.standing import KEPT, SOURCE, STATED_IN, Standing
from server.pages.statements import SELECTOR, SUPPORTED_BY, TARGET
from server.releases import Memory, Release

SORTED: Final = 1_000
"""How many claims of a document are put in the order of its text."""


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
    """None for more than `SORTED`: these come in the order of the store."""


def read_places(release: Release, iri: str, begin: int, size: int, standing: Standing) -> Places:
    """The claims of a document from the one numbered `begin`, which counts from 0.

    A claim stands once for each piece of its evidence in the document, and once if it has none there.

    :raises ValueError: if `iri` is no absolute IRI
    """
    reading = _Reading(release, NamedNode(iri), standing)
    known: Memory[str, tuple[Place, ...] | None] = release.memory("places of documents", KEPT)
    found = known.of(iri, lambda _: reading.in_order())
    if found is not None:
        return Places(found[begin : begin + size], len(found) > begin + size, len(found))
    some = tuple(islice(reading.places(), begin, begin + size + 1))
    return Places(some[:size], len(some) > size, None)


class _Reading:
    def __init__(self, release: Release, document: NamedNode, standing: Standing) -> None:
        self._engine, self._document, self._standing = release.engine, document, standing
        self._claims = NamedNode(release.minter.graph("claims"))

    def in_order(self) -> tuple[Place, ...] | None:
        """All of them, in the order of the text; None for more than are sorted."""
        found = list(islice(self.places(), SORTED + 1))
        return tuple(sorted(found, key=lambda place: place.order)) if len(found) <= SORTED else None

    def places(self) -> Iterator[Place]:
        """All of them, in the order of the store."""
        quoted = set()
        for target in self._linked(SOURCE):
            for place in self._of_target(target):
                quoted.add(place.claim)
                yield place
        yield from (Place(claim.value) for claim in self._linked(STATED_IN) if claim.value not in quoted)

    def _linked(self, link: NamedNode) -> Iterator[NamedNode]:
        if not self._standing.is_cut:
            return iter(self._standing.linked[link])
        found = (quad.subject for quad in self._engine.quads(None, link, self._document, self._claims))
        return (node for node in found if isinstance(node, NamedNode))

    def _of_target(self, target: _Node) -> Iterator[Place]:
        selectors = [quad.object for quad in self._engine.quads(target, SELECTOR, None, self._claims)]
        start, end = (self._number(selectors, link) for link in (_START, _END))
        for evidence in self._subjects(TARGET, target):
            sentence = self._number([evidence], _SENTENCE)
            for claim in self._subjects(SUPPORTED_BY, evidence):
                if isinstance(claim, NamedNode):
                    yield Place(claim.value, evidence.value, start, end, sentence)

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
