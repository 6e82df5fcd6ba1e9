"""What a cell is blank for is told by every door: in a header, in results in JSON, on the page."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from patience import PATIENCE
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from serving import running
from tiny import write_release

JSON = "application/sparql-results+json"
SUM = 'SELECT (SUM(?p) AS ?sum) { VALUES ?p { 1 "n/a" } }'
CELL = 'SELECT ?p (?p + 1 AS ?q) { VALUES ?p { 1 "n/a" } }'
TENS = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }}"
MANY = " ".join(TENS.format(name) for name in "abcd")
LATE = f"SELECT ?a ?b ?c ?d (10 / (?a + ?b + ?c + ?d - 36) AS ?q) {{ {MANY} }}"
"""10,000 rows of which the last one is the error."""
LATE_GRAPH = f"""CONSTRUCT {{ ?s <urn:x-test:q> ?q }} WHERE {{ {MANY}
  BIND(IRI(CONCAT("urn:x-test:", STR(?a), STR(?b), STR(?c), STR(?d))) AS ?s)
  BIND(10 / (?a + ?b + ?c + ?d - 36) AS ?q) }}"""
MIXED = 'SELECT (MAX(?p) AS ?most) (SUM(?q) AS ?sum) { VALUES (?p ?q) { (1 9223372036854775808) ("a" 1) } }'
GROUPS = f"SELECT ?a ?b ?c ?d (SUM(?p) AS ?sum) {{ {MANY} VALUES ?p {{ 1 9223372036854775808 }} }} GROUP BY ?a ?b ?c ?d"


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("blank")
    write_release(work / "releases")
    with running(work / "releases", root, work) as (url, _):
        yield url


def get(url: str, query: str, accept: str = JSON, **more: str) -> tuple[str | None, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", f"/sparql?{urlencode({'query': query, **more})}", headers={"Accept": accept})
        response = line.getresponse()
        body = response.read()
        assert response.status == 200, body
        return response.headers["Query-Warnings"], body


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        (SUM, "aggregate-error", 'SUM has no value in 1 group: "n/a" is no number'),
        (CELL, "expression-error", '?q has no value in 1 solution: its expression is an error with "n/a"'),
    ],
)
def test_it_is_told_in_json_and_in_a_header(served, query, code, words):
    header, body = get(served, query)
    (warning,) = json.loads(body, object_pairs_hook=once)["warnings"]
    assert (warning["code"], warning["message"]) == (code, words)
    assert warning["where"]["column"] == query.index("SUM" if code.startswith("a") else "?q") + 1
    assert header.startswith(f"{code};message=")
    assert [*parse_query_results(body, QueryResultsFormat.JSON)]
    assert get(served, query) == (header, body)  # out of the cache
    for accept in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        assert get(served, query, accept)[0] == header


def test_in_this_process_and_on_the_page(client):
    answer = client.get(f"/sparql?{urlencode({'query': SUM})}", headers={"Accept": JSON})
    assert [warning["code"] for warning in answer.json["warnings"]] == ["aggregate-error"]
    assert "n/a" in answer.headers["Query-Warnings"]
    for language, words in (("en", "What may be wrong here"), ("fr", "Ce qui peut être faux ici")):
        page = client.get(f"/query?{urlencode({'query': CELL, 'lang': language})}").text
        assert words in page
        assert "?q has no value in 1 solution" in page


def test_what_is_found_after_the_beginning_is_told_at_the_end(served):
    header, body = get(served, LATE)
    answer = json.loads(body, object_pairs_hook=once)
    assert header is None
    assert len(answer["results"]["bindings"]) == 10_000
    assert [*answer] == ["head", "results", "warnings"]
    (warning,) = answer["warnings"]
    assert "?q has no value in 1 solution:" in warning["message"]


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml"])
def test_a_format_without_a_place_for_it_waits_for_its_end(served, accept):
    header, body = get(served, LATE, accept)
    assert header.startswith('expression-error;message="?q has no value in 1 solution: its expression is an error with')
    assert body.count(b"\n" if accept.startswith("text/") else b"<result>") == 10_000 + accept.startswith("text/")


def test_a_graph_waits_too(served):
    for accept in ("text/turtle", "application/ld+json"):
        header, body = get(served, LATE_GRAPH, accept)
        assert "?q has no value in 1 solution:" in header
        assert len({*parse(body, RdfFormat.from_media_type(accept))}) == 9_999


def test_nothing_is_told_of_what_is_right(served):
    header, body = get(served, MIXED)
    (row,) = json.loads(body, object_pairs_hook=once)["results"]["bindings"]
    assert (row["most"]["value"], row["sum"]["value"]) == ("a", "9223372036854775809")
    assert header is None
    assert b"warnings" not in body


def test_a_long_answer_of_which_the_engine_is_not_sure_is_right_from_its_beginning(served):
    header, body = get(served, GROUPS, "text/csv")
    lines = body.decode().splitlines()
    assert (header, len(lines)) == (None, 10_001)
    assert {line.rpartition(",")[2] for line in lines[1:]} == {"9223372036854775809"}


def test_explain_tells_it_too(served):
    told = json.loads(get(served, SUM, "application/json", explain="true")[1])["explain"]
    assert [warning["code"] for warning in told["warnings"]] == ["aggregate-error"]
    assert "engine/sum" in told["rewritten"]
