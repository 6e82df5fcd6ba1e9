"""Nothing that a client sends makes the server ask another machine: a listening trap hears nothing.

Every spelling of SERVICE, LOAD and FROM goes by every way of the protocol to real servers: one that asks nobody, and
one that may ask an endpoint, but not the trap.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import rdflib
from outgoing import FROMS, LOADS, SERVICES, Spelling
from patience import PATIENCE
from pyoxigraph import Literal, NamedNode, Quad, Store
from services import SPELLINGS
from serving import running
from tiny import write_release
from trap import Trap, trap

from kg.sparql.language.tokens import resolve_escapes

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


class Server:
    """A running server and one connection to it, which every request takes."""

    def __init__(self, url: str, heard: Trap, allowed: str, *, federates: bool) -> None:
        self.heard, self.allowed, self.federates = heard, allowed, federates
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)

    def close(self) -> None:
        self._line.close()

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str]:
        """The status, and the rule that refused it; empty where none did."""
        headers = {"Accept": "*/*", **({"Content-Type": kind} if kind else {})}
        self._line.request(method, path, body, headers)
        response = self._line.getresponse()
        content = response.read()
        if response.status < 400:
            return response.status, ""
        return response.status, json.loads(content)["errors"][0]["code"]

    def ask(self, query: str, **more: str) -> list[tuple[int, str]]:
        """A query by each way of section 2.1, and by those that clients in use have invented."""
        form = urlencode({"query": query, **more})
        rest = f"?{urlencode(more)}" if more else ""
        return [
            self.send("GET", f"/sparql?{form}"),
            self.send("GET", f"/sparql/?unknown=1&{form}"),
            self.send("POST", "/sparql", form.encode(), FORM),
            self.send("POST", f"/sparql{rest}", query.encode(), QUERY),
            self.send("POST", f"/sparql?{form}", b"", FORM),
        ]

    def change(self, update: str) -> list[tuple[int, str]]:
        """An update by each way there is."""
        form = urlencode({"update": update})
        return [
            *self.ask(update),
            self.send("GET", f"/sparql?{form}"),
            self.send("POST", "/sparql", form.encode(), FORM),
            self.send("POST", "/sparql", update.encode(), UPDATE),
            self.send("POST", f"/sparql?{form}", b"", FORM),
        ]


@pytest.fixture(scope="module")
def heard() -> Iterator[Trap]:
    """The trap."""
    with trap() as listener:
        yield listener


@pytest.fixture(scope="module", params=["alone", "federating"])
def server(
    request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory, heard: Trap
) -> Iterator[Server]:
    """A server over the tiny release."""
    work = tmp_path_factory.mktemp(request.param)
    write_release(work / "releases")
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # nobody else gets the port, and nobody listens there
        allowed = f"127.0.0.1:{held.getsockname()[1]}"
        endpoints = [f"http://{allowed}/"]
        limits = {"endpoints": endpoints, "private_endpoints": endpoints, "contact": "someone@example.org"}
        settings = {"federation": limits} if request.param == "federating" else {}
        with running(work / "releases", root, work, workers=1, **settings) as (url, _):
            made = Server(url, heard, allowed, federates=bool(settings))
            yield made
            made.close()
    assert heard.connections == 0  # nor when the server has ended


def test_the_spellings_are_many_and_differ() -> None:
    texts = {spelling.text for spelling in (*SERVICES, *LOADS, *FROMS)}
    assert len(texts) == len(SERVICES) + len(LOADS) + len(FROMS)
    assert len(SERVICES) >= 300
    assert len(texts) >= 450


def test_no_spelling_of_service_leaves_the_machine(server: Server) -> None:
    for spelling in SERVICES:
        found = server.ask(spelling.at(server.heard.address, server.allowed))
        assert server.heard.connections == 0, spelling
        # What is deceptive may be spelled anew instead; an endpoint that may be asked is asked, and is not there.
        statuses = {200, 400} if spelling.kind == "deceptive" else {400, 502} if server.federates else {400}
        assert {status for status, _ in found} <= statuses, (spelling, found)
        assert len({rule for status, rule in found if status == 400}) <= 1, (spelling, found)


def test_no_spelling_of_load_leaves_the_machine(server: Server) -> None:
    for spelling in LOADS:
        found = server.change(spelling.at(server.heard.address))
        assert server.heard.connections == 0, spelling
        assert {status for status, _ in found} <= {400, 403}, (spelling, found)


def test_no_spelling_of_from_leaves_the_machine(server: Server) -> None:
    for spelling in FROMS:
        found = server.ask(spelling.at(server.heard.address))
        assert server.heard.connections == 0, spelling
        assert {status for status, _ in found} <= {200, 406}, (spelling, found)


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_no_graph_of_a_request_leaves_the_machine(server: Server, name: str) -> None:
    for query in ("ASK { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }", "SELECT ?o { <urn:a> <urn:b> ?o }"):
        for iri in (f"http://{server.heard.address}/g", f"HTTP://{server.heard.address}"):
            found = server.ask(query, **{name: iri})
            assert {status for status, _ in found} <= {200, 406}, found
    graph = urlencode({"graph": f"http://{server.heard.address}/g"})
    assert server.send("GET", f"/rdf-graph-store?{graph}")[0] == 404
    using = urlencode({"update": "DELETE WHERE { ?s ?p ?o }", "using-graph-uri": f"http://{server.heard.address}/g"})
    assert server.send("POST", "/sparql", using.encode(), FORM)[0] == 403
    assert server.heard.connections == 0


def test_no_page_leaves_the_machine(client, heard: Trap) -> None:
    for spelling in (*SERVICES, *LOADS, *FROMS):
        for path in ("/sparql", "/query"):
            response = client.get(path, query_string={"query": spelling.at(heard.address)})
            assert response.status_code in {200, 400}, spelling
        assert heard.connections == 0, spelling


# The same texts elsewhere: the trap can hear.


def reached(listener: Trap, spellings: tuple[Spelling, ...], run: object) -> Counter[str]:
    """How many of the spellings made somebody speak to the trap, by kind."""
    found: Counter[str] = Counter()
    for spelling in spellings:
        before = listener.connections
        with suppress(Exception):  # that most of them fail is what the engine makes of an empty answer
            run(spelling.at(listener.address))  # type: ignore[operator]
        found[spelling.kind] += listener.connections > before
    return found


def test_the_engine_alone_would_have_spoken_to_the_trap() -> None:
    store = Store()
    for graph in (None, NamedNode("urn:g")):
        store.add(Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(1), graph))

    def query(text: str) -> None:
        answer = store.query(text)
        list(answer) if hasattr(answer, "__iter__") else bool(answer)  # type: ignore[call-overload]

    escapes = tuple(spelling for spelling in SERVICES if "\\u00" in spelling.text.lower())
    with trap() as listener:
        asked = reached(listener, SERVICES, query)
        loaded = reached(listener, LOADS, store.update)
        # The engine knows escapes in strings, IRIs and names alone; it is handed all of them resolved.
        unescaped = reached(listener, escapes, lambda text: query(resolve_escapes(text).text))
    assert asked.total() + loaded.total() >= 200
    assert all(asked[kind] for kind in ("case", "blank", "name", "within", "before", "near", "deceptive"))
    assert loaded["load"] >= 40
    assert unescaped["escape"] >= 40


@pytest.mark.filterwarnings("ignore")
def test_another_engine_would_have_fetched_a_graph() -> None:
    with trap() as listener:
        found = reached(listener, FROMS, lambda text: list(rdflib.Dataset().query(text)))
    assert found["from"] >= 30
    assert not found["lookup"]


@pytest.mark.parametrize("query", SPELLINGS[:40])
def test_the_refusal_names_the_rule(client, query):
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 400
    assert {problem["code"] for problem in response.get_json()["errors"]} == {"no-service"}
    assert response.get_json()["errors"][0]["where"]["line"] >= 1
