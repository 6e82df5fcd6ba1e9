"""The SPARQL 1.1 suites on query evaluation and on result formats, over HTTP: a store for each set of data.

The manifests say what is run. One server answers all cases; the data of a case are published to it as a release. Each
answer is compared with the suite's, and with what the engine gives in this process from the same store: where the
suite is not met, it is the engine that does not meet it, and never what stands in front of it.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from conformance.evaluation_cases import BASE, SPARQL11, Case, read_cases
from patience import PATIENCE
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)
from serving import running
from shared_data import ABSENT, SHARED
from tiny import point

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
KNOWN = tomllib.loads((Path(__file__).parent / "evaluation_known_failures.toml").read_text(encoding="utf-8"))
TABLES = {
    ".srx": ("application/sparql-results+xml", QueryResultsFormat.XML),
    ".srj": ("application/sparql-results+json", QueryResultsFormat.JSON),
    ".tsv": ("text/tab-separated-values", QueryResultsFormat.TSV),
    ".csv": ("text/csv", QueryResultsFormat.CSV),
}
GRAPHS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


FOLDER = SHARED / "suites" / "sparql11"
CASES = read_cases(FOLDER, SPARQL11) if FOLDER.is_dir() else []
pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


@dataclass(slots=True)
class Answerer:
    """A running server, and what it has answered so far: cases with the same data are asked together."""

    releases: Path
    address: str
    known: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    def answers(self, one: Case) -> tuple[bytes, bytes]:
        """What the server answers to a case, and what the engine does."""
        if one.name not in self.known:
            store = self.publish(one)
            for case in CASES:
                if (case.base, case.data, case.named) == (one.base, one.data, one.named):
                    self.known[case.name] = (ask(self.address, case), evaluated(store, case))
        return self.known[one.name]

    def publish(self, one: Case) -> Store:
        """Make the data of a case what the server serves; the store, opened for reading."""
        name = f"case{CASES.index(one)}"
        release = self.releases / name
        release.mkdir()
        store = Store(str(release / "store"))
        for file in one.data:
            load(store, file, {})
        for file in one.named:
            load(store, file, {"to_graph": NamedNode(BASE + file)})
        store.flush()
        del store
        (release / "manifest.json").write_text(json.dumps({"id": name, "base": one.base}), encoding="utf-8")
        point(self.releases, name)
        return Store.read_only(str(release / "store"))


def load(store: Store, file: str, target: dict[str, NamedNode]) -> None:
    store.load(path=str(FOLDER / file), format=GRAPHS[Path(file).suffix], base_iri=BASE + file, **target)


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    releases = tmp_path_factory.mktemp("evaluation")
    (releases / "first").mkdir()
    Store(str(releases / "first" / "store")).flush()
    (releases / "first" / "manifest.json").write_text('{"id": "first"}', encoding="utf-8")
    point(releases, "first")
    with running(releases, root, tmp_path_factory.mktemp("serve"), workers=1) as (url, _):
        yield Answerer(releases, urlsplit(url).netloc)


def text_of(one: Case) -> str:
    return (FOLDER / one.query).read_text(encoding="utf-8")


def media_type_of(one: Case) -> str:
    """The format in which an answer can be compared with the file of the suite."""
    file = FOLDER / one.result
    if file.suffix in TABLES:
        return TABLES[file.suffix][0]
    return TABLES[".srj"][0] if "ResultSet" in file.read_text(encoding="utf-8") else "application/n-triples"


def ask(address: str, one: Case) -> bytes:
    accept = media_type_of(one)
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        body = f"query={quote(text_of(one), safe='')}".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        connection.request("POST", "/sparql", body, headers)
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer.decode()
        assert response.headers.get_content_type() == accept
        return answer


def evaluated(store: Store, one: Case) -> bytes:
    found = store.query(text_of(one), base_iri=one.base)
    if isinstance(found, QueryTriples):
        return serialize(found, format=RdfFormat.N_TRIPLES) or b""
    return found.serialize(format=QueryResultsFormat.from_media_type(media_type_of(one))) or b""


def plain(term: Any) -> Any:
    """A term, with numbers by value: the engine writes them in a form of its own."""
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return Literal(value_of(term.value), datatype=term.datatype)
    return term


def value_of(text: str) -> str:
    try:
        return str(Decimal(text).normalize() + 0)
    except ArithmeticError:
        return text


def rows_of(names: list[str], rows: list[dict[str, Any]], *, ordered: bool) -> Dataset:
    """Solutions as statements about rows, so that blank nodes are compared as graphs compare them."""
    quads = [Quad(NamedNode("row:all"), NamedNode("row:variable"), Literal(name)) for name in names]
    for number, row in enumerate(rows):
        node = NamedNode(f"row:{number}") if ordered else BlankNode()
        quads.append(Quad(NamedNode("row:all"), NamedNode("row:row"), node))
        quads += [Quad(node, NamedNode(f"row:value-of-{name}"), plain(value)) for name, value in row.items()]
    return canonical(quads)


def canonical(quads: list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def result_set(content: bytes, base: str) -> Any:
    """What a graph in the result set vocabulary of the Data Access Working Group says."""
    store = Store()
    store.load(content, RdfFormat.TURTLE, base_iri=base)
    boolean = [quad.object.value for quad in store.quads_for_pattern(None, NamedNode(RS + "boolean"), None)]
    if boolean:
        return boolean[0] == "true"
    names = [quad.object.value for quad in store.quads_for_pattern(None, NamedNode(RS + "resultVariable"), None)]
    rows = []
    for solution in store.quads_for_pattern(None, NamedNode(RS + "solution"), None):
        row = {}
        for binding in store.quads_for_pattern(solution.object, NamedNode(RS + "binding"), None):
            (name,) = store.quads_for_pattern(binding.object, NamedNode(RS + "variable"), None)
            (value,) = store.quads_for_pattern(binding.object, NamedNode(RS + "value"), None)
            row[name.object.value] = value.object
        rows.append(row)
    return rows_of(names, rows, ordered=False)


def cells(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, which knows no types: numbers by value, and labels of blank nodes that say nothing."""
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [
        dict(zip(head, ("_:" if cell.startswith("_:") else value_of(cell) for cell in row), strict=True))
        for row in rows
    ]


