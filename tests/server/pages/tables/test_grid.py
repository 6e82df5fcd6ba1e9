"""A table as a grid: its columns, sorted and filtered by links and a form, its rows, and the same as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
TABLE = "https://w3id.org/zellige/table/dams"
HOSTILE = '\u202e<script>alert(1)</script>,"x" =1+1'
HEIGHTS = {1: "9.5", 2: "100", 3: "40", 4: "7"}
UNIT = "zel:quantity zel:unit"
HEIGHT = "zel:quantity zel:numericValue"


def made_of(number: int, height: str) -> str:
    """The claim of a row: the dam, its river, and a height as a value without a name."""
    name = HOSTILE.replace("\\", "\\\\").replace('"', '\\"') if number == 4 else f"Dam {number}"
    river = "d:ministry" if number % 2 else "d:lab"
    return f"""
    c:R{number} {{ d:dam{number} zel:name "{name}"@en ; zel:partnerOf {river} ; zel:quantity d:height{number} .
      d:height{number} a zel:Quantity ; zel:numericValue {height} ; zel:unit d:metre . }}"""


def register(number: int, row: int) -> str:
    return f"""
    <{TABLE}#row={row}> dct:isPartOf <{TABLE}> ; <http://www.w3.org/ns/csvw#rownum> {row - 1} .
    c:R{number} a zel:Claim ; dct:identifier 'R{number}' ; zel:modality mod:done ;
      <http://www.w3.org/ns/prov#wasDerivedFrom> <{TABLE}#row={row}> ."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a table of five rows, of which two made one claim with two heights."""
    rows = "".join(register(number, number + 1) for number in HEIGHTS) + register(4, 6)
    second = "c:R4 { d:dam4 zel:quantity d:depth4 . d:depth4 zel:numericValue 3 . }"
    claims = "".join(made_of(number, height) for number, height in HEIGHTS.items())
    label = 'g:entities { d:metre rdfs:label "metre"@en , "mètre"@fr , "متر"@ar . }'
    table = f"<{TABLE}> a zel:Table ; dct:title 'Dams' . <{TABLE}-none> a zel:Table ; dct:title 'None' ."
    releases = tmp_path_factory.mktemp("grid")
    write_release(releases, claims=f"{CLAIMS}{claims}{second}{label}\ng:claims {{ {table} {rows} }}")
    return create_app(Settings(releases)).test_client()


def grid(client: FlaskClient, **asked: str) -> tuple[list[str], list[list[str]]]:
    """The heads of the grid, and the texts of its rows; a cell over several rows stands in the first."""
    response = client.get(f"/table/dams?{urlencode({'lang': 'en', **asked})}", headers=HTML)
    assert response.status_code == 200
    assert Page(response.text).faults == []
    found = lxml.html.document_fromstring(response.text)
    heads = [" ".join(one.text_content().split()) for one in found.xpath("//table[@class='grid']//thead//th")]
    lines = found.xpath("//table[@class='grid']//tbody/tr")
    return heads, [[" ".join(cell.itertext()).strip() for cell in line] for line in lines]


def places(client: FlaskClient, **asked: str) -> list[str]:
    return [line[0] for line in grid(client, **asked)[1]]


def test_a_table_is_a_grid_of_what_was_made_of_its_rows(client: FlaskClient) -> None:
    heads, lines = grid(client)
    assert heads[:2] == ["Row", "Claims"]
    columns = {
        "zel:quantity · zel:numericValue",
        "zel:quantity · zel:unit",
        "zel:name",
        "zel:partnerOf",
        "zel:modality",
    }
    assert columns == set(heads[2:])
    first = dict(zip(heads, lines[0], strict=True))
    assert first["Row"] == "row=2"
    assert first["Claims"] == "R1"
    assert first["zel:quantity · zel:numericValue"] == "9.5"
    assert first["zel:quantity · zel:unit"] == "metre"
    assert first["zel:partnerOf"] == "Ministry of Digital Transition"
    assert first["zel:modality"] == "done"


def test_rows_of_one_claim_share_its_cells_and_a_dash_keeps_the_place_of_a_value(client: FlaskClient) -> None:
    heads, lines = grid(client)
    fourth = dict(zip(heads, lines[3], strict=True))
    assert [line[0] for line in lines[3:]] == ["row=5", "row=6"]
    assert len(lines[4]) == 1
    assert fourth["zel:quantity · zel:numericValue"].split() == ["3", "7"]
    assert fourth["zel:quantity · zel:unit"].split() == ["–", "metre"]


