"""The context of JSON-LD: where it is, that a version of it stays what it was, and what is written with it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import BASE, PREFIXES, point, write_release

from kg.paths import data_dir
from kg.release import Release
from server.app import create_app
from server.http.jsonld import version_of
from server.pages import statements
from server.settings import Settings

OWN = json.dumps({"@context": {"zel": f"{BASE}ont#", "said": {"@id": "zel:gloss", "@container": "@language"}}}).encode()
JSON_LD = {"Accept": "application/ld+json"}


def context_of(client: FlaskClient, path: str = "/claim/F1", **environ: str) -> str:
    address = client.get(path, headers=JSON_LD, environ_overrides=environ).get_json(force=True)["@context"]
    assert isinstance(address, str)
    return address


def test_the_context_of_a_release_is_served_newest_and_by_version(built: Release, root: Path) -> None:
    client = create_app(Settings(built.path.parent)).test_client()
    content = (built.path / "context.jsonld").read_bytes()
    newest = client.get("/context.jsonld")
    assert (newest.status_code, newest.mimetype, newest.data) == (200, "application/ld+json", content)
    assert newest.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/context.jsonld", headers={"If-None-Match": newest.headers["ETag"]})
    assert again.status_code == 304
    address = context_of(client, "/claim/F014")
    assert address == f"http://localhost/context/{version_of(content)}.jsonld"
    version = client.get(urlsplit(address).path)
    assert (version.status_code, version.mimetype, version.data) == (200, "application/ld+json", content)
    assert version.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert version.headers["Access-Control-Allow-Origin"] == "*"
    same = client.get(urlsplit(address).path, headers={"If-None-Match": version.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.parametrize("version", ["0", "0" * 16, "..", "%2e%2e%2fx", "a/b", "*", "%00", "context"])
def test_a_version_that_there_is_not(client: FlaskClient, version: str) -> None:
    answer = client.get(f"/context/{version}.jsonld")
    assert (answer.status_code, answer.get_json(force=True)["errors"][0]["code"]) == (404, "not-found")


def test_documents_name_the_context_where_the_server_is_reached(client: FlaskClient, releases: Path) -> None:
    name = f"context/{version_of((data_dir('ontology') / 'core' / 'context.jsonld').read_bytes())}.jsonld"
    assert context_of(client, HTTP_HOST="127.0.0.1:8000") == f"http://127.0.0.1:8000/{name}"
    assert context_of(client, HTTP_HOST="evil.example") == f"{BASE}{name}"
    public = create_app(Settings(releases, public_url="https://data.example")).test_client()
    assert context_of(public) == f"https://data.example/{name}"


def test_a_document_is_read_later_with_the_context_that_it_was_written_with(tmp_path: Path) -> None:
    (write_release(tmp_path, "r1") / "context.jsonld").write_bytes(OWN)
    client = create_app(Settings(tmp_path)).test_client()
    before = client.get("/claim/F1", headers=JSON_LD).get_json(force=True)
    assert {"en": "A memorandum was signed in September 2025."} in [node.get("said") for node in before["@graph"]]
    write_release(tmp_path, "r2", current=False)
    point(tmp_path, "r2")
    after = client.get("/claim/F1", headers=JSON_LD).get_json(force=True)
    assert after["@context"] != before["@context"]
    assert {"en": "A memorandum was signed in September 2025."} in [node.get("gloss") for node in after["@graph"]]
    for document in (before, after):
        assert client.get(urlsplit(document["@context"]).path).status_code == 200
    assert client.get(urlsplit(before["@context"]).path).data == OWN


def test_a_context_that_is_not_understood_leaves_the_document_expanded(tmp_path: Path) -> None:
    (write_release(tmp_path) / "context.jsonld").write_bytes(b'{"@context": {"@vocab": "http://e.org/"}}')
    client = create_app(Settings(tmp_path)).test_client()
    found = client.get("/claim/F1", headers=JSON_LD).get_json(force=True)
    assert isinstance(found, list)
    assert f"{BASE}ont#gloss" in found[0] or any(f"{BASE}ont#gloss" in node for node in found)


def test_the_thing_asked_for_comes_first(client: FlaskClient) -> None:
    for path in ("/claim/F1", "/id/lab", "/doc/seed"):
        graph = client.get(path, headers=JSON_LD).get_json(force=True)["@graph"]
        assert graph[0]["@id"] == BASE + path[1:]


def test_what_has_no_place_of_its_own_on_a_page_is_shown_all_the_same(tmp_path: Path) -> None:
    more = f"""
      g:claims {{ <{BASE}claim/F1#evidence-1> rdfs:comment "Read twice"@en .
        c:F1 <urn:own> "something own" ; zel:supportedBy "no node" . <{BASE}claim/F1#quote-1> <urn:seen> <urn:by> . }}
    """
    from tiny import CLAIMS

    write_release(tmp_path, claims=f"{CLAIMS}{more}")
    client = create_app(Settings(tmp_path)).test_client()
    page = client.get("/claim/F1?lang=en", headers={"Accept": "text/html"}).text
    assert Page(page).faults == []
    for said in ("Read twice", "something own", "no node", "urn:seen", "urn:by"):
        assert said in page
        assert said in client.get("/claim/F1?format=nquads").text
    assert "@prefix" in PREFIXES


def test_a_description_that_is_too_large_is_refused_with_a_way_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "LARGEST", 5)
    refused = client.get("/id/lab?format=nquads")
    problem = refused.get_json(force=True)["errors"][0]
    assert (refused.status_code, problem["code"]) == (503, "answer-too-large")
    assert "/sparql" in problem["hint"]
