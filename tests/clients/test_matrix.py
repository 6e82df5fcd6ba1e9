"""The client matrix: each client asks a question in Arabic, and a join with Wikidata's stand-in through the endpoint."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from federated_service import PREFIXES, expected, joined, question, stand_in
from patience import PATIENCE
from pyoxigraph import Store
from wikidata_stand_in import StandIn

Rows = list[list[str]]
NODE = Path(__file__).parent / "node"
NAMED = f'{PREFIXES}SELECT ?org ?label {{ ?org a zel:Agreement ; rdfs:label ?label FILTER(?label = "منظمة رقم 7"@ar) }}'
ANSWER = [["https://w3id.org/zellige/id/o7", "منظمة رقم 7"]]


@pytest.fixture(scope="module")
def remote() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture(scope="module")
def url(root: Path, tmp_path_factory: pytest.TempPathFactory, remote: StandIn) -> Iterator[str]:
    with joined(root, tmp_path_factory.mktemp("matrix"), remote) as address:
        yield address


def of_bindings(answer: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> Rows:
    return [[row["org"]["value"], row["label"]["value"]] for row in answer["results"]["bindings"]]


def sparqlwrapper(url: str, query: str) -> Rows:
    from SPARQLWrapper import JSON, POST, SPARQLWrapper

    wrapper = SPARQLWrapper(url, returnFormat=JSON)
    wrapper.setQuery(query)
    wrapper.setMethod(POST)
    return of_bindings(wrapper.queryAndConvert())


def rdflib_store(url: str, query: str) -> Rows:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    return [[str(row[0]), str(row[1])] for row in SPARQLStore(url).query(query)]


def sparqlite(url: str, query: str) -> Rows:
    client = pytest.importorskip("sparqlite").SPARQLClient(url, max_retries=0)
    try:
        return of_bindings(client.query(query))
    finally:
        client.close()


def sparql_dataframe(url: str, query: str) -> Rows:
    module = pytest.importorskip("sparql_dataframe")
    return [[*map(str, row)] for row in module.get(url, query).to_numpy().tolist()]


def pandas(url: str, query: str) -> Rows:
    from urllib.parse import urlencode

    frame = pytest.importorskip("pandas").read_csv(f"{url}?{urlencode({'query': query, 'format': 'csv'})}")
    return [[*map(str, row)] for row in frame.to_numpy().tolist()]


def wikibaseintegrator(url: str, query: str) -> Rows:
    pytest.importorskip("wikibaseintegrator")
    from wikibaseintegrator.wbi_helpers import execute_sparql_query

    return of_bindings(execute_sparql_query(query, endpoint=url, user_agent="zellige-tests/1.0", max_retries=1))


def curl(url: str, query: str) -> Rows:
    program = shutil.which("curl") or pytest.skip("curl is not installed")
    command = [program, "-sSf", "-H", "Accept: text/csv", "--data-urlencode", f"query={query}", url]
    said = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE).stdout.decode()
    return [*csv.reader(io.StringIO(said))][1:]


def oxigraph(url: str, query: str) -> Rows:
    """Asks by SERVICE: the whole question is in the clause."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("the program oxigraph is not installed (make clients)")
    _, _, body = query.partition("{")
    asked = f"{PREFIXES}SELECT ?org ?label {{ SERVICE <{url}> {{ {body.rpartition('}')[0]} }} }} ORDER BY ?org"
    with tempfile.TemporaryDirectory() as folder:
        # It wants a store of its own, which has to exist and may be empty.
        store = Store(folder)
        store.flush()
        del store
        command = [program, "query", "--location", folder, "--query", asked, "--results-format", "csv"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE, text=True)
    assert done.returncode == 0, done.stderr
    return [*csv.reader(io.StringIO(done.stdout))][1:]


def _node(client: str) -> Callable[[str, str], Rows]:
    def ask(url: str, query: str) -> Rows:
        program = shutil.which("node")
        if program is None or not (NODE / "node_modules").is_dir():
            pytest.skip("the clients for Node are not installed (make clients)")
        command = [program, str(NODE / "ask.js"), client, url]
        done = subprocess.run(command, input=query.encode(), capture_output=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode()
        rows: Rows = json.loads(done.stdout)
        return rows

    return ask


CLIENTS: dict[str, Callable[[str, str], Rows]] = {
    "SPARQLWrapper": sparqlwrapper,
    "rdflib SPARQLStore": rdflib_store,
    "sparqlite": sparqlite,
    "sparql_dataframe": sparql_dataframe,
    "pandas": pandas,
    "WikibaseIntegrator": wikibaseintegrator,
    "curl": curl,
    "oxigraph": oxigraph,
    "Comunica": _node("comunica"),
    "fetch-sparql-endpoint": _node("fetcher"),
}


def answers(name: str, url: str, query: str) -> Rows:
    with warnings.catch_warnings():
        # What clients say about themselves is not what is tested.
        warnings.simplefilter("ignore")
        return CLIENTS[name](url, query)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_question_in_arabic(name, url):
    assert answers(name, url, NAMED) == ANSWER


@pytest.mark.parametrize("name", CLIENTS)
def test_a_join_with_wikidata(name, url, remote):
    remote.log.clear()
    assert sorted(answers(name, url, question(remote.url))) == expected()
    assert len(remote.log) == 3, "the bindings go out in three batches, whoever asks"


def test_the_docs_name_every_client(root):
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for name in CLIENTS:
        assert f"| {name} |" in text
