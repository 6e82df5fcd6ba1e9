"""The pages of a project in two languages, with terms, a scheme and a unit of its own: nothing of the first graph."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg import pipeline
from kg.config import read_config
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[4]
FIRST = re.compile(
    r"morocc|maroc|jazari|mistral|rabat\b|dirham|zellige/(?:id|doc|claim|table|graph)/"
    r"|المغرب|مغربي|الجزري|ميسترال|الرباط|درهم",
    re.IGNORECASE,
)
LANGUAGE = re.compile(r"Arabic \(Morocco\)|arabe \(Maroc\)|العربية \(المغرب\)")
"""The name of a language that pages may be in."""
PAGES = {
    "home": ("/", "goutte-à-goutte", "تنقيط"),
    "entity": ("/id/aghlad", "Palmeraie d'Aghlad", "واحة أغلاد"),
    "claim": ("/claim/J2", "12 000 palmiers", "12 000 palmiers"),
    "contested": ("/id/palms-target", "Palmiers plantés avant 2040", "نخيل يغرس قبل 2040"),
    "vocabulary": ("/ont", "palmeraie", "واحة نخيل"),
    "term": ("/term/irrigation", "Relie une palmeraie", "طريقة الري"),
    "concept": ("/scheme/irrigation/drip", "goutte-à-goutte", "تنقيط"),
    "unit": ("/scheme/unit/palm", "palmier", "نخلة"),
    "targets": ("/targets", "Palmiers plantés avant 2040", "نخيل يغرس قبل 2040"),
}
"""A page of each kind, with words in French and in Arabic that stand on it."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("examples") / "oasis"
    shutil.copytree(ROOT / "examples" / "oasis", folder, ignore=shutil.ignore_patterns("releases"))
    config = read_config(folder, {})
    pipeline.build(config, lambda _: None, is_locked=True)
    return create_app(Settings(config.releases)).test_client()


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_speaks_the_languages_of_the_project(client: FlaskClient, kind: str) -> None:
    path, french, arabic = PAGES[kind]
    for language, words in (("fr", french), ("ar", arabic)):
        response = client.get(f"{path}?lang={language}", headers={"Accept": "text/html"})
        assert response.status_code == 200
        assert Page(response.text).faults == []
        assert FIRST.findall(LANGUAGE.sub("", response.text)) == []
        assert words in lxml.html.document_fromstring(response.text).text_content()


def test_english_pages_fall_back_on_a_language_that_there_is(client: FlaskClient) -> None:
    page = lxml.html.document_fromstring(client.get("/id/aghlad?lang=en", headers={"Accept": "text/html"}).text)
    (heading,) = page.xpath("//h1//bdi")
    assert (heading.text_content(), heading.get("lang")) in {("واحة أغلاد", "ar"), ("Palmeraie d'Aghlad", "fr")}


def test_the_query_page_knows_the_prefix_of_the_project(client: FlaskClient) -> None:
    asked = {"query": "SELECT ?how { ?grove oasis:irrigation ?how }", "lang": "fr"}
    page = client.get("/query", query_string=asked, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "goutte-à-goutte" in lxml.html.document_fromstring(page.text).text_content()


def test_queries_find_nothing_of_the_first_graph(client: FlaskClient) -> None:
    asked = {"query": "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"}
    told = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"}).text
    assert len(told.splitlines()) > 1000
    assert FIRST.findall(told) == []
