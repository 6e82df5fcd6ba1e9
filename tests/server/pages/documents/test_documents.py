"""The page of a document: its claims in the order of its text, each beside the words that carry it."""

from __future__ import annotations

from urllib.parse import unquote

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, write_release

from kg.release import Release
from server.app import create_app
from server.pages.documents.reading import PAGE
from server.settings import Settings

HTML = {"Accept": "text/html"}
CLAIM = "https://w3id.org/zellige/claim/"
HOSTILE = '\u202e<script>alert(1)</script> & "x"\' -- ,'
LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"


def quoted(name: str, start: int, words: str, document: str = "doc:report") -> str:
    """A claim with the words that carry it."""
    text = words.replace("\\", "\\\\").replace('"', '\\"')
    return f"""
      c:{name} a zel:Claim ; dct:identifier "{name}" ; zel:statedIn {document} ; zel:assertedBy d:ministry ;
        zel:gloss "Reading of {name}."@en ; zel:supportedBy <{CLAIM}{name}#evidence-1> .
      <{CLAIM}{name}#evidence-1> oa:hasTarget <{CLAIM}{name}#target-1> .
      <{CLAIM}{name}#target-1> oa:hasSource {document} ;
        oa:hasSelector <{CLAIM}{name}#position-1>, <{CLAIM}{name}#quote-1> .
      <{CLAIM}{name}#position-1> oa:start {start} ; oa:end {start + 5} .
      <{CLAIM}{name}#quote-1> oa:exact "{text}" ."""


