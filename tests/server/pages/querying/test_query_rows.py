"""The answers on the page of queries: sorted, by page, by name or IRI; and the questions that one may begin with."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markup import EDITOR, Page

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.pages.querying.arranging import ROWS
from server.settings import Settings

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
VALUES = " ".join(map(str, (*range(150, 0, -1), 1000, 99.5)))
NUMBERS = f"SELECT ?n ?m {{ VALUES ?n {{ {VALUES} }} BIND(?n * 0 AS ?m) }}"
NAMED = "SELECT ?thing { VALUES ?thing { <https://w3id.org/zellige/id/lab> <https://w3id.org/zellige/id/ministry> } }"
SERVICE = "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def whole(built: Release) -> Flask:
    """The application over the first graph."""
    return create_app(Settings(built.path.parent))


def shown(client: FlaskClient, query: str, **more: str) -> Page:
    response = client.get(f"/query?{urlencode({'query': query, **more})}")
    assert response.status_code == 200, response.text
    found = Page(response.text)
    assert found.faults == []
    return found


def cells(page: Page, columns: int) -> list[tuple[str, ...]]:
    """What stands in the rows of the table of answers, cell by cell, where each holds one text."""
    texts = [said for path, _, said in page.texts if "tbody" in path and path[-1] == "bdi"]
    return list(zip(*(texts[place::columns] for place in range(columns)), strict=True))


def said(page: Page) -> str:
    return " ".join(text for _, _, text in page.texts)


def link(page: Page, *has: tuple[str, str]) -> str:
    """The one link or button to `/query` that has all of these parameters."""
    wanted = set(has)
    found = []
    for address in dict.fromkeys(page.ways()):
        asked = {(name, value) for name, values in parse_qs(urlsplit(address).query).items() for value in values}
        if urlsplit(address).path == "/query" and wanted <= asked:
            found.append(address)
    assert found, (has, page.ways())
    return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rows_are_reached_by_links_and_each_comes_once(whole: Flask, language: str) -> None:
    client = whole.test_client()
    query = RDFS + "SELECT ?label ?thing { ?thing rdfs:label ?label }"
    expected = [row[0] for row in csv.reader(io.StringIO(client.get(f"/sparql?{urlencode({'query': query})}",
                headers={"Accept": "text/csv"}).text))][1:]  # fmt: skip
    page, seen, number = shown(client, query, lang=language), [], 0
    while True:
        seen += [said for path, given, said in page.texts if path[-2:] == ("td", "bdi")]
        onwards = [
            given for tag, given in page.elements if tag == "a" and f"page={number + 1}" in str(given.get("href"))
        ]
        if not onwards:
            break
        number += 1
        address = str(onwards[0]["href"])
        page = Page(client.get(address).text)
    assert number == (len(expected) - 1) // ROWS > 2
    assert sorted(map(str.split, seen)) == sorted(map(str.split, expected))


def test_a_click_sorts_by_value_the_next_turns_it_round_and_a_third_gives_the_own_order(client: FlaskClient) -> None:
    page = shown(client, NUMBERS)
    own = cells(page, 2)
    assert (own[0][0], len(own)) == ("150", ROWS)
    orders = []
    for wanted in ("n", "-n"):
        page = Page(client.get(link(page, ("sort", wanted))).text)
        orders.append([float(row[0]) for row in cells(page, 2)])
    assert orders[0] == [*range(1, 51)]
    assert orders[1] == [1000, *range(150, 101, -1)]
    states = [given.get("aria-sort") for tag, given in page.elements if tag == "th"]
    assert states == ["descending", "none"]
    (heading,) = [given for _, given in page.elements if (given.get("title") or "").startswith("sorted")]
    assert heading["value"] == ""
    (again,) = [address for address in page.ways() if address.endswith("&sort=")]
    assert cells(Page(client.get(again).text), 2) == own


def test_another_order_begins_at_the_first_page(client: FlaskClient) -> None:
    page = shown(client, NUMBERS, page="1")
    assert "51 to 100 of 152" in said(page)
    assert "page=" not in link(page, ("sort", "n"))
    assert cells(Page(client.get(link(page, ("sort", "n"))).text), 2)[0][0] == "1"


def test_a_page_after_the_last_is_the_last(client: FlaskClient) -> None:
    assert cells(shown(client, NUMBERS, page="77"), 2) == cells(shown(client, NUMBERS, page="3"), 2)


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Joint lab", "Ministry of Digital Transition"]), ("ar", ["مختبر مشترك", "وزارة الانتقال الرقمي"])],
)
def test_things_are_sorted_as_they_are_shown_and_shown_by_iri_on_demand(
    client: FlaskClient, language: str, names: list[str]
) -> None:
    page = shown(client, NAMED, lang=language, sort="-thing")
    assert [row[0] for row in cells(page, 1)] == names[::-1]
    bare = Page(client.get(link(page, ("show", "iris"))).text)
    assert [row[0].rpartition("/")[2] for row in cells(bare, 1)] == ["ministry", "lab"]
    assert names[0] not in said(bare)
    back = [address for address in bare.links() if "sort=-thing" in address and "show=" not in address]
    assert cells(Page(client.get(back[0]).text), 1) == cells(page, 1)


def test_the_triples_of_a_graph_are_sorted_too(client: FlaskClient) -> None:
    query = "CONSTRUCT { <urn:s> <urn:p> ?n } WHERE { VALUES ?n { 10 9 100 } }"
    assert [row[2] for row in cells(shown(client, query, sort="-value"), 3)] == ["100", "10", "9"]


def test_a_link_gives_the_same_query_over_the_same_view(client: FlaskClient) -> None:
    page = shown(client, NUMBERS, collation="en", sort="n", page="1")
    (share,) = [given["href"] for tag, given in page.elements if given.get("class") == "share"]
    assert urlsplit(str(share)).netloc == "localhost"
    asked = parse_qs(urlsplit(str(share)).query)
    assert asked == {"query": [NUMBERS], "collation": ["en"], "sort": ["n"]}


def test_the_time_is_told_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert re.search(r"answered in \d+ ms", said(shown(client, "ASK { VALUES ?time { 1 } }")))
    assert re.search(r"répondu en \d+ ms", said(shown(client, "SELECT ?time { VALUES ?time { 1 } }", lang="fr")))


@pytest.mark.parametrize(
    ("language", "first", "again"),
    [
        ("en", r"answered in \d+ ms", r"answer kept; the first time it took \d+ ms"),
        ("fr", r"répondu en \d+ ms", r"réponse gardée ; la première fois, \d+ ms"),
        ("ar", r"أُجيب في [^·]*ملّي ثوان|أُجيب في [^·]*ملّي ثاني", r"جواب محفوظ، استغرق أول مرة [^·]*ملّي"),
    ],
)
@pytest.mark.parametrize("form", ["SELECT ?x {{ VALUES ?x {{ '{0}' 2 }} }}", "ASK {{ VALUES ?x {{ '{0}' }} }}"])
def test_an_answer_that_was_kept_says_so(client: FlaskClient, form: str, language: str, first: str, again: str) -> None:
    query = form.format(language)
    told = said(shown(client, query, lang=language))
    assert re.search(first, told)
    assert not re.search(again, told)
    told = said(shown(client, query, lang=language, show="iris"))
    assert re.search(again, told)
    assert not re.search(first, told)
    now = "SELECT (NOW() AS ?t) {}"
    assert [bool(re.search(again, said(shown(client, now, lang=language)))) for _ in range(2)] == [False, False]


def test_rows_that_change_with_each_page_are_told(client: FlaskClient) -> None:
    told = "may have another answer each time"
    assert told in said(shown(client, NUMBERS.replace("?n * 0", "RAND()")))
    assert told not in said(shown(client, NUMBERS))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"show": "pictures"}, "the show 'pictures' is neither names nor iris"),
        ({"page": "x"}, "page=x: a number from 0 to 10000 is expected here"),
        ({"page": "10001"}, "page=10001: a number from 0 to 10000 is expected here"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_the_query_kept(
    client: FlaskClient, more: dict[str, str], told: str
) -> None:
    response = client.get(f"/query?{urlencode({'query': NUMBERS, **more})}")
    assert response.status_code == 400
    assert NUMBERS in response.text
    # What was given stands apart from the sentence: a text in any direction.
    assert told in said(Page(response.text)).replace(" :", ":")


def test_more_rows_than_a_page_sorts_are_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.querying.arranging.MOST_SORTED", 100)
    page = shown(client, NUMBERS, sort="n")
    assert "put ORDER BY into the query" in said(page)
    assert cells(page, 2)[0][0] == "150"


def test_more_things_than_names_are_looked_up_for_are_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.querying.arranging.MOST_NAMED", 1)
    assert "sorted by their IRIs" in said(shown(client, NAMED, sort="thing"))
    assert "sorted by their IRIs" not in said(shown(client, NAMED))


@pytest.mark.parametrize(
    ("language", "word", "question"),
    [
        ("en", "contradict", "Which claims contradict one another?"),
        ("fr", "budget", "Quels montants sont alloués, et à quoi ?"),
        ("ar", "تعارض", "أي الأقوال يتعارض بعضها مع بعض؟"),
        ("en", "sameAs wikidata", "Which things are matched with items of Wikidata?"),
    ],
)
def test_a_question_is_found_by_its_words_and_answered(whole: Flask, language: str, word: str, question: str) -> None:
    client = whole.test_client()
    page = Page(client.get(f"/query?{urlencode({'find': word, 'lang': language})}").text)
    questions = [text for path, _, text in page.texts if path[-3:] == ("li", "a", "bdi")]
    assert questions == [question]
    (address,) = [a for a in page.links() if "query=" in a]
    answer = Page(client.get(address).text)
    assert [row for row in answer.texts if row[0][-2:] == ("td", "bdi") or "td" in row[0]]


def test_every_keyword_leads_to_questions_and_no_word_to_none(whole: Flask) -> None:
    client = whole.test_client()
    page = Page(client.get("/query?lang=en").text)
    words = [address for address in page.links() if "find=" in address]
    assert len(words) >= 8
    for address in words:
        assert "query=" in " ".join(Page(client.get(address).text).links()), address
    assert "No question has these words." in said(Page(client.get("/query?lang=en&find=zzz").text))


def test_a_query_with_service_is_led_to_its_data(built: Release) -> None:
    app = create_app(Settings(built.path.parent))
    app.config["FEDERATES"] = True
    response = app.test_client().get(f"/query?{urlencode({'query': SERVICE, 'lang': 'fr'})}")
    links = [a for a in Page(response.text).links() if "format=json" in a]
    assert parse_qs(urlsplit(links[0]).query) == {"query": [SERVICE], "format": ["json"], "receipt": ["true"]}


def test_a_long_query_is_on_the_page_once_and_its_buttons_do_what_links_do(client: FlaskClient) -> None:
    columns = 300
    names = [f"v{number}" for number in range(columns)]
    query = f"SELECT {' '.join(f'({150 - n} AS ?{name})' for n, name in enumerate(names))} {{ VALUES ?x {{ 1 2 }} }}"
    page = shown(client, query, show="iris", lang="fr")
    assert len(client.get(f"/query?{urlencode({'query': query})}").text) < 400_000
    # The button of the field of words has no value of its own.
    buttons = [
        given for tag, given in page.elements if given.get("form") == "again" and "name" in given and tag == "button"
    ]
    assert [given["value"] for given in buttons if given["name"] != "facet"] == ["names", *names, "true"]
    assert [given["value"] for given in buttons if given["name"] == "facet"] == names[:60]
    action, hidden = page.form("again")
    assert (action, hidden) == ("/query", [("query", query), ("show", "iris"), ("lang", "fr")])
    again = Page(client.get(f"/query?{urlencode([*hidden, ('sort', 'v7'), ('show', 'names')])}").text)
    states = [given["aria-sort"] for tag, given in again.elements if tag == "th"]
    assert (states.count("ascending"), states[7]) == (1, "ascending")
    chosen = [text for path, _, text in again.texts if path[-2:] == ("p", "strong")]
    assert "noms" in chosen
    (csv_of,) = [address for address in page.ways() if "format=csv" in address]
    assert csv_of == f"/sparql?{urlencode([('query', query), ('format', 'csv')])}"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_long_query_over_graphs_makes_no_long_page(client: FlaskClient, language: str) -> None:
    names = " ".join(f"?a_column_with_a_name_{n}" for n in range(15))
    filler = "\n".join(f"# A remark of a person who writes long queries, line {n}" for n in range(50))
    query = f"{filler}\nSELECT {names} {{ VALUES ({names}) {{ {'(' + '1 ' * 15 + ')'} }} }}"
    page = shown(client, query, lang=language, collation="fr", sort="-a_column_with_a_name_3")
    text = client.get(f"/query?{urlencode({'query': query, 'lang': language})}").text
    assert len(text.encode()) < 60_000
    assert page.form("data") == ("/sparql", [("query", query)])
    (third,) = [it for it in page.ways() if "sort=a_column_with_a_name_4" in it]
    turned = Page(client.get(third, headers={"Accept": "text/html"}).text)
    states = [given["aria-sort"] for tag, given in turned.elements if tag == "th"]
    assert [place for place, state in enumerate(states) if state == "ascending"] == [4]


@pytest.mark.parametrize("made", [True, False])
def test_the_page_has_the_editor_where_it_was_made_and_no_other_page_has_a_script(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: bool
) -> None:
    place = tmp_path / "query.js"
    if made:
        place.touch()
    monkeypatch.setattr("server.pages.querying.page.EDITOR", place)
    scripts = [given["src"] for tag, given in shown(client, "ASK {}").elements if tag == "script"]
    assert scripts == [EDITOR] * made
    assert "<script" not in client.get("/").text
