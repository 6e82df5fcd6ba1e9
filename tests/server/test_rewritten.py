"""Answers by the standard through every door of a server, what is told of those that may be wrong, and EXPLAIN."""

from __future__ import annotations

import csv
import html
import http.client
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from patience import PATIENCE
from pyoxigraph import QueryResultsFormat, parse_query_results
from serving import running
from tiny import write_release

E = "PREFIX : <http://e/> "
UNBOUND = E + "SELECT (SUM(?p) AS ?s) (MAX(?p) AS ?m) { VALUES ?p { 10 20 UNDEF 5 } }"
GRAPHS = E + "SELECT ?x ?n { GRAPH <http://e/none> { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
NAMED = E + "SELECT * {\n  GRAPH ?g { ?s ?p ?o FILTER(?g = :é) } }"
DEEP = E + "ASK { " + "{" * 80 + " GRAPH ?g { FILTER(true) } " + "}" * 80 + " }"
PATH = E + "SELECT ?x { :no :p* ?x }"


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("rewritten")
    write_release(work / "releases")
    with running(work / "releases", root, work) as (url, _):
        yield url


@pytest.fixture(scope="module")
def strict(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("strict")
    write_release(work / "releases")
    with running(work / "releases", root, work, skip_unbound=False) as (url, _):
        yield url


def get(
    url: str, query: str, accept: str, path: str = "/sparql", **more: str
) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", f"{path}?{urlencode({'query': query, **more})}", headers={"Accept": accept})
        response = line.getresponse()
        return response, response.read()


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode())))[1:]


def test_over_http(served):
    assert rows(get(served, UNBOUND, "text/csv")[1]) == [["35", "20"]]
    assert rows(get(served, PATH, "text/csv")[1]) == [["http://e/no"]]
    assert rows(get(served, GRAPHS, "text/csv")[1]) == []


def test_again_out_of_the_cache(served):
    first, second = (get(served, UNBOUND, "text/csv", again="1") for _ in range(2))
    assert first[1] == second[1]


def test_by_post_and_in_this_process(client):
    form = client.post("/sparql", data={"query": UNBOUND, "format": "csv"})
    plain = client.post("/sparql?format=csv", data=UNBOUND, content_type="application/sparql-query")
    assert rows(form.data) == rows(plain.data) == [["35", "20"]]


def test_on_the_page(client):
    page = client.get(f"/query?{urlencode({'query': UNBOUND})}").text
    assert ">35<" in page
    assert ">20<" in page


def test_what_may_be_wrong_is_told_in_the_header_and_in_json(served):
    response, body = get(served, NAMED, "application/sparql-results+json")
    item = response.headers["Query-Warnings"]
    assert item.startswith('graph-name;message="inside of GRAPH ?g { }')
    assert item.endswith(";line=2;column=23")
    assert "Query-Warnings" in response.headers["Access-Control-Expose-Headers"]
    (warning,) = json.loads(body)["warnings"]
    assert (warning["code"], warning["value"], warning["where"]["line"]) == ("graph-name", "g", 2)


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+xml", "text/tab-separated-values"])
def test_other_formats_have_the_header(served, accept):
    response, body = get(served, NAMED, accept)
    assert response.headers["Query-Warnings"].startswith("graph-name;")
    assert b"graph-name" not in body


@pytest.mark.parametrize("query", [NAMED, NAMED.replace("SELECT *", "ASK")])
def test_a_reader_of_results_takes_the_json_as_any_other(served, query):
    _, body = get(served, query, "application/sparql-results+json")
    assert b'"warnings"' in body
    found = parse_query_results(body, QueryResultsFormat.JSON)
    assert not (list(found) if hasattr(found, "variables") else bool(found))


def test_a_kept_answer_tells_it_again(served):
    answers = [get(served, NAMED, "application/sparql-results+json", kept="1") for _ in range(2)]
    assert answers[0][1] == answers[1][1]
    assert answers[0][0].headers["Query-Warnings"] == answers[1][0].headers["Query-Warnings"]


def test_a_graph_tells_it_too(served):
    response, _ = get(served, NAMED.replace("SELECT *", "CONSTRUCT { ?s ?p ?o }"), "text/turtle")
    assert response.headers["Query-Warnings"].startswith("graph-name;")


def test_a_compressed_answer_tells_it(client):
    query = NAMED.replace("FILTER(?g = :é)", "FILTER(!BOUND(?g))")
    answer = client.get(f"/sparql?{urlencode({'query': query})}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Query-Warnings"].startswith("graph-name;")


def test_what_is_right_tells_nothing(served):
    for query in (UNBOUND, PATH, "SELECT * { ?s ?p ?o } LIMIT 3"):
        response, body = get(served, query, "application/sparql-results+json")
        assert "Query-Warnings" not in response.headers
        assert b"warnings" not in body