@pytest.mark.parametrize(
    ("sort", "order"), [(HEIGHT, ["5", "6", "2", "4", "3"]), (f"-{HEIGHT}", ["3", "4", "2", "5", "6"])]
)
def test_numbers_are_sorted_as_numbers(client: FlaskClient, sort: str, order: list[str]) -> None:
    assert places(client, sort=sort) == [f"row={n}" for n in order]


def test_things_are_sorted_by_what_they_are_called_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert places(client, sort="zel:partnerOf") == [f"row={n}" for n in (3, 5, 6, 2, 4)]
    assert places(client, sort="zel:partnerOf", lang="ar") == [f"row={n}" for n in (3, 5, 6, 2, 4)]


def test_the_links_of_the_heads_sort_and_turn_round(client: FlaskClient) -> None:
    response = client.get("/table/dams?lang=fr", headers=HTML)
    links = [link for link in Page(response.text).links() if "sort=" in link and "numericValue" in link]
    assert len(links) == 1
    again = client.get(links[0], headers=HTML)
    found = lxml.html.document_fromstring(again.text)
    (head,) = found.xpath("//th[@aria-sort='ascending']")
    (turned,) = head.xpath(".//a/@href")
    assert found.xpath("//html/@lang") == ["fr"]
    assert found.xpath("//tr/@id") == [f"row={n}" for n in (5, 6, 2, 4, 3)]
    back = lxml.html.document_fromstring(client.get(turned, headers=HTML).text)
    assert back.xpath("//th[@aria-sort='descending']//a/@href")
    assert back.xpath("//tr/@id") == [f"row={n}" for n in (3, 4, 2, 5, 6)]


@pytest.mark.parametrize(
    ("column", "words", "rows"),
    [
        ("zel:name", "dam 2", [3]),
        ("zel:partnerOf", "transition", [2, 4]),
        ("zel:partnerOf", "وزارة", [2, 4]),
        (UNIT, "METRE", [2, 3, 4, 5, 6]),
        (HEIGHT, ">= 40", [3, 4]),
        (HEIGHT, "< 5", [5, 6]),
        ("claim zel:modality", "done", [2, 3, 4, 5, 6]),
        ("zel:name", '<script>alert(1)</script>,"x"', [5, 6]),
        ("zel:name", "nothing like it", []),
        ("zel:name", '" } } DROP ALL #', []),
    ],
)
def test_a_filter_keeps_the_rows_with_these_words(
    client: FlaskClient, column: str, words: str, rows: list[int]
) -> None:
    found = client.get(f"/table/dams?{urlencode({'lang': 'en', f'only.{column}': words})}", headers=HTML)
    assert found.status_code == 200
    tree = lxml.html.document_fromstring(found.text)
    assert tree.xpath("//tr/@id") == [f"row={n}" for n in rows]
    assert tree.xpath("//details/@open") == [""]
    assert words in tree.xpath("//input[starts-with(@name, 'only.')]/@value")
    assert rows or "Nothing here." in found.text


def test_filters_and_order_go_together_as_the_form_sends_them(client: FlaskClient) -> None:
    asked = {f"only.{HEIGHT}": ">= 9", "only.zel:name": "", "sort": HEIGHT, "order": "desc"}
    assert places(client, **asked) == ["row=3", "row=4", "row=2"]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"sort": "a b c"}, "a b c is no column of a table"),
        ({"sort": "nonsense"}, "nonsense is no column of a table"),
        ({"only.x": "y"}, "x is no column of a table"),
        ({"row": "x"}, "row=x: a number from 0 to 10000000 is expected here"),
        ({"page": "-1"}, "page=-1: a number from 0 to 10000000 is expected here"),
    ],
)
def test_a_parameter_that_means_nothing_is_told(client: FlaskClient, bad: dict[str, str], told: str) -> None:
    for form in ("html", "csv"):
        response = client.get(f"/table/dams?{urlencode({**bad, 'format': form})}", headers=HTML)
        assert response.status_code == 400
        assert Page(response.text).faults == []
        assert told in lxml.html.document_fromstring(response.text).text_content()


def test_a_row_has_a_page_with_its_statements(client: FlaskClient) -> None:
    response = client.get("/table/dams?row=3&lang=en", headers=HTML)
    assert Page(response.text).faults == []
    found = lxml.html.document_fromstring(response.text)
    assert found.xpath("//tr/@id") == ["row=3"]
    says = " ".join(found.xpath("//table[contains(@class, 'says')]")[0].text_content().split())
    assert "Dam 2" in says
    assert found.xpath("//a[@rel='next']/@href") == ["/table/dams?row=4&lang=en"]
    assert found.xpath("//a[@rel='prev']/@href") == ["/table/dams?row=2&lang=en"]


