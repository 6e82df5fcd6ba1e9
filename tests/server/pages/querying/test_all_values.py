"""All values of a column are there on request: twenty by twenty, each once, of answers and of the lists of classes."""

from __future__ import annotations

from urllib.parse import urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from server.app import create_app
from server.settings import Settings

FREQUENT = {f"v{number:02}": 1 + (number % 3 == 0) + (number == 44) for number in range(45)}
"""How many rows have each of more values than two pages show."""
ALL = [f"{value} {rows}" for value, rows in sorted(FREQUENT.items(), key=lambda it: (-it[1], it[0]))]
QUERY = f"SELECT ?v {{ VALUES ?v {{ {' '.join(repr(v) for v, rows in FREQUENT.items() for _ in range(rows))} }} }}"
CLASS = "https://w3id.org/zellige/ont#Agreement"
ANSWER = [("query", QUERY), ("facet", "v")]
LIST = [("class", CLASS), ("facet", "zel:reference")]
NEXT = {"en": ("Previous", "Next"), "fr": ("Précédent", "Suite"), "ar": ("السابق", "التالي")}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over agreements, each with a reference."""
    things = " ".join(
        f"d:thing{number} a zel:Agreement ; zel:reference '{value}' ."
        for number, value in enumerate(v for v, rows in FREQUENT.items() for _ in range(rows))
    )
    releases = tmp_path_factory.mktemp("values")
    write_release(releases, claims=f"{CLAIMS} g:entities {{ {things} }}")
    return create_app(Settings(releases)).test_client()


def opened(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def said(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def values(page: lxml.html.HtmlElement) -> list[str]:
    return [said(it) for it in page.xpath("//div[@class='facets']//li")]


def address(page: lxml.html.HtmlElement, words: str, inside: str = "p[@class='others']") -> str:
    """Where a way beside the values leads: a link, or a button of the form that holds the rest."""
    (way,) = [it for it in page.xpath(f"//div[@class='facets']//{inside}/*") if said(it) == words]
    if way.tag == "a":
        return str(way.get("href"))
    (form,) = page.xpath(f"//form[@id='{way.get('form')}']")
    fields = [(it.get("name"), it.get("value")) for it in form.xpath(".//input[@type='hidden']")]
    return f"{form.get('action')}?{urlencode([*fields, (way.get('name'), way.get('value'))])}"


@pytest.mark.parametrize("lang", NEXT)
@pytest.mark.parametrize(("path", "asked"), [("/query", ANSWER), ("/list", LIST)], ids=["answer", "list"])
def test_each_value_is_on_one_page_and_one_can_go_back(
    client: FlaskClient, path: str, asked: list[tuple[str, str]], lang: str
) -> None:
    back, on = NEXT[lang]
    page = opened(client, f"{path}?{urlencode([*asked, ('lang', lang)])}")
    found, seen = values(page), [values(page)]
    while any(said(it) == on for it in page.xpath("//p[@class='others']/*")):
        page = opened(client, address(page, on))
        found += values(page)
        seen.append(values(page))
    assert found == ALL
    assert [len(it) for it in seen] == [20, 20, 5]
    assert values(opened(client, address(page, back))) == seen[1]


@pytest.mark.parametrize("number", ["46", "999999"])
@pytest.mark.parametrize(("path", "asked"), [("/query", ANSWER), ("/list", LIST)], ids=["answer", "list"])
def test_past_the_last_value_the_first_ones_stand(
    client: FlaskClient, path: str, asked: list[tuple[str, str]], number: str
) -> None:
    first, (name, column) = asked
    page = opened(client, f"{path}?{urlencode([first, (f'{name}.{number}', column), ('lang', 'en')])}")
    assert values(page) == ALL[:20]


@pytest.mark.parametrize(("path", "asked"), [("/query", ANSWER), ("/list", LIST)], ids=["answer", "list"])
def test_a_value_of_a_later_page_leads_to_its_rows_and_its_count(
    client: FlaskClient, path: str, asked: list[tuple[str, str]]
) -> None:
    first, (name, column) = asked
    page = opened(client, f"{path}?{urlencode([first, (f'{name}.21', column), ('lang', 'en')])}")
    assert values(opened(client, address(page, ALL[20].split()[0], "li"))) == [ALL[20]]


@pytest.mark.parametrize("part", ["0x", "-1", "1234567", "week", "year.week", "21.year"])
@pytest.mark.parametrize(("path", "asked"), [("/query", ANSWER), ("/list", LIST)], ids=["answer", "list"])
def test_what_is_no_place_among_values_is_refused(
    client: FlaskClient, path: str, asked: list[tuple[str, str]], part: str
) -> None:
    first, (name, column) = asked
    response = client.get(f"{path}?{urlencode([first, (f'{name}.{part}', column), ('lang', 'en')])}")
    assert response.status_code == 400


def test_a_column_is_counted_once_at_the_values_that_were_asked_for_last(client: FlaskClient) -> None:
    given = [("query", QUERY), ("facet", "v"), ("facet.21", "v"), ("lang", "en")]
    assert values(opened(client, f"/query?{urlencode(given)}")) == ALL[20:40]
    given.append(("without", "facet=v"))
    assert values(opened(client, f"/query?{urlencode(given)}")) == []
