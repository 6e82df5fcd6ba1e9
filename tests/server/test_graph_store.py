"""The graph store for readers: which graph, in which format, whole or not at all, and never changed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from patience import PATIENCE
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from serving import running
from tiny import BASE, write_release

STORE = "/rdf-graph-store"
CLAIM = f"{BASE}claim/F1"
CLAIMS = f"{BASE}graph/claims"
LARGE = "http://example.org/large"
ROWS = 60_000
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


class Reply:
    """A complete response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def code(self) -> str:
        return json.loads(self.body)["errors"][0]["code"]


class Served:
    """A running server."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url).netloc

    def __call__(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(self._place, timeout=PATIENCE)) as line:
            line.request(method, path, body, given)
            return Reply(line.getresponse())


@pytest.fixture(scope="module")
def ask(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the tiny release and one large graph."""
    work = tmp_path_factory.mktemp("graphs")
    release = write_release(work / "releases")
    store = Store(str(release / "store"))
    p = NamedNode("http://example.org/p")
    store.bulk_extend(
        Quad(NamedNode(f"http://example.org/{n}"), p, NamedNode(f"http://example.org/{n + 1}"), NamedNode(LARGE))
        for n in range(ROWS)
    )
    store.flush()
    del store
    with running(work / "releases", root, work, workers=1) as (url, _):
        yield Served(url)


def named(iri: str, **more: str) -> str:
    return f"{STORE}?graph={quote(iri, safe='')}" + "".join(f"&{name}={value}" for name, value in more.items())


def triples(body: bytes, form: RdfFormat = RdfFormat.TURTLE) -> set[str]:
    return {str(quad.triple) for quad in parse(body, form)}


def queried(ask: Served, pattern: str) -> set[str]:
    query = quote(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
    return triples(ask(f"/sparql?query={query}", Accept="application/n-triples").body, RdfFormat.N_TRIPLES)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        (named(CLAIM), f"GRAPH <{CLAIM}> {{ ?s ?p ?o }}"),
        (named(CLAIMS), f"GRAPH <{CLAIMS}> {{ ?s ?p ?o }}"),
        ("/graph/claims", f"GRAPH <{CLAIMS}> {{ ?s ?p ?o }}"),
        (f"{STORE}?default", "?s ?p ?o"),
        (f"{STORE}?default=&unknown=1", "?s ?p ?o"),
    ],
)
def test_a_graph_is_given_whole_in_every_format(ask, path, pattern):
    expected = queried(ask, pattern)
    assert expected
    for media_type, form in FORMATS.items():
        reply = ask(path, Accept=media_type)
        assert reply.status == 200
        assert reply.headers.get_content_type() == media_type
        assert triples(reply.body, form) == expected


def test_a_claim_dereferences_to_more_than_its_graph(ask):
    alone, described = triples(ask(named(CLAIM)).body), triples(ask("/claim/F1").body)
    assert alone < described


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle;q=0.3, application/n-triples;q=0.7", "application/n-triples"),
        ("application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("*/*", "text/turtle"),
        ("image/png, */*;q=0.1", "text/turtle"),
        (HTML, "application/xml"),
    ],
)
def test_the_best_of_the_accepted_formats_is_given(ask, accept, media_type):
    assert ask(f"{STORE}?default", Accept=accept).headers.get_content_type() == media_type


def test_a_format_may_be_named(ask):
    assert (
        ask(named(CLAIM, format="ntriples"), Accept="image/png").headers.get_content_type() == "application/n-triples"
    )
    for path in (named(CLAIM, format="csv"), named(CLAIM, format="nonsense")):
        assert ask(path).status == 406
    assert ask(named(CLAIM), Accept="image/png").status == 406
    assert ask("/graph/claims", Accept="text/csv").status == 406


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "parameter"),
        ("?", "parameter"),
        ("?format=turtle", "parameter"),
        (f"?default&graph={quote(CLAIM)}", "parameter"),
        (f"?graph={quote(CLAIM)}&graph={quote(CLAIM)}", "parameter"),
        ("?default&default", "parameter"),
        ("?graph=", "parameter"),
        ("?graph=claims", "parameter"),
        ("?graph=/graph/claims", "parameter"),
        ("?graph=http%3A//x/%3E", "parameter"),
        ("?graph=http%3A//x/a+b", "parameter"),
        ("?graph=%ff", "not-utf-8"),
        ("?graph=%zz", "percent-encoding"),
        ("?default&timeout=soon", "timeout"),
    ],
)
def test_a_request_that_names_no_graph_is_refused(ask, query, code):
    reply = ask(STORE + query)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize("path", [named("http://example.org/none"), "/graph/none", "/graph/a%20b", named("urn:x")])
