"""The page of a document whose text may be given away: its words with those of claims marked, the claims beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import Literal
from tiny import CLAIMS, write_release

from server.app import create_app
from server.pages.documents.passages import FULL, Span, pages, segments
from server.settings import Settings

HTML = {"Accept": "text/html"}
CLAIM = "https://w3id.org/zellige/claim/"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
TEXT = (
    "قال الوزير: AI Made in Morocco برنامج بقيمة 10.8 مليار دولار سنة 2030.\n\n"
    "A paragraph in English, with 12 words.\r\n"
    "<script>alert(1)</script> & نهاية\n"
)
SPANS = {"Q1": "AI Made in Morocco برنامج", "Q2": "Made in Morocco برنامج بقيمة 10.8 مليار", "Q3": "10.8 مليار",
         "Q4": "12 words.\r\n<script>", "Q5": "<script>alert(1)</script>"}  # fmt: skip
LONG = "\n".join(f"Paragraph {n} of a long text. " + "Some words of no claim follow. " * 60 for n in range(40))


def document(name: str, text: str, licence: str = LICENCE, of: str = "") -> str:
    sha256 = hashlib.sha256((of or text).encode()).hexdigest()
    given = f"dct:license <{licence}> ;" if licence else ""
    return f"""doc:{name} a zel:SourceDocument ; dct:title "{name}"@en ; dct:language "ar" ; {given}
        dct:identifier "sha256:{sha256}" ."""


def claim(name: str, document: str, start: int, words: str) -> str:
    return f"""
      c:{name} a zel:Claim ; dct:identifier "{name}" ; zel:statedIn doc:{document} ;
        zel:gloss "Reading of {name}."@en ; zel:supportedBy <{CLAIM}{name}#evidence-1> .
      <{CLAIM}{name}#evidence-1> oa:hasTarget <{CLAIM}{name}#target-1> .
      <{CLAIM}{name}#target-1> oa:hasSource doc:{document} ;
        oa:hasSelector <{CLAIM}{name}#position-1>, <{CLAIM}{name}#quote-1> .
      <{CLAIM}{name}#position-1> oa:start {start} ; oa:end {start + len(words)} .
      <{CLAIM}{name}#quote-1> oa:exact {Literal(words)} ."""


