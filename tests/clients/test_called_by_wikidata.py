"""What the query services of Wikidata send when a query there names this endpoint: their wire profiles, replayed.

Two services, two profiles. Blazegraph sends GET, accepts XML only, adds `queryId` and puts all bindings into one
VALUES block behind the query; above 7168 characters of address it sends a form. QLever posts the query itself, accepts
JSON only, and puts up to 10,000 rows of VALUES at the end of the group.
"""

from __future__ import annotations

import http.client
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from federated_service import FACTS, FIRST, ITEM, ORGANISATIONS
from patience import PATIENCE
from serving import running
from tiny import write_release

XML = "application/sparql-results+xml"
JSON = "application/sparql-results+json"
SWITCH = 7168
"""The longest address, in characters, that Blazegraph sends by GET there."""
_RESULT = "{http://www.w3.org/2005/sparql-results#}"
_BLAZEGRAPH = """\
prefix wd: <http://www.wikidata.org/entity/>

prefix owl: <http://www.w3.org/2002/07/owl#>

prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT  ?item ?org ?label
WHERE {
 ?org owl:sameAs ?item . ?org rdfs:label ?label FILTER(LANG(?label) = "ar")
}
VALUES ( ?item) {
%s}
"""
_QLEVER = (
    "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?item ?org ?label WHERE { ?org owl:sameAs ?item . ?org rdfs:label ?label . %s }"
)


