"""`/sparql` without a query, and in a browser: the description of the service, and a form."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

SELECT = "SELECT ?s ?o { ?s <https://w3id.org/zellige/ont#signedOn> ?o }"


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES])
def test_a_bare_get_describes_the_service(client, form):
    response = client.get("/sparql", headers={"Accept": form.media_type})
    assert response.headers["Content-Type"].split(";")[0] == form.media_type
    triples = {(t.subject.value, t.predicate.value, t.object.value) for t in parse(response.data, format=form)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = "http://localhost/sparql"
    assert (service, f"{sd}endpoint", service) in triples
    assert (service, f"{sd}supportedLanguage", f"{sd}SPARQL11Query") in triples
    assert not any("BasicFederatedQuery" in object_ or "UnionDefaultGraph" in object_ for _, _, object_ in triples)


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "application/n-quads,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,text/html;q=0.2",
    ],
)
def test_a_machine_gets_data(client, accept):
    response = client.get("/sparql", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert "html" not in response.headers["Content-Type"]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def browse(client, query=None):
    asked = {} if query is None else {"query": query}
    return client.get("/sparql", query_string=asked, headers={"Accept": BROWSER})


def test_a_browser_gets_a_form_and_answers_as_a_table(client):
    assert ">\nPREFIX rdfs:" in browse(client).text
    page = browse(client, SELECT)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "2025-09" in page.text
    wrong = browse(client, "SELECT * {")
    assert (wrong.status_code, ">\nSELECT * {</textarea>" in wrong.text) == (400, True)


def test_a_description_in_no_format_there_is(client):
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
