"""Views over HTTP: what is chosen by parameter, by FROM and by the names of Jena, and what an answer says of it."""

from __future__ import annotations

import csv
import io
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from patience import PATIENCE
from release_samples import BASE, sample_contents
from serving import running
from werkzeug.test import TestResponse

from kg.release import Release, publish
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
UNION, DEFAULT = "urn:x-arq:UnionGraph", "urn:x-arq:DefaultGraph"
EVERY = "SELECT * { ?s ?p ?o }"
MINISTRIES = "SELECT ?x { ?x a <https://w3id.org/zellige/ont#Company> }"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(sample_contents(), tmp_path_factory.mktemp("views") / "releases", {})


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    return create_app(Settings(release.path.parent)).test_client()


def asked(client: FlaskClient, query: str, **parameters: str) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": "text/csv"})


def rows(response: TestResponse) -> int:
    assert response.status_code == 200, response.text
    return len(list(csv.reader(io.StringIO(response.text)))) - 1


@pytest.mark.parametrize("view", ["reviewed", "stated", "everything"])
def test_each_way_of_asking_for_a_view_gives_the_triples_that_the_manifest_counts(
    client: FlaskClient, release: Release, view: str
) -> None:
    number = release.manifest["counts"]["views"][view]
    address = f"{BASE}view/{view}"
    assert rows(asked(client, EVERY, view=view)) == number
    assert rows(asked(client, EVERY, **{"default-graph-uri": address})) == number
    assert rows(asked(client, f"SELECT * FROM <{address}> {{ ?s ?p ?o }}")) == number
    assert rows(asked(client, f"PREFIX v: <{BASE}view/> SELECT * FROM v:{view} WHERE {{ ?s ?p ?o }}")) == number
    assert rows(asked(client, f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}")) == number


@pytest.mark.parametrize(("name", "view"), [(UNION, "everything"), (DEFAULT, "reviewed")])
def test_the_names_of_jena_are_understood(client: FlaskClient, release: Release, name: str, view: str) -> None:
    number = release.manifest["counts"]["views"][view]
    assert rows(asked(client, EVERY, **{"default-graph-uri": name})) == number
    assert rows(asked(client, f"SELECT * FROM <{name}> {{ ?s ?p ?o }}")) == number
    assert rows(asked(client, f"SELECT * {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")) == number
    assert (
        rows(asked(client, EVERY, **{"union-default-graph": ""})) == release.manifest["counts"]["views"]["everything"]
    )


def test_an_answer_says_over_which_view_it_was_given(client: FlaskClient) -> None:
    wider = f'; wider="{BASE}view/stated"; counted=?0'
    assert asked(client, MINISTRIES).headers["Dataset-View"] == f"reviewed{wider}"
    assert asked(client, MINISTRIES, view="everything").headers["Dataset-View"] == "everything"
    chosen = asked(client, MINISTRIES, **{"default-graph-uri": f"{BASE}graph/claims"})
    assert "Dataset-View" not in chosen.headers
    assert "Dataset-View" in chosen.headers["Access-Control-Expose-Headers"]


def test_in_a_view_that_is_named_by_the_request_graphs_are_there_by_their_names(client: FlaskClient) -> None:
    query = "SELECT * { GRAPH ?claim { ?s ?p ?o } ?claim <https://w3id.org/zellige/ont#modality> ?m }"
    assert rows(asked(client, query, view="stated")) > 0
    assert rows(asked(client, query)) < rows(asked(client, query, view="stated"))


@pytest.mark.parametrize(
    ("query", "parameters", "words"),
    [
        (EVERY, {"view": "all"}, "there is no view"),
        (EVERY, {"view": "stated", "default-graph-uri": f"{BASE}graph/claims"}, "names graphs and a view"),
        (f"SELECT * FROM <{BASE}view/stated> FROM <{BASE}graph/claims> {{ ?s ?p ?o }}", {}, "in common with them"),
        (EVERY, {"named-graph-uri": UNION}, "is no named graph"),
        (f"SELECT * {{ ?s ?p ?o GRAPH <{UNION}> {{ ?s ?p ?x }} }}", {}, "beside patterns of the default graph"),
    ],
)
def test_what_nothing_can_answer_rightly_is_refused_by_name(
    client: FlaskClient, query: str, parameters: dict[str, str], words: str
) -> None:
    response = asked(client, query, **parameters)
    assert response.status_code == 400
    assert '"view"' in response.text
    assert words in response.text


def test_the_address_of_a_view_leads_to_its_description(client: FlaskClient) -> None:
    found = client.get("/view/stated")
    assert (found.status_code, found.headers["Location"]) == (303, "/dataset")
    other = client.get("/view/other", headers={"Accept": "application/json"})
    assert (other.status_code, other.json["errors"][0]["message"]) == (404, "the release has no such view")
    turtle = client.get("/dataset", headers={"Accept": "text/turtle"}).text
    assert f"<{BASE}view/stated>" in turtle


@pytest.mark.parametrize(("language", "word"), [("ar", "المذكور"), ("fr", "énoncé"), ("en", "stated")])
def test_the_page_offers_the_views_and_counts_the_wider_one(client: FlaskClient, language: str, word: str) -> None:
    page = client.get("/query", query_string={"query": MINISTRIES, "lang": language}, headers={"Accept": "text/html"})
    assert page.text.count('name="view"') == 3
    number = rows(asked(client, MINISTRIES, view="stated"))
    colon = "\N{NO-BREAK SPACE}: " if language == "fr" else ": "
    assert f"{word}</a>{colon}{number}" in page.text
    wide = client.get("/query", query_string={"query": MINISTRIES, "view": "everything"})
    assert 'value="everything" checked' in wide.text
    assert "view=everything&amp;format=csv" in wide.text


def test_a_server_of_its_own_answers_alike(release: Release, tmp_path: Path) -> None:
    """Lookups and pooled queries take another way than the pages do."""
    with running(release.path.parent, ROOT, tmp_path) as (url, _):
        for query in (MINISTRIES, EVERY):
            for view in ("reviewed", "stated"):
                asked = urllib.parse.urlencode({"query": query, "view": view, "format": "csv"})
                with urllib.request.urlopen(f"{url}/sparql?{asked}", timeout=PATIENCE) as reply:
                    lines = reply.read().decode().splitlines()
                    assert reply.headers["Dataset-View"].startswith(view)
                if query == EVERY:
                    assert len(lines) - 1 == release.manifest["counts"]["views"][view]
