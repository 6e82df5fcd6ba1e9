"""What claims say of a thing: each value with the claim that gives it, and how the claims stand to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.terms import SCHEME, expand
from server.lookup import Term, term_of
from server.pages.phrases.naming import Naming
from server.pages.statements import CLAIM, TYPE
from server.releases import Memory, Release

LOOKED_AT: Final = 2_000
"""How many statements about one thing are read for a page."""
_KEPT: Final = 5_000
"""Claims whose standing is remembered, in some 500 bytes each."""
REVIEWED: Final = SCHEME + "review/reviewed"
CONTESTED: Final = SCHEME + "review/contested"
REJECTED: Final = SCHEME + "review/rejected"
_REVIEW: Final = NamedNode(expand("zel:reviewStatus"))
_RELATIONS: Final = tuple(
    (name, NamedNode(expand(f"zel:{name}"))) for name in ("contradicts", "agreesWith", "compatibleWith")
)
_Node = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class Said:
    """The values that one claim gives one property of a thing."""

    property: str
    claim: str
    values: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a claim beside others."""

    review: str
    """An IRI; empty where nobody said it."""
    relations: Mapping[str, frozenset[str]]
    """The other claims by the local name of the property that ties them to it, whichever of the two says so."""


def read_said(release: Release, iri: str) -> tuple[tuple[Said, ...], bool]:
    """What claims say of a thing, and whether there are more statements about it than are read.

    :raises ValueError: if `iri` is no absolute IRI
    """
    quads = release.engine.quads(NamedNode(iri), None, None, None)
    found = list(islice(quads, LOOKED_AT + 1))
    return _of_claims(release, found[:LOOKED_AT]), len(found) > LOOKED_AT


def read_same(release: Release, iri: str, link: str) -> tuple[Said, ...]:
    """What claims say of one property of a thing."""
    return _of_claims(release, islice(release.engine.values(iri, link), LOOKED_AT))


def _of_claims(release: Release, quads: Iterable[Quad]) -> tuple[Said, ...]:
    """Sorted by property and claim."""
    place = release.minter.claim("")
    register = NamedNode(release.minter.graph("claims"))
    found: dict[tuple[str, str], dict[Term, None]] = {}
    known: dict[str, bool] = {}
    for quad in sorted(quads, key=str):
        graph = quad.graph_name
        if not isinstance(graph, NamedNode) or not graph.value.startswith(place):
            continue
        if graph.value not in known:
            known[graph.value] = any(True for _ in release.engine.quads(graph, TYPE, CLAIM, register))
        if known[graph.value]:
            found.setdefault((quad.predicate.value, graph.value), {})[term_of(quad.object)] = None
    return tuple(Said(link, claim, tuple(values)) for (link, claim), values in sorted(found.items()))


def read_standings(release: Release, claims: Iterable[str]) -> Mapping[str, Standing]:
    """How each of the claims stands."""
    known: Memory[str, Standing] = release.memory("standings of claims", _KEPT)
    return MappingProxyType({iri: known.of(iri, lambda it: _standing(release, it)) for iri in sorted(set(claims))})


def _standing(release: Release, iri: str) -> Standing:
    claim, engine, register = NamedNode(iri), release.engine, NamedNode(release.minter.graph("claims"))
    reviews = (quad.object for quad in engine.quads(claim, _REVIEW, None, register))
    relations = {}
    for name, link in _RELATIONS:
        ends: list[object] = [quad.object for quad in engine.quads(claim, link, None, register)]
        ends += [quad.subject for quad in engine.quads(None, link, claim, register)]
        others = frozenset(node.value for node in ends if isinstance(node, NamedNode)) - {claim.value}
        if others:
            relations[name] = others
    review = min((node.value for node in reviews if isinstance(node, NamedNode)), default="")
    return Standing(review, MappingProxyType(relations))


def owners(release: Release, naming: Naming, iri: str, claims: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of an amount, the things that it is an amount of, each with the property; of anything else nothing.

    A part of an amount, such as its unit, may be said by a claim of its own: what is the same fact is known by what has
    the amount.
    """
    if naming.label(iri) is not None or naming.phrase(iri, next(iter(claims), "")) is None:
        return
    place = release.minter.claim("")
    for quad in sorted(release.engine.towards(iri, LOOKED_AT), key=str):
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value.startswith(place) and isinstance(quad.subject, NamedNode):
            yield quad.subject.value, quad.predicate.value
