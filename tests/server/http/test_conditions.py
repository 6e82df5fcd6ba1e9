"""Answers that are kept and asked about, and the errors of HTTP itself (RFC 9110, sections 13 to 15)."""

from __future__ import annotations

import pytest

KEPT = ("/", "/id/lab", "/claim/F1", "/graph/claims", "/ont", "/reconcile", "/openapi.json", "/sparql?format=turtle")


@pytest.mark.parametrize("path", KEPT)
def test_who_has_an_answer_is_told_so(client, path):
    first = client.get(path)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": '"another"'}).data == first.data


@pytest.mark.parametrize("path", ["/id/lab", "/", "/list?class=https://w3id.org/zellige/ont%23Ministry"])
def test_another_language_or_format_is_another_answer(client, path):
    tags = {
        client.get(path, headers={"Accept": accept, "Accept-Language": language}).headers["ETag"]
        for accept, language in (("text/html", "en"), ("text/html", "ar"))
    }
    assert len(tags) == 2


@pytest.mark.parametrize("path", ["/query?query=SELECT(NOW()AS%3Fn){}", "/query", "/healthz", "/nothing"])
def test_what_changes_and_what_fails_is_not_kept(client, path):
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/static/zellige.css", "/openapi.json", "/id/lab"])
def test_a_condition_that_fails_is_told(client, path):
    answer = client.get(path, headers={"If-Match": '"another"'})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (412, "precondition-failed")


def test_a_range_beyond_the_end_is_told(client):
    answer = client.get("/static/zellige.css", headers={"Range": "bytes=999999-"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (416, "requested-range-not-satisfiable")
    assert answer.headers["Content-Range"].startswith("bytes */")
    with client.get("/static/zellige.css", headers={"Range": "bytes=0-9"}) as part:
        assert (part.status_code, len(part.data)) == (206, 10)


@pytest.mark.parametrize("path", [*KEPT, "/static/zellige.css", "/nothing"])
def test_the_date_is_left_to_the_server(client, path):
    with client.get(path) as answer:
        assert "Date" not in answer.headers


@pytest.mark.parametrize("page", ["x", "-1", "1.5", "10001", "٣", "1e3", "0x1"])
def test_a_page_that_is_no_number_is_refused(client, page):
    path = "/list?class=https://w3id.org/zellige/ont%23Ministry"
    answer = client.get(f"{path}&page={page}")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, "parameter")
    assert client.get(path + "&page=").status_code == client.get(path + "&page=10000").status_code == 200


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ("timeout=5&timeout=x", "timeout"),
        ("timeout=1e10", "timeout"),
        ("timeout=1e-999", "timeout"),
        ("receipt=true&receipt=maybe", "receipt"),
        ("receipt=", "receipt"),
        ("format=json&format=xml", "parameter"),
        ("default-graph-uri=x", "parameter"),
        ("named-graph-uri=urn:x&named-graph-uri=a%20b", "parameter"),
    ],
)
def test_every_place_of_a_parameter_counts(client, parameters, code):
    answer = client.get(f"/sparql?query=ASK%7B%7D&{parameters}")
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, code)
    # Without a query the service is described; two formats are then no contradiction of an answer.
    assert client.get(f"/sparql?{parameters}").status_code == (200 if "format" in parameters else 400)


@pytest.mark.parametrize("parameters", ["timeout=5.25&timeout=1e1", "timeout=&format=&format=json&format=json"])
def test_what_says_one_thing_twice_is_taken(client, parameters):
    assert client.get(f"/sparql?query=ASK%7B%7D&{parameters}").status_code == 200


@pytest.mark.parametrize("query", ["", "&query=ASK%7B%7D"])
def test_a_page_names_a_graph_that_is_none(client, query):
    answer = client.get(f"/query?named-graph-uri=nothing{query}")
    assert (answer.status_code, "is no absolute IRI" in answer.text) == (400, True)


def test_a_request_for_two_things_is_refused(client):
    both = {"queries": "{}", "extend": '{"ids": [], "properties": []}'}
    for answer in (client.get("/reconcile", query_string=both), client.post("/reconcile", data=both)):
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (400, "reconciliation")
