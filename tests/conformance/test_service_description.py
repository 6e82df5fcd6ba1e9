"""The W3C's cases for the SPARQL 1.1 Service Description, read from their manifest, asked of a running server.

Each case is a name and a sentence; what it asks is written here, in every format and for each kind of service.
"""

from __future__ import annotations

import http.client
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from patience import PATIENCE
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib.collection import Collection
from rdflib.namespace import Namespace
from serving import running
from shared_data import SHARED
from tiny import BASE, write_release

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SD = "http://www.w3.org/ns/sparql-service-description#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SCHEMA = "https://schema.org/"
DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
# Section 3 of the recommendation: domain and range of each property in use, as local names of the vocabulary; a range
# of None is a resource that another vocabulary describes.
PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", None),
    "supportedLanguage": ("Service", "Language"),
    "resultFormat": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "extensionFunction": ("Service", "Function"),
    "languageExtension": ("Service", "Feature"),
}
CLASSES = {"Service", "Feature", "Language", "Dataset", "GraphCollection", "Graph", "NamedGraph", "Function"}
INSTANCES = {"SPARQL11Query": "Language", "BasicFederatedQuery": "Feature"}
ENTAILMENT = "http://www.w3.org/ns/entailment/"
RESULT_FORMATS = {
    "SPARQL_Results_JSON": "application/sparql-results+json", "SPARQL_Results_XML": "application/sparql-results+xml",
    "SPARQL_Results_CSV": "text/csv", "SPARQL_Results_TSV": "text/tab-separated-values", "Turtle": "text/turtle",
    "JSON-LD": "application/ld+json", "N-Triples": "application/n-triples", "RDF_XML": "application/rdf+xml",
    "TriG": "application/trig", "N-Quads": "application/n-quads",
}  # fmt: skip
Graph = dict[str, dict[str, list[NamedNode | Literal | BlankNode]]]


