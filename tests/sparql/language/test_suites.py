"""All queries of the suites: read, written, and asked again.

What the syntax tests say is met; what the engine takes is taken and what it refuses is refused, but for what
`suite_known.toml` lists; and a query that was written again gives the answer of the original over the data of its test.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store
from rdflib.namespace import RDF, Namespace
from shared_data import ABSENT, SHARED

from kg.errors import QueryError
from kg.sparql.language import parse, write

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
KNOWN = tomllib.loads((Path(__file__).parent / "suite_known.toml").read_text(encoding="utf-8"))
SUITES = SHARED / "suites"
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
BASE = "http://suite.example/"
POSITIVE = ("PositiveSyntaxTest", "PositiveSyntaxTest11", "PositiveSyntaxTest12")
NEGATIVE = ("NegativeSyntaxTest", "NegativeSyntaxTest11", "NegativeSyntaxTest12")
VOLATILE = ("RAND()", "UUID()", "STRUUID()", "NOW()", "BNODE(")


@dataclass(frozen=True, slots=True)
class Case:
    """An entry of a manifest; files are paths below the folder of the suites."""

    kind: str
    query: str
    data: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def cases() -> Iterator[Case]:
    for manifest in sorted(SUITES.glob("sparql1*/*/manifest.ttl")):
        folder = f"{manifest.parent.relative_to(SUITES)}/"
        graph = rdflib.Graph().parse(manifest, publicID=BASE + folder)
        for entry, kind in graph.subject_objects(RDF.type):
            name = str(kind).rpartition("#")[2]
            action = graph.value(entry, MF.action)
            if name == "QueryEvaluationTest":
                (query,) = files(graph, action, QT.query)
                yield Case(name, query, files(graph, action, QT.data), files(graph, action, QT.graphData))
            elif name in POSITIVE + NEGATIVE:
                yield Case(name, str(action).removeprefix(BASE))


def files(graph: rdflib.Graph, action: Any, predicate: Any) -> tuple[str, ...]:
    return tuple(sorted(str(one).removeprefix(BASE) for one in graph.objects(action, predicate)))


CASES = [*cases()] if SUITES.is_dir() else []
TEXTS = sorted(str(path.relative_to(SUITES)) for path in SUITES.glob("sparql1*/**/*.rq"))
pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


def text_of(query: str) -> str:
    return (SUITES / query).read_bytes().decode()


def chosen(*kinds: str) -> list[str]:
    return sorted({case.query for case in CASES if case.kind in kinds})


@pytest.mark.parametrize("query", chosen(*POSITIVE))
def test_what_is_legal_is_read(query: str) -> None:
    tree = parse(text_of(query), BASE + query)
    assert parse(write(tree)) == tree


@pytest.mark.parametrize("query", chosen(*NEGATIVE))
def test_what_is_not_is_refused(request: pytest.FixtureRequest, query: str) -> None:
    if query in KNOWN["taken"]:
        request.applymarker(pytest.mark.xfail(reason=KNOWN["taken"][query], strict=True))
    with pytest.raises(QueryError) as told:
        parse(text_of(query), BASE + query)
    (problem,) = told.value.problems
    assert problem.position is not None
    assert problem.position.column is not None


def engine_takes(text: str, base: str) -> bool:
    try:
        Store().query(text, base_iri=base)
    except SyntaxError:
        return False
    except RuntimeError:
        return True
    return True


@pytest.mark.parametrize("query", [one for one in TEXTS if "SERVICE" not in text_of(one)] if CASES else [])
def test_the_engine_takes_what_is_read(query: str) -> None:
    text, base = text_of(query), BASE + query
    taken = engine_takes(text, base)
    try:
        tree = parse(text, base)
    except QueryError:
        assert not taken or query in KNOWN["taken-by-the-engine"]
        return
    assert parse(write(tree)) == tree
    assert engine_takes(write(tree), base) == taken or query in KNOWN["taken"]
    assert taken or query in {**KNOWN["taken"], **KNOWN["refused-by-the-engine"]}


def answer(store: Store, text: str, base: str) -> Any:
    """What the engine says; labels of blank nodes, and the order of rows, are none of it."""
    try:
        found = store.query(text, base_iri=base)
        if isinstance(found, QueryBoolean):
            return bool(found)
        if isinstance(found, QuerySolutions):
            names = sorted(variable.value for variable in found.variables)
            return names, Counter(tuple(str(row[name]) for name in names) for row in found)
        return Counter("made" if "_:" in str(one) else str(one) for one in found)
    except (RuntimeError, SyntaxError) as error:
        return type(error)


EVALUATED = [
    case
    for case in CASES
    if case.kind == "QueryEvaluationTest" and not any(word in text_of(case.query) for word in (*VOLATILE, "SERVICE"))
]


@pytest.mark.parametrize("case", EVALUATED, ids=[case.query for case in EVALUATED])
def test_a_query_written_again_gives_the_same_answer(case: Case) -> None:
    store = Store()
    for file in case.data:
        store.load(path=str(SUITES / file), format=FORMATS[Path(file).suffix], base_iri=BASE + file)
    for file in case.named:
        name = NamedNode(BASE + file)
        store.load(path=str(SUITES / file), format=FORMATS[Path(file).suffix], base_iri=BASE + file, to_graph=name)
    base = BASE + case.query.rpartition("/")[0] + "/"
    text = text_of(case.query)
    again = write(parse(text, base))
    found = answer(store, again, base)
    if case.query not in KNOWN["refused-by-the-engine"]:
        assert found is not SyntaxError
    assert found == answer(store, text, base), again


def test_the_lists_name_queries_of_the_suites() -> None:
    for listed in KNOWN.values():
        assert {*listed} <= {*TEXTS}
    assert len(TEXTS) > 550
    assert len(EVALUATED) > 250
