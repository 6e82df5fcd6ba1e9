"""The W3C's cases for the SPARQL 1.1 Protocol, read from their manifest and sent over HTTP.

Every query case is run as it is written. Of an update case every update request must be refused with a 4xx status;
afterwards the data are what they were.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import rdflib
from patience import PATIENCE
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, Namespace
from serving import running
from tiny import point

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"},
}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None

    @property
    def is_update(self) -> bool:
        return "update" in self.path + str(self.headers) or self.body.startswith(b"update=")


def text(graph: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> str | None:
    found = graph.value(node, predicate)
    return None if found is None else str(found)


def read_request(graph: rdflib.Graph, node: rdflib.term.Node) -> Request:
    listed = graph.value(node, HT.headers)
    headers = tuple(
        (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
        for header in (Collection(graph, listed) if listed else ())
    )
    content = graph.value(node, HT.body)
    body = b""
    if content is not None:
        body = str(graph.value(content, CNT.chars)).encode(str(graph.value(content, CNT.characterEncoding)))
    response = graph.value(node, HT.resp)
    statuses = frozenset(str(status)[-3:] for status in graph.objects(response, MF.expectedStatus))
    boolean = graph.value(response, MF.expectedBoolean)
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
        headers,
        body,
        statuses,
        None if boolean is None else bool(boolean.toPython()),
        text(graph, response, MF.expectedFormat),
    )


@dataclass(frozen=True, slots=True)
class Suite:
    folder: Path
    cases: dict[str, tuple[Request, ...]]
    graphs: dict[str, str]


@pytest.fixture(scope="module")
def suite(shared) -> Suite:
    """The cases by name, and the data that they ask for: file by graph."""
    folder = shared / "suites" / "sparql11" / "protocol"
    graph = rdflib.Graph().parse(folder / "manifest.ttl", publicID="http://example.org/manifest")
    graphs = {
        str(graph.value(data, RDFS.label)): str(graph.value(data, UT.graph)).rsplit("/", 1)[1]
        for data in graph.objects(None, UT.graphData)
    }
    cases = {
        str(case).rsplit("#", 1)[1]: tuple(
            read_request(graph, request)
            for request in Collection(graph, graph.value(graph.value(case, MF.action), HT.requests))
        )
        for case in graph.subjects(RDF.type, MF.ProtocolTest)
    }
    return Suite(folder, cases, graphs)


@pytest.fixture(scope="module")
def store(suite, tmp_path_factory) -> Path:
    """A release that holds the graphs of the cases."""
    releases = tmp_path_factory.mktemp("protocol")
    release = releases / "w3c"
    release.mkdir()
    opened = Store(str(release / "store"))
    for name, file in suite.graphs.items():
        opened.load((suite.folder / file).read_bytes(), RdfFormat.N_TRIPLES, to_graph=NamedNode(name))
    opened.flush()
    del opened
    (release / "manifest.json").write_text('{"id": "w3c"}', encoding="utf-8")
    point(releases, "w3c")
    return releases


@pytest.fixture(scope="module")
def address(store, root, tmp_path_factory) -> Iterator[str]:
    with running(store, root, tmp_path_factory.mktemp("serve")) as (url, _):
        yield urlsplit(url).netloc


def send(address: str, request: Request) -> tuple[int, str, bytes]:
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        connection.putrequest(request.method, request.path)
        for name, value in (*request.headers, ("content-length", str(len(request.body)))):
            connection.putheader(name, value)
        connection.endheaders(request.body)
        response = connection.getresponse()
        return response.status, response.headers.get_content_type(), response.read()


EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"


def dump(address: str) -> bytes:
    path = f"/sparql?{urlencode({'query': EVERYTHING, 'format': 'tsv'})}"
    return send(address, Request("GET", path, (), b"", frozenset(), None, None))[2]


QUERY_CASES = (
    "query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full", "query_multiple_dataset",
    "query_get", "query_content_type_select", "query_content_type_ask", "query_content_type_describe",
    "query_content_type_construct", "query_post_direct", "bad_query_method", "bad_multiple_queries",
    "bad_query_wrong_media_type", "bad_query_missing_form_type", "bad_query_missing_direct_type", "bad_query_non_utf8",
    "bad_query_syntax",
)  # fmt: skip
UPDATE_CASES = (
    "update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs",
    "update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri", "bad_update_get",
    "bad_multiple_updates", "bad_update_wrong_media_type", "bad_update_missing_form_type", "bad_update_non_utf8",
    "bad_update_syntax", "bad_update_dataset_conflict",
)  # fmt: skip


def test_every_case_of_the_manifest_is_here(suite):
    assert set(suite.cases) == {*QUERY_CASES, *UPDATE_CASES}
    assert len(suite.cases) == 34


@pytest.mark.parametrize("name", QUERY_CASES)
def test_query_case(suite, address, name):
    for request in suite.cases[name]:
        status, media_type, body = send(address, request)
        assert f"{status // 100}xx" in request.statuses
        if request.format is not None:
            assert media_type in FORMATS[request.format]
        if request.boolean is not None:
            assert json.loads(body)["boolean"] is request.boolean


@pytest.mark.parametrize("name", UPDATE_CASES)
def test_update_case_is_refused_and_changes_nothing(suite, address, name):
    before = dump(address)
    assert before.count(b"\n") > 3
    refused = 0
    for request in suite.cases[name]:
        if request.is_update or name.startswith("bad_"):
            assert 400 <= send(address, request)[0] < 500
            refused += 1
    assert refused
    assert dump(address) == before
