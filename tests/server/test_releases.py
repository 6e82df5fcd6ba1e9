"""Which release is served: the current one, the next one when it is current, or one for ever."""

from __future__ import annotations

import json

import pytest
from tiny import point, write_release

from kg.errors import ConfigError, ReleaseError
from server.app import create_app, from_environment
from server.engine.inprocess import InProcessEngine
from server.settings import VARIABLE, Settings

OTHER = 'd:mou zel:signedOn "2026-01"^^edtf:EDTF .'


def served(client):
    return client.get("/healthz").get_json()


def dates(client):
    query = "SELECT ?o { ?s <https://w3id.org/zellige/ont#signedOn> ?o }"
    return client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1:]


def test_a_new_release_is_served_from_the_next_request_on(tmp_path):
    write_release(tmp_path, "r1")
    client = create_app(Settings(tmp_path)).test_client()
    assert (served(client), dates(client)) == ({"ok": True, "release": "r1"}, ["2025-09"])
    write_release(tmp_path, "r2", OTHER, current=False)
    assert dates(client) == ["2025-09"]
    point(tmp_path, "r2")
    assert (served(client)["release"], dates(client)) == ("r2", ["2026-01"])


def test_a_fixed_release_stays(tmp_path):
    write_release(tmp_path, "r1")
    write_release(tmp_path, "r2", OTHER)
    client = create_app(Settings(tmp_path, release="r1")).test_client()
    point(tmp_path, "r2")
    assert (served(client)["release"], dates(client)) == ("r1", ["2025-09"])


def test_a_damaged_new_release_leaves_the_old_one_serving(tmp_path, caplog):
    write_release(tmp_path, "r1")
    client = create_app(Settings(tmp_path)).test_client()
    (tmp_path / "r2").mkdir()
    point(tmp_path, "r2")
    assert (served(client)["release"], dates(client)) == ("r1", ["2025-09"])
    assert "r1 is kept" in caplog.text


def test_a_link_that_went_away_leaves_the_old_one_serving(tmp_path):
    write_release(tmp_path, "r1")
    client = create_app(Settings(tmp_path)).test_client()
    (tmp_path / "current").unlink()
    assert served(client)["release"] == "r1"


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"base": "not an iri"}', "\xff"])
def test_a_release_that_cannot_be_opened_is_an_error(tmp_path, manifest):
    folder = write_release(tmp_path)
    (folder / "manifest.json").unlink()
    if manifest is not None:
        (folder / "manifest.json").write_bytes(manifest.encode("latin-1"))
    with pytest.raises(ReleaseError):
        create_app(Settings(tmp_path))


def test_no_release_at_all_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(ReleaseError, match="kg build"):
        create_app(Settings(tmp_path))
    with pytest.raises(ReleaseError, match="no such release"):
        create_app(Settings(tmp_path, release="r9"))


def test_a_release_without_its_store_is_an_error(tmp_path):
    folder = tmp_path / "r1"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    point(tmp_path, "r1")
    with pytest.raises(ReleaseError, match="store"):
        create_app(Settings(tmp_path))


def test_settings_rule_over_the_manifest(tmp_path):
    write_release(tmp_path)
    settings = Settings(tmp_path, base="http://other.example/", title=(("en", "Another name"),))
    client = create_app(settings).test_client()
    assert client.get("/id/lab").status_code == 404
    assert "Another name" in client.get("/", headers={"Accept": "text/html"}).text


def test_settings_come_from_the_environment(tmp_path, monkeypatch):
    write_release(tmp_path)
    monkeypatch.setenv(VARIABLE, Settings(tmp_path, release="r1").to_json())
    assert served(from_environment().test_client())["release"] == "r1"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"releases": 1}', '{"releases": ".", "x": 1}', '{"releases": ".", "title": {"no tag": ""}}'],
)
def test_wrong_settings_are_an_error(text):
    with pytest.raises(ConfigError):
        Settings.from_json(text)


def test_absent_settings_are_an_error():
    with pytest.raises(ConfigError, match=VARIABLE):
        Settings.from_environment({})


class Failing(InProcessEngine):
    """An engine that fails in the middle of every evaluation."""

    def told(self, request, *, timeout: float | None = None):
        super().told(request, timeout=timeout)
        raise self.error

    error: Exception = RuntimeError("the reason that only the log may tell")


def test_what_nobody_foresaw_is_logged_and_not_told(tmp_path, caplog):
    write_release(tmp_path)
    client = create_app(Settings(tmp_path), Failing.open).test_client()
    response = client.get("/sparql?query=ASK%7B%7D")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "only the log" not in response.text
    assert "only the log" in caplog.text
    assert json.loads(response.data)["errors"][0]["code"] == "internal"


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }"])
def test_the_store_accepts_no_update_even_past_the_guard(tmp_path, query):
    folder = write_release(tmp_path)
    before = sorted((path.name, path.stat().st_size) for path in (folder / "store").iterdir())
    client = create_app(Settings(tmp_path)).test_client()
    assert client.get("/sparql", query_string={"query": query}).status_code == 200
    assert sorted((path.name, path.stat().st_size) for path in (folder / "store").iterdir()) == before
