"""A document with more claims than are put in the order of its text: every claim and every quote is on one page."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from tiny import write_release

from server.app import create_app
from server.settings import Settings

STATED, ALONE, TWICE = 1_060, 30, 7
"""Claims that are stated in it, claims that only have words in it, and those of the first that have two quotes."""


def quoted(claim: str, number: int) -> str:
    evidence = f"<https://w3id.org/zellige/claim/{claim}#e{number}>"
    target = f"<https://w3id.org/zellige/claim/{claim}#t{number}>"
    words = f"<https://w3id.org/zellige/claim/{claim}#s{number}>"
    return f"""
      c:{claim} zel:supportedBy {evidence} . {evidence} oa:hasTarget {target} .
      {target} oa:hasSource doc:long ; oa:hasSelector {words} . {words} oa:exact "words {number} of {claim}" ."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    claims = [f"S{n}" for n in range(STATED)] + [f"A{n}" for n in range(ALONE)]
    said = "".join(f"c:{claim} {{ d:dam zel:name '{claim}' }}\n" for claim in claims)
    known = "".join(f"c:{claim} a zel:Claim ; dct:identifier '{claim}' .\n" for claim in claims)
    stated = "".join(f"c:S{n} zel:statedIn doc:long .\n" for n in range(STATED))
    words = "".join(quoted(f"A{n}", 1) for n in range(ALONE)) + "".join(
        quoted(f"S{n}", of) for n in range(TWICE) for of in (1, 2)
    )
    head = "PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX doc: <https://w3id.org/zellige/doc/>\n"
    title = "doc:long a zel:SourceDocument ; dct:title 'Long' ."
    folder: Path = tmp_path_factory.mktemp("many")
    write_release(folder, claims=f"{head}{said} g:claims {{ {title} {known} {stated} {words} }}")
    return create_app(Settings(folder)).test_client()


def test_every_claim_and_every_quote_is_met_once_from_page_to_page(client: FlaskClient) -> None:
    claims, quotes, ways = [], [], ["/doc/long?lang=en"]
    while ways and len(claims) < 2 * STATED:
        page = client.get(ways[0], headers={"Accept": "text/html"})
        assert page.status_code == 200
        found = lxml.html.document_fromstring(page.text)
        claims += found.xpath("//main//a[starts-with(@href, '/claim/') and not(contains(@href, '#'))]/@href")
        quotes += re.findall(r"words [12] of [SA]\d+", found.xpath("//main")[0].text_content())
        ways = found.xpath("//a[@rel='next']/@href")
    assert {way.partition("?")[0].removeprefix("/claim/") for way in claims} == {
        *(f"S{n}" for n in range(STATED)),
        *(f"A{n}" for n in range(ALONE)),
    }
    twice = [f"words {of} of S{n}" for n in range(TWICE) for of in (1, 2)]
    assert sorted(quotes) == sorted([*twice, *(f"words 1 of A{n}" for n in range(ALONE))])
