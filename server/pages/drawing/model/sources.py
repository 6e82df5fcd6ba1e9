"""Which documents agree or differ: their claims that contradict, agree with or are compatible with one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from pyoxigraph import NamedNode

from server.pages.drawing.model.properties import TIES
from server.pages.drawing.model.sourcing import MOST, Source, Sourcing
from server.releases import Release


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents and what ties their claims; the first is the one with more ties."""

    first: str
    second: str
    ties: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Each kind that there is, with the claims: of the first document and of the second."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents, those with the most ties first, and the pairs of them by their order."""

    order: tuple[str, ...]
    pairs: tuple[Pair, ...]
    sources: MappingProxyType[str, Source]
    """A claim of each document, which tells its publisher and its date."""
    cut: bool


def read_documents(release: Release) -> Documents:
    """The documents of a release whose claims are tied to claims of others; none where it has no claims."""
    sourcing = Sourcing(release)
    found: dict[tuple[str, str], dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    sources: dict[str, Source] = {}
    cut = False
    for kind, link in TIES.items() if release.has_claims else ():
        register = NamedNode(release.minter.graph("claims"))
        quads = list(islice(release.engine.quads(None, NamedNode(link), None, register), MOST + 1))
        cut = cut or len(quads) > MOST
        for quad in sorted(quads[:MOST], key=str):
            if not (isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)):
                continue
            one, other = sourcing.of(quad.subject.value), sourcing.of(quad.object.value)
            if one is None or other is None or not one.document or not other.document:
                continue
            if one.document == other.document:
                continue
            for it in (one, other):
                sources.setdefault(it.document, it)
            found[one.document, other.document][kind].add((one.claim, other.claim))
            found[other.document, one.document][kind].add((other.claim, one.claim))
    ties = Counter(one for one, _ in found)
    order = sorted(ties, key=lambda it: (-ties[it], sources[it].published, it))
    place = {document: number for number, document in enumerate(order)}
    pairs = [
        Pair(one, other, tuple((kind, tuple(sorted(ties[kind]))) for kind in TIES if kind in ties))
        for (one, other), ties in found.items()
        if place[one] < place[other]
    ]
    pairs.sort(key=lambda pair: (place[pair.second], place[pair.first]))
    return Documents(tuple(order), tuple(pairs), MappingProxyType(sources), cut)
