"""What a reader meets who knows nothing of RDF: no dead end, no datatype beside a number, no sign twice."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
BASE = "https://w3id.org/zellige/"


@pytest.fixture(scope="module")
def first(built: Release) -> FlaskClient:
    """The first graph."""
    return create_app(Settings(built.path.parent)).test_client()


def read(client: FlaskClient, path: str, language: str = "en", status: int = 200) -> lxml.html.HtmlElement:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=HTML)
    assert answer.status_code == status, path
    assert Page(answer.text).faults == []
    return lxml.html.document_fromstring(answer.data)


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


NOWHERE = {
    "ar": ("لا يقول هذا الإصدار شيئا عن {iri}.", "ابحث عن mistral ai", "إلى الصفحة الرئيسية"),
    "fr": ("Cette version ne dit rien de {iri}.", "Chercher mistral ai", "Vers la page d'accueil"),
    "en": ("This release says nothing of {iri}.", "Search for mistral ai", "To the home page"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_a_reader_is_told_so_in_the_own_language_and_goes_on(
    first: FlaskClient, language: str
) -> None:
    told, search, home = NOWHERE[language]
    main = read(first, "/id/mistral_ai", language, 404).xpath("//main")[0]
    assert told.format(iri=f"{BASE}id/mistral_ai") in words(main)
    assert "this release" not in words(main)
    ways = main.xpath(".//ul/li[a]")
    assert [words(way) for way in ways] == [search, home]
    found = read(first, ways[0].xpath("a/@href")[0].removesuffix(f"&lang={language}"), language)
    assert found.xpath("//input[@id='q']/@value") == ["mistral ai"]
    assert found.xpath(f"//ol[@class='results']//a[@href='/id/mistral-ai?lang={language}']")
    assert ways[1].xpath("a/@href") == [f"/?lang={language}"]


@pytest.mark.parametrize(
    ("path", "words_of_it"),
    [
        ("/nothing/here%20at-all", ["here at all"]),
        ("/claim/", ["claim"]),
        ("/id/---", []),
        ("/id/" + "x" * 90, []),
        ("/id/%D9%88%D8%B2%D8%A7%D8%B1%D8%A9", ["وزارة"]),
        ("/id/%3Cb%3E%22%26", ["b"]),
        ("/doc/none?page=2", ["none"]),
        ("/list?class=https://w3id.org/nowhere%23Thing+x", ["Thing x"]),
        ("/ont/Ministri", ["Ministri"]),
    ],
)
def test_the_end_of_an_address_is_what_can_be_looked_for(first: FlaskClient, path: str, words_of_it: list[str]) -> None:
    page = read(first, path, status=404)
    links = [link for link in page.xpath("//main//a") if link.get("href").startswith("/search")]
    assert [words(link) for link in links] == words_of_it
    assert [link.get("href") for link in links] == [f"/search?q={quote(it)}&lang=en" for it in words_of_it]


def test_a_program_is_told_the_same_as_before(first: FlaskClient) -> None:
    told = first.get("/id/none", headers={"Accept": "application/json"}).get_json()
    assert told["detail"] == f"{BASE}id/none: this release says nothing of it"
    (error,) = told["errors"]
    assert (error["code"], error["message"]) == ("not-found", "this release says nothing of it")
    assert error["where"] == {"iri": f"{BASE}id/none"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12", "12"),
        ("1.5", "1.5"),
        ('"2030"^^<http://id.loc.gov/datatypes/edtf/EDTF>', "2030"),
        ("true", "yes"),
        ("20000", "20,000"),
        # What nobody reads as a number or a date says what it is.
        ('"a dozen"^^<http://www.w3.org/2001/XMLSchema#integer>', "a dozen xsd:integer"),
        ('"2030/.."^^<http://id.loc.gov/datatypes/edtf/EDTF>', None),
        ('"x"^^<urn:mine>', "x urn:mine"),
        ('"12"@en', "12 en"),
        ('"<b>"', "<b>"),
    ],
)
def test_numbers_and_dates_stand_without_their_datatypes(first: FlaskClient, value: str, shown: str | None) -> None:
    page = read(first, f"/query?{urlencode({'query': f'SELECT ?x {{ VALUES ?x {{ {value} }} }}'})}")
    (cell,) = page.xpath("//div[contains(@class, 'answers')]//td")
    assert shown is None or words(cell) == shown
    if shown in {"12", "1.5", "2030", "20,000"}:
        assert cell.xpath("data/@title")[0] in {"xsd:integer", "xsd:decimal", "edtf:EDTF"}


def test_texts_of_several_languages_stand_below_each_other(first: FlaskClient) -> None:
    (glosses,) = read(first, "/claim/X10", "ar").xpath("//dt[@title=$p]/following-sibling::dd[1]", p=f"{BASE}ont#gloss")
    assert [sorted(it.xpath("bdi/@lang")) for it in glosses.xpath("div")] == [["en"], ["fr"], ["ar"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_has_one_stop_behind_a_sentence(first: FlaskClient, language: str) -> None:
    said = words(read(first, "/claim/X10", language).xpath("//section[@class='citing']/p")[0])
    assert ".." not in said.replace("…", "")
    assert "2030. " in said
    thing = words(read(first, "/id/target-economy", language).xpath("//section[@class='citing']/p")[0])
    assert ".." not in thing
    assert {"ar": "الوطني. ", "fr": "(cible). ", "en": "(target). "}[language] in thing


@pytest.mark.parametrize(
    ("language", "date"), [("ar", "شتنبر 2025"), ("fr", "septembre 2025"), ("en", "September 2025")]
)
def test_the_cards_of_the_home_page_say_dates_in_words(first: FlaskClient, language: str, date: str) -> None:
    cards = words(read(first, "/", language).xpath("//div[@class='cards']")[0])
    assert date in cards
    assert "2025-09" not in cards


@pytest.mark.parametrize(
    ("language", "size", "number"), [("ar", "كيلوبايت", "21."), ("fr", "ko", "21\u202f"), ("en", "kB", "21,")]
)
def test_sizes_and_figures_are_written_as_the_reader_writes_them(
    first: FlaskClient, language: str, size: str, number: str
) -> None:
    page = read(first, "/dataset", language)
    assert any(words(it).endswith(size) for it in page.xpath("//main//li[a[contains(@href, 'graph.nq.gz')]]"))
    assert [it for it in page.xpath("//main//table//td/text()") if it.startswith(number)]
    tables = [words(it) for it in page.xpath("//main//a[contains(@href, '/download/statements')]")]
    assert len(set(tables)) == len(tables)


def test_a_search_without_results_says_how_to_search_and_where_all_is(first: FlaskClient) -> None:
    page = read(first, "/search?q=zzzqqq", "fr")
    assert "Rien n'a été trouvé." in words(page.xpath("//main")[0])
    assert "mot* admet toute fin" in words(page.xpath("//main")[0])
    assert page.xpath("//main//a[@href='/classes?lang=fr']")


@pytest.mark.parametrize(
    ("language", "date"), [("ar", "شتنبر 2025"), ("fr", "septembre 2025"), ("en", "September 2025")]
)
def test_documents_of_one_title_are_told_apart_in_a_search(first: FlaskClient, language: str, date: str) -> None:
    page = read(first, "/search?q=mistral", language)
    found = [words(it) for it in page.xpath("//ol[@class='results']/li/h2")]
    reports = [it for it in found if it.startswith("Report on the memorandum with Mistral AI")]
    assert len(reports) > 1
    assert len(set(reports)) == len(reports)
    assert any(date in it for it in reports)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_identifier_beside_a_name_stays_in_one_line(first: FlaskClient, language: str) -> None:
    """From the right, the halves of `X47-lesechos` would be read apart."""
    notes = read(first, "/claim/X48", language).xpath("//dd//span[@class='aside']/bdi")
    assert {note.get("class") for note in notes if "-" in words(note)} == {"short"}
    assert {note.get("class") for note in notes if "-" not in words(note)} == {None}
    assert "X47-lesechos" in {words(note) for note in notes}
