"""A table that cannot be sorted in time is shown as it stands in the file; one that can is sorted once for all pages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from kg.errors import DeadlineExceeded
from server.app import create_app
from server.engine.inprocess import InProcessEngine
from server.settings import Settings

TABLE = "https://w3id.org/zellige/table/dams"
HEIGHT = "zel:quantity zel:numericValue"
ROWS = 120
"""More than two pages."""


class Engine(InProcessEngine):
    """Counts the queries over a whole table, and may have no time for them."""

    asked = 0
    late = False

    def evaluate(self, query, dataset, media_type, *, timeout=None):
        if "wasDerivedFrom" in query.text:
            type(self).asked += 1
            if self.late:
                raise DeadlineExceeded("the query took longer than it may")
        return super().evaluate(query, dataset, media_type, timeout=timeout)


def row(number: int) -> str:
    height = (number * 7) % ROWS
    name = f'd:dam{number} zel:name "Barrage {height:03}"@fr , "Dam {ROWS - height:03}"@en'
    return f"""
    c:R{number} {{ {name} ; zel:quantity d:height{number} . d:height{number} zel:numericValue {height} }}
    g:claims {{ <{TABLE}#row={number + 1}> dct:isPartOf <{TABLE}> ;
        <http://www.w3.org/ns/csvw#rownum> {number} .
      c:R{number} a zel:Claim ; dct:identifier 'R{number}' ;
        <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={number + 1}> . }}"""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    table = f"g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Dams' }}"
    write_release(folder, claims=CLAIMS + table + "".join(map(row, range(1, ROWS + 1))))
    return folder


@pytest.fixture
def engine() -> type[Engine]:
    """A class of its own for each test, which counts."""
    return type("Counting", (Engine,), {})


@pytest.fixture
def client(releases: Path, engine: type[Engine]) -> FlaskClient:
    return create_app(Settings(releases), engine.open).test_client()


def shown(client: FlaskClient, **asked: str) -> lxml.html.HtmlElement:
    address = f"/table/dams?{urlencode({'lang': 'en', **asked})}"
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def heights(page: lxml.html.HtmlElement) -> list[int]:
    """The heights of the rows that are shown, by their numbers."""
    return [(int(name.partition("=")[2]) - 1) * 7 % ROWS for name in page.xpath("//tr/@id")]


def test_all_pages_of_an_order_come_of_one_question(client: FlaskClient, engine: type[Engine]) -> None:
    pages = [shown(client, sort=HEIGHT, page=str(number)) for number in range(3)]
    assert [height for page in pages for height in heights(page)] == [*range(ROWS)]
    assert [bool(page.xpath("//a[@rel='next']")) for page in pages] == [True, True, False]
    assert engine.asked == 1
    assert heights(shown(client, sort=f"-{HEIGHT}")) == [*range(ROWS - 1, ROWS - 51, -1)]
    assert heights(shown(client, **{"sort": HEIGHT, f"only.{HEIGHT}": "< 3"})) == [0, 1, 2]
    assert engine.asked == 3


def test_names_are_sorted_by_those_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert heights(shown(client, sort="zel:name", lang="fr"))[:3] == [0, 1, 2]
    assert heights(shown(client, sort="zel:name", lang="en"))[:3] == [119, 118, 117]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "could not be sorted or filtered"), ("fr", "n'a pas pu être trié"), ("ar", "تعذّر فرز")],
)
def test_what_is_not_sorted_in_time_is_shown_as_it_stands_and_says_so(client, engine, language, words):
    engine.late = True
    for asked in ({"sort": HEIGHT}, {"sort": HEIGHT, "page": "2"}, {f"only.{HEIGHT}": "3"}):
        page = shown(client, lang=language, **asked)
        assert page.xpath("//tr/@id") == [f"row={number}" for number in range(2, 51)]
        assert words in " ".join(page.xpath("//p[@role='status']")[0].text_content().split())
        assert not page.xpath("//th[@aria-sort]")
        (data,) = page.xpath("//a[contains(@href, 'format=csv')]/@href")
        assert "sort" not in data
        assert "only" not in data
        assert client.get(data).status_code == 200
    assert not shown(client, lang=language).xpath("//p[@role='status']")


def test_a_program_that_asks_for_sorted_rows_gets_no_others(client, engine):
    engine.late = True
    response = client.get(f"/table/dams?{urlencode({'sort': HEIGHT, 'format': 'csv'})}")
    assert response.status_code == 503
    assert response.json["errors"][0]["code"] == "deadline"


def test_of_the_claims_that_speak_of_a_table_the_first_are_shown_and_said_to_be_the_first(tmp_path: Path) -> None:
    said = " ".join(f"c:S{n} {{ <{TABLE}> dct:description 'said {n}' . }}" for n in range(60))
    claims = " ".join(f"c:S{n} a zel:Claim ; dct:identifier 'S{n}' ." for n in range(60))
    write_release(
        tmp_path, claims=f"{CLAIMS} {said} g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Dams' . {claims} }}"
    )
    page = create_app(Settings(tmp_path)).test_client().get("/table/dams?lang=en", headers={"Accept": "text/html"})
    listed = lxml.html.document_fromstring(page.text).xpath("//section[@class='listed']")[0]
    assert len(listed.xpath(".//a")) == 50
    assert "Only the first 50 are shown." in listed.text_content()
