"""Who says what is drawn: the claims about it, their documents and voices, and how far they were reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.terms import SCHEME, expand
from server.releases import Release

MOST: Final = 5000
"""Statements of one property that are read for a drawing; further ones are not drawn, and the page says so."""
_REJECTED: Final = SCHEME + "review/rejected"
_REVIEWED: Final = SCHEME + "review/reviewed"
_CONTRADICTS: Final = NamedNode(expand("zel:contradicts"))
_FIELDS: Final = {
    expand(curie): field
    for curie, field in (
        ("zel:statedIn", "document"), ("zel:publisher", "publisher"), ("zel:published", "published"),
        ("zel:assertedBy", "speaker"), ("zel:reviewStatus", "review"), ("zel:quote", "quote"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A claim that says it; without one, the release itself."""

    published: str
    """When its document was, as it says; likewise the others, which are empty where nobody stated them."""
    claim: str
    """Its IRI; likewise the document, the speaker and the state of review."""
    document: str = ""
    publisher: str = ""
    speaker: str = ""
    review: str = ""
    quote: str = ""
    """The first words of the document that carry the claim."""
    language: str = ""
    """Of the document."""
    against: frozenset[str] = frozenset()
    """The claims that contradict it."""

    @property
    def reviewed(self) -> bool:
        """Whether the claim was reviewed; what a release without claims says needs nobody who does."""
        return not self.claim or self.review == _REVIEWED


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and who makes it."""

    subject: str
    """An IRI, or `_:` and the identifier of a blank node."""
    property: str
    value: NamedNode | Literal
    source: Source


class Sourcing:
    """Reads the claims of a release, each once."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._register = NamedNode(release.minter.graph("claims"))
        self._claims = release.minter.claim("")
        self._whole = not release.has_claims
        self._known: dict[str, Source | None] = {}
        self.cut = False
        """Whether some property had more statements than are read."""

    def of(self, claim: str) -> Source | None:
        """Who says what a claim says; None for a claim that was rejected."""
        if claim not in self._known:
            self._known[claim] = self._read(claim)
        return self._known[claim]

    def statements(self, properties: Iterable[str]) -> Iterator[Statement]:
        """What the claims that are not rejected say by any of the properties; without claims, what any graph says."""
        for link in sorted(properties):
            quads = list(islice(self._release.engine.quads(None, NamedNode(link), None, None), MOST + 1))
            self.cut = self.cut or len(quads) > MOST
            for quad in sorted(quads[:MOST], key=str):
                value, source = quad.object, self._source(quad)
                if source is not None and isinstance(value, NamedNode | Literal):
                    subject = quad.subject
                    name = subject.value if isinstance(subject, NamedNode) else str(subject)
                    yield Statement(name, link, value, source)

    def _source(self, quad: Quad) -> Source | None:
        if self._whole:
            return Source("", "")
        graph = quad.graph_name
        is_claim = isinstance(graph, NamedNode) and graph.value.startswith(self._claims)
        return self.of(graph.value) if is_claim and isinstance(graph, NamedNode) else None

    def _read(self, claim: str) -> Source | None:
        said: dict[str, str] = {}
        for quad in sorted(self._release.engine.quads(NamedNode(claim), None, None, self._register), key=str):
            field = _FIELDS.get(quad.predicate.value)
            if field is not None and isinstance(quad.object, NamedNode | Literal):
                said.setdefault(field, quad.object.value)
        if said.get("review") == _REJECTED:
            return None
        document = said.get("document", "")
        return Source(
            claim=claim, against=self._against(claim), language=self._language(document),
            **{field: said.get(field, "") for field in _FIELDS.values()},
        )  # fmt: skip

    def _against(self, claim: str) -> frozenset[str]:
        node, engine = NamedNode(claim), self._release.engine
        ties = [quad.object for quad in engine.quads(node, _CONTRADICTS, None, self._register)]
        ties += [quad.subject for quad in engine.quads(None, _CONTRADICTS, node, self._register)]
        return frozenset(it.value for it in ties if isinstance(it, NamedNode) and it.value != claim)

    def _language(self, document: str) -> str:
        quads = self._release.engine.values(document, expand("dct:language")) if document else ()
        stated = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
        return stated.pop() if len(stated) == 1 else ""


def listed(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Those who say the same: each once, the reviewed first, then by their dates."""
    return tuple(sorted(set(sources), key=lambda it: (not it.reviewed, it)))
