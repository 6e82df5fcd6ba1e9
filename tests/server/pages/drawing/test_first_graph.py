"""The drawings of the first graph: what a reader finds there in three languages, and that each page is small."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
NAMES = ("timeline", "targets", "partners", "sources")
LARGEST = 60_000
"""Bytes of a page before it is packed."""


@pytest.fixture(scope="module")
def client(built: Release) -> FlaskClient:
    return create_app(Settings(built.path.parent, built.path.name)).test_client()


def pages(client: FlaskClient, name: str, language: str) -> Iterator[lxml.html.HtmlElement]:
    """All pages of a drawing, from one to the next."""
    address: str | None = f"/{name}?lang={language}"
    while address:
        answer = client.get(address, headers=HTML)
        assert answer.status_code == 200, answer.text
        assert Page(answer.text).faults == []
        assert len(answer.data) < LARGEST, address
        read = lxml.html.fromstring(answer.text)
        yield read
        address = next(iter(read.xpath("//a[@rel='next']/@href")), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_drawing_is_there_in_each_language(client: FlaskClient, name: str, language: str) -> None:
    found = list(pages(client, name, language))
    for read in found:
        assert len(read.xpath("//tbody/tr")) > 3
        assert read.xpath("//main//*[local-name()='svg']//*[local-name()='title']")
        links = read.xpath("//main//table//a[starts-with(@href, '/claim/')]/@href")
        assert all(client.get(href, headers=HTML).status_code == 200 for href in links[:3])
    assert f"/{name}?lang={language}" in lxml.html.fromstring(
        client.get(f"/?lang={language}", headers=HTML).text
    ).xpath("//a/@href")


def test_what_sources_say_of_one_target_stands_side_by_side(client: FlaskClient) -> None:
    read = next(pages(client, "targets", "en"))
    (economy,) = read.xpath("//section[.//a[contains(@href, '/id/target-economy?')]]")
    told = [" ".join(row[0].text_content().split()) for row in economy.xpath(".//tbody/tr")]
    assert told == [
        "10 billion US dollars", "10.8 billion US dollars", "about 11 billion US dollars", "about 10.8 billion dollars",
        "about 9.3 billion euros", "100 billion Moroccan dirhams",
    ]  # fmt: skip
    assert "2030" in economy.text_content()
    assert len(economy.xpath(".//table")) == 4, "dollars that are not said to be of the United States are their own"


def test_a_memorandum_is_drawn_with_those_who_signed_it(client: FlaskClient) -> None:
    read = next(pages(client, "partners", "ar"))
    names = {"".join(it.itertext()) for it in read.xpath("//*[local-name()='svg']//*[local-name()='text']")}
    assert any("ميسترال" in name for name in names)
    table = read.xpath("//tbody[.//a[contains(@href, '/id/mou-mistral-2025?')]]")[0]
    assert {href.partition("?")[0] for href in table.xpath(".//a/@href")} >= {
        "/id/mistral-ai", "/id/ministry-dtar", "/id/arthur-mensch", "/claim/F084",
    }  # fmt: skip
