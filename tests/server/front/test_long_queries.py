"""Queries that are long and wrong: read in proportion to their length, beside the loop, on the client's account."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from costs import calls
from patience import PATIENCE
from serving import running
from tiny import write_release

from kg.errors import KgError, QueryError
from kg.sparql.dataset import Asked, place
from kg.sparql.guard import check, draft
from kg.sparql.messages.told import explained
from server.front.reading import OverQuota, Reader
from server.http.quota import Quota

MOST = 10
"""Places of a query that are told."""
REPEATED = {
    "updates in one line": ("", "ADD ", ""),
    "updates in many lines": ("PREFIX : <http://e/>\n", "DELETE\r\n", ""),
    "services": ("SELECT * {", "SERVICE <urn:a> {}\n", "}"),
    "names that may be read as services": ("SELECT * {", "service:a { }\n", "}"),
    "reserved names": ("SELECT * {", "<x-zellige:a> ", "}"),
    "updates in escapes": ("", "\\u0041DD ", ""),
    "views in place of graphs": ("SELECT * {", "GRAPH <urn:x-arq:UnionGraph> {?s ?p ?o} ", "}"),
    "views within views": ("SELECT * {", "GRAPH <urn:x-arq:UnionGraph> {", ""),
    "graphs": ("SELECT * ", "FROM <urn:g> ", "{ ?s ?p ?o }"),
    "words": ("", "a ", ""),
    "brackets": ("ASK ", "{", ""),
    "names of others": ("SELECT * {", "?s <bif:contains> 'x' . ", "}"),
}


def refused(text: str) -> KgError | None:
    try:
        found = place(Asked(text), "http://e/")
        draft(found.query)
        check(found.query)
    except KgError as error:
        return explained(error, text) if isinstance(error, QueryError) else error
    return None


@pytest.mark.parametrize("kind", REPEATED)
def test_ten_times_the_text_is_ten_times_the_work(kind: str) -> None:
    begin, unit, end = REPEATED[kind]
    texts = [begin + unit * (size // len(unit)) + end for size in (1_500, 15_000)]
    refused(texts[0])  # what is loaded at the first time is not counted
    few, many = (calls(partial(refused, text)) for text in texts)
    assert many <= 12 * few


@pytest.mark.parametrize("kind", ["updates in one line", "services", "reserved names", "updates in escapes"])
def test_the_first_places_are_told_of_many_thousand(kind: str) -> None:
    begin, unit, end = REPEATED[kind]
    for number in (3, MOST, 4_000):
        error = refused(begin + unit * number + end)
        assert error is not None
        places = [(at.line, at.column or 0) for problem in error.problems if (at := problem.position) is not None]
        assert len(places) == len(error.problems) == min(number, MOST)
        assert places == sorted(set(places))


def test_views_that_are_named_very_often_are_taken_away_where_they_stand() -> None:
    text = "SELECT * {" + "GRAPH <urn:x-arq:UnionGraph> {?s ?p ?o} " * 3_000 + "}"
    found = place(Asked(text), "http://e/")
    assert (len(found.query), found.view) == (len(text), "everything")
    assert found.query.split() == ["SELECT", "*", "{", *["{?s", "?p", "?o}"] * 3_000, "}"]


def test_what_takes_long_to_be_read_is_read_in_a_thread() -> None:
    reader = Reader(Quota(0, 8), "")
    assert asyncio.run(reader.aside(threading.get_ident)) != threading.get_ident()


def test_who_has_no_time_left_is_told_to_come_again() -> None:
    reader = Reader(Quota(0.001, 8), "192.0.2.7")

    async def twice() -> None:
        with suppress(KgError):
            await reader.aside(check, "ADD " * 50_000)
        await reader.aside(check, "ASK {}")

    with pytest.raises(OverQuota) as caught:
        asyncio.run(twice())
    assert caught.value.wait >= 1


def test_a_client_pays_for_what_is_read_of_its_queries(root: Path, tmp_path: Path) -> None:
    def send(url: str, query: str, **headers: str) -> tuple[int, str | None, Any]:
        with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
            given = {"Content-Type": "application/sparql-query", "Accept": "application/json", **headers}
            line.request("POST", "/sparql", query.encode(), given)
            reply = line.getresponse()
            return reply.status, reply.getheader("Retry-After"), json.loads(reply.read())

    long, proxied = "ADD\n" * 100_000, {"X-Forwarded-For": "203.0.113.9"}
    write_release(tmp_path / "releases")
    limits = {"client_seconds": 0.001, "trusted_proxies": ["127.0.0.1"]}
    with running(tmp_path / "releases", root, tmp_path, **limits) as (url, _):
        status, _, body = send(url, long, **proxied)
        assert (status, len(body["errors"])) == (400, MOST)
        assert body["errors"][-1]["where"] == {"file": "query", "line": MOST, "column": 1}
        status, retry, body = send(url, long, **proxied)
        assert (status, body["errors"][0]["code"]) == (429, "quota")
        assert int(retry or 0) > 1
        # A short one is told what is wrong all the same; somebody else, and the operator, are not held for it.
        assert send(url, "ADD", **proxied)[0] == 400
        assert send(url, "ASK {}", **{"X-Forwarded-For": "203.0.113.10"})[0] == 200
        assert send(url, long)[0] == 400
