"""Which properties a drawing is made of: found by the vocabulary's own hierarchy, so that any project's are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.terms import expand
from server.lookup import select
from server.pages.vocabulary.kinds import graph_of
from server.releases import Release

_SUBPROPERTY: Final = NamedNode(expand("rdfs:subPropertyOf"))
_SUBCLASS: Final = NamedNode(expand("rdfs:subClassOf"))
_DOMAIN: Final = NamedNode(expand("rdfs:domain"))
_RANGE: Final = expand("rdfs:range")
_DATES: Final = (expand("zel:date"), expand("dct:date"))
_TARGET: Final = expand("zel:targetQuantity")
_PERIOD: Final = expand("zel:period")
_DATATYPES: Final = ("edtf:EDTF", "xsd:date", "xsd:dateTime", "xsd:gYear", "xsd:gYearMonth")
_PARTNERS: Final = tuple(map(expand, ("zel:party", "zel:hasPartner", "zel:partnerOf", "zel:jointlyRunBy")))
_AGREEMENT: Final = expand("zel:Agreement")
_PARTIES: Final = (expand("foaf:Agent"), expand("zel:ActorCategory"))
_PATIENCE: Final = 3.0
"""How long the properties of files are looked for, in seconds."""
TIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        kind: expand(f"zel:{name}")
        for kind, name in (("contradicts", "contradicts"), ("agrees", "agreesWith"), ("compatible", "compatibleWith"))
    }
)
"""How two claims can be tied, the gravest first, with the property that says so."""


def below(release: Release, roots: Iterable[str]) -> frozenset[str]:
    """The properties, and those that the vocabulary puts below them at any depth."""
    return _closure(release, roots, _SUBPROPERTY)


def date_properties(release: Release) -> frozenset[str]:
    """The properties that place a thing in time: those below `zel:date` or `dct:date`.

    Of RDF files, whose vocabulary seldom says so, also those whose values are dates. They are looked for as strangers'
    queries are answered, within limits.

    :raises KgError: if they cannot be looked for in time
    """
    found = below(release, _DATES)
    return found if release.has_claims else found | frozenset(_by_values(release))


def period_properties(release: Release) -> frozenset[str]:
    """Those that say which time a value covers, and not when something happens: those below `zel:period`."""
    return below(release, (_PERIOD,))


def partner_properties(release: Release) -> frozenset[str]:
    """The properties that lead from an agreement, a project or a body to those who take part in it.

    They are those from an agreement, or what the vocabulary puts below it, to an agent or a category of actors, and
    those below `zel:hasPartner`, `zel:partnerOf` and `zel:jointlyRunBy`.
    """
    graph = graph_of(release)
    agreements = _closure(release, (_AGREEMENT,), _SUBCLASS)
    parties = _closure(release, _PARTIES, _SUBCLASS)
    own = {
        quad.subject.value
        for kind in agreements
        for quad in release.engine.quads(None, _DOMAIN, NamedNode(kind), graph)
        if isinstance(quad.subject, NamedNode)
        and any(_names(it.object) in parties for it in release.engine.values(quad.subject.value, _RANGE))
    }
    return below(release, {*own, *_PARTNERS})


def target_properties(release: Release) -> frozenset[str]:
    """The properties that lead from a target to the value to be reached: those below `zel:targetQuantity`."""
    return below(release, (_TARGET,))


def tie_properties(release: Release) -> frozenset[str]:
    """The properties by which claims are tied; none where there are no claims."""
    return frozenset(TIES.values() if release.has_claims else ())


def is_used(release: Release, properties: Iterable[str]) -> bool:
    """Whether a release makes a statement by any of the properties."""
    quads = release.engine.quads
    return any(any(True for _ in quads(None, NamedNode(link), None, None)) for link in sorted(properties))


def drawn(release: Release) -> tuple[str, ...]:
    """The names of the drawings that have something to draw.

    :raises KgError: if the dates of files cannot be looked for in time
    """
    return tuple(name for name, made_of in MADE_OF.items() if is_used(release, made_of(release)))


def _closure(release: Release, roots: Iterable[str], link: NamedNode) -> frozenset[str]:
    graph, known, left = graph_of(release), set(roots), list(roots)
    while left:
        node = NamedNode(left.pop())
        for quad in release.engine.quads(None, link, node, graph):
            if isinstance(quad.subject, NamedNode) and quad.subject.value not in known:
                known.add(quad.subject.value)
                left.append(quad.subject.value)
    return frozenset(known)


def _names(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _by_values(release: Release) -> Iterator[str]:
    kinds = ", ".join(_DATATYPES)
    pattern = f"FILTER(DATATYPE(?o) IN ({kinds}))"
    query = f"SELECT DISTINCT ?p WHERE {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} {pattern} }}"
    yield from (row["p"].value for row in select(release.strangers, query, timeout=_PATIENCE))


MADE_OF: Final[Mapping[str, Callable[[Release], frozenset[str]]]] = MappingProxyType(
    {
        "timeline": date_properties,
        "targets": target_properties,
        "partners": partner_properties,
        "sources": tie_properties,
    }
)
"""The drawings, by the last step of their addresses, and what gives the properties that each is made of."""