def registers() -> str:
    marked = "".join(claim(name, "open", TEXT.index(words), words) for name, words in SPANS.items())
    many = "".join(claim(f"M{n}", "long", LONG.index(f"Paragraph {n % 40} "), "Paragraph") for n in range(100))
    return f"""g:claims {{
      {document("open", TEXT)}
      {document("closed", TEXT, licence="")}
      {document("other", TEXT, of=TEXT + "changed")}
      {document("long", LONG)}
      {marked}
      {claim("Moved", "open", 3, "nowhere")}
      {claim("Far", "open", 9000, "far away")}
      {claim("C1", "closed", 0, "words kept")}
      {claim("O1", "other", 0, "words kept")}
      c:None a zel:Claim ; dct:identifier "None" ; zel:statedIn doc:open .
      {many}
    }}"""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release beside which three files lie: two texts that may be given away, and one that is not what its name says."""
    folder = tmp_path_factory.mktemp("texts")
    texts = write_release(folder, claims=CLAIMS + registers()) / "texts"
    texts.mkdir()
    for text in (TEXT, LONG):
        (texts / f"{hashlib.sha256(text.encode()).hexdigest()}.txt").write_bytes(text.encode())
    (texts / f"{hashlib.sha256((TEXT + 'changed').encode()).hexdigest()}.txt").write_bytes(TEXT.encode())
    return folder


@pytest.fixture(scope="module")
def client(releases: Path) -> FlaskClient:
    return create_app(Settings(releases)).test_client()


def page(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, address
    assert Page(response.text).faults == []
    assert len(response.data) < 60_000
    return lxml.html.document_fromstring(response.text)


def own_words(paragraph: lxml.html.HtmlElement) -> str:
    """What a paragraph says, without the numbers that are put into it."""
    return "".join(paragraph.xpath(".//text()[not(ancestor::sup)]"))


def test_the_text_is_shown_whole_and_the_words_of_each_claim_are_marked_where_they_stand(client: FlaskClient) -> None:
    found = page(client, "/doc/open?lang=en")
    passages = found.xpath("//p[@class='reading']")
    assert [own_words(one) for one in passages] == [line for line in TEXT.splitlines() if line]
    for name, words in SPANS.items():
        marked = "".join(mark.text for mark in found.xpath("//mark") if name in mark.get("title").split(", "))
        assert marked == words.replace("\r\n", "")
    # Where the words of two claims meet.
    assert [mark.text for mark in found.xpath("//mark[@class='deep']")] == [
        "Made in Morocco برنامج",
        "10.8 مليار",
        "<script>",
    ]
    assert found.xpath("//script[not(@type)]") == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_passage_runs_as_its_letters_do_on_a_page_of_any_language(client: FlaskClient, language: str) -> None:
    said = page(client, f"/doc/open?lang={language}").xpath("//p[@class='reading']")
    assert [(one.get("lang"), one.get("dir")) for one in said] == [("ar", "rtl"), ("", "ltr"), ("ar", "rtl")]
    assert {bdi.get("dir") for one in said for bdi in one.xpath(".//sup//bdi")} == {"ltr"}
    assert [one.xpath(".//bdi[not(ancestor::sup)]") for one in said] == [[], [], []]


def test_numbers_lead_from_the_words_to_the_claim_and_back(client: FlaskClient) -> None:
    found = page(client, "/doc/open?lang=en")
    first, second, third, behind = found.xpath("//div[@class='passage']")
    claims = [[h.text_content().split()[-1] for h in part.xpath(".//h3")] for part in (first, second, third, behind)]
    assert claims == [["Moved", "Q1", "Q2", "Q3"], ["Q4"], ["Q5"], ["Far", "None"]]
    for link in found.xpath("//sup/a"):
        (article,) = found.xpath(f"//article[@id={link.get('href')[1:]!r}]")
        assert article.xpath(".//figcaption/a/@href")[0] == f"#{link.getparent().get('id')}"
    assert "Claims without words in this text" in behind.text_content()
    # Words that are not at their place are quoted, and not marked.
    (moved, *_) = first.xpath(".//article")
    assert "nowhere" in moved.text_content()
    assert "do not stand at their place" in moved.text_content()
    assert LICENCE in found.xpath("//main")[0].text_content()


@pytest.mark.parametrize("name", ["closed", "other"])
def test_a_text_without_a_licence_or_of_another_hash_is_never_shown(
    client: FlaskClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = page(client, f"/doc/{name}?lang=en")
    assert found.xpath("//p[@class='reading']") == []
    assert "10.8" not in found.text_content()
    assert "words kept" in found.text_content()
    assert ("another text than its name says" in caplog.text) == (name == "other")


def test_a_long_text_goes_on_over_pages_that_hold_all_of_it_and_each_claim_once(client: FlaskClient) -> None:
    said, claims, address = "", list[str](), "/doc/long?lang=en"
    while address:
        found = page(client, address)
        said += "\n".join(own_words(one) for one in found.xpath("//p[@class='reading']")) + "\n"
        claims += [h.text_content().split()[-1] for h in found.xpath("//article//h3")]
        assert len(claims) == 0 or "of 100" in found.text_content()
        (address,) = found.xpath("//main//a[@rel='next']/@href") or [""]
    assert said.split() == LONG.split()
    assert sorted(claims) == sorted(f"M{n}" for n in range(100))


def test_a_page_is_not_cut_where_words_go_on_and_words_of_hundreds_of_claims_stand_on_several() -> None:
    text = "\n".join(["word " * 200] * 10)
    (first, *_) = pages(text, [Span(1, 4000, 6500)], (), 25)
    assert first[-1].end >= 6500 > FULL
    crowded = pages("some words", [Span(n, 0, 4) for n in range(1, 61)], (61,), 25)
    assert [[len(passage.numbers) for passage in leaf] for leaf in crowded] == [[25], [25], [10, 1]]
    (leaf,) = pages("one two \n\nthree", [Span(1, 0, 9)], (), 25)
    assert [it.ended for it in segments("one two \n\nthree", leaf[0], [Span(1, 0, 9)])] == [(1,)]
