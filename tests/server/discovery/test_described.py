"""Data that use the vocabularies of descriptions themselves, files that are served, and engines without processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from patience import PATIENCE
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from tiny import BASE, write_release

from kg.config import Project
from kg.description import About, Presented, describe, general
from kg.description.beside import asking, set_beside
from kg.description.measuring import measure
from kg.sparql.guard import check
from server.engine import Dataset, Engine
from server.engine.inprocess import InProcessEngine
from server.engine.limits import Limits
from server.engine.pool import PoolEngine

DATA = """@prefix ex: <http://example.org/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
ex:a a ex:Person ; ex:knows ex:b ; ex:age 3 . ex:b a ex:Person ; ex:name "b"@fr . ex:d a dcat:Dataset ."""
EXECUTABLE = "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?q { ?q a sh:SPARQLExecutable }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands for a release where files are served."""
    folder = tmp_path_factory.mktemp("files")
    store = Store(str(folder / "store"))
    store.load(DATA.encode(), RdfFormat.TURTLE)
    store.flush()
    del store
    about = About(Project("files", BASE, licence=""), "files", presented=Presented(examples=general()))
    set_beside(folder / "store", describe(measure(asking(folder / "store"), 6), about, None).encode())
    return folder


@pytest.fixture(scope="module", params=["process", "here"])
def engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    if request.param == "here":
        return InProcessEngine.open(folder / "store")
    return PoolEngine(folder / "store", Limits(workers=1, deadline=PATIENCE))


def ask(engine: Engine, query: str, dataset: Dataset | None = None) -> list[dict[str, str]]:
    body = engine.evaluate(check(query), dataset or Dataset(), "application/sparql-results+json")
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(body)["results"]["bindings"]]


def test_the_examples_are_there_for_who_asks(engine: Engine) -> None:
    assert [row["q"].rpartition("/")[2] for row in ask(engine, EXECUTABLE + " ORDER BY ?q")] == [
        "classes",
        "labels",
        "properties",
    ]
    assert ask(engine, EXECUTABLE, Dataset(default=("http://example.org/g",))) == []


def test_what_the_data_say_themselves_is_all_that_is_said(engine: Engine) -> None:
    query = "PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT ?d { ?d a dcat:Dataset }"
    assert ask(engine, query) == [{"d": "http://example.org/d"}]
    assert ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [{"n": "6"}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?q { ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> }",
        "prefix : <http://www.w3.org/ns/shacl#> select ?q { ?q a :SPARQLExecutable }",
        "BASE <http://www.w3.org/ns/> PREFIX s: <shacl#> SELECT ?q { ?q a s:SPARQLExecutable }",
        "PREFIX s: <http://www.w3.org/ns/shacl#SPARQL> SELECT ?q { ?q a s:Executable }",
        "SELECT ?q { ?q a <http://www.w3.org/ns/shacl\\u0023SPARQLExecutable> }",
        "PREFIX s: <http://www.w3.org/ns/> SELECT ?q { ?q a s:shacl\\#SPARQLExecutable }",
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?q { VALUES ?t { sh:SPARQLExecutable } ?q a ?t }",
    ],
)
def test_every_spelling_of_a_term_leads_there(engine: Engine, query: str) -> None:
    assert len(ask(engine, query)) == 3


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?s { ?s ?p ?o FILTER (?o = "http://www.w3.org/ns/shacl#SPARQLExecutable") }',
        "SELECT ?s { ?s a <http://example.org/Nothing> } # http://www.w3.org/ns/shacl#SPARQLExecutable",
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?s { ?s a sh:Nothing }",
    ],
)
def test_nothing_else_leads_there(engine: Engine, query: str) -> None:
    assert ask(engine, query) == []


def test_a_release_without_one_has_none(tmp_path: Path) -> None:
    engine = InProcessEngine.open(write_release(tmp_path) / "store")
    assert ask(engine, EXECUTABLE) == []


def test_nothing_is_written_to_the_store_of_the_data(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "store").iterdir()}
    store = Store(str(folder / "described" / "store"))
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o")))
    store.flush()
    del store
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "store").iterdir()} == before
    assert len(Store.read_only(str(folder / "store"))) == 6
