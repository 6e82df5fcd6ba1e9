"""The W3C's suite for SPARQL 1.2, asked over HTTP: what of it the endpoint answers, which its description says.

The manifests say what is run; one server answers all cases, and the data of a case are published to it as a release.
A case of an update is met if it is refused: the endpoint reads only.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import rdflib
from patience import PATIENCE
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from rdflib.collection import Collection
from rdflib.namespace import RDF, Namespace
from serving import running
from shared_data import ABSENT, SHARED
from tiny import point

from server.discovery.capabilities import EXTENSIONS

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
BASE = "http://suite.example/"
FOLDER = SHARED / "suites" / "sparql12"
KNOWN = tomllib.loads((Path(__file__).parent / "sparql12_known_failures.toml").read_text(encoding="utf-8"))
TABLES = {
    ".srx": ("application/sparql-results+xml", QueryResultsFormat.XML),
    ".srj": ("application/sparql-results+json", QueryResultsFormat.JSON),
}
GRAPHS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
NUMBERS = frozenset(f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float"))
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a manifest; files are paths below the folder of the suite."""

    name: str
    kind: str
    query: str
    data: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""

    @property
    def text(self) -> str:
        return (FOLDER / self.query).read_text(encoding="utf-8")

    @property
    def is_update(self) -> bool:
        return "Update" in self.kind


def read_cases() -> list[Case]:
    """The cases of the manifests, in their order."""
    cases = []
    top = rdflib.Graph().parse(FOLDER / "manifest.ttl", format="turtle", publicID=f"{BASE}manifest.ttl")
    for included in Collection(top, next(top.objects(None, MF.include))):
        path = str(included).removeprefix(BASE)
        graph = rdflib.Graph().parse(FOLDER / path, format="turtle", publicID=BASE + path)
        cases += [read_case(graph, entry, path) for entry in Collection(graph, next(graph.objects(None, MF.entries)))]
    return cases


def read_case(graph: rdflib.Graph, entry: Any, path: str) -> Case:
    kind = str(graph.value(entry, RDF.type)).rpartition("#")[2]
    name = f"{path.split('/', maxsplit=1)[0]}/{str(entry).rsplit('#', 1)[1]}"
    action = graph.value(entry, MF.action)

    def files(predicate: Any) -> tuple[str, ...]:
        return tuple(sorted(str(one).removeprefix(BASE) for one in graph.objects(action, predicate)))

    if kind == "QueryEvaluationTest":
        (query,) = files(QT.query)
        result = str(graph.value(entry, MF.result)).removeprefix(BASE)
        return Case(name, kind, query, files(QT.data), files(QT.graphData), result)
    request = next(
        graph.objects(action, rdflib.URIRef("http://www.w3.org/2009/sparql/tests/test-update#request")), action
    )
    return Case(name, kind, str(request).removeprefix(BASE))


CASES = read_cases() if FOLDER.is_dir() else []
pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