def test_a_query_that_only_the_engine_reads_says_so(served):
    response, body = get(served, DEEP, "application/sparql-results+json")
    assert response.status == 200
    assert response.headers["Query-Warnings"].startswith("unchecked;")
    assert "levels deep" in json.loads(body)["warnings"][0]["hint"]


@pytest.mark.parametrize(
    "query",
    [E + "SELECT (SUM(?p) AS ?s) {\n VALUES ?p { 1 } } }", E + "SELECT (SUM(?p) AS ?s) {\n ?x :p* ?p ?q ?r . }"],
)
def test_a_mistake_has_the_place_where_it_was_written(served, query):
    response, body = get(served, query, "application/json")
    assert response.status == 400
    assert json.loads(body)["errors"][0]["where"]["line"] == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "is not yet the name of the graph"), ("fr", "pas encore le nom du graphe"), ("ar", "اسم المخطط بعد")],
)
def test_the_page_tells_it_in_its_language(client, language, words):
    page = client.get(f"/query?{urlencode({'query': NAMED, 'lang': language})}").text
    assert words in page
    assert '<bdi lang="en" dir="ltr">?g</bdi>' in page
    assert '<bdi dir="ltr">2:23</bdi>' in page


def test_the_choice_for_unbound_values_can_be_another_one(strict):
    response, body = get(strict, UNBOUND, "text/csv")
    assert rows(body) == [["", ""]]
    assert response.headers["Query-Warnings"].count("aggregate-unbound;") == 2


# --- EXPLAIN


def test_explain_tells_how_the_answer_comes_about(served):
    response, body = get(served, UNBOUND, "application/json", explain="true")
    told = json.loads(body)["explain"]
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert [rule["name"] for rule in told["rules"]] == ["unbound-in-aggregates", "sure-aggregates"]
    assert "unbound" in told["rules"][0]["sentence"]
    assert told["algebra"].startswith("(project (?s ?m)")
    assert "SUM(COALESCE(?p, 0))" in told["rewritten"]
    assert told["answered"]["rows"] == 1
    assert {"preparing", "evaluating"} == {*told["milliseconds"]}


@pytest.mark.parametrize(
    ("query", "counted"),
    [("ASK { ?s ?p ?o }", "boolean: True"), ("DESCRIBE <http://e/x>", "triples: 0"), ("SELECT * {}", "rows: 1")],
)
def test_explain_of_each_form_in_text(served, query, counted):
    response, body = get(served, query, "text/plain", explain="true")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = body.decode()
    assert text.startswith("# Rules that acted\nnone: the query was evaluated as it is written\n")
    assert counted in text


def test_explain_names_the_graphs_and_the_warnings(served):
    more = {"explain": "true", "named-graph-uri": "http://e/g", "format": "json"}
    told = json.loads(get(served, NAMED, "*/*", **more)[1])["explain"]
    assert told["answered"]["named-graph-uri"] == ["http://e/g"]
    assert told["warnings"][0]["code"] == "graph-name"


def test_explain_is_true_or_false(served):
    response, body = get(served, PATH, "application/json", explain="perhaps")
    assert (response.status, json.loads(body)["errors"][0]["code"]) == (400, "explain")
    assert rows(get(served, PATH, "text/csv", explain="false")[1]) == [["http://e/no"]]


def test_explain_in_another_format_is_refused(served):
    for accept, more in (("text/csv", {}), ("*/*", {"format": "csv"})):
        response, body = get(served, PATH, accept, explain="true", **more)
        assert (response.status, json.loads(body)["errors"][0]["hint"]) == (406, "one of json, text")


def test_explain_of_a_query_with_a_mistake_tells_the_mistake(served):
    response, body = get(served, "SELECT (SUM(?x) AS ?y", "application/json", explain="true")
    assert (response.status, json.loads(body)["errors"][0]["code"]) == (400, "query-syntax")


def test_explain_of_a_lookup_is_no_lookup(served):
    told = json.loads(get(served, "SELECT ?p { <http://e/x> ?p ?o }", "*/*", explain="true")[1])["explain"]
    assert told["answered"]["rows"] == 0


def test_a_page_explains_and_the_query_page_leads_there(client):
    page = client.get(f"/query?{urlencode({'query': PATH, 'lang': 'fr'})}").text
    (link,) = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page) if "explain=true" in link]
    assert "lang=fr" in link
    told = client.get(link).text
    assert "Comment la réponse est obtenue" in told
    assert "zero-length-paths" in told
    assert (
        client.get(
            f"/sparql?{urlencode({'query': PATH, 'explain': 'true'})}", headers={"Accept": "text/html"}
        ).text.count("(union")
        == 1
    )
