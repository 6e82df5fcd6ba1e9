"""The W3C's cases for the SPARQL 1.1 Graph Store HTTP Protocol, read from their manifests and sent over HTTP.

Reading is run as it is written. Every writing request must be refused with 405 and change nothing; what it would have
written is then published as a release, so that the reading after it has something to find.
"""

from __future__ import annotations

import email.message
import email.parser
import email.policy
import http.client
import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from urllib.parse import parse_qsl, urlsplit

import pytest
import rdflib
from patience import PATIENCE
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, Namespace
from serving import running
from shared_data import ABSENT, SHARED
from tiny import point

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
FOLDER = SHARED / "suites" / "sparql11"
KNOWN = tomllib.loads(Path(__file__).with_name("graph_store_known_failures.toml").read_text(encoding="utf-8"))
HOST = "www.example"
BASE = f"http://{HOST}/"
STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
READING = {"GET", "HEAD"}
NEW = f"{BASE}graph/new"
"""Where the graph is that a POST to the store itself would have made."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a case, and what is expected of it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    statuses: frozenset[int]
    media_type: str | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its requests in their order. In the older manifest all cases are one sequence, whose past is `before`."""

    name: str
    requests: tuple[Request, ...]
    before: tuple[Request, ...] = ()


def read_case(graph: rdflib.Graph, node: rdflib.term.Node) -> Case:
    listed = graph.value(graph.value(node, MF.action), HT.requests)
    return Case(str(node).rsplit("#", 1)[1], tuple(read_request(graph, one) for one in Collection(graph, listed)))


def read_request(graph: rdflib.Graph, node: rdflib.term.Node) -> Request:
    response = graph.value(node, HT.resp)
    path = str(graph.value(node, HT.absolutePath)).replace("$LOCATION$", NEW)
    return Request(
        str(graph.value(node, HT.methodName)),
        re.sub(r"^/gsp(?=/)", "/graph", re.sub(r"^/gsp(?=\?|$)", "/rdf-graph-store", path)),
        headers_of(graph, node),
        body_of(graph, node) or "",
        frozenset(STATUSES[str(status).rsplit("#", 1)[1]] for status in graph.objects(response, MF.expectedStatus)),
        headers_of(graph, response).get("content-type"),
        body_of(graph, response),
    )