def documents() -> str:
    """Registers with one document of five claims, one of sixty, and one whose address is only that of its site."""
    many = "".join(quoted(f"M{n}", 9000 - 10 * n, f"words {n}", "doc:many") for n in range(60))
    return f"""
    c:W1 {{ d:lab zel:namedAfter d:jazari . }}
    c:About {{ d:lab zel:documentedBy doc:report . }}
    g:claims {{
      doc:report a zel:SourceDocument ; dct:title "Report <b>"@en ; dct:language "ar" ; dct:publisher "A paper" ;
        <https://schema.org/url> <https://example.org/report?x=1> ; zel:addressComplete true .
      doc:many a zel:SourceDocument ; dct:title "Many"@en ; dct:language "en" .
      doc:site a zel:SourceDocument ; dct:title "Site"@en ; <https://schema.org/url> <https://example.org/> ;
        zel:addressComplete false .
      {quoted("Q9", 5, "قال الوزير: 10.8 مليار, نعم")}
      {quoted("Q1", 700, HOSTILE)}
      {quoted("Q5", 90, LONG)}
      {quoted("S1", 1, "here", "doc:site")}
      c:W1 a zel:Claim ; dct:identifier "W1" ; zel:statedIn doc:report ; zel:assertedBy doc:report ;
        zel:contradicts c:Q5 .
      c:About a zel:Claim ; dct:identifier "About" ; zel:statedIn doc:many .
      c:Voice a zel:Claim ; dct:identifier "Voice" ; zel:statedIn doc:many ; zel:assertedBy doc:report .
      {many}
    }}
    """


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a release of these documents."""
    releases = tmp_path_factory.mktemp("documents")
    write_release(releases, claims=CLAIMS + documents())
    return create_app(Settings(releases)).test_client()


def page(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, address
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def articles(found: lxml.html.HtmlElement) -> list[str]:
    return [" ".join(one.text_content().split()) for one in found.xpath("//article")]


@pytest.mark.parametrize(
    ("language", "none"), [("en", "no words recorded"), ("fr", "aucun mot consigné"), ("ar", "لا ألفاظ مسجَّلة")]
)
def test_claims_stand_in_the_order_of_the_text_each_with_its_words(
    client: FlaskClient, language: str, none: str
) -> None:
    first, second, third, last = articles(page(client, f"/doc/report?lang={language}"))
    assert "قال الوزير" in first
    assert "Q9" in first
    assert "Reading of Q9." in first
    assert LONG in second
    assert "Q5" in second
    assert "Q1" in third
    assert none in last
    assert "W1" in last
    assert none not in first + second + third


def test_a_claim_without_a_gloss_shows_what_it_states_and_what_it_contradicts(client: FlaskClient) -> None:
    last = articles(page(client, "/doc/report?lang=en"))[-1]
    assert "Joint lab · zel:namedAfter · id/jazari" in last
    assert "contradicts Q5" in last


def test_words_of_an_attacker_stay_words(client: FlaskClient) -> None:
    found = page(client, "/doc/report?lang=en")
    assert {script.get("type") for script in found.xpath("//script")} == {"application/ld+json"}, (
        "data, which nothing runs"
    )
    # What would turn the letters around is shown as a mark.
    assert HOSTILE.split(maxsplit=1)[0].replace("\u202e", "[U+202E]") in found.xpath("//article")[2].text_content()
    assert found.xpath("//article")[2].xpath(".//blockquote/p/@lang") == ["ar"]
    assert found.xpath("//article")[2].xpath(".//blockquote/p/@dir") == ["rtl"]


def test_a_quote_leads_to_its_words_at_the_publisher(client: FlaskClient) -> None:
    found = page(client, "/doc/report?lang=en")
    links = [one.xpath(".//figcaption//a/@href") for one in found.xpath("//article")]
    start = "https://example.org/report?x=1#:~:text="
    assert [unquote(link[len(start) :]) for (link,) in links[:1]] == ["قال الوزير: 10.8 مليار, نعم"]
    assert links[1] == [f"{start}one%20two%20three%20four%20five,ten%20eleven%20twelve%20thirteen%20fourteen"]
    assert all(char not in links[2][0][len(start) :] for char in "<>\"'&-, ")
    assert unquote(links[2][0][len(start) :]) == HOSTILE
    assert links[3] == []


def test_an_address_of_a_site_alone_leads_to_no_words(client: FlaskClient) -> None:
    found = page(client, "/doc/site?lang=en")
    assert found.xpath("//figcaption//a") == []
    assert "The site where it appeared" in found.text_content()


def test_what_is_known_of_a_document_stands_on_the_first_page(client: FlaskClient) -> None:
    text = " ".join(page(client, "/doc/report?lang=fr").xpath("//main")[0].text_content().split())
    assert "Report <b>" in text
    assert "Éditeur : A paper" in text
    assert "Langue : العربية" in text
    assert "Énoncés qui en parlent About" in text
    assert "Énoncés de sa voix Voice" in text


def test_the_pages_of_a_document_show_each_claim_once_in_order(client: FlaskClient) -> None:
    seen: list[str] = []
    address = "/doc/many?lang=en"
    for number in (0, 1, 2):
        found = page(client, address)
        seen += [one.xpath(".//h3")[0].text_content().split()[-1] for one in found.xpath("//article")]
        assert f"{PAGE * number + 1} to {min(PAGE * number + PAGE, 62)} of 62" in found.text_content()
        (address,) = found.xpath("//main//a[@rel='next']/@href") or [""]
    assert address == ""
    assert seen == [*(f"M{n}" for n in reversed(range(60))), "About", "Voice"]


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        ("9", 200, "There is no such page: the list ends before it."),
        ("x", 400, "page=x: a number from 0 to 1000000 is expected here"),
        ("-1", 400, "page=-1: a number from 0 to 1000000 is expected here"),
    ],
)
def test_a_page_of_a_document_that_there_is_not(client: FlaskClient, number: str, status: int, words: str) -> None:
    response = client.get(f"/doc/many?page={number}&lang=en", headers=HTML)
    assert response.status_code == status
    assert words in lxml.html.document_fromstring(response.text).text_content()


def test_a_claim_of_several_rows_stands_once_on_the_page_of_its_document(built: Release) -> None:
    """Its evidence names the document and nothing in it, once for each row; the page of the claim says so once, too."""
    first = create_app(Settings(built.path.parent)).test_client()
    (article,) = page(first, "/doc/detafour-2026-01?lang=en").xpath("//article")
    assert article.text_content().count("no words recorded") == 1
    found = page(first, "/claim/X49-detafour?lang=en")
    (figure,) = found.xpath("//main/figure")
    told = " ".join(figure.text_content().split())
    assert told == "no words recorded Report on the AI readiness of Morocco (detafour.com, January 2026)"
    for anchor in ("evidence-1", "evidence-2", "target-3"):  # where their IRIs lead
        assert len(found.xpath("//*[@id=$anchor]", anchor=anchor)) == 1


@pytest.mark.parametrize(
    ("language", "unknown", "french"), [("en", "not known", "Français"), ("ar", "غير معروف", "Français")]
)
def test_the_language_of_a_document_is_a_name_and_no_tag(
    built: Release, language: str, unknown: str, french: str
) -> None:
    first = create_app(Settings(built.path.parent)).test_client()
    for path, said in (("/doc/detafour-2026-01", unknown), ("/doc/237tech-2025-12", french)):
        main = page(first, f"{path}?lang={language}").xpath("//main")[0]
        (told,) = main.xpath(".//table[@class='facts']//data[@title='xsd:string']")
        assert told.text_content().strip() == said