def read_answer(content: bytes, media_type: str, *, ordered: bool) -> Any:
    """An answer as what two answers with the same meaning have in common."""
    if media_type == "text/csv":
        rows = cells(content)
        return rows if ordered else sorted(rows, key=str)
    if media_type == "application/n-triples":
        return canonical(list(parse(content, RdfFormat.N_TRIPLES)))
    found = parse_query_results(content, QueryResultsFormat.from_media_type(media_type))
    if not isinstance(found, QuerySolutions):
        return bool(found)
    names = [variable.value for variable in found.variables]
    rows = [{name: row[name] for name in names if row[name] is not None} for row in found]
    return rows_of(names, rows, ordered=ordered)


def read_expected(one: Case, *, ordered: bool) -> Any:
    file = FOLDER / one.result
    content = file.read_bytes()
    if file.suffix in TABLES:
        return read_answer(content, TABLES[file.suffix][0], ordered=ordered)
    if b"ResultSet" in content:
        return result_set(content, BASE + one.result)
    return canonical(list(parse(content, GRAPHS[file.suffix], base_iri=BASE + one.result)))


def is_ordered(one: Case) -> bool:
    """Whether the order of the rows is part of the answer; the result set vocabulary of the suite does not keep it."""
    after = re.sub(r"#[^\n>]*\n", "\n", text_of(one)).rpartition("}")[2]
    return "ORDER" in after.upper() and Path(one.result).suffix in TABLES


@pytest.mark.parametrize("one", CASES, ids=[one.name for one in CASES])
def test_the_suite_is_met(request: pytest.FixtureRequest, server: Answerer, one: Case) -> None:
    if one.name in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[one.name], strict=True, raises=AssertionError))
    answer, _ = server.answers(one)
    ordered = is_ordered(one)
    assert read_answer(answer, media_type_of(one), ordered=ordered) == read_expected(one, ordered=ordered)


@pytest.mark.parametrize("one", CASES, ids=[one.name for one in CASES])
def test_no_difference_is_ours(server: Answerer, one: Case) -> None:
    answer, native = server.answers(one)
    media_type, ordered = media_type_of(one), is_ordered(one)
    if read_answer(answer, media_type, ordered=ordered) != read_expected(one, ordered=ordered):
        assert read_answer(answer, media_type, ordered=True) == read_answer(native, media_type, ordered=True)


def test_known_failures_name_cases_and_are_few() -> None:
    assert KNOWN.keys() <= {one.name for one in CASES}
    assert len(CASES) == 235
    assert len(CASES) - len(KNOWN) == 228
