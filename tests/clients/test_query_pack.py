"""The query pack: twenty queries in ten pairs, linted, and run both ways between our server and the stand-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from serving import running
from wikidata_stand_in import HAND_MADE, StandIn, hand_made, real_items

from kg import store
from kg.config import Federation
from kg.release import Release
from kg.sparql.federation import federate
from kg.sparql.guard import draft
from kg.sparql.remote import RemoteClient

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "queries" / "wikidata.ttl"
OURS = "https://w3id.org/zellige/sparql"
MAIN = "https://query.wikidata.org/sparql"
SCHOLARLY = "https://query-scholarly.wikidata.org/sparql"
SH = "http://www.w3.org/ns/shacl#"
SCHEMA = rdflib.Namespace("https://schema.org/")
BLAZEGRAPH = (
    "wikibase:label", "wikibase:box", "wikibase:around", "wikibase:mwapi", "bd:", "hint:", "gas:", "mwapi:", "geof:",
    "http://www.bigdata.com/", "INCLUDE %", "WITH {",
)  # fmt: skip
"""Marks of what only Blazegraph or its Wikidata edition understands."""


@dataclass(frozen=True)
class Example:
    """One query of the pack."""

    name: str
    text: str
    target: str
    labels: dict[str, str]
    partner: str

    @property
    def is_here(self) -> bool:
        return self.target == OURS


def read_pack() -> list[Example]:
    graph = rdflib.Graph().parse(FILE)
    found = []
    for subject in sorted(graph.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "SPARQLExecutable"))):
        labels = {str(label.language): str(label) for label in graph.objects(subject, rdflib.RDFS.label)}  # type: ignore[attr-defined]
        text, target, partner = (
            str(graph.value(subject, predicate, any=False))
            for predicate in (rdflib.URIRef(SH + "select"), SCHEMA.target, rdflib.DCTERMS.relation)
        )
        found.append(Example(str(subject).split("/")[-1], text, target, labels, partner.split("/")[-1]))
    return found


PACK = read_pack()
PAIRS = [(one, next(other for other in PACK if other.name == one.partner)) for one in PACK if one.is_here]
each = pytest.mark.parametrize("example", PACK, ids=lambda example: example.name)


def test_there_are_ten_pairs() -> None:
    assert len(PACK) == 20
    assert len(PAIRS) == 10
    for here, there in PAIRS:
        assert (there.target, there.partner) == (MAIN, here.name)


def faults(text: str, target: str) -> Iterator[str]:
    """What keeps a query from running on any engine, or from being understood."""
    prologue = dict(re.findall(r"(?m)^PREFIX ([\w-]*): <([^>]*)>$", text))
    body = re.sub(r'"[^"\n]*"|<[^<>\s]*>', " ", re.sub(r"(?m)^PREFIX .*$", "", text))
    used = set(re.findall(r"(?<![\w?:-])([A-Za-z][\w-]*)?:(?=\w)", body))
    yield from (f"prefix {name} is not declared" for name in sorted(used - set(prologue)))
    yield from (f"prefix {name} is not used" for name in sorted(set(prologue) - used))
    yield from (f"{mark} is Blazegraph's" for mark in BLAZEGRAPH if mark.lower() in text.lower())
    called = re.findall(r"\bSERVICE\s+(?:SILENT\s+)?(\S+)", text)
    allowed = {f"<{MAIN}>", f"<{SCHOLARLY}>"} if target == OURS else {f"<{OURS}>"}
    if len(called) != 1 or called[0] not in allowed:
        yield f"it calls {called}"


@each
def test_a_query_is_plain_sparql_that_names_its_endpoint(example: Example) -> None:
    assert [*faults(example.text, example.target)] == []
    assert draft(example.text).has_service
    prepareQuery(example.text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"SELECT * {{ ?a wdt:P31 ?b SERVICE <{MAIN}> {{}} }}", "prefix wdt is not declared"),
        (f"PREFIX wdt: <http://e/>\nSELECT * {{ SERVICE <{MAIN}> {{}} }}", "prefix wdt is not used"),
        (f"SELECT * {{ SERVICE <{MAIN}> {{}} hint:Query hint:optimizer 'None' }}", "hint: is Blazegraph's"),
        ("SELECT * { SERVICE wikibase:label {} }", "wikibase:label is Blazegraph's"),
        ("SELECT * { SERVICE <https://query-legacy-full.wikidata.org/sparql> {} }", "it calls ["),
        ("SELECT * { ?s ?p ?o }", "it calls []"),
    ],
)
def test_the_linter_finds_what_it_is_for(text: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(text, OURS))


@each
def test_a_query_has_a_label_in_three_languages(example: Example) -> None:
    assert set(example.labels) == {"ar", "fr", "en"}
    assert all(example.labels.values())
    assert re.search("[\u0621-\u064a]", example.labels["ar"])


def test_names_fall_back_in_the_same_order_everywhere() -> None:
    named = [example.text for example in PACK if "?name" in example.text]
    assert named
    for text in named:
        assert "COALESCE(?ar, ?fr, ?en, ?mul)" in text
        assert re.findall(r'LANG\(\?(\w+)\) = "(\w+)"', text) == [(tag, tag) for tag in ("ar", "fr", "en", "mul")]


MADE = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix pr: <http://www.wikidata.org/prop/reference/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <http://schema.org/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

wd:Q119718658 wikibase:sitelinks 3 ; wdt:P571 "2023-01-01T00:00:00Z"^^xsd:dateTime ;
  schema:description "a description made by hand"@en , "eine von Hand"@de ; p:P17 <urn:made:statement> .
<urn:made:statement> ps:P17 wd:Q142 ; prov:wasDerivedFrom <urn:made:reference> .
<urn:made:reference> pr:P854 <https://example.org/page> .
wd:Q142 wikibase:sitelinks 4 .
wd:Q12147 wikibase:sitelinks 1 ; rdfs:label "health"@en .
wd:Q3510521 wikibase:sitelinks 1 ; rdfs:label "made by hand"@mul .
<https://ar.wikipedia.org/wiki/made> schema:about wd:Q11660 ; schema:inLanguage "ar" .
<https://de.wikipedia.org/wiki/made> schema:about wd:Q11660 ; schema:inLanguage "de" .
"""
"""Facts about items, made by hand for these tests; each item gets the class that says so."""


