"""Anchors: a row of a table, however long it is, and each piece of evidence stand where their IRIs lead."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
ROWS = 450
TABLE = "https://w3id.org/zellige/table/dams"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a release with a table of 450 rows, each of which made a claim, and one of items."""
    rows = "".join(
        f"  <{TABLE}#row={n + 1}> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> {n} .\n"
        f"  c:R{n} a zel:Claim ; dct:identifier 'R{n}' ;"
        f" <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={n + 1}> .\n"
        f"  <{TABLE}-items#item={n}> dct:isPartOf <{TABLE}-items> ; <http://www.w3.org/ns/csvw#rownum> {n} .\n"
        for n in range(1, ROWS + 1)
    )
    pointed = """
      c:R7 zel:supportedBy <https://w3id.org/zellige/claim/R7#evidence-1> .
      <https://w3id.org/zellige/claim/R7#evidence-1> oa:hasTarget <https://w3id.org/zellige/claim/R7#target-1> .
      <https://w3id.org/zellige/claim/R7#target-1> oa:hasSource doc:seed ;
        oa:hasSelector <https://w3id.org/zellige/claim/R7#selector-1> .
      <https://w3id.org/zellige/claim/R7#selector-1> a oa:FragmentSelector ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "row=8" .
    """
    releases = tmp_path_factory.mktemp("rows")
    table = f"  <{TABLE}> a zel:Table ; dct:title 'Dams' . <{TABLE}-items> a zel:Table .\n"
    write_release(releases, claims=f"{CLAIMS}\ng:claims {{\n{table}{rows}{pointed}}}\n")
    return create_app(Settings(releases)).test_client()


def ids(client: FlaskClient, address: str) -> list[str]:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, address
    found = Page(response.text)
    assert found.faults == []
    return [given["id"] or "" for _, given in found.elements if "id" in given]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("number", [1, 49, 50, 199, 200, ROWS])
def test_a_claim_leads_to_its_row(client: FlaskClient, number: int, language: str) -> None:
    found = Page(client.get(f"/claim/R{number}?lang={language}", headers=HTML).text)
    (link,) = {link for link in found.links() if "row=" in link}
    target = urlsplit(link)
    assert target.fragment == f"row={number + 1}"
    assert f"lang={language}" in target.query
    assert target.fragment in ids(client, f"{target.path}?{target.query}")


@pytest.mark.parametrize(("name", "places"), [("dams", range(2, ROWS + 2)), ("dams-items", range(1, ROWS + 1))])
def test_the_pages_of_a_table_show_every_row_once(client: FlaskClient, name: str, places: range) -> None:
    kind = "item" if name.endswith("items") else "row"
    seen: list[str] = []
    address, pages = f"/table/{name}?lang=en", 0
    while address:
        pages += 1
        seen += [i for i in ids(client, address) if i.startswith(f"{kind}=")]
        text = client.get(address, headers=HTML).text
        address = next((given["href"] or "" for _, given in Page(text).elements if given.get("rel") == "next"), "")
    assert seen == [f"{kind}={n}" for n in places]
    assert pages == (10 if kind == "row" else 9)


def test_a_row_names_its_claims(client: FlaskClient) -> None:
    found = Page(client.get("/table/dams?page=4&lang=fr", headers=HTML).text)
    assert "/claim/R201?lang=fr" in found.links()
    assert "/claim/R100?lang=fr" not in found.links()


@pytest.mark.parametrize(
    ("number", "status"), [("10", 200), ("10000000", 200), ("x", 400), ("-1", 400), ("99999999", 400)]
)
def test_a_page_that_there_is_not(client: FlaskClient, number: str, status: int) -> None:
    response = client.get(f"/table/dams?page={number}&lang=en", headers=HTML)
    assert response.status_code == status
    assert Page(response.text).faults == []
    assert status != 200 or "There is no such page" in response.text


def test_evidence_stands_where_its_iris_lead_on_the_page_of_its_claim_alone(client: FlaskClient) -> None:
    assert {"evidence-1", "target-1", "quote-1", "position-1"} <= set(ids(client, "/claim/F1"))
    assert {"evidence-1", "target-1", "selector-1"} <= set(ids(client, "/claim/R7"))
    assert "row=8" in client.get("/claim/R7", headers=HTML).text
    assert not {"evidence-1", "target-1"} & set(ids(client, "/doc/seed"))
