"""From the counts of a column to the query that counts all of it: whose answer is a file, a chart, or changed further."""

from __future__ import annotations

import csv
import random
from collections import Counter
from io import StringIO
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import BASE

WORDS = {"ar": "الكل، في SPARQL", "fr": "Toutes, en SPARQL", "en": "All of them, in SPARQL"}
ROWS = "SELECT ?who ?n { VALUES (?who ?n) { ('a' 1) ('b' 2) ('a' 3) (UNDEF 1) } }"


def opened(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    response = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    return lxml.html.document_fromstring(response.text)


def asked(client: FlaskClient, query: str, *given: tuple[str, str], lang: str = "en") -> lxml.html.HtmlElement:
    return opened(client, f"/query?{urlencode([('query', query), *given, ('lang', lang)])}")


def ways(page: lxml.html.HtmlElement, lang: str = "en") -> list[lxml.html.HtmlElement]:
    """What leads to the query: a link, or a button of the form that has a long query once."""
    return [it for it in page.xpath("//div[@class='facets']//*[self::a or self::button]") if it.text == WORDS[lang]]


def followed(client: FlaskClient, page: lxml.html.HtmlElement, way: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    if way.tag == "a":
        return opened(client, way.get("href"))
    fields = [(it.get("name"), it.get("value")) for it in page.xpath("//form[@id='again']/input[@type='hidden']")]
    return opened(client, f"/query?{urlencode([*fields, (way.get('name'), way.get('value'))])}")


def found(client: FlaskClient, page: lxml.html.HtmlElement) -> Counter[tuple[str, str]]:
    """What the link to CSV below an answer gives."""
    links = page.xpath("//p[@class='formats']/*[normalize-space()='csv']")
    query = page.xpath("//textarea")[0].text.removeprefix("\n")
    address = links[0].get("href") or f"/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(StringIO(answer.text)))[1:]
    return Counter((value, number) for value, number in rows)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("long", ["", "# a long one " + "x" * 400])
def test_counts_lead_to_the_query_that_counts_all(client: FlaskClient, lang: str, long: str) -> None:
    page = asked(client, f"{ROWS} {long}", ("facet", "who"), lang=lang)
    (way,) = ways(page, lang)
    assert way.tag == ("button" if long else "a")
    counted = followed(client, page, way)
    assert counted.get("lang") == lang
    assert counted.xpath("//textarea")[0].text.strip().startswith("SELECT ?who (COUNT(*) AS ?rows) WHERE {")
    assert found(client, counted) == Counter([("a", "2"), ("b", "1"), ("", "1")])


def test_what_holds_is_counted_alone(client: FlaskClient) -> None:
    held = ("is.who", '"a"')
    (way,) = ways(page := asked(client, ROWS, ("facet", "n"), held))
    assert found(client, followed(client, page, way)) == Counter([("1", "1"), ("3", "1")])
    (way,) = ways(page := asked(client, ROWS, ("facet", "n"), ("empty.who", "yes")))
    assert found(client, followed(client, page, way)) == Counter([("1", "1")])
    dates = "SELECT ?d ?n { VALUES (?d ?n) { ('2026-05-01' 1) ('2027' 2) } }"
    (way,) = ways(page := asked(client, dates, ("facet", "n"), ("during.d", "2026-05")))
    assert found(client, followed(client, page, way)) == Counter([("1", "1")])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES (?x ?rows) { (1 2) (1 3) } }",
        "SELECT ?x (COUNT(*) AS ?rows) { VALUES ?x { 1 1 2 3 } } GROUP BY ?x ORDER BY ?x LIMIT 2",
        "PREFIX e: <urn:e:>\nSELECT DISTINCT ?x WHERE { VALUES ?x { e:a e:a e:b } } # the end",
        "BASE <urn:b:> SELECT ?x { BIND(<a> AS ?x) } VALUES ?y { 1 2 }",
        "SELECT ?x { VALUES ?x { '}' \"# {\" '\\u007D' } }",
    ],
)
def test_queries_of_any_form_keep_what_they_ask(client: FlaskClient, query: str) -> None:
    answer = list(csv.DictReader(StringIO(client.get(f"/sparql?{urlencode({'query': query, 'format': 'csv'})}").text)))
    (way,) = ways(page := asked(client, query, ("facet", "x")))
    wanted = Counter(row["x"] for row in answer)
    assert found(client, followed(client, page, way)) == Counter((x, str(n)) for x, n in wanted.items())


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", [("facet", "property")]),
        (f"SELECT ?s FROM <{BASE}graph/entities> WHERE {{ ?s ?p ?o }}", [("facet", "s")]),
        ("SELECT ?d { VALUES ?d { '2026-01/2026-05' '2027' } }", [("facet.year", "d")]),
        (ROWS, [("facet", "who"), ("only", "a")]),
    ],
    ids=["statements", "graphs", "dates", "words"],
)
def test_what_no_query_counts_alike_leads_to_none(
    client: FlaskClient, query: str, given: list[tuple[str, str]]
) -> None:
    page = asked(client, query, *given)
    assert page.xpath("//div[@class='facets']//li")
    assert ways(page) == []
    # An address that asks for it anyhow is the page itself.
    again = asked(client, query, *given, ("counted", "=".join(given[0])))
    assert again.xpath("//textarea")[0].text_content().strip() == query.strip()
    assert again.xpath("//div[@class='facets']//li")


@pytest.mark.parametrize("counted", ["", "facet", "facet=", "facet.year=who", "is.who=a", "facet=nothing-like-it"])
def test_a_way_that_leads_nowhere_is_the_page(client: FlaskClient, counted: str) -> None:
    address = f"/query?{urlencode([('query', ROWS), ('counted', counted)])}"
    answer = client.get(address)
    assert answer.status_code == 200, answer.headers
    shown = lxml.html.document_fromstring(answer.text)
    assert shown.xpath("//textarea")[0].text_content().strip() == ROWS.strip()
    assert shown.xpath("//table//td")


def test_random_answers_are_counted_alike(client: FlaskClient) -> None:
    rng = random.Random(7)
    for _ in range(6):
        rows = [
            (rng.choice(["'a'", "'a'@en", "7", "'7'", "UNDEF"]), rng.randint(1, 3)) for _ in range(rng.randint(1, 30))
        ]
        values = " ".join(f"({value} {number})" for value, number in rows)
        page = asked(client, f"SELECT ?v ?n {{ VALUES (?v ?n) {{ {values} }} }}", ("facet", "v"))
        (way,) = ways(page)
        shown = Counter(it.text_content().split()[-1] for it in page.xpath("//div[@class='facets']//li"))
        counted = found(client, followed(client, page, way))
        assert Counter(number for (_, number), times in counted.items() for _ in range(times)) == shown


@pytest.mark.parametrize("path", ["/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23Ministry&facet=rdfs%3Alabel"])
def test_counts_of_a_list_lead_to_their_query(client: FlaskClient, path: str) -> None:
    page = opened(client, f"{path}&lang=en")
    (way,) = ways(page)
    assert parse_qs(urlsplit(way.get("href")).query)["lang"] == ["en"]
    shown = [it.text_content().split()[-1] for it in page.xpath("//div[@class='facets']//li")]
    counted = found(client, followed(client, page, way))
    assert shown
    assert sorted(number for (_, number), times in counted.items() for _ in range(times)) == sorted(shown)
