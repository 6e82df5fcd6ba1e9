"""The cases of query evaluation and of result formats that the manifests of the W3C's suites name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
BASE = "http://suite.example/"
SPARQL11 = ("manifest-sparql11-query.ttl", "manifest-sparql11-results.ttl")
SPARQL12 = ("manifest.ttl",)
KINDS = {MF.QueryEvaluationTest, MF.CSVResultFormatTest}


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a manifest; files are paths below the folder of the suite."""

    name: str
    query: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: str

    @property
    def base(self) -> str:
        """What the query's relative IRIs are resolved against: its folder."""
        return BASE + self.query.rpartition("/")[0] + "/"


def read_cases(folder: Path, manifests: tuple[str, ...]) -> list[Case]:
    """The evaluation cases of the manifests, in their order."""
    cases = []
    for manifest in manifests:
        top = rdflib.Graph().parse(folder / manifest, publicID=BASE + manifest)
        for included in Collection(top, next(top.objects(None, MF.include))):
            path = str(included).removeprefix(BASE)
            graph = rdflib.Graph().parse(folder / path, publicID=BASE + path)
            cases += [
                read_case(graph, entry, path.split("/")[0])
                for entry in Collection(graph, next(graph.objects(None, MF.entries)))
                if graph.value(entry, RDF.type) in KINDS
            ]
    return cases


def read_case(graph: rdflib.Graph, entry: Any, suite: str) -> Case:
    action = graph.value(entry, MF.action)

    def files(predicate: Any) -> tuple[str, ...]:
        return tuple(sorted(str(one).removeprefix(BASE) for one in graph.objects(action, predicate)))

    (query,) = files(QT.query)
    result = str(graph.value(entry, MF.result)).removeprefix(BASE)
    return Case(f"{suite}/{str(entry).rsplit('#', 1)[1]}", query, files(QT.data), files(QT.graphData), result)
