"""The vocabulary of the first graph, as a person reads it: an index, and a page for each term, in three languages."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import RdfFormat, parse

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/sparql-results+json"}
ZEL = "https://w3id.org/zellige/ont#"
MINISTRY = {
    "ar": ("وزارة", "هيئة عمومية يرأسها عضو في الحكومة وتتولى مجالا من مجالات السياسة الوطنية."),
    "fr": ("ministère", "Organisme public dirigé par un membre du gouvernement et chargé d'un domaine de la politique nationale."),
    "en": ("ministry", "Public body led by a member of a government and charged with an area of national policy."),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(built: Release) -> FlaskClient:
    """A client of the first graph."""
    return create_app(Settings(built.path.parent)).test_client()


def read(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, address
    assert Page(answer.text).faults == []
    return lxml.html.document_fromstring(answer.text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_term_at_its_anchor_and_leads_to_its_page(client: FlaskClient, language: str) -> None:
    body = client.get(f"/ont?lang={language}", headers=HTML)
    assert len(body.data) < 60_000
    page = read(client, f"/ont?lang={language}")
    stated = parse(client.get("/ont?format=ntriples").data, format=RdfFormat.N_TRIPLES)
    own = {quad.subject.value.removeprefix(ZEL) for quad in stated if quad.subject.value.startswith(ZEL)}
    assert len(own) > 150
    assert own - set(page.xpath("//li/@id")) == set()
    (term,) = page.xpath("//li[@id='Ministry']")
    (link, *_) = term.xpath("a")
    assert (text_of(link), link.get("href")) == (MINISTRY[language][0], f"/term/Ministry?lang={language}")


def test_classes_stand_below_their_superclasses_and_apart_from_properties(client: FlaskClient) -> None:
    page = read(client, "/ont?lang=en")
    above = [text_of(item.xpath("a")[0]) for item in page.xpath("//li[@id='Ministry']/ancestor::li")]
    assert above == ["agent", "organisation", "formal organisation", "public body"]
    headings = [text_of(heading) for heading in page.xpath("//h2")]
    assert headings[:3] == ["Classes", "Properties that tie things", "Properties with literal values"]
    under = page.xpath("//li[@id='party']/preceding::h2[1]")
    assert [text_of(heading) for heading in under] == ["Properties that tie things"]


def test_the_contents_of_the_index_say_how_many_terms_there_are(client: FlaskClient) -> None:
    page = read(client, "/ont?lang=fr")
    contents = page.xpath("//nav[@aria-label='Sur cette page']/a")
    told = dict(re.fullmatch(r"(.*) \((\d+)\)", text_of(link)).groups() for link in contents if "(" in link.text)
    assert told["Classes"] == str(len(page.xpath("//h2[.='Classes']/following-sibling::ul[1]//li")))
    for link in contents:
        assert page.xpath(f"//*[@id='{link.get('href').removeprefix('#')}']")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_read_in_the_language_of_the_page_with_the_others_beside(client: FlaskClient, language: str) -> None:
    page = read(client, f"/term/Ministry?lang={language}")
    name, definition = MINISTRY[language]
    assert text_of(page.xpath("//h1")[0]) == name
    assert text_of(page.xpath("//p[@class='lead']")[0]) == definition
    beside = text_of(page.xpath("//*[@id='page-meanings']/following-sibling::dl[1]")[0])
    assert all(word in beside for pair in MINISTRY.values() for word in pair)
    assert beside.index(definition) == min(beside.index(pair[1]) for pair in MINISTRY.values())


def test_a_property_leads_to_its_domain_and_its_range(client: FlaskClient) -> None:
    page = read(client, "/term/party?lang=fr")
    said = {
        text_of(term): [(text_of(link), link.get("href")) for link in term.getnext().xpath(".//a")]
        for term in page.xpath("//dl/dt")
        if term.getnext().xpath(".//a")
    }
    assert said["Domaine : ce qui la porte"] == [("convention", "/term/Agreement?lang=fr")]
    assert said["Portée : ses valeurs"] == [("agent", "/term?iri=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FAgent&lang=fr")]


@pytest.mark.parametrize(("name", "kind"), [("Ministry", "class"), ("party", "property"), ("modality", "property")])
def test_the_figure_of_use_is_what_the_query_gives_to_which_it_leads(client: FlaskClient, name: str, kind: str) -> None:
    page = read(client, f"/term/{name}?lang=en")
    (said,) = page.xpath("//*[@id='page-uses']/following-sibling::p[1]")
    number = int(re.search(r"release: (\d+)", text_of(said))[1])
    asked = parse_qs(urlsplit(said.xpath("a[contains(@href, '/query')]/@href")[0]).query)
    answer = client.get("/sparql", query_string={"query": asked["query"][0], "view": asked["view"][0]}, headers=JSON)
    assert number == len(answer.get_json(force=True)["results"]["bindings"]) > 0
    if kind == "class":
        listed = read(client, said.xpath("a[contains(@href, '/list')]/@href")[0])
        assert len(listed.xpath("//main//li")) == number


def test_a_term_is_shown_in_use_with_the_words_that_say_so(client: FlaskClient) -> None:
    page = read(client, "/term/party?lang=en")
    examples = page.xpath("//article")
    assert len(examples) == 3
    assert any("بين وزارة الانتقال الرقمي وإصلاح الإدارة" in text_of(one) for one in examples)
    for one in examples:
        assert [text_of(link) for link in one.xpath(".//td[2]/a")][:1] == ["party"]
        assert one.xpath(".//a[contains(@href, '/claim/')]")


def test_a_class_is_shown_in_use_by_what_is_claimed_of_its_things(client: FlaskClient) -> None:
    examples = read(client, "/term/Target?lang=en").xpath("//article")
    assert len(examples) == 3
    assert all(one.xpath(".//blockquote") and one.xpath(".//a[contains(@href, '/claim/')]") for one in examples)


def test_the_picture_of_a_class_says_what_the_table_says(client: FlaskClient) -> None:
    page = read(client, "/term/Target?lang=ar")
    (picture,) = page.xpath("//*[local-name()='svg']")
    assert picture.get("role") == "group"
    boxes = picture.xpath(".//*[local-name()='text']")
    drawn = [box.xpath("string(ancestor::a/@aria-label)") or text_of(box) for box in boxes]
    rows = page.xpath("//*[@id='page-properties']/following-sibling::table[1]//tr")[1:]
    told = [text_of(row.xpath("th/a")[0]) for row in rows]
    assert len(told) > 3
    assert [text for text in drawn if text in told] == told
    ranges = [text_of(link) for row in rows for link in row.xpath("td/a")]
    assert set(ranges) <= set(drawn)
    assert not picture.xpath(".//@style")


def test_alignments_and_versions_of_a_term(client: FlaskClient) -> None:
    page = read(client, "/term/Ministry?lang=fr")
    aligned = page.xpath("//*[@id='page-alignments']/following-sibling::table[1]//tr")[1:]
    assert [text_of(row.xpath("th")[0]) for row in aligned] == ["proche"]
    assert set(aligned[0].xpath(".//a/@href")) == {
        "http://www.wikidata.org/entity/Q192350",
        "https://schema.org/GovernmentOrganization",
    }
    versions = page.xpath("//*[@id='page-versions']/following-sibling::table[1]//tr")[1:]
    told = [[text_of(cell) for cell in row] for row in versions]
    assert told == [["dans le vocabulaire depuis la version", "0.1.0"]]


def test_what_stands_below_ont_is_a_version_and_no_term(client: FlaskClient) -> None:
    index = read(client, "/ont/0.1.0?lang=en")
    assert text_of(index.xpath("//li[@id='Ministry']/a")[0]) == "ministry"


def test_a_term_is_given_as_data_too(client: FlaskClient) -> None:
    answer = client.get("/term/Ministry", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    subjects = {quad.subject.value for quad in parse(answer.data, format=RdfFormat.TURTLE)}
    assert subjects == {f"{ZEL}Ministry"}


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/ont/Ministry", 404, "This release says nothing of https://w3id.org/zellige/ont/Ministry."),
        ("/term/0.1.0", 404, "The vocabulary of this release has no term https://w3id.org/zellige/ont#0.1.0."),
        ("/term/Nobody", 404, "The vocabulary of this release has no term https://w3id.org/zellige/ont#Nobody."),
        ("/term?iri=http://example.org/x", 404, "has no term http://example.org/x."),
        ("/term?iri=x", 400, "'x' is no absolute IRI"),
        ("/term", 400, "one term is to be named"),
        ("/term?iri=http://e/a&iri=http://e/b", 400, "one term is to be named"),
        ("/term/%3E", 404, "the vocabulary of this release has no such term"),
        ("/ont?page=99", 404, "There is no such page: the list ends before it."),
        ("/ont?page=x", 400, "page=x: a number from 0 to 10000 is expected here"),
    ],
)
def test_what_no_term_is_called(client: FlaskClient, address: str, status: int, words: str) -> None:
    answer = client.get(address, headers=HTML)
    assert (answer.status_code, words in text_of(lxml.html.document_fromstring(answer.text))) == (status, True)


def test_every_page_of_a_term_is_small_has_no_fault_and_is_headed_as_the_index_says(client: FlaskClient) -> None:
    page = read(client, "/ont?lang=ar")
    links = {link.get("href"): text_of(link) for link in page.xpath("//ul[@class='tree']//li/a[1]")}
    assert len(links) > 200
    for address, name in links.items():
        answer = client.get(address, headers=HTML)
        assert len(answer.data) < 60_000
        assert Page(answer.text).faults == []
        assert text_of(lxml.html.document_fromstring(answer.text).xpath("//h1")[0]) == name
