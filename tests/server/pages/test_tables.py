"""Tables and their rows at their own addresses: as data, and as pages in three languages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import RdfFormat, parse

from kg.release import Release
from kg.rml.run.engine import VERSION as ENGINE
from kg.terms import PREFIXES
from server.app import create_app
from server.settings import Settings

BASE = "https://w3id.org/zellige/"
TABLE = f"{BASE}table/ai-readiness"
HTML = {"Accept": "text/html"}
WORDS = {"ar": "مأخوذ من سطر في", "fr": "Tiré d&#39;une ligne de", "en": "Made from a row of"}
TITLES = {"ar": "رتب المغرب ونقطه", "fr": "Rangs et scores du Maroc", "en": "Ranks and scores of Morocco"}


@pytest.fixture(scope="module")
def client(built: Release) -> FlaskClient:
    """A client of the application over the first graph."""
    return create_app(Settings(built.path.parent)).test_client()


def triples(client: FlaskClient, path: str) -> set[tuple[str, str, str]]:
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200, response.text
    found = parse(response.data, format=RdfFormat.TURTLE)
    return {(t.subject.value, t.predicate.value, t.object.value) for t in found}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_of_a_row_names_its_table_and_its_place(client: FlaskClient, language: str) -> None:
    response = client.get(f"/claim/X50?lang={language}", headers=HTML)
    assert response.status_code == 200
    assert Page(response.text).faults == []
    for wanted in (WORDS[language], TITLES[language], "data/tables/ai-readiness.csv#row=6", "188"):
        assert wanted in response.text


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_of_a_table_shows_its_file_its_run_and_its_claims(client: FlaskClient, language: str) -> None:
    response = client.get(f"/table/ai-readiness?lang={language}", headers=HTML)
    assert response.status_code == 200
    assert Page(response.text).faults == []
    for wanted in (TITLES[language], "data/tables/ai-readiness.csv", "data/tables/ai-readiness.rml.ttl", "/claim/X48"):
        assert wanted in response.text


def test_the_data_of_a_claim_lead_to_row_file_mapping_and_engine(client: FlaskClient) -> None:
    found = triples(client, "/claim/X50")
    csvw, prov, zel = PREFIXES["csvw"], PREFIXES["prov"], PREFIXES["zel"]
    assert (f"{BASE}claim/X50", f"{prov}wasDerivedFrom", f"{TABLE}#row=6") in found
    assert (f"{TABLE}#row=6", f"{csvw}rownum", "5") in found
    assert (TABLE, f"{zel}fileName", "data/tables/ai-readiness.csv") in found
    assert (f"{TABLE}#run", f"{zel}engineVersion", ENGINE) in found
    assert (f"{TABLE}#mapping", f"{zel}fileName", "data/tables/ai-readiness.rml.ttl") in found


def test_the_data_of_a_table_hold_every_row_and_every_format_says_the_same(client: FlaskClient) -> None:
    found = triples(client, "/table/ai-readiness")
    rows = {subject for subject, predicate, _ in found if predicate == f"{PREFIXES['csvw']}rownum"}
    assert rows == {f"{TABLE}#row={n}" for n in range(2, 21)}
    response = client.get("/table/ai-readiness?format=ntriples")
    again = {
        (t.subject.value, t.predicate.value, t.object.value) for t in parse(response.data, format=RdfFormat.N_TRIPLES)
    }
    assert again == found
    assert client.get("/table/none", headers={"Accept": "text/turtle"}).status_code == 404


def test_the_document_of_a_row_lists_its_claim(client: FlaskClient) -> None:
    assert "/claim/X50" in client.get("/doc/bnsglobalnews-2024-12-24", headers=HTML).text
    assert (
        "/table/ai-readiness"
        in client.get("/list", query_string={"class": f"{PREFIXES['zel']}Table"}, headers=HTML).text
    )
