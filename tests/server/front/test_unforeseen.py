"""What nobody foresaw: it is told by name and without details, and costs one request."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from server.front import create_front
from server.front.application import Front
from server.front.lookup import Asked
from server.settings import Settings


@pytest.fixture
def front(releases: Path) -> Front:
    return create_front(Settings(releases, workers=1))


def scope(path: str, query: bytes = b"") -> dict[str, Any]:
    return {
        "type": "http", "method": "GET", "path": path, "query_string": query, "headers": [(b"accept", b"application/json")],
        "client": ("127.0.0.1", 1),
    }  # fmt: skip


def asked(front: Front, given: dict[str, Any]) -> tuple[int, Any]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(front(given, receive, send))  # type: ignore[arg-type]
    return sent[0]["status"], json.loads(b"".join(message["body"] for message in sent[1:]))


def fails(*_: object) -> None:
    raise ValueError("the secret of the house")


def test_a_fault_of_the_server_is_told_by_name_and_logged(front, monkeypatch, caplog):
    monkeypatch.setattr("server.front.reading.checked", fails)
    with caplog.at_level(logging.ERROR):
        status, told = asked(front, scope("/sparql", b"query=ASK%7B%7D"))
    assert (status, told["errors"][0]["code"]) == (500, "internal")
    assert "secret" not in json.dumps(told)
    assert "the secret of the house" in caplog.text


def test_a_lookup_that_fails_takes_the_usual_way(front, monkeypatch, caplog):
    monkeypatch.setattr("server.front.lookup.checked", fails)
    request = Asked(b"query=SELECT%20*%20%7B%20%3Curn:a%3E%20?p%20?o%20%7D", None, b"", "")
    with caplog.at_level(logging.ERROR):
        assert front.at_once(request) is None
    assert "the secret of the house" in caplog.text


def test_a_fault_of_a_page_is_told_by_name(app, monkeypatch, caplog):
    monkeypatch.setattr("server.pages.home.read_classes", fails)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (500, "internal")
    assert "secret" not in answer.text
