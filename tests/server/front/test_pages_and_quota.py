"""Who reads answers as pages is held to the quota of who asks for data, and loses nothing of what was written."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from markup import Page
from patience import PATIENCE, until
from serving import running
from tiny import write_release

from kg.errors import ClientOverQuota
from server.engine.account import Account, may_ask, opened, spend
from server.front.paging import Pages
from server.http.quota import Quota

SOMEBODY, ANOTHER = "203.0.113.9", "203.0.113.10"
COSTLY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture
def address(root: Path, tmp_path: Path) -> Iterator[str]:
    """A server that gives a client next to nothing: what one query takes is too much for the next."""
    write_release(tmp_path / "releases")
    limits = {"client_seconds": 0.0001, "trusted_proxies": ["127.0.0.1"]}
    with running(tmp_path / "releases", root, tmp_path, **limits) as (url, _):
        yield urlsplit(url).netloc


def read(address: str, path: str, client: str, body: bytes | None = None) -> tuple[int, str | None, str]:
    """The status of a page, when to come again, and what a person reads on it."""
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as line:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        headers = {"Accept": "text/html", **form, **({"X-Forwarded-For": client} if client else {})}
        line.request("POST" if body else "GET", path, body, headers)
        reply = line.getresponse()
        text = reply.read().decode()
        return reply.status, reply.getheader("Retry-After"), text


def asked(language: str) -> str:
    return f"/query?{urlencode({'query': COSTLY, 'lang': language})}"


def exhaust(address: str) -> None:
    """Ask as somebody until nothing is left: a page is charged when it has been sent."""
    assert read(address, asked("en"), SOMEBODY)[0] == 200
    until(lambda: read(address, asked("en"), SOMEBODY)[0] == 429, "the quota must end")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "استغرقت استعلاماتك وقتا أكثر مما يتاح لعميل واحد"),
        ("fr", "Vos requêtes ont pris plus de temps"),
        ("en", "your queries have taken more time than one client may (come again in "),
    ],
)
def test_a_person_who_has_had_the_share_is_told_so_and_keeps_the_query(address: str, language: str, words: str) -> None:
    exhaust(address)
    status, retry, page = read(address, asked(language), SOMEBODY)
    assert (status, int(retry or 0) > 60) == (429, True)  # as long as the bucket takes to fill
    shown = Page(page)
    assert shown.faults == []
    told = " ".join(text for _, _, text in shown.texts)
    assert words in told
    assert COSTLY in told
    assert read(address, asked(language), ANOTHER)[0] == 200
    assert read(address, asked(language), "")[0] == 200  # the operator, on this machine


def test_all_that_answers_what_somebody_wrote_is_refused_and_all_else_is_read_on(address: str) -> None:
    exhaust(address)
    posted = urlencode({"query": COSTLY}).encode()
    assert read(address, "/sparql", SOMEBODY, posted)[0] == 429
    assert read(address, "/search?q=lab", SOMEBODY)[0] == 429
    kind = urlencode({"class": "https://w3id.org/zellige/ont#Institute"})
    assert read(address, f"/list?{kind}&only.zel:name=a", SOMEBODY)[0] == 429
    for path in ("/", f"/list?{kind}", "/id/lab", "/query", "/search", "/static/zellige.css"):
        assert read(address, path, SOMEBODY)[0] == 200, path


def test_data_and_pages_are_paid_from_one_account(address: str) -> None:
    exhaust(address)
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as line:
        line.request("GET", f"/sparql?{urlencode({'query': COSTLY})}", headers={"X-Forwarded-For": SOMEBODY})
        reply = line.getresponse()
        reply.read()
    assert reply.status == 429
    assert int(reply.getheader("Retry-After") or 0) > 1


def test_what_nobody_counts_is_free() -> None:
    spend(1.0)
    may_ask()
    account = Account(wait=7.0)
    with opened(account), pytest.raises(ClientOverQuota, match="come again in 7 seconds"):
        may_ask()
    assert account.is_refused


def test_a_page_takes_from_what_is_left_without_having_been_admitted() -> None:
    quota = Quota(60, 1)
    assert quota.wait("192.0.2.7", 0.0) == 0.0
    quota.take("192.0.2.7", 121.0, 0.0)
    assert quota.wait("192.0.2.7", 0.0) == 1.0
    assert quota.wait("192.0.2.7", 10.0) == 0.0
    assert (quota.admit("192.0.2.7", 10.0), quota.admit("192.0.2.7", 10.0)) == (0.0, 1.0)
    assert quota.wait("", 0.0) == 0.0
    assert Quota(0, 1).wait("192.0.2.7", 0.0) == 0.0


def test_a_client_has_as_many_pages_answered_at_once_as_queries() -> None:
    app, began, ends = Flask("slow"), threading.Event(), threading.Event()
    app.config["THREADS"] = 4

    @app.get("/slow")
    def slow() -> str:
        began.set()
        assert ends.wait(PATIENCE)
        return "done"

    @app.get("/asks")
    def asks() -> tuple[str, int]:
        try:
            may_ask()
        except ClientOverQuota:
            return "refused", 429
        return "answered", 200

    async def read_at_once(limit: float) -> list[object]:
        pages = Pages(app, Quota(limit, 1))
        first = asyncio.create_task(got(pages, "/slow", SOMEBODY))
        assert await asyncio.to_thread(began.wait, PATIENCE)
        found: list[object] = [await got(pages, "/asks", client) for client in (SOMEBODY, ANOTHER)]
        ends.set()
        return [*found, await first, await got(pages, "/asks", SOMEBODY)]

    fine = (200, None)
    assert asyncio.run(read_at_once(60)) == [(429, b"1"), fine, fine, fine]
    began.clear()
    ends.clear()
    assert asyncio.run(read_at_once(0)) == [fine] * 4


async def got(pages: Pages, path: str, client: str) -> tuple[int, bytes | None]:
    """The status of a page, and when it says to come again."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(), "scheme": "http",
        "query_string": b"", "root_path": "", "headers": [], "client": (client, 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await pages(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"retry-after")
