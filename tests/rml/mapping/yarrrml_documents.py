"""A YARRRML document as the statements that it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.rml.mapping.statements import Statement
from kg.rml.mapping.yarrrml.translation import read_yarrrml

HEAD = "prefixes: {ex: http://e/}\nmappings:\n  m:\n    sources: t.csv~csv\n    s: ex:$(id)\n"
TURTLE = """
@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> . @prefix m: <http://mapping.example.com/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .
"""


def read(text: str, folder: Path) -> tuple[Statement, ...]:
    path = folder / "mapping.yml"
    path.write_text(text, encoding="utf-8")
    return read_yarrrml(path)


def canonical(triples: Iterable[ox.Triple]) -> set[str]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def same(statements: Iterable[Statement], turtle: str) -> None:
    expected = (quad.triple for quad in ox.parse(TURTLE + turtle, ox.RdfFormat.TURTLE))
    given = canonical(ox.Triple(s.subject, s.predicate, s.object) for s in statements)
    assert given == canonical(expected)
