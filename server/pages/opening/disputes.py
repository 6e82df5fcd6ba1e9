"""Where sources disagree: pairs of claims that contradict each other, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from kg.terms import expand
from server.releases import Release

SHOWN: Final = 3
"""How many pairs the home page shows."""
_LOOKED_AT: Final = 2000
"""How many statements are looked at for the newest."""
_CONTRADICTS: Final = NamedNode(expand("zel:contradicts"))
_PUBLISHED: Final = (expand("zel:published"), expand("dct:issued"))
_IDENTIFIER: Final = expand("dct:identifier")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two claims that contradict each other."""

    claim: str
    """Its IRI; likewise the others, which are empty where nobody stated them."""
    identifier: str
    speaker: str
    document: str
    review: str
    published: str
    """When its document was, as the document says."""

    @property
    def named(self) -> Iterator[str]:
        """What a page needs words for."""
        return filter(None, (self.claim, self.speaker, self.document, self.review))


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two claims that contradict each other, the newer one first."""

    newer: Side
    older: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.newer, self.older


def all_disputes(release: Release) -> str:
    """The query for all of them."""
    return (
        f"PREFIX zel: <{expand('zel:')}>\nSELECT ?claim ?saying ?other ?otherSaying WHERE {{\n"
        f"  GRAPH <{release.minter.graph('claims')}> {{\n    ?claim zel:contradicts ?other .\n"
        "    OPTIONAL { ?claim zel:gloss ?saying }\n    OPTIONAL { ?other zel:gloss ?otherSaying }\n  }\n}\n"
        "ORDER BY ?claim ?other\n"
    )


def read_disputes(release: Release) -> tuple[Dispute, ...]:
    """The newest pairs by the dates of their documents, each claim once as long as there are others."""
    graph = NamedNode(release.minter.graph("claims"))
    pairs = {
        tuple(sorted((quad.subject.value, quad.object.value)))
        for quad in islice(release.engine.quads(None, _CONTRADICTS, None, graph), _LOOKED_AT)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    sides = {claim: _side(release, claim) for pair in pairs for claim in pair}
    found = [_dispute(sides[one], sides[other]) for one, other in sorted(pairs) if one != other]
    # The sort is stable: of the same day, by their names.
    found.sort(key=lambda dispute: (dispute.newer.published, dispute.older.published), reverse=True)
    return tuple(_varied(found))


def _varied(disputes: Iterable[Dispute]) -> list[Dispute]:
    first: list[Dispute] = []
    others: list[Dispute] = []
    seen: set[str] = set()
    for dispute in disputes:
        claims = {side.claim for side in dispute.sides}
        (others if claims & seen else first).append(dispute)
        seen |= claims
    return [*first, *others][:SHOWN]


def _dispute(one: Side, other: Side) -> Dispute:
    return Dispute(one, other) if one.published >= other.published else Dispute(other, one)


def _side(release: Release, claim: str) -> Side:
    def first(iri: str, link: str) -> str:
        values = (quad.object for quad in release.engine.values(iri, link)) if iri else ()
        return min((str(getattr(value, "value", "")) for value in values), default="")

    document = first(claim, expand("zel:statedIn"))
    own, of_document = _PUBLISHED
    return Side(
        claim,
        first(claim, _IDENTIFIER) or claim.rpartition("/")[2],
        first(claim, expand("zel:assertedBy")),
        document,
        first(claim, expand("zel:reviewStatus")),
        first(claim, own) or first(document, of_document),
    )
