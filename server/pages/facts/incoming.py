"""What refers to a thing, by property: the subjects of the statements, and the claims that make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kg.terms import expand
from server.lookup import Term, term_of
from server.pages import describe
from server.pages.facts.order import Order
from server.releases import Release

SHOWN: Final = 8
"""How many of each property the page of a thing shows."""
PAGE: Final = 50
"""How many a page of one property shows."""
LAST_PAGE: Final = 200
"""The largest number of a page; pages count from 0."""
_LOOKED_AT: Final = 2_000
"""How many statements are read for all properties at once."""
_MOST: Final = 10_000
"""Likewise for one property."""
_LEFT_OUT: Final = frozenset(
    map(expand, (*describe.DERIVED, "oa:hasSource", "oa:hasBody", "oa:hasTarget", "oa:hasSelector", "zel:supportedBy"))
)
"""What a build derives, and the parts of evidence: the claim stands for them."""


@dataclass(frozen=True, slots=True)
class Referring:
    """One thing that refers to another one."""

    subject: Term
    claims: tuple[str, ...]
    """The claims that say it; none where the graph itself does."""


@dataclass(frozen=True, slots=True)
class Group:
    """All that refers to a thing by one property."""

    link: str
    shown: tuple[Referring, ...]
    total: int
    more_than: bool
    """Whether there are more than the total."""
    number: int = 0
    """The page of it that is shown, from 0."""

    @property
    def more(self) -> bool:
        """Whether there is a further page."""
        return self.total > (self.number + 1) * PAGE


def read_incoming(release: Release, iri: str, order: Order) -> tuple[tuple[Group, ...], bool]:
    """The first of what refers to a thing, by property, and whether there are more statements than are read.

    :raises ValueError: if `iri` is no absolute IRI
    """
    quads = list(islice(release.engine.quads(None, None, NamedNode(iri), None), _LOOKED_AT + 1))
    is_cut = len(quads) > _LOOKED_AT
    found: dict[str, list[Quad]] = {}
    for quad in quads[:_LOOKED_AT]:
        if quad.predicate.value not in _LEFT_OUT:
            found.setdefault(quad.predicate.value, []).append(quad)
    groups = ((link, _referring(release, some)) for link, some in found.items())
    made = [Group(link, some[:SHOWN], len(some), is_cut) for link, some in groups if some]
    return tuple(sorted(made, key=lambda group: order.place(f"^{group.link}"))), is_cut


def read_group(release: Release, iri: str, link: str, number: int) -> Group | None:
    """A page of what refers to a thing by one property; None where nothing does.

    :raises ValueError: if `iri` or `link` is no absolute IRI
    """
    quads = list(islice(release.engine.quads(None, NamedNode(link), NamedNode(iri), None), _MOST + 1))
    some = _referring(release, quads[:_MOST])
    if not some:
        return None
    shown = some[number * PAGE : (number + 1) * PAGE]
    return Group(link, shown, len(some), len(quads) > _MOST, number)


def _referring(release: Release, quads: Iterable[Quad]) -> tuple[Referring, ...]:
    """Each subject once, by its IRI, with its claims; what stands in graphs of views only is not new."""
    claims, graphs = release.minter.claim(""), _graphs(release)
    found: dict[Term, dict[str, None]] = {}
    for quad in quads:
        graph = quad.graph_name
        is_claim = isinstance(graph, NamedNode) and graph.value.startswith(claims)
        if not is_claim and graph not in graphs:
            continue
        told = found.setdefault(term_of(quad.subject), {})
        if is_claim and isinstance(graph, NamedNode):
            told[graph.value] = None
    ordered = sorted(found.items(), key=lambda item: (item[0].kind, item[0].value))
    return tuple(Referring(subject, tuple(sorted(told))) for subject, told in ordered)


def _graphs(release: Release) -> frozenset[NamedNode | BlankNode | DefaultGraph]:
    return frozenset({DefaultGraph(), *(NamedNode(release.minter.graph(name)) for name in describe.REGISTERS)})


def named(groups: Iterable[Group]) -> Iterator[str]:
    """What a page needs words for."""
    for group in groups:
        yield group.link
        yield from (one.subject.name for one in group.shown if one.subject.kind in {"iri", "blank"})