@pytest.fixture(scope="module")
def wikidata(shared: Path) -> Iterator[StandIn]:
    made = [*ox.parse(MADE, format=ox.RdfFormat.TURTLE)]
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    marks = {ox.Triple(quad.subject, kind, HAND_MADE) for quad in made}
    with StandIn(real_items(shared)) as remote:
        yield remote.add([*hand_made(), *marks, *(quad.triple for quad in made)])


@pytest.fixture(scope="module")
def ours(built: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(built.path.parent, ROOT, tmp_path_factory.mktemp("serving"), workers=2) as (url, _):
        yield f"{url}/sparql"


def rows(found: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(str(term) for term in solution) for solution in found)


def ask_here(text: str, built: Release, remote: StandIn) -> list[tuple[str, ...]]:
    """Ask our release, as `kg query` does, with the stand-in in the place of Wikidata."""
    database = store.read(built.store_path)

    def ask(query: Any) -> bytes:
        return database.query(query.text).serialize(format=ox.QueryResultsFormat.JSON)

    settings = Federation(endpoints=(remote.url,), private_endpoints=(remote.url,), contact="a@b.org")
    with RemoteClient(settings) as client:
        done = federate(text.replace(MAIN, remote.url), ask=ask, client=client)
    return rows(database.query(done.query.text))


@pytest.mark.parametrize(("here", "there"), PAIRS, ids=lambda example: example.name)
def test_both_of_a_pair_give_the_same_rows(here, there, built: Release, wikidata: StandIn, ours: str) -> None:
    found = ask_here(here.text, built, wikidata)
    assert found
    assert found == rows(wikidata.store.query(there.text.replace(OURS, ours)))


def test_what_some_of_them_say(built: Release, wikidata: StandIn) -> None:
    said = {here.name: ask_here(here.text, built, wikidata) for here, _ in PAIRS}
    sector = {row[1].split("/")[-1][:-1]: row[3] for row in said["sectors-here"]}
    assert sector == {"health": '"health"@en', "cybersecurity": '"made by hand"@mul'}
    names = {row[1].split("/")[-1][:-1]: row[2] for row in said["names-here"]}
    assert names == {"Q142": '"فرنسا"@ar', "Q119718658": '"Mistral AI"@fr'}
    assert [row[3].split("^")[0] for row in said["seats-here"]] == ['"true"']
    assert [row[2] for row in said["codes-here"]] == ['"FR"']
    assert {row[1].split("/")[-1][:-1] for row in said["untranslated-here"]} == {"Q119718658"}


@pytest.fixture(scope="module")
def as_rdflib(wikidata: StandIn) -> rdflib.Graph:
    """What the stand-in holds, for another engine; without the literals whose language tag only Wikidata knows."""
    kept = [quad.triple for quad in wikidata.store if not _is_badly_tagged(quad.object)]
    return rdflib.Graph().parse(data=ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES), format="nt")


def _is_badly_tagged(term: Any) -> bool:
    return any(len(part) > 8 for part in (getattr(term, "language", None) or "").split("-"))


@pytest.mark.parametrize("there", [there for _, there in PAIRS], ids=lambda example: example.name)
def test_another_engine_gives_the_same_rows(there, as_rdflib: rdflib.Graph, wikidata: StandIn, ours: str) -> None:
    """rdflib in the place of the Wikidata Query Service calls this graph by a SERVICE of its own."""
    text = there.text.replace(OURS, ours)
    # rdflib writes a time zone as an offset, whatever the data say.
    found = sorted(
        tuple("" if term is None else term.n3().replace("+00:00", "Z") for term in row) for row in as_rdflib.query(text)
    )
    expected = [tuple("" if term == "None" else term for term in row) for row in rows(wikidata.store.query(text))]
    assert found == expected
