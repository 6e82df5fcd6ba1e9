"""The service description: what a machine learns from a bare GET of the endpoint (SPARQL 1.1 Service Description).

The limits stand in it as schema.org's `PropertyValue`s: no vocabulary of services has terms for them, and
`additionalProperty` is made for what has no term of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.terms import expand
from server.discovery.capabilities import extensions
from server.discovery.dataset import dataset_triples
from server.graph_store import PATH
from server.limits import Limit
from server.releases import Release

LISTED: Final = 100
"""How many named graphs are listed; the registers come first."""
_REGISTERS: Final = ("claims", "entities", "ontology")
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SIMPLE: Final = "http://www.w3.org/ns/entailment/Simple"
_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"
_GRAPH_STORE_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-http-rdf-update/"
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """What the description tells of the service, beside the release."""

    root: str
    """Where clients find the site; ends in `/`."""
    limits: tuple[Limit, ...] = ()
    federates: bool = False
    """Whether queries may hold SERVICE."""

    @property
    def endpoint(self) -> str:
        """The address of the endpoint."""
        return f"{self.root}sparql"

    def part(self, name: str) -> NamedNode:
        """Something that the description speaks of, by an IRI, so that it has no blank nodes."""
        return NamedNode(f"{self.endpoint}#{name}")


def describe_service(service: Service, release: Release) -> tuple[Triple, ...]:
    """The description, without blank nodes.

    :raises ValueError: if the root is no absolute IRI

    The features named are those the service has: basic federation if it federates (the vocabulary has no word for
    endpoints that a variable names), never the union default graph, for the default graph holds only what follows
    from reviewed claims. Nothing is inferred while it answers. With it goes the description of the dataset, in which
    tools look for examples, prefixes and partitions.
    """
    about = (*_capabilities(service), *extensions(service.endpoint), *_graph_store(service), *_limits(service))
    known = dataset_triples(release, service.root)
    return (*about, *_dataset(service, release), *_default_graph(service, release, known), *known)


def _capabilities(service: Service) -> Iterator[Triple]:
    it = NamedNode(service.endpoint)
    yield _type(it, "sd:Service")
    yield Triple(it, _node("sd:endpoint"), it)
    yield Triple(it, _node("sd:supportedLanguage"), _node("sd:SPARQL11Query"))
    yield Triple(it, _node("dct:conformsTo"), NamedNode(_PROTOCOL))
    if service.federates:
        yield Triple(it, _node("sd:feature"), _node("sd:BasicFederatedQuery"))
    for name in _RESULTS:
        yield Triple(it, _node("sd:resultFormat"), NamedNode(_FORMATS + name))
    yield Triple(it, _node("sd:defaultEntailmentRegime"), NamedNode(_SIMPLE))
    yield Triple(it, _node("sd:defaultDataset"), service.part("dataset"))
    yield Triple(it, _node("sd:availableGraphs"), service.part("dataset"))


def _dataset(service: Service, release: Release) -> Iterator[Triple]:
    dataset, default = service.part("dataset"), service.part("default-graph")
    yield _type(dataset, "sd:Dataset")
    yield _type(dataset, "sd:GraphCollection")
    yield _type(dataset, "dcat:Dataset")
    yield Triple(dataset, _node("dct:identifier"), Literal(release.id))
    for language, title in sorted(release.title.items()):
        yield Triple(dataset, _node("dct:title"), Literal(title, language=language))
    yield Triple(dataset, _node("sd:defaultGraph"), default)
    yield _type(default, "sd:Graph")
    for number, graph in enumerate(_listed(release), 1):
        named = service.part(f"graph-{number}")
        yield Triple(dataset, _node("sd:namedGraph"), named)
        yield _type(named, "sd:NamedGraph")
        yield Triple(named, _node("sd:name"), NamedNode(graph))


def _default_graph(service: Service, release: Release, known: Iterable[Triple]) -> Iterator[Triple]:
    """Its figures and partitions are those of the dataset: it is what a plain client sees of it."""
    default, dataset = service.part("default-graph"), NamedNode(f"{release.base}dataset")
    shared = frozenset(map(_node, ("void:triples", "void:classPartition", "void:propertyPartition")))
    found = [Triple(default, t.predicate, t.object) for t in known if t.subject == dataset and t.predicate in shared]
    if not found and "default_triples" in release.counts:
        found = [Triple(default, _node("void:triples"), Literal(release.counts["default_triples"]))]
    if found:
        yield _type(default, "void:Dataset")
        yield from found


def _listed(release: Release) -> Iterator[str]:
    """The registers that there are, and then other graphs."""
    registers = [release.minter.graph(name) for name in _REGISTERS]
    first = [iri for iri in registers if release.engine.has_graph(iri)]
    yield from first
    left = LISTED - len(first)
    for iri in release.engine.graph_names():
        if not left:
            return
        if iri not in first:
            yield iri
            left -= 1


def _graph_store(service: Service) -> Iterator[Triple]:
    store = NamedNode(service.root.removesuffix("/") + PATH)
    yield _type(store, "dcat:DataService")
    yield Triple(store, _node("dcat:endpointURL"), store)
    yield Triple(store, _node("dct:conformsTo"), NamedNode(_GRAPH_STORE_PROTOCOL))
    yield Triple(store, _node("dcat:servesDataset"), service.part("dataset"))


def _limits(service: Service) -> Iterator[Triple]:
    for limit in service.limits:
        it = service.part(f"limit-{limit.name}")
        yield Triple(NamedNode(service.endpoint), _node("schema:additionalProperty"), it)
        yield _type(it, "schema:PropertyValue")
        yield Triple(it, _node("schema:propertyID"), Literal(limit.name))
        yield Triple(it, _node("schema:maxValue"), _number(limit.value))
        yield Triple(it, _node("schema:unitCode"), Literal(limit.unit))
        for language, label, effect in limit.texts():
            yield Triple(it, _node("schema:name"), Literal(label, language=language))
            yield Triple(it, _node("schema:description"), Literal(effect, language=language))


def _number(value: float) -> Literal:
    return Literal(int(value)) if value == int(value) else Literal(str(value), datatype=_node("xsd:decimal"))


def _type(subject: NamedNode, name: str) -> Triple:
    return Triple(subject, _node("rdf:type"), _node(name))


def _node(name: str) -> NamedNode:
    return NamedNode(expand(name))
