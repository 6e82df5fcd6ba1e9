"""Clients that people use get the same rows from a server over HTTP."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess

import pytest
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import running
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from tiny import write_release

QUERY = "SELECT ?s ?o { ?s <https://w3id.org/zellige/ont#party> ?o } ORDER BY ?o"
ROWS = [
    ("https://w3id.org/zellige/id/mou", "https://w3id.org/zellige/id/lab"),
    ("https://w3id.org/zellige/id/mou", "https://w3id.org/zellige/id/ministry"),
]


@pytest.fixture(scope="module")
def url(root, tmp_path_factory):
    """The address of a running server over the tiny release."""
    work = tmp_path_factory.mktemp("clients")
    write_release(work / "releases")
    with running(work / "releases", root, work) as (address, _):
        yield address


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("direct", [False, True])
def test_sparqlwrapper_json(url, method, direct):
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setQuery(QUERY)
    wrapper.setMethod(method)
    if direct and method == POST:
        wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setReturnFormat(JSON)
    answer = wrapper.queryAndConvert()
    assert [(row["s"]["value"], row["o"]["value"]) for row in answer["results"]["bindings"]] == ROWS


def test_sparqlwrapper_xml_csv_and_graphs(url):
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setQuery(QUERY)
    wrapper.setReturnFormat(XML)
    assert [n.firstChild.data for n in wrapper.queryAndConvert().getElementsByTagName("uri")] == [
        value for row in ROWS for value in row
    ]
    wrapper.setReturnFormat(CSV)
    assert list(csv.reader(io.StringIO(wrapper.queryAndConvert().decode())))[1:] == [list(row) for row in ROWS]
    wrapper.setQuery("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    wrapper.setReturnFormat(TURTLE)
    assert b"2025-09" in wrapper.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(url, method):
    store = SPARQLStore(f"{url}/sparql", method=method)
    assert [(str(s), str(o)) for s, o in store.query(QUERY)] == ROWS
    party = URIRef("https://w3id.org/zellige/ont#party")
    assert sorted(str(o) for (_, _, o), _ in store.triples((None, party, None))) == [row[1] for row in ROWS]
    assert len(store) == 7


@pytest.mark.parametrize(
    "arguments",
    [
        ["--get", "--data-urlencode", f"query={QUERY}"],
        ["--data-urlencode", f"query={QUERY}"],
        ["--header", "Content-Type: application/sparql-query", "--data-binary", QUERY],
    ],
)
def test_curl(url, arguments):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [curl, "--silent", "--fail", "--max-time", "30", "--header", "Accept: application/sparql-results+json"]
    said = subprocess.run([*command, *arguments, f"{url}/sparql"], capture_output=True, check=True).stdout
    assert [(row["s"]["value"], row["o"]["value"]) for row in json.loads(said)["results"]["bindings"]] == ROWS
