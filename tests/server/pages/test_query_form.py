"""The query form as a person meets it: what was typed is shown, runs again, and can be downloaded in each format."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import RdfFormat, parse

from kg.terms import LANGUAGES

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PARTIES = "SELECT ?s ?o { ?s <https://w3id.org/zellige/ont#party> ?o } ORDER BY ?o"
SELECTS = (
    PARTIES,
    f"\n\n# begins with empty lines\r\n{PARTIES}\n",
    'SELECT ?s ("a & <b>\t+%20 \\"é\\" وُقعت </textarea>" AS ?o) { ?s <https://w3id.org/zellige/ont#party> [] }',
)
RESULTS = "{http://www.w3.org/2005/sparql-results#}"


class Form(HTMLParser):
    """The query form of a page, as a browser fills it in from the page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self._typed: str | None = None
        self._is_asking = False
        self.feed(text.partition("</header>")[2])  # where every page has a field for the search
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_asking = given.get("id") == "ask"
            if self._is_asking:
                self.action = given["action"] or ""
        elif not self._is_asking:  # a form that arranges the answers, or gives them as data
            return
        elif tag == "input":
            self.fields.append((given["name"] or "", given["value"] or ""))
        elif tag == "textarea":
            self._typed = ""

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._typed is not None:
            # A browser leaves out the first line break (HTML, 4.10.11) and has one kind of them.
            self.fields.append(("query", self._typed.replace("\r\n", "\n").removeprefix("\n")))
            self._typed = None

    @property
    def query(self) -> str:
        return dict(self.fields)["query"]

    def submit(self, client: FlaskClient) -> str:
        fields = [(name, value.replace("\n", "\r\n")) for name, value in self.fields]
        response = client.get(f"{self.action}?{urlencode(fields)}", headers=HTML)
        assert response.status_code == 200
        return response.text


def table(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the answers on a page show: the IRIs, and the literals."""
    found = Page(text)
    assert found.faults == []
    cells = [given["title"] for tag, given in found.elements if tag == "a" and given.get("title")]
    literals = [said for path, given, said in found.texts if path[-2:] == ("td", "bdi") and "iri" not in str(given)]
    return tuple(map(str, cells)), tuple(literals)


def rows(kind: str, body: bytes) -> Counter[tuple[str, ...]]:
    """The rows of a downloaded table."""
    match kind:
        case "json":
            return Counter(
                tuple(row[name]["value"] for name in ("s", "o")) for row in json.loads(body)["results"]["bindings"]
            )
        case "xml":
            found = ET.fromstring(body).iter(f"{RESULTS}result")
            return Counter(
                tuple(
                    str(binding[0].text)
                    for name in ("s", "o")
                    for binding in row.iter(f"{RESULTS}binding")
                    if binding.get("name") == name
                )
                for row in found
            )
        case "csv":
            return Counter(tuple(row) for row in list(csv.reader(io.StringIO(body.decode())))[1:])
        case "tsv":
            lines = [line.split("\t") for line in body.decode().splitlines()[1:]]
            return Counter(tuple(_unquoted(cell) for cell in line) for line in lines)
    raise ValueError(kind)


def _unquoted(cell: str) -> str:
    if cell.startswith("<"):
        return cell[1:-1]
    return str(json.loads(cell))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/query", "/sparql"])
@pytest.mark.parametrize("query", SELECTS)
def test_the_query_typed_is_the_query_shown_and_runs_again(
    client: FlaskClient, path: str, query: str, language: str
) -> None:
    text = client.get(f"{path}?{urlencode({'query': query, 'lang': language})}", headers=HTML).text
    shown = table(text)
    assert shown != ((), ())
    assert "Macro" not in text
    for _ in range(2):
        form = Form(text)
        assert form.query == query.replace("\r\n", "\n")
        assert ("lang", language) in form.fields
        text = form.submit(client)
        assert table(text) == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", SELECTS)
def test_every_download_answers_with_the_rows_of_the_page(client: FlaskClient, query: str, language: str) -> None:
    text = client.get(f"/query?{urlencode({'query': query, 'lang': language})}", headers=HTML).text
    given: dict[str, Counter[tuple[str, ...]]] = {}
    for link in Page(text).ways():
        if "format=" in link:
            response = client.get(link)
            assert response.status_code == 200, response.text
            name = parse_qs(urlsplit(link).query)["format"][0]
            given[name] = rows(name, response.data)
    assert set(given) == {"json", "xml", "csv", "tsv"}
    assert len({frozenset(found.items()) for found in given.values()}) == 1
    assert sum(given["csv"].values()) == 2
    iris = client.get(f"/query?{urlencode({'query': query, 'lang': language, 'show': 'iris'})}", headers=HTML).text
    for row in given["csv"]:
        assert all(cell in table(iris)[0] or cell.split() in [said.split() for said in table(text)[1]] for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_download_of_a_graph_holds_its_triples(client: FlaskClient, language: str) -> None:
    query = "CONSTRUCT { ?s <urn:with> ?o } WHERE { ?s <https://w3id.org/zellige/ont#party> ?o }"
    text = client.get(f"/query?{urlencode({'query': query, 'lang': language})}", headers=HTML).text
    assert Form(text).query == query
    graphs = []
    for link in Page(text).links():
        if "format=" in link:
            response = client.get(link)
            assert response.status_code == 200, response.text
            kind = RdfFormat.from_media_type(response.headers["Content-Type"])
            assert kind is not None
            graphs.append({str(quad.triple) for quad in parse(response.data, format=kind)})
    assert len(graphs) >= 4
    assert all(graph == graphs[0] for graph in graphs)
    assert len(graphs[0]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query", ["ASK {", "SELECT ?x { SERVICE <http://e.org/> { } }", "INSERT DATA {}", "ASK {} # é"]
)
def test_a_query_that_fails_is_shown_as_it_was_typed(client: FlaskClient, query: str, language: str) -> None:
    response = client.get(f"/query?{urlencode({'query': query, 'lang': language})}", headers=HTML)
    assert Form(response.text).query == query


def test_the_dataset_that_was_asked_for_is_asked_for_again(client: FlaskClient) -> None:
    graph = "https://w3id.org/zellige/graph/entities"
    asked = {"query": "SELECT ?s ?o { ?s a ?o }", "default-graph-uri": graph, "lang": "fr"}
    text = client.get(f"/query?{urlencode(asked)}", headers=HTML).text
    form = Form(text)
    assert ("default-graph-uri", graph) in form.fields
    assert table(form.submit(client)) == table(text)
    links = [link for link in Page(text).links() if "format=" in link]
    assert all(parse_qs(urlsplit(link).query)["default-graph-uri"] == [graph] for link in links)
    assert "id/lab" in client.get(links[0]).text
