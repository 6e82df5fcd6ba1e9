"""The W3C SHACL test suite (W3C data-shapes, 98 core and 22 SPARQL tests), read from its manifests."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from shared_data import SHARED

from kg.errors import ShapesError
from kg.shacl import Columns, Report, shapes_graph, validate
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.paths import read_path
from kg.shacl.judge.reference import validate as validate_by_pyshacl
from kg.shacl.paths import path_text
from kg.shacl.report import literal_text

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = SHARED / "suites/shacl/tests"
KNOWN = tomllib.loads(Path(__file__).with_name("shacl_known_failures.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a manifest: its file, its node there, and the name that the report uses."""

    file: Path
    entry: str
    name: str


def quads(file: Path) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(file.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE, base_iri=file.as_uri()))


def load(file: Path) -> Graph:
    return memory_graph(quads(file))


def native(data: Path, shapes: Path) -> Report:
    return validate(Columns.from_quads(quads(data)), shapes_graph(quads(shapes)))


def pyshacl(data: Path, shapes: Path) -> Report:
    return validate_by_pyshacl(load(data), load(shapes))


ENGINES = {"native": native, "pyshacl": pyshacl}


def path_of(iri: URIRef) -> Path:
    return Path(iri.removeprefix("file://"))


def cases(manifest: Path) -> Iterator[Case]:
    graph = load(manifest)
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            yield Case(manifest, str(entry), f"{manifest.relative_to(SUITE).parent}/{str(entry).rpartition('/')[2]}")
    for included in sorted(graph.objects(None, MF.include)):
        yield from cases(path_of(included))


def parameters() -> list[object]:
    """Every case by every engine, the known failures marked; without the shared data one case that says so."""
    if not SUITE.is_dir():
        return [pytest.param(None, "native", id="absent")]
    known = {(engine, name): reason for engine, names in KNOWN.items() for name, reason in names.items()}
    found = [
        pytest.param(
            case,
            engine,
            id=f"{engine}-{case.name}",
            marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [],
        )
        for case in cases(SUITE / "manifest.ttl")
        for engine in ENGINES
        for reason in [known.pop((engine, case.name), None)]
    ]
    assert not known, f"no such tests: {known}"
    return found


def text(term: object) -> str | None:
    match term:
        case None:
            return None
        case BNode():
            return "_:"
        case Literal():
            return literal_text(str(term), term.datatype, term.language)
    return str(term)


def expected(graph: Graph, report: object) -> Counter[tuple[str | None, ...]]:
    def one(result: object, predicate: URIRef) -> str | None:
        return text(graph.value(result, predicate))

    rows: Counter[tuple[str | None, ...]] = Counter()
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        rows[
            one(result, SH.focusNode),
            None if path is None else path_text(read_path(graph, path)),
            one(result, SH.value),
            one(result, SH.resultSeverity),
            one(result, SH.sourceConstraintComponent),
            one(result, SH.sourceShape),
        ] += 1
    return rows


def blanked(term: str | None) -> str | None:
    """Blank nodes compare equal to each other."""
    return "_:" if term is not None and term.startswith("_:") else term


@pytest.mark.parametrize(("case", "engine"), parameters())
def test_w3c_suite(case: Case | None, engine: str, shared: Path) -> None:
    assert case is not None, "the shared data appeared after collection"
    manifest = load(case.file)
    entry = URIRef(case.entry)
    action = manifest.value(entry, MF.action)
    files = [path_of(manifest.value(action, which)) for which in (SHT.dataGraph, SHT.shapesGraph)]
    outcome = manifest.value(entry, MF.result)
    if outcome == SHT.Failure:
        with pytest.raises(ShapesError):
            ENGINES[engine](*files)
        return
    assert (entry, RDF.type, SHT.Validate) in manifest
    report = ENGINES[engine](*files)
    assert report.conforms == manifest.value(outcome, SH.conforms).toPython()
    seen = Counter(
        (blanked(r.focus), r.path, blanked(r.value), r.severity, r.component, blanked(r.shape)) for r in report.results
    )
    assert seen == expected(manifest, outcome)


def test_the_suite_is_complete(shared: Path) -> None:
    assert len(list(cases(SUITE / "manifest.ttl"))) == 120
    assert {engine: len(names) for engine, names in KNOWN.items()} == {"pyshacl": 1}
