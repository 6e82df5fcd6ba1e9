"""A table that nobody has prepared is explored: values are counted, filters hold together, and SPARQL says the same."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
TABLE = "https://w3id.org/zellige/table/wells"
HEIGHT, UNIT = "zel:quantity zel:numericValue", "zel:quantity zel:unit"
WELLS = {
    2: ("9.5", "d:metre", "2024-05", "Deep"),
    3: ("40", "d:metre", "2025", "Shallow"),
    4: ("100", "d:foot", "2026-01", ""),
    5: ("7", "d:foot", "", "Deep end"),
}
"""Depth, unit, date and name by row."""


def claims_of(row: int) -> str:
    """Two claims, so that what a row meets is said by different ones."""
    height, unit, date, name = WELLS[row]
    named = f'd:well{row} zel:name "{name}"@en . ' if name else ""
    dated = f'd:well{row} zel:period "{date}" . ' if date else ""
    return f"""
    c:A{row} {{ d:well{row} zel:quantity d:depth{row} . {dated}
      d:depth{row} a zel:Quantity ; zel:numericValue {height} ; zel:unit {unit} . }}
    c:B{row} {{ {named} d:well{row} zel:partnerOf d:lab . }}
    g:claims {{ <{TABLE}#row={row}> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> {row - 1} .
      c:A{row} a zel:Claim ; dct:identifier 'A{row}' ; zel:modality mod:done ;
        <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={row}> .
      c:B{row} a zel:Claim ; dct:identifier 'B{row}' ; zel:modality mod:done ;
        <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={row}> . }}"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a table of four wells."""
    labels = 'g:entities { d:metre rdfs:label "metre"@en , "متر"@ar . d:foot rdfs:label "foot"@en . }'
    table = f"g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Wells' . }}"
    releases = tmp_path_factory.mktemp("wells")
    write_release(releases, claims=f"{CLAIMS}{labels}{table}{''.join(map(claims_of, WELLS))}")
    return create_app(Settings(releases)).test_client()


def shown(client: FlaskClient, *asked: tuple[str, str], lang: str = "en") -> lxml.html.HtmlElement:
    response = client.get(f"/table/wells?{urlencode([*asked, ('lang', lang)])}", headers=HTML)
    assert response.status_code == 200
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def rows(page: lxml.html.HtmlElement) -> list[int]:
    return [int(name.removeprefix("row=")) for name in page.xpath("//tr/@id")]


def test_values_are_counted_and_lead_to_their_rows_in_the_reader_s_words(client: FlaskClient) -> None:
    page = shown(client, ("facet", UNIT), ("facet", "zel:period"), lang="ar")
    units, dates = page.xpath("//div[@class='facets']/section")
    assert [" ".join(it.text_content().split()) for it in units.xpath(".//li")] == ["foot 2", "متر 2"]
    assert len(dates.xpath(".//li")) == 3
    (metres,) = [a for a in units.xpath(".//li/a") if a.text_content().strip() == "متر"]
    again = lxml.html.document_fromstring(client.get(metres.get("href"), headers=HTML).text)
    assert rows(again) == [2, 3]
    left = [" ".join(it.text_content().split()) for it in again.xpath("//div[@class='facets']/section[1]//li")]
    assert left == ["متر 2"]
    assert not again.xpath("//div[@class='facets']/section[1]//li/a")
    (stop,) = again.xpath("//div[@class='facets']/section[1]/h3/a/@href")
    assert "facet=zel%3Aquantity" not in stop


@pytest.mark.parametrize(
    ("column", "test", "value", "found"),
    [
        (HEIGHT, "over", "9", [2, 3, 4]),
        (HEIGHT, "under", "9.5", [5]),
        (HEIGHT, "equals", "40.0", [3]),
        ("zel:period", "over", "2024", [3, 4]),
        ("zel:period", "under", "2025-06", [2, 3]),
        ("zel:name", "equals", "deep", [2]),
        ("zel:name", "only", "deep", [2, 5]),
        ("zel:name", "empty", "", [4]),
        ("zel:name", "filled", "", [2, 3, 5]),
        (UNIT, "equals", "METRE", [2, 3]),
        ("", "over", "9", [2, 3, 4, 5]),
    ],
)
def test_the_form_adds_a_filter(client: FlaskClient, column: str, test: str, value: str, found: list[int]) -> None:
    asked = [("column", column), ("test", test), ("value", value)]
    assert rows(shown(client, *asked)) == found


def test_filters_hold_together_for_a_row_and_are_taken_away_one_by_one(client: FlaskClient) -> None:
    page = shown(client, (f"over.{HEIGHT}", "8"), ("only.zel:name", "deep"), ("column", UNIT), ("test", "filled"))
    assert rows(page) == [2]
    chips = page.xpath("//ul[@class='chips']/li")
    assert len(chips) == 3
    assert "1 row meets the filters" in page.text_content()
    (without,) = chips[0].xpath("./a/@href")
    assert rows(lxml.html.document_fromstring(client.get(without, headers=HTML).text)) == [2, 5]
    # The form keeps what holds.
    fields = {it.get("name"): it.get("value") for it in page.xpath("//form//input[@type='hidden']")}
    assert fields.items() >= {f"over.{HEIGHT}": "8", "only.zel:name": "deep"}.items()


def test_the_query_of_what_is_shown_gives_the_same_rows_in_the_same_order(client: FlaskClient) -> None:
    page = shown(client, (f"over.{HEIGHT}", "8"), ("only.zel:partnerOf", "lab"), ("sort", f"-{HEIGHT}"))
    (link,) = page.xpath("//a[@class='open' and contains(@href, 'isPartOf')]/@href")
    (query,) = parse_qs(urlsplit(link).query)["query"]
    answer = json.loads(client.get(f"/sparql?{urlencode({'query': query, 'format': 'json'})}").text)
    given = [row["row"]["value"].rpartition("=")[2] for row in answer["results"]["bindings"] if len(row) > 5]
    assert [int(place) for place in dict.fromkeys(given)] == rows(page) == [4, 3, 2]
    # The rows are chosen in a group that ends before the cells: else each cell of each row would meet the filters.
    chosen = query.partition("WHERE {")[2].partition("OPTIONAL")[0]
    assert "FILTER" in chosen
    assert chosen.count("{") == chosen.count("}")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([(f"over.{HEIGHT}", "many")], "many is neither a number nor a date"),
        ([("is.zel:name", '"x" } DROP ALL')], "is no value as N-Triples writes it"),
        ([("column", HEIGHT), ("test", "worse"), ("value", "1")], "worse is no condition of a filter"),
        ([("facet", "nonsense")], "nonsense is no column of a table"),
        ([("facet", f"zel:p{n}") for n in range(5)], "4 columns are counted at once"),
        ([("facet.week", "zel:period")], "week is no part of a date: year, month or day"),
    ],
)
def test_what_no_filter_can_be_is_told(client: FlaskClient, asked: list[tuple[str, str]], told: str) -> None:
    response = client.get(f"/table/wells?{urlencode(asked)}", headers=HTML)
    assert response.status_code == 400
    assert told in lxml.html.document_fromstring(response.text).text_content()
