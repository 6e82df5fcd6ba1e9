"""Nothing that a client sends makes the server ask another machine: a listening trap hears nothing."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from services import DECEPTIVE, SPELLINGS


@pytest.fixture
def trap() -> Iterator[socket.socket]:
    """A listener on a free port of 127.0.0.1 that must never be spoken to."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def visited(listener: socket.socket) -> bool:
    return bool(select.select([listener], [], [], 0)[0])


def test_nothing_connects(client, trap):
    address = f"127.0.0.1:{trap.getsockname()[1]}"
    wanted = [
        *(query.replace("127.0.0.1:1", address) for query in (*SPELLINGS, *DECEPTIVE)),
        f"ASK FROM <http://{address}/g> {{ ?s ?p ?o }}",
        f"ASK FROM NAMED <http://{address}/g> {{ GRAPH <http://{address}/g> {{ ?s ?p ?o }} }}",
        f"LOAD <http://{address}/>",
        f"LOAD SILENT <http://{address}/> INTO GRAPH <http://{address}/>",
    ]
    for query in wanted:
        for response in (
            client.get("/sparql", query_string={"query": query}),
            client.post("/sparql", data=query.encode(), content_type="application/sparql-query"),
            client.get("/query", query_string={"query": query}),
        ):
            assert response.status_code in {200, 400}
    client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", "default-graph-uri": f"http://{address}/g"})
    client.post("/sparql", data={"update": f"LOAD <http://{address}/>"})
    assert not visited(trap)


def test_the_trap_would_have_heard(trap):
    with closing(socket.create_connection(trap.getsockname())):
        assert visited(trap)


@pytest.mark.parametrize("query", SPELLINGS[:40])
def test_the_refusal_names_the_rule(client, query):
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 400
    assert {problem["code"] for problem in response.get_json()["errors"]} == {"no-service"}
    assert response.get_json()["errors"][0]["where"]["line"] >= 1
