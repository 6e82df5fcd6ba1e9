"""`/sparql` as a client sees it: every way in, every way out, and every mistake with its status."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import DefaultGraph, QueryResultsFormat, RdfFormat, parse, parse_query_results

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/zellige/ont#signedOn> ?o }"
CONSTRUCT = "PREFIX zel: <https://w3id.org/zellige/ont#> CONSTRUCT { ?s zel:party ?o } { ?s zel:party ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
MULTIPART = {"CONTENT_TYPE": "multipart/form-data"}  # set last, or the test client makes a body for it


def get(client, query=None, accept=None, **parameters):
    pairs = [("query", query)] if query is not None else []
    for name, value in parameters.items():
        pairs += [(name.replace("_", "-"), one) for one in (value if isinstance(value, list) else [value])]
    return client.get(f"/sparql?{urlencode(pairs)}", headers={"Accept": accept} if accept else {})


def codes(response):
    return [problem["code"] for problem in response.get_json()["errors"]]


def asks(response):
    assert response.status_code == 200, response.text
    return json.loads(response.data)["boolean"]


# Ways in


def test_three_ways_of_asking_give_the_same_answer(client):
    answers = {
        get(client, SELECT).data,
        client.post("/sparql", data={"query": SELECT}).data,
        client.post("/sparql", data=SELECT, content_type=QUERY).data,
        client.post("/sparql", data=SELECT.encode(), content_type=f"{QUERY}; charset=UTF-8").data,
        client.post(f"/sparql?query={quote(SELECT)}", environ_overrides=MULTIPART).data,
        client.post(f"/sparql?query={quote(SELECT)}").data,
        client.get(f"/sparql/?query={quote(SELECT)}").data,
    }
    assert len(answers) == 1
    (row,) = json.loads(answers.pop())["results"]["bindings"]
    assert row["o"] == {
        "type": "literal",
        "value": "2025-09",
        "datatype": "http://id.loc.gov/datatypes/edtf/EDTF",
    }


@pytest.mark.parametrize("text", ["وزارة", "é", "a+b", "a%20b", "100 %", "&=;", "👪"])
def test_text_arrives_as_it_was_sent_and_is_decoded_once(client, text):
    query = f"SELECT ('{text}' AS ?x) {{}}"
    for response in (
        get(client, query),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type=QUERY),
    ):
        assert json.loads(response.data)["results"]["bindings"][0]["x"]["value"] == text


def test_unknown_parameters_are_passed_over(client):
    assert asks(get(client, "ASK {}", queryId="a-b-c", maxrows="10", timeout="1"))


def test_a_long_query_in_the_address(client):
    values = " ".join(f"<http://www.wikidata.org/entity/Q{n}>" for n in range(300))
    assert get(client, f"SELECT ?i {{ VALUES ?i {{ {values} }} }}").status_code == 200


def test_head_is_get_without_the_body(client):
    answer = client.head(f"/sparql?query={quote(SELECT)}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Type"] == "application/sparql-results+json"


def test_a_browser_of_another_site_may_ask(client):
    answer = client.options("/sparql", headers={"Origin": "http://x", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    for response in (answer, get(client, SELECT), get(client, "ASK {")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"


# Datasets

GRAPH = "https://w3id.org/zellige/graph/entities"
ANY = "ASK { ?s ?p ?o }"
NAMED = "ASK { GRAPH ?g { ?s ?p ?o } }"


def test_the_default_graph_is_no_union(client):
    assert not asks(get(client, "ASK { ?s a <https://w3id.org/zellige/ont#Claim> }"))
    assert asks(get(client, "ASK { GRAPH ?g { ?s a <https://w3id.org/zellige/ont#Claim> } }"))


@pytest.mark.parametrize("method", ["get", "form", "direct", "mixed"])
def test_the_protocol_names_the_graphs(client, method):
    def ask(query, **dataset):
        pairs = [(f"{name}-graph-uri", iri) for name, iri in dataset.items()]
        match method:
            case "get":
                return asks(client.get(f"/sparql?{urlencode([('query', query), *pairs])}"))
            case "form":
                body = urlencode([("query", query), *pairs])
                return asks(client.post("/sparql", data=body, content_type=FORM))
            case "direct":
                return asks(client.post(f"/sparql?{urlencode(pairs)}", data=query, content_type=QUERY))
            case "mixed":
                return asks(client.post(f"/sparql?{urlencode(pairs)}", data={"query": query}))
        raise AssertionError(method)

    absent = "http://example.org/absent"
    assert ask("ASK { ?s a <https://w3id.org/zellige/ont#Ministry> }", default=GRAPH)
    assert not ask(NAMED, default=GRAPH)
    assert ask(NAMED, named=GRAPH)
    assert not ask(ANY, named=GRAPH)
    assert not ask(ANY, default=absent)
    assert not ask(f"ASK FROM <{GRAPH}> {{ ?s ?p ?o }}", default=absent)
    assert ask(f"ASK FROM <{absent}> {{ ?s ?p ?o }}", default=GRAPH)


def test_two_default_graphs_are_merged(client):
    query = "ASK { <https://w3id.org/zellige/id/ministry> a ?t . ?t a <http://www.w3.org/2002/07/owl#Class> }"
    ontology = "https://w3id.org/zellige/graph/ontology"
    assert not asks(get(client, query, default_graph_uri=GRAPH))
    assert asks(get(client, query, default_graph_uri=[GRAPH, ontology]))


def test_from_reads_what_the_store_has_and_nothing_else(client):
    assert asks(get(client, f"ASK FROM <{GRAPH}> {{ ?s ?p ?o }}"))
    assert not asks(get(client, "ASK FROM <http://127.0.0.1:1/> { ?s ?p ?o }"))
    assert not asks(get(client, "ASK FROM NAMED <http://127.0.0.1:1/> { GRAPH ?g { ?s ?p ?o } }"))


@pytest.mark.parametrize("iri", ["relative", "http://a b", "no:sp ace", "<http://x>"])
def test_a_graph_named_by_no_iri_is_an_error(client, iri):
    assert get(client, ANY, default_graph_uri=iri).status_code == 400


def test_an_empty_graph_parameter_is_none(client):
    assert asks(get(client, ANY, default_graph_uri=""))


# Ways out


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/sparql-results+xml, application/rdf+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv, */*", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values; charset=utf-8"),
        ("application/*, text/csv;q=0.1", "application/sparql-results+json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        (
            "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7",
            "application/sparql-results+json",
        ),
        (
            "application/sparql-results+json,application/json,text/javascript,application/javascript",
            "application/sparql-results+json",
        ),
    ],
)
def test_a_table_comes_in_the_format_accepted(client, accept, media_type):
    response = get(client, SELECT, accept)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media_type
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_every_table_can_be_read_back(client, name):
    response = get(client, SELECT, format=name)
    form = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}[name]
    (row,) = parse_query_results(response.data, format=form)
    assert row["o"].value == "2025-09"


def test_csv(client):
    assert get(client, SELECT, format="csv").text == "s,o\r\nhttps://w3id.org/zellige/id/mou,2025-09\r\n"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, RdfFormat.TURTLE),
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/json", RdfFormat.JSON_LD),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", RdfFormat.RDF_XML),
        ("application/trig", RdfFormat.TRIG),
        ("application/n-quads", RdfFormat.N_QUADS),
        ("application/n-quads;q=0.9, text/turtle;q=0.4", RdfFormat.N_QUADS),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <https://w3id.org/zellige/id/mou>"])
def test_a_graph_comes_in_the_format_accepted(client, accept, form, query):
    response = get(client, query, accept)
    assert response.headers["Content-Type"].split(";")[0] in {form.media_type, "application/json"}
    found = list(parse(response.data, format=form))
    assert len(found) == (2 if query == CONSTRUCT else 4)
    assert {quad.graph_name for quad in found} == {DefaultGraph()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (SELECT, ("json", "xml", "csv", "tsv")),
        ("ASK {}", ("json", "xml")),
        (CONSTRUCT, ("turtle", "ttl", "ntriples", "nt", "rdfxml", "jsonld", "json", "xml", "trig", "nquads", "nq")),
    ],
)
def test_the_format_may_stand_in_the_address(client, query, names):
    for name in names:
        assert get(client, query, "application/nothing", format=name).status_code == 200


def test_turtle_uses_the_prefixes_of_the_query(client):
    assert "@prefix zel:" in get(client, CONSTRUCT, format="ttl").text
    assert get(client, "PREFIX r: <rel> CONSTRUCT WHERE { ?s ?p ?o }", format="ttl").status_code == 200


def test_relative_iris_are_those_of_the_data(client):
    assert asks(get(client, "ASK { <id/mou> <ont#party> <id/lab> }"))
    assert not asks(get(client, "BASE <http://example.org/> ASK { <id/mou> ?p ?o }"))


@pytest.mark.parametrize(
    ("query", "accept", "name"),
    [
        (SELECT, "text/turtle", None),
        (SELECT, "image/png", None),
        (CONSTRUCT, "text/csv", None),
        ("ASK {}", "text/csv", None),
        ("ASK {}", None, "tsv"),
        (CONSTRUCT, None, "csv"),
        (SELECT, None, "turtle"),
        (SELECT, None, "nonsense"),
    ],
)
def test_what_cannot_be_given_is_not_acceptable(client, query, accept, name):
    response = get(client, query, accept, **({"format": name} if name else {}))
    assert (response.status_code, codes(response)) == (406, ["not-acceptable"])
    assert "json" in response.get_json()["errors"][0]["hint"] or "turtle" in response.get_json()["errors"][0]["hint"]


# Mistakes


def test_a_query_that_does_not_parse_is_told_with_its_place(client):
    response = get(client, "SELECT * {\n ?s ?p }")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == 400
    assert problem["title"] == "Bad Request"
    assert problem["type"].endswith("/query-syntax")
    assert problem["errors"][0]["where"]["line"] == 2


@pytest.mark.parametrize("accept", ["text/plain, */*;q=0.1", "text/csv, text/plain;q=0.1", "text/*"])
def test_errors_are_text_for_who_asks_for_text(client, accept):
    response = get(client, "SELECT * { ?s ?p", accept)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("query:1:17: ")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", "many-queries"),
        ("/sparql?query=%zz", "percent-encoding"),
        ("/sparql?query=ASK%7B%7D%", "percent-encoding"),
        ("/sparql?query=%ff", "not-utf-8"),
        ("/sparql?query=", "query-syntax"),
        ("/sparql?query=SELECT%20*%20%7B%20SERVICE%20%3Chttp%3A%2F%2Fx%2F%3E%20%7B%7D%20%7D", "no-service"),
        ("/sparql?query=LOAD%20%3Chttp%3A%2F%2Fx%2F%3E", "no-load"),
        ("/sparql?query=DROP%20ALL", "no-update"),
    ],
)
def test_a_wrong_get_is_refused(client, address, code):
    response = client.get(address)
    assert (response.status_code, codes(response)) == (400, [code])


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", FORM, 400, "no-query"),
        (b"", QUERY, 400, "query-syntax"),
        (b"x=1", FORM, 400, "no-query"),
        (b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400, "many-queries"),
        (b"query=%f", FORM, 400, "percent-encoding"),
        (b"query=ASK%7B%7D\xff", FORM, 400, "not-utf-8"),
        (b"ASK {} #\xff", QUERY, 400, "not-utf-8"),
        ("ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", 400, "charset"),
        ("ASK {}".encode("utf-16"), QUERY, 400, "not-utf-8"),
        (b"ASK {}", "text/plain", 415, "media-type"),
        (b"ASK {}", "", 415, "media-type"),
        (b"query=ASK%7B%7D", "", 415, "media-type"),
        (b'{"query": "ASK {}"}', "application/json", 415, "media-type"),
        (b"update=CLEAR%20ALL", FORM, 403, "no-update"),
        (b"CLEAR ALL", "application/sparql-update", 403, "no-update"),
        (b"query=DROP%20ALL", FORM, 400, "no-update"),
        (b"DROP ALL", QUERY, 400, "no-update"),
    ],
)
def test_a_wrong_post_is_refused(client, body, content_type, status, code):
    response = client.post("/sparql", data=body, content_type=content_type)
    assert (response.status_code, codes(response)) == (status, [code])


def test_a_query_in_address_and_body_is_two(client):
    response = client.post("/sparql?query=ASK%7B%7D", data={"query": "ASK {}"})
    assert (response.status_code, codes(response)) == (400, ["many-queries"])


def test_update_in_the_address_is_refused(client):
    response = client.get("/sparql?update=CLEAR%20ALL")
    assert (response.status_code, codes(response)) == (403, ["no-update"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_are_allowed(client, method):
    response = client.open("/sparql?query=ASK%7B%7D", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert codes(response) == ["method-not-allowed"]


def test_a_body_beyond_the_limit_is_refused(client):
    response = client.post("/sparql", data=b"#" * 2_000_000, content_type=QUERY)
    assert response.status_code == 413


def test_an_error_while_evaluating_is_no_success(client):
    query = "SELECT * { ?s ?p ?o FILTER(<http://example.org/no-such-function>(?o)) }"
    response = get(client, query)
    assert response.status_code in {200, 400, 500}
    if response.status_code == 200:
        assert json.loads(response.data)["results"]["bindings"] == []
