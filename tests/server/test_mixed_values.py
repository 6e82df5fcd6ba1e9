"""Things whose values are of many types: the engine's own sort may end the process, so nobody uses it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from patience import PATIENCE
from serving import running
from tiny import CLAIMS, FACTS, write_release

from server.lookup import Term, parse_rows, select

MIXED = ", ".join(f'{number * 37 % 101} , "{number * 53 % 103}"' for number in range(60))
"""Numbers and strings in an order that the sort of Rust refuses, since Oxigraph's comparison of them is not total."""
CLAIM = f"g:claims {{ c:F1 zel:weight {MIXED} }} c:F1 {{ d:mou zel:weight {MIXED} }} g:entities {{ d:lab rdfs:label {MIXED} }} g:ontology {{ zel:party zel:weight {MIXED} }}"


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("mixed")
    write_release(work / "releases", facts=f"{FACTS} d:lab zel:weight {MIXED} .", claims=f"{CLAIMS}\n{CLAIM}")
    with running(work / "releases", root, work) as (url, _):
        yield url


def get(url: str, path: str, accept: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as line:
        line.request("GET", path, headers={"Accept": accept})
        response = line.getresponse()
        return response.status, response.read()


@pytest.mark.parametrize(
    "path", ["/id/lab", "/claim/F1", "/graph/claims", "/ont", "/", "/reconcile/preview?id=id/lab", "/doc/seed"]
)
def test_pages_stand(served: str, path: str) -> None:
    status, body = get(served, path, "text/html")
    assert (status, body.rstrip().endswith(b"</html>")) == (200, True)


def test_a_data_extension_stands(served: str) -> None:
    asked = {"ids": ["id/lab"], "properties": [{"id": "zel:weight"}]}
    status, body = get(served, f"/reconcile?extend={quote(json.dumps(asked))}", "application/json")
    assert status == 200
    values = json.loads(body)["rows"]["id/lab"]["zel:weight"]
    assert len(values) == 120
    numbers = [value["int"] for value in values if "int" in value]
    assert numbers == sorted(numbers)


def test_a_sort_of_a_stranger_is_one_of_numbers_and_then_of_texts(served: str) -> None:
    query = "SELECT ?x { GRAPH ?g { ?s <https://w3id.org/zellige/ont#weight> ?x } } ORDER BY ?x"
    status, body = get(served, f"/sparql?query={quote(query)}", "application/sparql-results+json")
    assert status == 200
    found = [row["x"] for row in json.loads(body)["results"]["bindings"]]
    numbers = [int(term["value"]) for term in found if "datatype" in term]
    texts = [term["value"] for term in found if "datatype" not in term]
    assert (len(numbers), len(texts)) == (180, 180)
    assert [term["value"] for term in found] == [*map(str, sorted(numbers)), *sorted(texts)]


class Rows:
    """An engine with one answer."""

    def __init__(self, *terms: dict[str, str]) -> None:
        self.terms = terms

    def evaluate(self, *_: object, **__: object) -> bytes:
        bindings = [{"x": term} for term in self.terms] + [{}]
        return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()


def literal(value: str, datatype: str = "string") -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": f"http://www.w3.org/2001/XMLSchema#{datatype}"}


def test_rows_are_in_one_order_whatever_order_they_came_in() -> None:
    terms = [
        literal("10", "integer"), literal("9.5", "decimal"), literal("NaN", "double"), literal("INF", "double"),
        literal("10"), literal("abc", "integer"), literal("2020-01-01", "date"), {"type": "uri", "value": "urn:x"},
        {"type": "bnode", "value": "b"}, {"type": "literal", "value": "10", "xml:lang": "en"},
    ]  # fmt: skip
    forwards, backwards = select(Rows(*terms), "", "x"), select(Rows(*reversed(terms)), "", "x")  # type: ignore[arg-type]
    assert forwards == backwards
    found = [row["x"].value if row else None for row in forwards]
    assert found[:6] == [None, "b", "urn:x", "9.5", "10", "INF"]


def test_a_triple_in_an_answer_is_a_term() -> None:
    inner = {
        "type": "triple",
        "value": {
            "subject": {"type": "bnode", "value": "b"},
            "predicate": {"type": "uri", "value": "urn:p"},
            "object": {"type": "literal", "value": 'a"', "xml:lang": "en"},
        },
    }
    outer = {
        "type": "triple",
        "value": {
            "subject": {"type": "uri", "value": "urn:s"},
            "predicate": {"type": "uri", "value": "urn:p"},
            "object": inner,
        },
    }
    answer = json.dumps({"head": {"vars": ["t"]}, "results": {"bindings": [{"t": outer}]}}).encode()
    assert parse_rows(answer)[1] == [{"t": Term("triple", '<<( <urn:s> <urn:p> <<( _:b <urn:p> "a\\""@en )>> )>>')}]


def test_a_triple_in_an_answer_has_its_place_on_a_page(served: str) -> None:
    for query in (
        "SELECT (TRIPLE(<urn:a>, <urn:b>, 1) AS ?t) {}",
        "CONSTRUCT { <urn:r> <urn:p> <<( <urn:a> <urn:b> 1 )>> } {}",
    ):
        status, body = get(served, f"/query?query={quote(query)}", "text/html")
        assert (status, b"&lt;urn:a&gt; &lt;urn:b&gt;" in body) == (200, True)
