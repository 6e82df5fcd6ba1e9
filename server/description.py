"""The service description: what a machine learns from a bare GET of the endpoint (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.terms import PREFIXES, expand
from server.releases import Release
from server.results import Format

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "JSON-LD", "N-Triples", "RDF_XML",
)  # fmt: skip
_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({name: PREFIXES[name] for name in ("sd", "void", "dct")})


def describe_service(endpoint: str, release: Release, into: Format, *, federates: bool = False) -> bytes:
    """The description of the service at the address `endpoint`, without blank nodes.

    :raises ValueError: if `into` is no format for a graph, or `endpoint` no absolute IRI

    The features named are those the service has: basic federation if it `federates` (the vocabulary has no word for
    endpoints that a variable names), never the union default graph, for the default graph holds only what follows
    from reviewed claims.
    """
    graph = RdfFormat.from_media_type(into.media_type)
    if graph is None:
        raise ValueError(f"no format for a graph: {into.media_type}")
    return serialize(_triples(endpoint, release, federates), format=graph, prefixes=dict(_PREFIXES)) or b""


def _triples(endpoint: str, release: Release, federates: bool) -> Iterator[Triple]:  # noqa: FBT001
    service, dataset, default = NamedNode(endpoint), f"{endpoint}#dataset", f"{endpoint}#default-graph"
    yield _type(service, "sd:Service")
    yield Triple(service, _node("sd:endpoint"), service)
    yield Triple(service, _node("sd:supportedLanguage"), _node("sd:SPARQL11Query"))
    if federates:
        yield Triple(service, _node("sd:feature"), _node("sd:BasicFederatedQuery"))
    for name in _RESULTS:
        yield Triple(service, _node("sd:resultFormat"), NamedNode(_FORMATS + name))
    yield Triple(service, _node("sd:defaultDataset"), NamedNode(dataset))
    yield _type(NamedNode(dataset), "sd:Dataset")
    yield Triple(NamedNode(dataset), _node("dct:identifier"), Literal(release.id))
    for language, title in sorted(release.title.items()):
        yield Triple(NamedNode(dataset), _node("dct:title"), Literal(title, language=language))
    yield Triple(NamedNode(dataset), _node("sd:defaultGraph"), NamedNode(default))
    yield _type(NamedNode(default), "sd:Graph")
    for name in ("claims", "entities", "ontology"):
        graph = NamedNode(release.minter.graph(name))
        named = NamedNode(f"{endpoint}#graph-{name}")
        yield Triple(NamedNode(dataset), _node("sd:namedGraph"), named)
        yield _type(named, "sd:NamedGraph")
        yield Triple(named, _node("sd:name"), graph)
    if "default_triples" in release.counts:
        yield Triple(NamedNode(default), _node("void:triples"), Literal(release.counts["default_triples"]))


def _type(subject: NamedNode, name: str) -> Triple:
    return Triple(subject, _node("rdf:type"), _node(name))


def _node(name: str) -> NamedNode:
    return NamedNode(expand(name))