@pytest.fixture(scope="module")
def url(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the organisations, which asks nobody itself."""
    work = tmp_path_factory.mktemp("wikidata")
    write_release(work / "releases", facts=FACTS)
    with running(work / "releases", root, work) as (address, _):
        yield f"{address}/sparql"


def exchange(url: str, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, str, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request(method, target, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
        response = line.getresponse()
        return response.status, response.headers["Content-Type"], response.read()


def blazegraph(url: str, query: str) -> tuple[str, tuple[int, str, bytes]]:
    """The method that it chose, and what it got."""
    heads = {"Accept": XML, "User_Agent": "Wikidata Query Service; https://query.wikidata.org/"}
    given = urlencode({"query": query, "queryId": str(UUID(int=7))})
    if len(f"{url}?{given}") <= SWITCH:
        return "GET", exchange(url, "GET", f"/sparql?{given}", **heads)
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    return "POST", exchange(url, "POST", "/sparql", given.encode(), **heads, **form)


def qlever(url: str, query: str) -> tuple[int, str, bytes]:
    heads = {"Content_Type": "application/sparql-query", "Accept": JSON, "User_Agent": "Boost.Beast/347"}
    return exchange(url, "POST", "/sparql", query.encode(), **heads)


def rows_of_xml(body: bytes) -> tuple[list[str], list[dict[str, str]]]:
    tree = ET.fromstring(body)
    names = [variable.attrib["name"] for variable in tree.iter(f"{_RESULT}variable")]
    rows = [
        {binding.attrib["name"]: "".join(binding.itertext()) for binding in result}
        for result in tree.iter(f"{_RESULT}result")
    ]
    return names, rows


def label(number: int) -> dict[str, str]:
    return {
        "item": f"{ITEM}{FIRST + number}",
        "org": f"https://w3id.org/zellige/id/o{number}",
        "label": f"منظمة رقم {number}",
    }


def trailing(values: Sequence[str]) -> str:
    return _BLAZEGRAPH % "".join(f"( {value} )\n" for value in values)


@pytest.mark.parametrize("count", [1, 10, 50, 57, 60, 80, 100, 102, 110, 200, 300, 1000])
def test_blazegraph_gets_xml_by_get_and_by_form(url, count):
    method, (status, media_type, body) = blazegraph(url, trailing([f"<{ITEM}{FIRST + n}>" for n in range(count)]))
    assert (status, media_type) == (200, XML)
    names, rows = rows_of_xml(body)
    assert names == ["item", "org", "label"]
    wanted = [label(n) for n in range(min(count, ORGANISATIONS))]
    assert sorted(rows, key=lambda row: int(row["item"].rpartition("Q")[2])) == wanted
    assert method == ("GET" if count <= 80 else "POST")


def test_blazegraph_sends_every_length_up_to_its_switch(url):
    lengths = set()
    for count in range(40, 104, 3):
        method, (status, _, body) = blazegraph(url, trailing([f"<{ITEM}{FIRST + n}>" for n in range(count)]))
        assert (status, len(rows_of_xml(body)[1])) == (200, count)
        lengths.add(method)
    assert lengths == {"GET", "POST"}


def test_a_request_line_of_8_kb_and_of_66_kb_is_read(url):
    # Clients that know no form send everything by GET; common servers stop at 4094 or 8190 bytes.
    for count in (115, 850):
        query = trailing([f"<{ITEM}{FIRST + n}>" for n in range(count)])
        status, _, body = exchange(url, "GET", f"/sparql?{urlencode({'query': query})}", Accept=XML)
        assert (status, len(rows_of_xml(body)[1])) == (200, min(count, ORGANISATIONS))


def test_blazegraph_sends_undef_for_a_blank_node(url):
    _, (status, _, body) = blazegraph(url, trailing(["UNDEF"]))
    assert (status, len(rows_of_xml(body)[1])) == (200, ORGANISATIONS)


def test_blazegraph_sends_a_filter_for_two_variables_with_one_blank_node(url):
    query = trailing([f"<{ITEM}{FIRST}>"]).replace("}\nVALUES", "FILTER ( sameTerm(?item, ?item) ).\n}\nVALUES")
    _, (status, _, body) = blazegraph(url, query)
    assert (status, rows_of_xml(body)[1]) == (200, [label(0)])


def test_blazegraph_sends_a_star_when_nothing_is_projected(url):
    query = trailing([f"<{ITEM}{FIRST}>"]).replace("SELECT  ?item ?org ?label", "SELECT *")
    _, (status, _, body) = blazegraph(url, query)
    assert (status, sorted(rows_of_xml(body)[0])) == (200, ["item", "label", "org"])


def test_three_rounds_of_a_simple_query(url):
    # Endpoints on the allow list are checked so: three rounds, and every one must be answered.
    for _ in range(3):
        _, (status, media_type, _) = blazegraph(url, "SELECT  *\nWHERE {\n ?s ?p ?o \n} LIMIT 1\n")
        assert (status, media_type) == (200, XML)


@pytest.mark.parametrize("count", [1, 100, 10_000])
def test_qlever_gets_json_for_a_posted_query(url, count):
    values = "".join(f"(<{ITEM}{FIRST + n}>)" for n in range(count))
    status, media_type, body = qlever(url, _QLEVER % f"VALUES (?item) {{ {values} }}")
    assert status == 200
    # It reads an answer only if the type begins so.
    assert media_type.startswith(JSON)
    answer = json.loads(body)
    assert answer["head"]["vars"] == ["item", "org", "label"]
    rows = [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]
    wanted = [label(n) for n in range(min(count, ORGANISATIONS))]
    assert sorted(rows, key=lambda row: int(row["item"].rpartition("Q")[2])) == wanted


def test_qlever_wraps_a_sub_select_in_braces(url):
    query = (
        _QLEVER.replace("WHERE { ", "WHERE { { SELECT ?org ?item WHERE { ")
        % f"}} }} VALUES (?item) {{ (<{ITEM}{FIRST}>) }}"
    )
    status, _, body = qlever(url, query.replace("?org rdfs:label ?label . } }", "} } ?org rdfs:label ?label ."))
    assert (status, len(json.loads(body)["results"]["bindings"])) == (200, 1)


def test_qlever_shows_the_beginning_of_an_error(url):
    # The first 100 bytes of the body are all that a person sees there.
    status, media_type, body = qlever(url, "SELECT * { ?s ?p }")
    assert (status, media_type) == (400, "application/problem+json")
    assert b"query-syntax" in body[:100]
