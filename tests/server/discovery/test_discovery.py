"""What tools look for at an endpoint is found there by SPARQL, in the service description and in that of the dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
import rdflib
from patience import PATIENCE
from pyoxigraph import Store
from rdflib.plugins.sparql import prepareQuery
from serving import running

from kg.release import Release

Rows = list[dict[str, str]]
ZEL = "https://w3id.org/zellige/ont#"
# The questions of SIB's tools (sparql-llm, sparql-editor), letter for letter as they send them.
PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?prefix ?namespace
WHERE {
    [] sh:namespace ?namespace ;
        sh:prefix ?prefix .
} ORDER BY ?prefix"""
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
  ?sq a sh:SPARQLExecutable ;
    rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
SCHEMA = """PREFIX up: <http://purl.uniprot.org/core/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype
WHERE {
    {
        ?cp void:class ?subjectClass ;
            void:propertyPartition ?pp .
        ?pp void:property ?prop .
        OPTIONAL {
            {
                ?pp  void:classPartition [ void:class ?objectClass ] .
            } UNION {
                ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] .
            }
        }
    } UNION {
        ?linkset void:subjectsTarget [ void:class ?subjectClass ] ;
            void:linkPredicate ?prop ;
            void:objectsTarget [ void:class ?objectClass ] .
    }
}"""


class Site:
    """A running server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, accept: str) -> bytes:
        with urlopen(Request(f"{self.url}{path}", headers={"Accept": accept}), timeout=PATIENCE) as answer:
            found: bytes = answer.read()
            return found

    def rows(self, query: str, more: str = "") -> Rows:
        body = self.get(f"/sparql?query={quote(query)}{more}", "application/sparql-results+json")
        bindings = json.loads(body)["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in bindings]

    def graph(self, path: str) -> rdflib.Graph:
        return rdflib.Graph().parse(data=self.get(path, "text/turtle"), format="turtle")


@pytest.fixture(scope="module")
def site(built: Release, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(built.path.parent, root, tmp_path_factory.mktemp("serve"), workers=1) as (url, _):
        yield Site(url)


def in_graph(graph: rdflib.Graph, query: str) -> Rows:
    return [{str(name): str(value) for name, value in row.asdict().items()} for row in graph.query(query)]


def unordered(rows: Rows) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(row.items()) for row in rows}


@pytest.mark.parametrize("query", [PREFIXES, EXAMPLES, SCHEMA], ids=["prefixes", "examples", "schema"])
@pytest.mark.parametrize("path", ["/sparql", "/dataset", "/.well-known/void"])
def test_the_endpoint_and_its_descriptions_answer_the_same(site: Site, path: str, query: str) -> None:
    asked = site.rows(query)
    assert asked
    described = in_graph(site.graph(path), query)
    # The address of the endpoint is the one that the client knows; at the endpoint it is not among these rows.
    assert unordered(asked) == unordered(described)


def test_the_prefixes_are_those_that_queries_need(site: Site) -> None:
    told = {row["prefix"]: row["namespace"] for row in site.rows(PREFIXES)}
    assert told["zel"] == ZEL
    assert told["claim"] == "https://w3id.org/zellige/claim/"
    assert told["rdfs"] == "http://www.w3.org/2000/01/rdf-schema#"


def test_the_schema_is_that_of_the_default_graph(site: Site, built: Release) -> None:
    store = Store.read_only(str(built.store_path))
    rows = store.query("SELECT DISTINCT ?c ?p { ?s a ?c ; ?p ?o }")
    expected = {(row["c"].value, row["p"].value) for row in rows}
    assert {(row["subjectClass"], row["prop"]) for row in site.rows(SCHEMA)} == expected
    rows = store.query("SELECT DISTINCT ?c ?p ?t { ?s a ?c ; ?p ?o . ?o a ?t }")
    expected = {(row["c"].value, row["p"].value, row["t"].value) for row in rows}
    told = {tuple(row.get(name, "") for name in ("subjectClass", "prop", "objectClass")) for row in site.rows(SCHEMA)}
    assert {row for row in told if row[2]} == expected


def test_every_example_has_an_answer_and_words_in_three_languages(site: Site) -> None:
    examples: dict[str, tuple[str, set[str]]] = {}
    for row in site.rows(EXAMPLES):
        examples.setdefault(row["sq"], (row["query"], set()))[1].add(row["comment"])
    assert len(examples) >= 8
    for iri, (query, comments) in examples.items():
        assert len(comments) == 3, iri
        prepareQuery(query)  # as sparql-llm reads them
        assert site.rows(query), iri


def test_examples_are_asked_where_the_client_is(site: Site) -> None:
    graph = site.graph("/sparql")
    targets = set(graph.objects(None, rdflib.URIRef("https://schema.org/target")))
    assert targets == {rdflib.URIRef(f"{site.url}/sparql")}
    query = EXAMPLES.replace("rdfs:comment ?comment", "<https://schema.org/keywords> ?comment")
    assert "target" in {row["comment"] for row in site.rows(query)}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default_triples"),
        ("SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", "quads"),
        # A prefix that is declared is not yet a question about the dataset.
        ("PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default_triples"),
    ],
)
def test_the_description_is_no_fact(site: Site, built: Release, query: str, key: str) -> None:
    assert site.rows(query) == [{"n": str(built.manifest["counts"][key])}]


def test_a_question_may_join_the_description_with_the_data(site: Site) -> None:
    query = """PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?class ?n (COUNT(?thing) AS ?found) { ?part void:class ?class ; void:entities ?n . ?thing a ?class
          FILTER (STRSTARTS(STR(?class), "https://w3id.org/zellige/ont#")) }
        GROUP BY ?class ?n"""
    rows = site.rows(query)
    assert rows
    assert [row for row in rows if row["n"] != row["found"]] == []


def test_who_chooses_the_graphs_gets_those_alone(site: Site) -> None:
    assert site.rows(PREFIXES, "&default-graph-uri=https://w3id.org/zellige/graph/claims") == []
    assert site.rows(PREFIXES.replace("WHERE", "FROM <https://w3id.org/zellige/graph/claims> WHERE")) == []


def test_a_lookup_finds_it_too(site: Site) -> None:
    query = "SELECT ?q { ?q <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/shacl#SPARQLExecutable> }"
    assert len(site.rows(query)) >= 8
