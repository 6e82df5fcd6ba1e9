"""The list of a class: filtered and counted by what is said of its things, as a table is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import FACTS, write_release

from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
CLASS = "https://w3id.org/zellige/ont#Lab"
TOWNS = "".join(
    f'd:lab{n} a zel:Lab ; zel:size {n} ; zel:stands d:{"north" if n % 3 else "south"} ; rdfs:label "Lab {n}"@en .\n'
    for n in range(12)
)
PLOTS = 'd:north rdfs:label "the north"@en , "الشمال"@ar .\nd:south rdfs:label "the south"@en .\n'
STANDS, SIZE = "zel:stands", "zel:size"


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder: Path = tmp_path_factory.mktemp("labs")
    write_release(folder, facts=FACTS + TOWNS + PLOTS)
    return create_app(Settings(folder)).test_client()


def listed(client: FlaskClient, **given: str) -> Page:
    return at(client, f"/list?{urlencode({'class': CLASS, 'lang': 'en', **given})}")


def at(client: FlaskClient, address: str) -> Page:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, response.text
    found = Page(response.text)
    assert found.faults == []
    return found


def things(page: Page) -> list[str]:
    return [said for path, _, said in page.texts if path[-3:] == ("li", "a", "bdi") and said.startswith("Lab ")]


def told(page: Page) -> str:
    return " ".join(said for _, _, said in page.texts)


def link(page: Page, **has: str) -> str:
    """The shortest link to the list that has all of these parameters."""
    wanted = set(has.items())
    found = [address for address in page.links() if urlsplit(address).path == "/list" and wanted <= pairs(address)]
    assert found, has
    return min(found, key=len)


def pairs(address: str) -> set[tuple[str, str]]:
    asked: Mapping[str, list[str]] = parse_qs(urlsplit(address).query)
    return {(name, value) for name, values in asked.items() for value in values}


def test_values_are_counted_lead_to_their_things_and_back(labs: FlaskClient) -> None:
    page = listed(labs)
    assert len(things(page)) == 12
    counted = at(labs, link(page, facet=STANDS))
    assert "the north 8" in told(counted)
    assert "the south 4" in told(counted)
    south = next(a for a in counted.links() if "south" in a and "is.zel" in a)
    chosen = at(labs, south)
    assert things(chosen) == ["Lab 0", "Lab 3", "Lab 6", "Lab 9"]
    assert "4 things meet the filters" in told(chosen)
    back = [a for a in chosen.links() if urlsplit(a).path == "/list" and "is.zel" not in a and "facet" in a]
    assert len(things(at(labs, back[0]))) == 12
    assert "الشمال" in told(at(labs, link(counted, facet=STANDS).replace("=en", "=ar")))


def test_filters_hold_together_and_the_query_gives_the_same(labs: FlaskClient) -> None:
    page = at(
        labs, f"/list?{urlencode({'class': CLASS, f'over.{SIZE}': '2', f'only.{STANDS}': 'the north', 'lang': 'en'})}"
    )
    assert things(page) == ["Lab 10", "Lab 11", "Lab 4", "Lab 5", "Lab 7", "Lab 8"]
    queries = [dict(pairs(a)).get("query") for a in page.links() if urlsplit(a).path == "/query"]
    (query,) = [it for it in queries if it]
    answer = labs.get(f"/sparql?{urlencode({'query': query, 'format': 'json'})}")
    rows = json.loads(answer.text)["results"]["bindings"]
    assert [row["row"]["value"].rpartition("/lab")[2] for row in rows] == ["10", "11", "4", "5", "7", "8"]


def test_the_form_keeps_the_class_and_adds_a_filter(labs: FlaskClient) -> None:
    page = listed(labs)
    hidden = [given for tag, given in page.elements if tag == "input" and given.get("type") == "hidden"]
    assert CLASS in {given["value"] for given in hidden if given["name"] == "class"}
    assert things(listed(labs, column=SIZE, test="equals", value="7")) == ["Lab 7"]
    assert "0 things meet the filters" in told(listed(labs, column=SIZE, test="equals", value="70"))


@pytest.mark.parametrize("wrong", [{"facet": "claim zel:modality"}, {"over.zel:size": "many"}, {"facet": "no such"}])
def test_what_no_list_can_do_is_refused(labs: FlaskClient, wrong: dict[str, str]) -> None:
    assert labs.get(f"/list?{urlencode({'class': CLASS, **wrong})}", headers=HTML).status_code == 400