def headers_of(graph: rdflib.Graph, node: rdflib.term.Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    return {
        str(graph.value(header, HT.fieldName)).lower(): str(graph.value(header, HT.fieldValue))
        for header in (Collection(graph, listed) if listed else ())
    }


def body_of(graph: rdflib.Graph, node: rdflib.term.Node) -> str | None:
    content = graph.value(node, HT.body)
    return None if content is None else str(graph.value(content, CNT.chars))


def read_described(text: str) -> Request:
    """A request as the older manifest tells it to people: a message under each of two headings."""
    for name, value in (("$HOST$", HOST), ("$NEWPATH$", NEW.removeprefix(BASE[:-1]))):
        text = text.replace(name, value)
    text = re.sub(r"(?m)^( *[A-Z]+ )\$GRAPHSTORE\$(?=[? ])", r"\1/rdf-graph-store", text)
    text = re.sub(r"(?m)^( *[A-Z]+ )\$GRAPHSTORE\$(?=/)", r"\1/graph", text).replace("$GRAPHSTORE$", "graph")
    asked, answered = (message(part) for part in re.split(r"(?m)^#### \w+$", text)[1:])
    (line, headers, body), (status, told, expected) = asked, answered
    method, path, _ = line.split()
    return Request(
        method, path, headers, body, frozenset({int(status[:3])}), told.get("content-type"), expected or None
    )


def message(part: str) -> tuple[str, dict[str, str], str]:
    head, _, body = dedent(part).strip().partition("\n\n")
    first, *lines = head.splitlines()
    return first, {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}, body


def read_cases() -> list[Case]:
    cases = []
    for name in ("manifest-direct.ttl", "manifest-indirect.ttl"):
        graph = rdflib.Graph().parse(FOLDER / "graph-store-protocol" / name, publicID=BASE)
        cases += [read_case(graph, node) for node in Collection(graph, next(graph.objects(None, MF.entries)))]
    graph = rdflib.Graph().parse(FOLDER / "http-rdf-update" / "manifest.ttl", publicID=BASE)
    before: list[Request] = []
    for node in Collection(graph, next(graph.objects(None, MF.entries))):
        assert (node, RDF.type, MF.GraphStoreProtocolTest) in graph
        described = next(str(text) for text in graph.objects(node, RDFS.comment) if "#### Request" in text)
        request = read_described(described)
        cases.append(Case(f"http-rdf-update/{str(node).rsplit('#', 1)[1]}", (request,), tuple(before)))
        before.append(request)
    return cases


CASES = read_cases() if FOLDER.is_dir() else []
pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


@dataclass(slots=True)
class GraphStore:
    """What the server serves, one release after the other."""

    releases: Path
    address: str
    graphs: dict[str, tuple[Triple, ...]] = field(default_factory=dict)
    number: int = 0

    def publish(self) -> None:
        self.number += 1
        release = self.releases / f"r{self.number}"
        release.mkdir()
        store = Store(str(release / "store"))
        for name, triples in self.graphs.items():
            graph = NamedNode(name) if name else DefaultGraph()
            if name:
                store.add_graph(graph)
            store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
        store.flush()
        del store
        (release / "manifest.json").write_text(f'{{"id": "r{self.number}", "base": "{BASE}"}}', encoding="utf-8")
        point(self.releases, release.name)

    def write(self, request: Request) -> None:
        """Do to the data what a writing request asks for, as sections 5.3 to 5.5 have it."""
        name = graph_of(request.path)
        match request.method:
            case "PUT":
                self.graphs[name] = content_of(request, name)
            case "POST":
                self.graphs[name] = tuple(dict.fromkeys((*self.graphs.get(name, ()), *content_of(request, name))))
            case "DELETE":
                self.graphs.pop(name, None)
            case other:
                raise ValueError(other)

    def send(self, request: Request) -> tuple[int, http.client.HTTPMessage, bytes]:
        with closing(http.client.HTTPConnection(self.address, timeout=PATIENCE)) as connection:
            headers = {"host": HOST, **request.headers}
            connection.request(request.method, request.path, request.body.encode() or None, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def dump(self) -> bytes:
        path = "/sparql?format=tsv&query=SELECT+*+{+{?s+?p+?o}UNION{GRAPH+?g{?s+?p+?o}}}+ORDER+BY+?g+?s+?p+?o"
        status, _, body = self.send(Request("GET", path, {}, "", frozenset(), None, None))
        assert status == 200
        return body


def graph_of(path: str) -> str:
    if path == "/rdf-graph-store":
        return NEW
    parts = urlsplit(path)
    if parts.path != "/rdf-graph-store":
        return BASE + parts.path[1:]
    return dict(parse_qsl(parts.query, keep_blank_values=True)).get("graph", "")


def content_of(request: Request, graph: str) -> tuple[Triple, ...]:
    kind = request.headers["content-type"]
    if not kind.startswith("multipart/"):
        return triples_of(request.body, graph)
    head = f"Content-Type: {kind}\n\n{dedent(request.body).strip()}\n"
    whole = email.parser.Parser(policy=email.policy.default).parsestr(head)
    parts: Sequence[email.message.Message] = list(whole.iter_parts())
    assert len(parts) == 2
    return tuple(triple for part in parts for triple in triples_of(str(part.get_payload()), graph))


def triples_of(turtle: str, base: str) -> tuple[Triple, ...]:
    # One message of the older manifest lacks its last full stop.
    ended = turtle if turtle.rstrip().endswith(".") else f"{turtle} ."
    return tuple(quad.triple for quad in parse(ended, RdfFormat.TURTLE, base_iri=base or BASE))


def canonical(triples: Sequence[Triple]) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = GraphStore(tmp_path_factory.mktemp("graphs"), "")
    store.publish()
    with running(store.releases, root, tmp_path_factory.mktemp("serve"), workers=1) as (url, _):
        store.address = urlsplit(url).netloc
        yield store


def check_read(store: GraphStore, request: Request) -> None:
    status, headers, body = store.send(request)
    assert status in request.statuses
    if status == 200:
        assert headers["Content-Type"] == (request.media_type or "text/turtle; charset=utf-8")
    if request.method == "HEAD":
        assert body == b""
    elif request.expected is not None:
        given = [quad.triple for quad in parse(body, RdfFormat.TURTLE)]
        assert canonical(given) == canonical(triples_of(request.expected, graph_of(request.path)))


def check_refused(store: GraphStore, request: Request) -> None:
    before = store.dump()
    status, headers, _ = store.send(request)
    assert status == 405
    assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert store.dump() == before


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(request: pytest.FixtureRequest, served: GraphStore, case: Case) -> None:
    if case.name in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[case.name], strict=True, raises=AssertionError))
    served.graphs = {}
    for one in case.before:
        if one.method not in READING:
            served.write(one)
    served.publish()
    for one in case.requests:
        if one.method in READING:
            check_read(served, one)
        else:
            check_refused(served, one)
            served.write(one)
            served.publish()


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 13 + 18
    assert len(KNOWN) <= 1
    assert KNOWN.keys() <= {case.name for case in CASES}
