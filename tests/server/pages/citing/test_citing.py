"""How a page is cited, and what its head tells programs and search engines."""

from __future__ import annotations

import json
import re

import lxml.html
import pytest
from flask.testing import FlaskClient
from tiny import BASE, write_release

from server.app import create_app
from server.pages.citing.formats import bibtex, csl_json, ris
from server.pages.citing.reference import Reference
from server.settings import Settings

HTML = {"Accept": "text/html"}
HOSTILE = Reference(
    "https://e.org/id/a%7Bb", "A {\\sc title} of 5 % & more\n_x_ ~^#$", "fr", "The graph", "Us * & co", "r1", "2026-02"
)


def head(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    return lxml.html.document_fromstring(answer.data).find("head")


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A release that has a publisher and a date."""
    releases = tmp_path_factory.mktemp("dated")
    path = write_release(releases) / "manifest.json"
    told = {**json.loads(path.read_text()), "publisher": "Us", "date": "2026-01-12"}
    path.write_text(json.dumps(told), encoding="utf-8")
    return create_app(Settings(releases)).test_client()


@pytest.mark.parametrize(
    ("style", "media_type", "name"),
    [
        ("bibtex", "application/x-bibtex", "lab-r1.bib"),
        ("csl", "application/vnd.citationstyles.csl+json", "lab-r1.json"),
        ("ris", "application/x-research-info-systems", "lab-r1.ris"),
    ],
)
def test_a_page_links_to_its_references(dated: FlaskClient, style: str, media_type: str, name: str) -> None:
    page = lxml.html.document_fromstring(dated.get("/id/lab?lang=fr", headers=HTML).data)
    (address,) = page.xpath(f"//a[contains(@href, 'cite={style}')]/@href")
    answer = dated.get(address, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Language"] == "fr"
    for said in ("Laboratoire commun", "A tiny graph", "Us", "r1", "2026", BASE + "id/lab"):
        assert said in answer.text
    assert dated.get(f"/claim/F1?cite={style}").status_code == 200
    assert dated.get(f"/id/nobody?cite={style}").status_code == 404


def test_csl_is_an_array_of_one_item_of_its_schema(dated: FlaskClient) -> None:
    (item,) = json.loads(dated.get("/id/lab?cite=csl&lang=en").text)
    assert item == {
        "id": "lab-r1", "type": "dataset", "title": "Joint lab", "container-title": "A tiny graph",
        "author": [{"literal": "Us"}], "publisher": "Us", "version": "r1", "language": "en",
        "URL": BASE + "id/lab", "issued": {"date-parts": [[2026, 1, 12]]},
    }  # fmt: skip
    assert json.loads(csl_json(HOSTILE))[0]["issued"] == {"date-parts": [[2026, 2]]}


def test_bibtex_holds_what_tex_would_read_as_its_own() -> None:
    entry = bibtex(HOSTILE)
    assert entry.startswith("@misc{a-7Bb-r1,\n")
    assert r"A \textbraceleft{}\textbackslash{}sc title\textbraceright{} of 5 \% \& more \_x\_" in entry
    assert "month = feb," in entry
    unescaped = re.sub(r"\\.", "", entry)
    assert unescaped.count("{") == unescaped.count("}")


def test_ris_has_a_field_on_each_line_and_no_asterisk_in_a_name() -> None:
    lines = ris(HOSTILE).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert "AU  - Us & co" in lines
    assert "DA  - 2026/02//" in lines


def test_the_head_tells_what_a_page_is_about_and_where(dated: FlaskClient) -> None:
    found = head(dated, "/id/lab?lang=fr&show=reviewed&format=html")
    assert found.xpath("link[@rel='canonical']/@href") == ["http://localhost/id/lab?lang=fr"]
    alternates = {link.get("hreflang"): link.get("href") for link in found.xpath("link[@rel='alternate'][@hreflang]")}
    assert alternates == {
        **{tag: f"http://localhost/id/lab?lang={tag}" for tag in ("ar", "fr", "en")},
        "x-default": "http://localhost/id/lab",
    }
    assert head(dated, "/id/lab?facts=0").xpath("link[@rel='canonical']/@href") == ["http://localhost/id/lab?facts=0"]
    (described,) = head(dated, "/id/mou?lang=en").xpath("meta[@name='description']/@content")
    assert described == "party: Joint lab; Ministry of Digital Transition"
    told = json.loads(found.xpath("string(script[@type='application/ld+json'])"))
    assert told["@id"] == BASE + "id/lab"
    assert told["name"] == {"@value": "Laboratoire commun", "@language": "fr"}
    assert told["subjectOf"]["version"] == "r1"
    assert not head(dated, "/query").xpath("link[@rel='canonical']"), "an answer is no page"


def test_a_claim_is_one_for_search_engines_too(dated: FlaskClient) -> None:
    found = head(dated, "/claim/F1?lang=en")
    told = json.loads(found.xpath("string(script[@type='application/ld+json'])"))
    assert told["text"] == {"@value": "وُقعت في سبتمبر 2025", "@language": "ar"}
    assert told["appearance"]["@id"] == BASE + "doc/seed"
    assert found.xpath("meta[@name='description']/@content") == ["A memorandum was signed in September 2025."]
