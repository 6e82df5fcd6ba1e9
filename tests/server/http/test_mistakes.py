"""Mistakes in a query, as programs are told of them; and the prefixes that an endpoint may declare for them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.front import create_front
from server.front.application import Front
from server.settings import Settings

JSON = {"Accept": "application/sparql-results+json"}
UNDECLARED = "SELECT ?l { GRAPH ?g { ?x a zel:Ministry ; rdfs:label ?l } }"
ADDED = '"zel";iri="https://w3id.org/zellige/ont#", "rdfs";iri="http://www.w3.org/2000/01/rdf-schema#"'


def get(client: FlaskClient, query: str, **parameters: str) -> Any:
    return client.get(f"/sparql?{urlencode({'query': query, **parameters})}", headers=JSON)


def asked(front: Front, query: str) -> tuple[int, dict[str, str], Any]:
    """A request to the server as it runs, with its engine processes."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": "GET", "path": "/sparql", "query_string": urlencode({"query": query}).encode(),
        "headers": [(b"accept", b"application/sparql-results+json")], "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def live() -> None:
        messages = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))
        started = asyncio.Event()
        ended = asyncio.Event()

        async def told() -> dict[str, Any]:
            message = next(messages)
            if message["type"] == "lifespan.shutdown":
                await ended.wait()
            return message

        async def heard(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                started.set()

        life = asyncio.create_task(front({"type": "lifespan"}, told, heard))  # type: ignore[arg-type]
        await started.wait()
        await front(scope, receive, send)  # type: ignore[arg-type]
        ended.set()
        await life

    asyncio.run(live())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, json.loads(b"".join(message["body"] for message in sent[1:]))


def test_a_mistake_has_its_code_its_place_its_hint_and_its_name(client: FlaskClient) -> None:
    response = get(client, "SELECT * {\n  ?x ?y ?c\n  FILTER ?c = 1\n}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.json["type"].endswith("/query-syntax")
    assert response.json["errors"] == [
        {
            "code": "query-syntax",
            "message": "FILTER takes an expression in brackets",
            "where": {"file": "query", "line": 3, "column": 10},
            "hint": "write FILTER (?c = 1)",
            "mistake": "expression-without-brackets",
        }
    ]
    assert response.json["detail"].startswith("query:3:10: FILTER takes an expression in brackets (write")


def test_programs_are_told_in_english_whatever_language_they_accept(client: FlaskClient) -> None:
    headers = {**JSON, "Accept-Language": "ar"}
    response = client.get(f"/sparql?{urlencode({'query': 'SELECT * WHER {}'})}", headers=headers)
    assert response.json["errors"][0]["message"] == "WHER is no word of SPARQL"


def test_a_name_of_another_product_is_an_error_and_no_empty_answer(client: FlaskClient) -> None:
    response = get(client, 'SELECT * { ?x <bif:xcontains> "a" }')
    assert response.status_code == 400
    (error,) = response.json["errors"]
    assert (error["code"], error["mistake"]) == ("foreign-name", "foreign-name")
    assert error["message"] == "<bif:xcontains> belongs to Virtuoso; here it would find nothing"


@pytest.mark.parametrize("filling", ["page", "nowhere"])
def test_the_endpoint_declares_no_prefixes_unless_it_is_told_to(releases: Path, filling: str) -> None:
    client = create_app(Settings(releases, fill_prefixes=filling)).test_client()
    response = get(client, UNDECLARED)
    assert response.status_code == 400
    messages = [error["message"] for error in response.json["errors"]]
    assert [message.split(";")[0] for message in messages] == [
        "prefix zel is not declared",
        "prefix rdfs is not declared",
    ]
    assert "Sparql-Prefixes" not in response.headers


def test_the_endpoint_says_which_prefixes_it_has_declared(releases: Path) -> None:
    client = create_app(Settings(releases, fill_prefixes="everywhere")).test_client()
    response = get(client, UNDECLARED)
    assert response.status_code == 200
    assert len(response.json["results"]["bindings"]) == 3
    assert response.headers["Sparql-Prefixes"] == ADDED
    assert "Sparql-Prefixes" in response.headers["Access-Control-Expose-Headers"]
    assert "Sparql-Prefixes" not in get(client, "ASK {}").headers


def test_the_parts_of_a_base_are_known_too(releases: Path) -> None:
    client = create_app(Settings(releases, fill_prefixes="everywhere")).test_client()
    response = get(client, "ASK { GRAPH graph:claims { ?claim a ?class } }")
    assert response.json["boolean"] is True
    assert response.headers["Sparql-Prefixes"].startswith('"graph";iri="')


def test_what_else_is_wrong_is_told_without_them(releases: Path) -> None:
    client = create_app(Settings(releases, fill_prefixes="everywhere")).test_client()
    response = get(client, "SELECT * {\n ?x rdfs:label ?l FILTER ?l = 1 }")
    assert [error["mistake"] for error in response.json["errors"]] == ["expression-without-brackets"]


def test_the_front_tells_and_declares_the_same(releases: Path) -> None:
    front = create_front(Settings(releases, workers=1, fill_prefixes="everywhere"))
    status, headers, told = asked(front, UNDECLARED)
    assert (status, headers["sparql-prefixes"]) == (200, ADDED)
    assert len(told["results"]["bindings"]) == 3


def test_the_front_tells_mistakes_and_names_of_other_products(releases: Path) -> None:
    status, _, told = asked(create_front(Settings(releases, workers=1)), "SELECT * WHER { ?x foaf:name ?n }")
    assert status == 400
    assert [error["mistake"] for error in told["errors"]] == ["word-unknown", "prefix-undeclared"]
    status, _, told = asked(create_front(Settings(releases, workers=1)), 'ASK { ?x <bif:xcontains> "a" }')
    assert (status, told["errors"][0]["code"]) == (400, "foreign-name")