@dataclass(slots=True)
class Endpoint:
    """A running server, and a release of each set of data."""

    releases: Path
    address: str
    published: dict[tuple[str, ...], str] = field(default_factory=dict)

    def serve(self, one: Case) -> None:
        """Make the data of a case what is served."""
        key = (one.query.rpartition("/")[0], *one.data, "", *one.named)
        if key not in self.published:
            name = f"case{CASES.index(one)}"
            (self.releases / name).mkdir()
            store = Store(str(self.releases / name / "store"))
            for file in one.data:
                store.load(path=str(FOLDER / file), format=GRAPHS[Path(file).suffix], base_iri=BASE + file)
            for file in one.named:
                graph = NamedNode(BASE + file)
                store.load(
                    path=str(FOLDER / file), format=GRAPHS[Path(file).suffix], base_iri=BASE + file, to_graph=graph
                )
            store.flush()
            del store
            manifest = {"id": name, "base": BASE + one.query.rpartition("/")[0] + "/"}
            (self.releases / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            self.published[key] = name
        point(self.releases, self.published[key])

    def ask(self, text: str, accept: str) -> tuple[int, bytes]:
        connection = HTTPConnection(self.address, timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
            connection.request("POST", "/sparql", f"query={quote(text, safe='')}".encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def endpoint(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    releases = tmp_path_factory.mktemp("releases")
    (releases / "first").mkdir()
    Store(str(releases / "first" / "store")).flush()
    (releases / "first" / "manifest.json").write_text('{"id": "first"}', encoding="utf-8")
    point(releases, "first")
    with running(releases, root, tmp_path_factory.mktemp("serve"), workers=1) as (url, _):
        yield Endpoint(releases, urlsplit(url).netloc)


# --- comparing answers


def agree(one: Any, other: Any, known: dict[str, str]) -> dict[str, str] | None:
    """The blank nodes that stand for one another if two terms say the same, with those that are `known` already."""
    match one, other:
        case BlankNode(), BlankNode():
            if (
                known.get(f"l{one.value}", other.value) != other.value
                or known.get(f"r{other.value}", one.value) != one.value
            ):
                return None
            return {**known, f"l{one.value}": other.value, f"r{other.value}": one.value}
        case Triple(), Triple():
            found: dict[str, str] | None = known
            for left, right in zip(
                (one.subject, one.predicate, one.object), (other.subject, other.predicate, other.object), strict=True
            ):
                found = None if found is None else agree(left, right, found)
            return found
        case Literal(), Literal():
            return known if plain(one) == plain(other) else None
    return known if one == other else None


def plain(literal: Literal) -> tuple[str, ...]:
    """A literal, with numbers by value: the store writes them in a form of its own."""
    value = literal.value
    if literal.datatype.value in NUMBERS:
        try:
            value = str(Decimal(value).normalize() + 0)
        except ArithmeticError:
            value = literal.value
    return (value, literal.datatype.value, literal.language or "", str(literal.direction))


def same(left: Sequence[Row], right: Sequence[Row], known: dict[str, str], *, ordered: bool) -> bool:
    """Whether two tables have the same rows but for the names of blank nodes."""
    if not left or len(left) != len(right):
        return len(left) == len(right)
    for place in (0,) if ordered else range(len(right)):
        found: dict[str, str] | None = known
        for one, other in zip(left[0], right[place], strict=True):
            found = None if found is None else agree(one, other, found)
        if found is not None and same(left[1:], [*right[:place], *right[place + 1 :]], found, ordered=ordered):
            return True
    return False


def rows_of(content: bytes, file: Path) -> tuple[tuple[str, ...], list[Row]]:
    """The columns and rows of a table or of a graph; of a truth value, a row of it."""
    if file.suffix in GRAPHS:
        triples = dict.fromkeys(quad.triple for quad in parse(content, GRAPHS[file.suffix], base_iri=BASE))
        return ("s", "p", "o"), [(t.subject, t.predicate, t.object) for t in triples]
    found = parse_query_results(content, TABLES[file.suffix][1])
    if not isinstance(found, QuerySolutions):
        return (), [(bool(found),)]
    names = tuple(sorted(variable.value for variable in found.variables))
    return names, [tuple(row[name] for name in names) for row in found]


@pytest.mark.parametrize("one", CASES, ids=[one.name for one in CASES])
def test_the_suite_is_met(request: pytest.FixtureRequest, endpoint: Endpoint, one: Case) -> None:
    if one.name in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[one.name], strict=True, raises=AssertionError))
    file = FOLDER / one.result
    accept = "application/sparql-results+json, text/turtle;q=0.9"
    if one.result:
        accept = TABLES[file.suffix][0] if file.suffix in TABLES else GRAPHS[file.suffix].media_type
    if one.kind == "QueryEvaluationTest":
        endpoint.serve(one)
    status, answer = endpoint.ask(one.text, accept)
    if one.is_update or one.kind.startswith("Negative"):
        assert status == 400, answer.decode()
        return
    assert status == 200, answer.decode()
    if one.kind == "QueryEvaluationTest":
        columns, rows = rows_of(answer, file)
        expected_columns, expected = rows_of(file.read_bytes(), file)
        assert columns == expected_columns
        ordered = "ORDER" in one.text.rpartition("}")[2].upper()
        assert same(rows, expected, {}, ordered=ordered), f"{rows}\n{expected}"


def test_known_failures_name_cases_and_are_few() -> None:
    assert KNOWN.keys() <= {one.name for one in CASES}
    assert len(CASES) == 269
    assert len(CASES) - len(KNOWN) == 262


DECLARED = {
    "triple-terms": "ASK { VALUES ?t { <<( <urn:a> <urn:b> 1 )>> } FILTER NOT EXISTS { << ?s ?p ?o >> <urn:q> ?v {| <urn:r> 1 |} } }",
    "triple-functions": "ASK { BIND (TRIPLE(<urn:a>, <urn:b>, 1) AS ?t) FILTER (isTRIPLE(?t) && SUBJECT(?t) = <urn:a> && OBJECT(?t) = 1 && PREDICATE(?t) = <urn:b>) }",
    "base-direction": 'ASK { FILTER (LANGDIR("a"@ar--rtl) = "rtl" && hasLANG("a"@ar) && hasLANGDIR(STRLANGDIR("a", "ar", "rtl"))) }',
    "version": 'VERSION "1.2" ASK {}',
}  # fmt: skip


@pytest.mark.parametrize("name", [extension.name for extension in EXTENSIONS])
def test_what_is_declared_is_answered(endpoint: Endpoint, name: str) -> None:
    status, answer = endpoint.ask(DECLARED[name], "application/sparql-results+json")
    assert status == 200, answer.decode()
    assert json.loads(answer)["boolean"] is True