class Service:
    """A running service: its address and how it is set."""

    def __init__(self, url: str, *, federates: bool) -> None:
        self.endpoint, self.federates = f"{url}/sparql", federates

    def get(self, path: str, accept: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        place = urlsplit(self.endpoint)
        given = {"Accept": accept, **{name.replace("_", "-"): value for name, value in headers.items()}}
        with closing(http.client.HTTPConnection(place.netloc, timeout=PATIENCE)) as line:
            line.request("GET", path, headers=given)
            response = line.getresponse()
            return response.status, response.headers, response.read()

    def triples(self, media_type: str = "text/turtle", **headers: str) -> set[Triple]:
        status, told, body = self.get("/sparql", media_type, **headers)
        assert (status, told.get_content_type()) == (200, media_type)
        return {quad.triple for quad in parse(body, FORMATS[media_type], base_iri=self.endpoint)}

    def graph(self, **headers: str) -> Graph:
        found: Graph = defaultdict(lambda: defaultdict(list))
        for triple in self.triples(**headers):
            found[triple.subject.value][triple.predicate.value].append(triple.object)
        return found


@pytest.fixture(scope="module")
def services(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """A service of a release, one that federates, and one of a file of graphs, which has no registers."""
    federation = {
        "endpoints": ["http://127.0.0.1:1/"],
        "private_endpoints": ["http://127.0.0.1:1/"],
        "contact": "a@b.c",
    }
    with ExitStack() as stack:
        found = {}
        for name, more in (("plain", {}), ("federating", {"federation": federation}), ("file", {})):
            work = tmp_path_factory.mktemp(name)
            release = write_release(work / "releases")
            if name == "file":
                (release / "store").rename(work / "old")
                with_graphs(release / "store")
            settings = {"workers": 1, "trusted_proxies": ["127.0.0.1"], **more}
            url, _ = stack.enter_context(running(work / "releases", root, work, **settings))
            found[name] = Service(url, federates=name == "federating")
        yield found


def with_graphs(folder: Path) -> None:
    store = Store(str(folder))
    lines = (f"<http://e/s> <http://e/p> <http://e/o> <http://e/g{n}> ." for n in range(150))
    store.load("\n".join(lines).encode(), RdfFormat.N_QUADS)
    store.flush()


@pytest.fixture(params=["plain", "federating", "file"])
def service(request: pytest.FixtureRequest, services: dict[str, Service]) -> Service:
    return services[request.param]


def returns_rdf(service: Service) -> None:
    known = [service.triples(media_type) for media_type in FORMATS]
    assert known[0]
    assert all(found == known[0] for found in known)
    status, told, body = service.get("/sparql", "*/*")
    assert (status, told.get_content_type()) == (200, "text/turtle")
    assert {quad.triple for quad in parse(body, RdfFormat.TURTLE)} == known[0]


def has_endpoint_triple(service: Service) -> None:
    it = NamedNode(service.endpoint)
    assert Triple(it, NamedNode(f"{SD}endpoint"), it) in service.triples()


def conforms_to_schema(service: Service) -> None:
    graph = service.graph()
    types = {subject: {local(one) for one in found[RDF_TYPE]} for subject, found in graph.items()}
    types |= {SD + name: {kind} for name, kind in INSTANCES.items()}
    assert {name for subject in types.values() for name in subject if name} <= CLASSES
    used = set()
    for subject, found in graph.items():
        for predicate, objects in found.items():
            if predicate.startswith(SD):
                name = predicate.removeprefix(SD)
                used.add(name)
                domain, target = PROPERTIES[name]
                assert domain in types[subject]
                assert all(isinstance(each, NamedNode) for each in objects)
                assert target is None or all(target in types[each.value] for each in objects)
    assert used == PROPERTIES.keys() - (set() if service.federates else {"feature"})
    (regime,) = graph[service.endpoint][f"{SD}defaultEntailmentRegime"]
    assert regime.value == f"{ENTAILMENT}Simple"


def local(term: NamedNode | Literal | BlankNode) -> str:
    """The name of a class of the vocabulary; empty for a class of another one."""
    return term.value.removeprefix(SD) if term.value.startswith(SD) else ""


CHECKS: dict[str, Callable[[Service], None]] = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}


@pytest.mark.parametrize("name", CHECKS)
def test_case(service: Service, name: str) -> None:
    CHECKS[name](service)


def test_every_case_of_the_manifest_is_here(shared: Path) -> None:
    manifest = SHARED / "suites" / "sparql11" / "service-description" / "manifest.ttl"
    graph = rdflib.Graph().parse(manifest, publicID="http://example.org/manifest")
    (entries,) = graph.objects(None, MF.entries)
    assert {str(node).rsplit("#", 1)[1] for node in Collection(graph, entries)} == CHECKS.keys()


# What is said is true.


def test_every_format_that_is_named_is_given(service: Service) -> None:
    named = {node.value.rsplit("/", 1)[1] for node in service.graph()[service.endpoint][f"{SD}resultFormat"]}
    assert named == RESULT_FORMATS.keys()
    for name in named:
        media_type = RESULT_FORMATS[name]
        query = "CONSTRUCT+WHERE+{?s+?p+?o}" if media_type in FORMATS else "SELECT*{}"
        status, told, _ = service.get(f"/sparql?query={query}", media_type)
        assert (status, told.get_content_type()) == (200, media_type)


def test_every_graph_that_is_named_is_there(services: dict[str, Service]) -> None:
    for name, count in (("plain", 5), ("file", 100)):
        service = services[name]
        graph = service.graph()
        nodes = graph[f"{service.endpoint}#dataset"][f"{SD}namedGraph"]
        names = [graph[node.value][f"{SD}name"][0].value for node in nodes]
        assert len(set(names)) == len(names) == count
        for iri in names:
            assert service.get(f"/rdf-graph-store?graph={iri}", "text/turtle")[0] == 200
    registers = {f"{BASE}graph/{name}" for name in ("claims", "entities", "ontology")}
    plain = {o.value for found in services["plain"].graph().values() for o in found.get(f"{SD}name", ())}
    assert registers <= plain


def test_the_graph_store_is_told(service: Service) -> None:
    graph = service.graph()
    (store,) = (s for s, found in graph.items() if NamedNode(f"{DCAT}DataService") in found[RDF_TYPE])
    assert graph[store][f"{DCAT}endpointURL"] == [NamedNode(store)]
    assert graph[store][f"{DCT}conformsTo"] == [NamedNode("http://www.w3.org/TR/sparql11-http-rdf-update/")]
    assert service.get(f"{urlsplit(store).path}?default", "text/turtle")[0] == 200


def test_the_limits_are_told_in_three_languages(service: Service) -> None:
    graph = service.graph()
    limits = {}
    for node in graph[service.endpoint][f"{SCHEMA}additionalProperty"]:
        told = graph[node.value]
        limits[told[f"{SCHEMA}propertyID"][0].value] = (
            float(told[f"{SCHEMA}maxValue"][0].value),
            told[f"{SCHEMA}unitCode"][0].value,
        )
        for name in ("name", "description"):
            assert {text.language for text in told[f"{SCHEMA}{name}"]} == {"ar", "fr", "en"}
    expected = {
        "deadline": (10, "SEC"), "memory": (1 << 30, "AD"), "answer": (1 << 27, "AD"), "queue": (64, "C62"),
        "body": (1_000_000, "AD"), "head": (1 << 17, "AD"), "quota": (60, "SEC"),
    }  # fmt: skip
    federated = {"service-time": (300, "SEC"), "service-requests": (500, "C62")}
    assert limits == expected | (federated if service.federates else {})


def test_the_address_is_the_one_the_client_knows(services: dict[str, Service]) -> None:
    service = services["plain"]
    assert "http://localhost:81/sparql" in service.graph(Host="localhost:81")
    assert "https://localhost:81/sparql" in service.graph(Host="localhost:81", X_Forwarded_Proto="https")
    assert "http://localhost:81/sparql" in service.graph(Host="localhost:81", X_Forwarded_Proto="javascript")
    for host in ("a b", 'x"><', "x/y", "kg.example", "localhost@kg.example"):
        assert f"{BASE}sparql" in service.graph(Host=host)
