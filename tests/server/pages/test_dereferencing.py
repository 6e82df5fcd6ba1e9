"""Addresses under the base: data in every format, pages that say the same, and nothing where nothing is."""

from __future__ import annotations

import pytest
from markup import Page, opened
from pyoxigraph import RdfFormat, parse
from tiny import BASE

from server.app import create_app
from server.settings import Settings

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
ZEL = f"{BASE}ont#"
OA = "http://www.w3.org/ns/oa#"
PATHS = (
    "/id/ministry", "/id/lab", "/id/mou", "/id/jazari", "/doc/seed", "/claim/F1", "/claim/F2", "/scheme/modality",
    "/scheme/modality/done", "/graph/claims", "/graph/entities", "/graph/ontology", "/ont",
)  # fmt: skip
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def triples(client, path, accept="text/turtle", form=RdfFormat.TURTLE):
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    content = opened(response.data, client) if form == RdfFormat.JSON_LD else response.data
    return {(t.subject.value, t.predicate.value, t.object.value) for t in parse(content, format=form)}


@pytest.mark.parametrize("path", PATHS)
def test_every_format_says_the_same(client, path):
    graphs = [triples(client, path, form.media_type, form) for form in FORMATS.values()]
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)
    for name, form in FORMATS.items():
        response = client.get(f"{path}?format={name}", headers=HTML)
        assert response.headers["Content-Type"].split(";")[0] == form.media_type
        assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("path", PATHS)
def test_the_same_address_gives_the_same_bytes(client, path):
    assert len({client.get(path).data for _ in range(3)}) == 1


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_is_sound(client, path, language):
    response = client.get(f"{path}?lang={language}", headers=HTML)
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    page = Page(response.text)
    assert page.faults == []
    root = next(given for tag, given in page.elements if tag == "html")
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}


def test_an_entity_comes_with_its_facts_and_the_claims_about_it(client):
    found = triples(client, "/id/lab")
    lab, claim = f"{BASE}id/lab", f"{BASE}claim/F1"
    assert (lab, f"{ZEL}asWorded", "يناهز 10.8 مليار دولار سنة 2030") in found
    assert (f"{BASE}id/mou", f"{ZEL}party", lab) in found
    assert (claim, f"{ZEL}modality", f"{BASE}scheme/modality/done") in found
    assert (f"{claim}#quote-1", f"{OA}exact", "وُقعت في سبتمبر 2025") in found
    assert (f"{claim}#position-1", f"{OA}start", "1851") in found


def test_a_contested_statement_is_no_fact_about_the_entity(client):
    statement = (f"{BASE}id/lab", f"{ZEL}namedAfter", f"{BASE}id/jazari")
    assert statement not in triples(client, "/id/lab")
    assert (f"{BASE}claim/F2", f"{ZEL}reviewStatus", f"{BASE}scheme/review/contested") in triples(client, "/id/lab")
    assert statement in triples(client, "/claim/F2")


def test_a_claim_comes_with_statements_metadata_and_evidence(client):
    found = triples(client, "/claim/F1")
    assert (f"{BASE}id/mou", f"{ZEL}party", f"{BASE}id/ministry") in found
    assert (f"{BASE}claim/F1", f"{ZEL}contradicts", f"{BASE}claim/F2") in found
    assert (f"{BASE}claim/F1#quote-1", f"{OA}exact", "وُقعت في سبتمبر 2025") in found
    assert not any(subject == f"{BASE}claim/F2" for subject, _, _ in found)


@pytest.mark.parametrize(
    "path",
    [
        "/id/absent", "/claim/F99", "/doc/absent", "/graph/absent", "/scheme/absent", "/claim/graph", "/nowhere",
        "/id/a%20b", "/id/%3E", "/id/%7B", "/id/%22%3E", "/id/%5C", "/id/%0A", "/claim/%C3%A9", "/id/%ff", "/id/",
        "/claim/F1%23evidence-1",
    ],
)  # fmt: skip
def test_where_nothing_is(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.get_json()["errors"][0]["code"] == "not-found"
    page = client.get(path, headers=HTML)
    assert page.status_code == 404
    assert Page(page.text).faults == []


@pytest.mark.parametrize("path", ["/id/lab", "/claim/F1", "/ont"])
def test_what_cannot_be_given_is_not_acceptable(client, path):
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{path}?format=csv").status_code == 406
    assert client.get(f"{path}?format=nonsense").status_code == 406


def test_html_may_be_asked_for_in_the_address(client):
    assert client.get("/id/lab?format=html").headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/id/lab", "/", "/healthz"])
def test_things_are_only_read(client, path):
    response = client.post(path)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert client.head(path).status_code == 200


def test_the_version_of_the_vocabulary_is_at_its_own_address(built):
    client = create_app(Settings(built.path.parent)).test_client()
    assert triples(client, "/ont/0.1.0") == triples(client, "/ont")
    assert client.get("/ont/0.1.0?lang=fr", headers=HTML).text.count("<li id=") > 50
    for path in ("/ont/0.0.9", "/ont/%3E", "/ont/0.1.0/"):
        assert client.get(path).status_code == 404
        assert client.get(path, headers=HTML).status_code == 404


def test_every_term_of_the_vocabulary_has_its_anchor(client):
    page = Page(client.get("/ont?lang=ar", headers=HTML).text)
    anchors = {given["id"] for tag, given in page.elements if tag == "li" and "id" in given}
    assert anchors == {"Ministry", "party"}
    page = Page(client.get("/term/Ministry?lang=ar", headers=HTML).text)
    said = {(given.get("lang"), text) for given, text in page.within("bdi")}
    assert {("en", "ministry"), ("fr", "ministère"), ("ar", "وزارة")} <= said
    assert ("en", "Public body led by a member of a government.") in said
