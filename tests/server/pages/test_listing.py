"""Classes and their things: those of the default graph, of the register, and of rows of tables."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
import small_tables
from markup import Page
from tiny import CLAIMS, FACTS, write_release

from kg import pipeline
from kg.config import read_config
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
DAMS = "/list?class=https%3A%2F%2Fschema.org%2FLandmarksOrHistoricalBuildings"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A client of a project of two hundred rows and no claims file."""
    folder = tmp_path_factory.mktemp("rows")
    table = small_tables.DAMS.splitlines()[0] + "\n"
    table += "".join(f"K{n},سد {n},Barrage {n},{n + 1},note,\n" for n in range(200))
    small_tables.make(folder, table=table)
    shutil.rmtree(folder / "data" / "claims")
    config = dataclasses.replace(read_config(folder, {}), releases_dir=folder / "releases")
    release = pipeline.build(config, lambda _: None)
    return create_app(Settings(release.path.parent)).test_client()


def test_things_of_rows_are_listed_with_their_names(rows):
    home = rows.get("/?lang=fr", headers=HTML)
    assert f'<a href="{DAMS}&amp;lang=fr">200</a>' in home.text
    shown = []
    for place, number in enumerate((150, 50)):
        page = Page(rows.get(f"{DAMS}&lang=fr&page={place}", headers=HTML).text)
        listed = [text for path, _, text in page.texts if "li" in path]
        assert len(listed) == number
        shown += listed
    assert set(shown) == {f"Barrage {n}" for n in range(200)}


def test_the_vocabulary_of_a_project_with_a_base_of_its_own_is_found_here(rows):
    home = Page(rows.get("/?lang=en", headers=HTML).text)
    assert "/term/Quantity?lang=en" in home.links()
    assert "Number with its unit" in rows.get("/term/Quantity?lang=en", headers=HTML).text
    page = Page(rows.get("/ont?lang=en", headers=HTML).text)
    assert "Quantity" in {given.get("id") for tag, given in page.elements if tag == "li"}


def test_a_foreign_thing_of_a_project_has_a_page_with_the_claims_that_mention_it(tmp_path):
    foreign = '<http://example.org/x#y> rdfs:label "A foreigner"@en ; zel:party d:lab .\n'
    claims = CLAIMS.replace(
        "c:F2 { d:lab zel:namedAfter d:jazari . }", "c:F2 { d:lab zel:namedAfter <http://example.org/x#y> }"
    )
    assert claims != CLAIMS
    write_release(tmp_path, facts=FACTS + foreign, claims=claims)
    client = create_app(Settings(tmp_path)).test_client()
    assert "/resource?iri=http%3A%2F%2Fexample.org%2Fx%23y" in client.get("/id/lab", headers=HTML).text
    page = client.get("/resource?iri=http://example.org/x%23y&lang=en", headers=HTML)
    text = " ".join(text for _, _, text in Page(page.text).texts)
    assert "A foreigner" in text
    assert "said in F2" in " ".join(text.split())
    data = client.get("/resource?iri=http://example.org/x%23y", headers={"Accept": "text/turtle"})
    assert "A foreigner" in data.text


def test_the_things_of_a_class_are_as_many_as_the_home_page_says(client):
    page = Page(client.get("/?lang=en", headers=HTML).text)
    lists = {given["href"]: text for path, given, text in page.texts if path[-1] == "a" and text.isdecimal()}
    assert len(lists) == 3
    for address, number in lists.items():
        members = Page(client.get(address, headers=HTML).text)
        assert len([text for path, _, text in members.texts if "li" in path]) == int(number), address