def test_words_of_an_attacker_stay_words(client: FlaskClient) -> None:
    for address in ("/table/dams?lang=ar", "/table/dams?row=5&lang=ar"):
        response = client.get(address, headers=HTML)
        assert Page(response.text).faults == []
        assert "<script>alert" not in response.text
        shown = HOSTILE.replace("\u202e", "[U+202E]")
        assert shown in lxml.html.document_fromstring(response.text).text_content()


@pytest.mark.parametrize(
    ("language", "head", "unit"), [("en", "Row", "metre"), ("fr", "Ligne", "mètre"), ("ar", "السطر", "متر")]
)
def test_what_is_shown_is_given_as_csv(client: FlaskClient, language: str, head: str, unit: str) -> None:
    asked = {"lang": language, f"only.{HEIGHT}": ">= 40", "sort": HEIGHT}
    shown = client.get(f"/table/dams?{urlencode(asked)}", headers=HTML)
    (link,) = [link for link in Page(shown.text).links() if "format=csv" in link]
    response = client.get(link)
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(StringIO(response.text)))
    assert [row[head] for row in rows] == ["row=4", "row=3"]
    assert [row["zel:quantity · zel:unit"] for row in rows] == [unit, unit]


def test_values_of_csv_are_not_altered(client: FlaskClient) -> None:
    rows = list(csv.DictReader(StringIO(client.get("/table/dams?format=csv&lang=en").text)))
    assert rows[-1]["zel:name"] == HOSTILE
    assert rows[-1]["Row"] == "row=5 row=6"
    assert rows[-1]["zel:quantity · zel:unit"] == " | metre"


def test_a_table_without_rows_and_one_that_there_is_not(client: FlaskClient) -> None:
    assert "Nothing here." in client.get("/table/dams-none?lang=en", headers=HTML).text
    absent = client.get("/table/none?format=csv")
    assert absent.status_code == 404
    assert absent.json["detail"] == "https://w3id.org/zellige/table/none: this release says nothing of it"


def test_a_cell_stands_below_its_column_in_the_language_of_its_page_whatever_was_shown_before(tmp_path: Path) -> None:
    second = "c:R2 { d:dam2 zel:name 'Dam 2'@en ; zel:quantity d:height2 . d:height2 zel:numericValue 3 . }"
    label = 'g:entities { d:metre rdfs:label "metre"@en , "mètre"@fr , "متر"@ar . }'
    table = f"g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Dams' . {register(1, 2)} {register(2, 3)} }}"
    write_release(tmp_path, claims=f"{CLAIMS}{made_of(1, '9.5')}{second}{label}{table}")
    client = create_app(Settings(tmp_path)).test_client()
    shown = (("en", "metre", "9.5"), ("fr", "mètre", "9,5"), ("ar", "متر", "9,5"), ("en", "metre", "9.5"))
    for language, metre, height in shown:
        orders = set()
        # Of the first row alone each column is as full as the others, so that they stand in another order.
        for asked in ({}, {"row": "2"}):
            heads, (first, *_) = grid(client, lang=language, **asked)
            orders.add(tuple(heads))
            told = dict(zip(heads, first, strict=True))
            assert (told["zel:quantity · zel:unit"], told["zel:quantity · zel:numericValue"]) == (metre, height)
        assert len(orders) == 2


def test_of_rows_that_made_one_claim_a_page_shows_those_that_it_was_asked_for(client: FlaskClient) -> None:
    assert places(client)[-2:] == ["row=5", "row=6"]
    assert (places(client, row="6"), places(client, row="5")) == (["row=6"], ["row=5"])


def test_the_page_of_a_row_with_hundreds_of_columns_has_all_that_its_claim_says(tmp_path: Path) -> None:
    said = " ".join(f"<https://example.org/year/{year}> 'v{year}' ;" for year in range(1700, 1950))
    table = f"g:claims {{ <{TABLE}> a zel:Table ; dct:title 'Dams' . {register(1, 2)} }}"
    write_release(tmp_path, claims=f"{CLAIMS} c:R1 {{ d:dam1 {said} zel:name 'Dam 1' . }} {table}")
    client = create_app(Settings(tmp_path)).test_client()
    for _ in range(2):
        statements = client.get("/table/dams?row=2&lang=en", headers=HTML).text.partition("</table>")[2]
        assert all(f">v{year}<" in statements for year in range(1700, 1950))
