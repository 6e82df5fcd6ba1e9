"""The SPARQL 1.1 suites on federation: `service` (evaluation) and `syntax-fed`, driven by their manifests."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)
from sparql.federated_queries import asking

from kg.config import Federation
from kg.errors import Cause, RemoteFailed
from kg.sparql.federation import federate
from kg.sparql.receipt import Meter
from kg.sparql.solutions import JSON_TYPE, Table, read_table

SUITES = Path("suites") / "sparql11"
KNOWN = tomllib.loads((Path(__file__).parent / "service_known_failures.toml").read_text(encoding="utf-8"))
PREFIXES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
"""


class SuiteEndpoints:
    """The endpoints of one test; each answers by a planner of its own, so that SERVICE inside SERVICE works."""

    def __init__(self, data: dict[str, Path], named: set[str]) -> None:
        self.data = data
        self.settings = Federation(endpoints=tuple(sorted(named | data.keys())), contact="a@b.org")

    def clock(self) -> float:
        return 0.0

    def select(self, endpoint: str, query: str, variables: Sequence[str], meter: Meter, *, until: float) -> Table:  # noqa: ARG002
        if endpoint not in self.data:
            raise RemoteFailed("it does not exist", host=endpoint, cause=Cause.UNREACHABLE)
        store = load(self.data[endpoint])
        answered = federate(query, ask=asking(store), client=self).query.text
        results = store.query(answered)
        assert isinstance(results, QuerySolutions)
        return read_table(results.serialize(format=QueryResultsFormat.JSON), JSON_TYPE, variables)


def load(path: Path | None) -> Store:
    store = Store()
    if path is not None:
        store.load(path=str(path), format=RdfFormat.TURTLE, base_iri="http://base.example/")
    return store


def manifest(folder: Path) -> Store:
    store = Store()
    store.load(path=str(folder / "manifest.ttl"), format=RdfFormat.TURTLE, base_iri=folder.as_uri() + "/")
    return store


def rows(results: Any) -> list[tuple[tuple[str, str], ...]]:
    names = [variable.value for variable in results.variables]
    return sorted(tuple((name, str(row[name])) for name in sorted(names) if row[name] is not None) for row in results)


def path_of(term: Any) -> Path:
    return Path(term.value.removeprefix("file://"))


EVALUATION = [f"service{number}" for number in ("1", "2", "3", "4a", "5", "6", "7")]


@pytest.mark.parametrize("name", EVALUATION)
def test_service(name, shared, request):
    if name in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[name], strict=True))
    folder = shared / SUITES / "service"
    tests = manifest(folder)
    case = NamedNode(f"http://www.w3.org/2009/sparql/docs/tests/data-sparql11/service/manifest#{name}")
    question = f"""{PREFIXES} SELECT ?query ?data ?result ?endpoint ?endpointData {{
        ?case mf:action ?action ; mf:result ?result . ?action qt:query ?query .
        OPTIONAL {{ ?action qt:data ?data }}
        OPTIONAL {{ ?action qt:serviceData [ qt:endpoint ?endpoint ; qt:data ?endpointData ] }} }}"""
    found = [*tests.query(question.replace("?case", str(case)))]
    assert found, "the manifest does not know the test"
    endpoints = {row["endpoint"].value: path_of(row["endpointData"]) for row in found if row["endpoint"]}
    store = load(path_of(found[0]["data"]) if found[0]["data"] else None)
    query = path_of(found[0]["query"]).read_text(encoding="utf-8")
    client = SuiteEndpoints(endpoints, {"http://invalid.endpoint.org/sparql"})
    got = store.query(federate(query, ask=asking(store), client=client).query.text)
    expected = parse_query_results(path=str(path_of(found[0]["result"])), format=QueryResultsFormat.XML)
    assert rows(got) == rows(expected)


def test_no_test_of_the_suite_is_left_out(shared):
    tests = manifest(shared / SUITES / "service")
    names = tests.query(f"{PREFIXES} SELECT ?case {{ ?case mf:action ?action }}")
    assert {row["case"].value.rpartition("#")[2] for row in names} == set(EVALUATION)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_syntax_fed(number, shared):
    folder = shared / SUITES / "syntax-fed"
    cases = manifest(folder).query(f"{PREFIXES} SELECT ?query {{ ?case mf:action ?query }} ORDER BY ?query")
    queries = [path_of(row["query"]) for row in cases]
    assert len(queries) == 3
    store = Store()
    base = "http://base.example/"
    client = SuiteEndpoints({}, set())
    client.data = {f"{base}g": folder / "manifest.ttl"}
    client.settings = Federation(endpoints=(f"{base}g",), contact="a@b.org")
    text = queries[number - 1].read_text(encoding="utf-8")
    answered = federate(text, base=base, ask=asking(store), client=client)
    assert isinstance(store.query(answered.query.text, base_iri=base), QuerySolutions)
