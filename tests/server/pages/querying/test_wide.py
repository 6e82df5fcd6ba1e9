"""A wide table by a long query: what stands once on the page, what its cells say, and how large the page is."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
LARGEST = 60_000
"""Bytes of a page before it is packed."""


@pytest.fixture(scope="module")
def first(built: Release) -> FlaskClient:
    """The first graph."""
    return create_app(Settings(built.path.parent)).test_client()


@pytest.fixture(scope="module")
def query(first: FlaskClient) -> str:
    """The query of a table of seventeen columns, as its own page asks it."""
    page = lxml.html.document_fromstring(first.get("/table/ai-readiness?lang=en", headers=HTML).data)
    (address,) = page.xpath("//main//a[@class='open']/@href")
    (found,) = parse_qs(urlsplit(address).query)["query"]
    assert len(found) > 1_500
    return found


def read(client: FlaskClient, *pairs: tuple[str, str], **asked: str) -> lxml.html.HtmlElement:
    answer = client.get(f"/query?{urlencode([*pairs, *asked.items()])}", headers=HTML)
    assert answer.status_code == 200
    assert Page(answer.text).faults == []
    assert len(answer.data) < LARGEST, asked
    return lxml.html.document_fromstring(answer.data)


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def sent(page: lxml.html.HtmlElement, button: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """What a browser sends when a button is pressed: the fields of its form, then its own."""
    fields = page.xpath("//form[@id=$name]//input", name=button.get("form"))
    return [*((it.get("name"), it.get("value")) for it in fields), (button.get("name"), button.get("value"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_wide_table_is_small(first: FlaskClient, query: str, language: str) -> None:
    rows = 0
    for place in range(10):
        page = read(first, query=query, sort="row", page=str(place), lang=language)
        rows += len(page.xpath("//tbody/tr"))
        if not page.xpath(f"//nav[@class='pager']//button[@value='{place + 1}']"):
            break
    assert rows > 40
    for more in ({"facet": "row"}, {"as": "chart"}, {"view": "stated"}):
        read(first, query=query, lang=language, **more)


def test_the_page_leads_to_other_languages_and_not_to_itself(first: FlaskClient, query: str) -> None:
    page = read(first, query=query, sort="row", lang="fr")
    ways = page.xpath("//header/nav[last()]/a")
    assert [(words(it), it.get("aria-current"), it.get("href") is None) for it in ways] == [
        ("العربية", None, False),
        ("Français", "true", True),
        ("English", None, False),
    ]
    for way in ways:
        if way.get("href"):
            asked = dict(parse_qsl(urlsplit(way.get("href")).query))
            assert asked == {"query": query, "sort": "row", "lang": way.get("lang")}
    short = read(first, query="ASK {}", lang="fr").xpath("//header/nav[last()]/a/@href")
    assert len(short) == len(ways)


def test_the_wider_view_is_a_button_that_keeps_the_order(first: FlaskClient, query: str) -> None:
    seen, asked = [], [("query", query), ("sort", "row"), ("lang", "en")]
    for _ in range(3):
        page = read(first, *asked)
        (line,) = page.xpath("//p[@class='view']")
        seen.append(words(line).split()[2])
        buttons = line.xpath(".//button")
        if not buttons:
            break
        asked = sent(page, buttons[0])
        assert ("sort", "row") in asked
    assert seen == ["reviewed", "stated", "everything"]


def test_a_thing_in_a_cell_is_its_name_and_its_link_and_its_iri_on_demand(first: FlaskClient, query: str) -> None:
    page = read(first, query=query, sort="row", lang="en")
    links = page.xpath("//tbody//td//a")
    assert len(links) > 80
    assert {it.get("title") for it in links} == {None}
    assert all(words(it) and it.get("href").startswith("/") for it in links)
    iris = read(first, query=query, sort="row", lang="en", show="iris").xpath("//tbody//td//a")
    shown = Counter(it.get("href").partition("?")[0].partition("#")[0] for it in links)
    assert shown == Counter(it.get("href").partition("?")[0].partition("#")[0] for it in iris)
    assert all(it.get("title").startswith("https://w3id.org/zellige/") for it in iris)