def test_a_graph_that_is_not_there_is_not_found(ask, path):
    for method in ("GET", "HEAD"):
        reply = ask(path, method)
        assert reply.status == 404
    assert ask(path).code == "not-found"
    text = ask(path, Accept="text/plain")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.body.endswith(b": this release has no such graph\n")


@pytest.mark.parametrize(
    "path", [f"{STORE}?default", named(CLAIM), named("http://example.org/new"), "/graph/claims", STORE]
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written(ask, path, method):
    before = ask(named(CLAIM)).body, ask(f"{STORE}?default").body
    reply = ask(path, method, b"<urn:a> <urn:b> <urn:c> .", Content_Type="text/turtle")
    assert reply.status == 405
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert reply.code == "method-not-allowed"
    assert (ask(named(CLAIM)).body, ask(f"{STORE}?default").body) == before
    assert ask(named("http://example.org/new")).status == 404


@pytest.mark.parametrize("path", [named(CLAIM), f"{STORE}?default", "/graph/claims"])
def test_a_known_graph_needs_no_body_and_head_has_none(ask, path):
    first = ask(path)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Vary"] == "Accept, Accept-Encoding"
    again = ask(path, If_None_Match=tag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert ask(path, Accept="application/n-triples").headers["ETag"] != tag
    head = ask(path, "HEAD")
    assert head.body == b""
    assert {n: v for n, v in head.headers.items() if n != "date"} == {
        n: v for n, v in first.headers.items() if n != "date"
    }
    assert int(head.headers["Content-Length"]) == len(first.body)


def test_what_is_kept_of_a_graph_is_no_answer_of_the_endpoint(ask):
    for _ in range(3):
        assert ask(named(CLAIM), Accept="text/turtle").status == 200
    described = ask(f"/sparql?graph={quote(CLAIM, safe='')}", Accept="text/turtle")
    assert b"sparql-service-description" in described.body


def test_a_large_graph_is_sent_as_it_is_read(ask):
    reply = ask(named(LARGE), Accept="application/n-triples")
    assert reply.headers["Content-Length"] is None
    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert reply.body.count(b"\n") == ROWS
    head = ask(named(LARGE), "HEAD", Accept="application/n-triples")
    assert (head.status, head.body) == (200, b"")
    assert ask(named(LARGE), Accept="application/n-triples").body == reply.body


def test_a_small_graph_has_the_prefixes_that_it_uses(ask):
    assert ask(named(CLAIM)).body.count(b"@prefix") == 3
    assert ask(named(LARGE)).body.count(b"@prefix") > 20


def test_the_limits_are_those_of_queries(ask):
    assert ask(named(CLAIM)).status == 200  # an engine process stands: whoever waits for one is told of that instead
    reply = ask(named(LARGE, timeout="0.000001"))
    assert (reply.status, reply.code) == (503, "deadline")


def test_the_same_from_any_page_on_the_web(ask):
    assert ask(named(CLAIM)).headers["Access-Control-Allow-Origin"] == "*"
    preflight = ask(STORE, "OPTIONS", Origin="http://example.org", Access_Control_Request_Method="GET")
    assert preflight.status == 200
    assert set(preflight.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


def test_a_person_sees_a_page(ask):
    page = ask("/graph/claims", Accept=HTML)
    assert page.headers.get_content_type() == "text/html"
    assert ask("/graph/claims?format=html").headers.get_content_type() == "text/html"
    assert ask("/graph/none", Accept=HTML).status == 404
    assert ask("/graph/claims?format=turtle", Accept=HTML).headers.get_content_type() == "text/turtle"


@pytest.mark.parametrize(
    "path",
    [
        named(CLAIM), f"{STORE}?default", "/graph/claims", STORE, f"{STORE}?graph=x", named("http://e/none"),
        named(CLAIM, format="csv"), "/graph/none",
    ],
)  # fmt: skip
def test_the_application_alone_answers_alike(ask, client, path):
    fronted, alone = ask(path), client.get(path)
    assert (alone.status_code, alone.headers["Content-Type"]) == (fronted.status, fronted.headers["Content-Type"])
    if fronted.status == 200:
        assert triples(alone.data) == triples(fronted.body)
    assert client.put(path).status_code == 405
