"""Who says what: the rows of a fact, their signs and words, and the ways to see more or less of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from tiny import BASE, CLAIMS, FACTS, write_release

from server.app import create_app
from server.pages.facts.matrix import ROWS
from server.settings import Settings

HTML = {"Accept": "text/html"}
TARGET = """
c:{name} {{ d:goal zel:targetQuantity {node} {more} . {node} a zel:Quantity ; zel:numericValue {number} ;
  zel:exactness <https://w3id.org/zellige/scheme/exactness/about> . }}
g:claims {{ c:{name} a zel:Claim ; dct:identifier "{name}" ; zel:modality mod:done ; zel:assertedBy doc:{document} ;
  zel:statedIn doc:{document} ; zel:reviewStatus rev:{review} {relation} . }}
"""


def said(name: str, number: int, document: str, review: str = "located", **more: str) -> str:
    node = f"<{BASE}id/amount-{name}>"
    given = {"more": "", "relation": "", **more}
    return TARGET.format(name=name, node=node, number=number, document=document, review=review, **given)


DEADLINE = '; zel:deadline "2030"^^edtf:EDTF'
MORE = "".join(
    (
        said("A1", 108, "one", "reviewed", more=DEADLINE),
        said("B1", 100, "two", more=DEADLINE, relation="; zel:contradicts c:A1"),
        said("B2", 110, "three", relation="; zel:agreesWith c:A1"),
        said("B3", 100, "four", "rejected"),
        "g:claims { c:N9 zel:statedIn doc:one } c:N9 { d:goal zel:deadlineText 'no claim'@en } ",
        'g:claims { doc:two dct:title "The second"@en ; dct:publisher "Press" ; dct:issued "2026-01-12"^^edtf:EDTF . }',
        "g:entities { d:goal a zel:Target ; rdfs:label 'A goal'@en , 'هدف'@ar , 'Un but'@fr . ",
        "d:plan a zel:Roadmap ; zel:hasTarget d:goal . }",
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    releases = tmp_path_factory.mktemp("matrix")
    many = "".join(f"c:M{n} {{ d:many zel:name 'name {n}'@en }} g:claims {{ c:M{n} a zel:Claim }} " for n in range(45))
    users = " ".join(f"d:user-{n:02} zel:partnerOf d:goal ." for n in range(60))
    made = write_release(releases, facts=FACTS + users, claims=CLAIMS + MORE + many)
    shown = {
        "classes": {f"{BASE}ont#Target": {f"{BASE}ont#deadline": [1, "urn:when"], f"{BASE}ont#targetQuantity": [1, "urn:much"]}},
        "groups": {"urn:when": {"labels": {"en": "By when"}, "order": 1}, "urn:much": {"labels": {"en": "How much"}, "order": 2}},
        "properties": {},
    }  # fmt: skip
    (made / "display.json").write_text(json.dumps(shown), encoding="utf-8")
    return releases


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return create_app(Settings(folder)).test_client()


def page(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, address
    return lxml.html.document_fromstring(answer.data)


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def rows(found: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    """The property of each row, and the words of its first cell."""
    for body in found.xpath("//table[@class='by-fact']/tbody"):
        head, *others = body.xpath("./tr")
        for row in others:
            yield words(head.xpath(".//a")[0]), words(row.xpath("./td")[0])


def test_each_source_has_its_row_with_a_sign_and_a_word(client: FlaskClient) -> None:
    found = list(rows(page(client, "/id/goal?lang=en")))
    amounts = [row for link, row in found if link.startswith("zel:targetQuantity")]
    assert [row.split(" ≈")[0] for row in amounts] == ["about 108", "about 100", "= the same as in B1 B3", "about 110"]
    assert "A1 ≠ contradicts B1 ✓ agrees with B2" in amounts[0]
    assert "B1 ≠ contradicts A1" in amounts[1]
    assert "B2 ✓ agrees with A1" in amounts[3]
    # Claims that contradict each other say the same of another fact.
    deadlines = [row for link, row in found if link.startswith("zel:deadline")]
    assert deadlines == ["2030 A1 = says the same as B1", "= the same as in A1 B1"]
    assert "no claim" not in str(found)


def test_the_order_is_that_of_the_shapes_and_what_is_contested_comes_first(client: FlaskClient) -> None:
    found = page(client, "/id/goal?lang=en")
    assert list(dict.fromkeys(link for link, _ in rows(found))) == ["zel:targetQuantity", "zel:deadline"]
    headings = [words(it) for it in found.xpath("//section[table[@class='facts']]/h3")]
    assert headings == []
    assert "sources disagree" in words(found.xpath("//tbody[@class='disputed']/tr[1]")[0])
    assert "different answers: 3" in words(found.xpath("//tbody[@class='disputed']/tr[1]")[0])


@pytest.mark.parametrize(("show", "number"), [("reviewed", 2), ("all", 6), ("contested", 4)])
def test_the_switch_works_without_a_script(client: FlaskClient, show: str, number: int) -> None:
    begin = page(client, "/id/goal?lang=en")
    (link,) = [a for a in begin.xpath("//p[@class='switch']/a") if words(a).startswith(show)]
    assert words(link) == f"{show} ({number})"
    then = page(client, link.get("href"))
    assert len(list(rows(then))) == number
    assert words(then.xpath("//p[@class='switch']/a[@aria-current]")[0]) == f"{show} ({number})"


def test_a_row_tells_who_where_when_and_leads_to_the_words(client: FlaskClient) -> None:
    cells = page(client, "/id/mou?lang=en").xpath("//tbody[.//a[contains(., 'signedOn')]]/tr[2]/td")
    assert words(cells[0]).startswith("September 2025 F1")
    assert cells[0].xpath(".//a/@href")[0] == "/claim/F1?lang=en#evidence-1"
    (quote,) = cells[3].xpath(".//a[q]")
    assert (words(quote), quote.get("href")) == ("وُقعت في سبتمبر 2025", "/claim/F1?lang=en#evidence-1")
    assert page(client, quote.get("href")).xpath("//*[@id='evidence-1']")
    rows_of = page(client, "/id/goal?lang=fr").xpath("//tr[td/div[@class='marks']/a[1][contains(@title, 'claim/B1')]]")
    second = rows_of[0]
    assert words(second.xpath("./td")[1]) == "le document lui-même"
    assert words(second.xpath("./td")[2]) == "The second Press , 12 janvier 2026"
    assert words(second.xpath("./td")[3]) == "mots non relevés"


def test_a_claim_shows_what_others_say_of_the_same(client: FlaskClient) -> None:
    found = page(client, "/claim/B1?lang=ar")
    (own,) = found.xpath("//tr[@class='own'][1]")[:1]
    assert "هذا القول" in words(own)
    shown = [row for _, row in rows(found)]
    assert len([row for row in shown if "108" in row or "110" in row]) == 2
    assert not page(client, "/claim/F2?lang=ar").xpath("//table[@class='by-fact']"), "nobody else speaks of it"


def test_the_claim_itself_gives_the_values_that_others_repeat(client: FlaskClient) -> None:
    shown = [row for _, row in rows(page(client, "/claim/B3?lang=en"))]
    assert shown[0].startswith("about 100 ≈ B3 this claim"), shown
    assert [row for row in shown[1:] if row.startswith("= the same as in B3")], shown


def test_many_rows_and_many_references_are_paged(client: FlaskClient) -> None:
    first = page(client, "/id/many?lang=en")
    assert len(list(rows(first))) == ROWS
    seen = [row for _, row in rows(first)]
    while following := first.xpath("//a[@rel='next']/@href"):
        first = page(client, following[0])
        seen += [row for _, row in rows(first)]
    assert len(set(seen)) == 45
    goal = page(client, "/id/goal?lang=en")
    (more,) = [a for a in goal.xpath("//a") if words(a) == "all 60"]
    group = page(client, more.get("href"))
    assert not group.xpath("//table")
    names = [words(li) for li in group.xpath("//main//li")]
    names += [words(li) for li in page(client, group.xpath("//a[@rel='next']/@href")[0]).xpath("//main//li")]
    assert len(set(names)) == 60


def test_each_block_leads_to_the_query_that_made_it(client: FlaskClient) -> None:
    found = page(client, "/id/goal?lang=en").xpath("//a[@class='open']")
    assert len(found) == 3
    for link in found:
        (query,) = parse_qs(urlsplit(link.get("href")).query)["query"]
        answer = client.post("/sparql", data={"query": query}, headers={"Accept": "application/sparql-results+json"})
        assert answer.status_code == 200, query
        assert answer.json is not None
        assert answer.json["results"]["bindings"], query


@pytest.mark.parametrize("asked", ["show=some", "facts=-1", "of=relative", "of=x&page=y", "cite=endnote"])
def test_what_cannot_be_shown_is_told(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/id/goal?{asked}&lang=en", headers=HTML)
    assert answer.status_code == 400
    assert words(lxml.html.document_fromstring(answer.data).find(".//main")) != ""


def test_who_asks_for_data_is_told_the_same_of_a_part_that_there_cannot_be(client: FlaskClient) -> None:
    for address in ("/id/goal?page=x", "/id/goal?of=x", "/doc/one?page=-1"):
        answer = client.get(address, headers={"Accept": "text/turtle"})
        told = answer.json["errors"][0]["message"]
        assert answer.status_code == 400
        assert "'x'" in told or "'-1'" in told


def test_what_nothing_refers_by_is_not_found(client: FlaskClient) -> None:
    assert client.get("/id/goal?of=http://e.org/x", headers=HTML).status_code == 404
