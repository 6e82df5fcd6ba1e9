"""Releases that follow each other: the same things, with names that tell the generation, so that an answer does too."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.config import Project
from kg.paths import data_dir
from kg.preparation import rule_of
from kg.release import Release, ReleaseContents, publish
from kg.runs import graph_of
from kg.store import canonical_lines, derive_default, parse_rule
from kg.vocabulary import read_vocabulary
from rig.wire import Answer
from rig.workload import GRAPH, TABLE

BASE: Final = "https://soak.example/kg/"
THINGS: Final = 5_000
GROUPS: Final = 50

_LABEL: Final = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_GROUP: Final = ox.NamedNode(f"{BASE}group")
_NUMBER: Final = ox.NamedNode(f"{BASE}number")
_KIND: Final = ox.NamedNode(f"{BASE}Thing")
_GENERATION: Final = re.compile(r"Thing (\d+) of generation (\d+)")
_IN: Final = f"GRAPH <{BASE}graph/entities>"
_RDFS: Final = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def publish_generation(number: int, folder: Path) -> Release:
    """Publish the release of a generation in a folder of releases.

    :raises KgError: if that fails
    """
    rule = rule_of(read_vocabulary(data_dir("ontology"))).text
    quads = _quads(number)
    derived = derive_default(quads, rule, BASE)
    contents = ReleaseContents(
        graph=graph_of(canonical_lines([*quads, *derived.quads]), BASE),
        project=Project(name="soak", base=BASE, publisher="The benchmark", title={"en": f"Generation {number}"}),
        rule=parse_rule(rule),
        inputs={"generation": f"{number:064x}"},
        versions={"pyoxigraph": ox.__version__},
        report_json='{"conforms": true}\n',
        report_ttl="[] a <http://www.w3.org/ns/shacl#ValidationReport> .\n",
        withheld=derived.reasons,
    )
    return publish(contents, folder)


def _quads(number: int) -> list[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graph/entities")
    quads = []
    for thing in range(THINGS):
        subject = ox.NamedNode(f"{BASE}id/thing{thing}")
        quads += [
            ox.Quad(subject, _TYPE, _KIND, graph),
            ox.Quad(subject, _LABEL, ox.Literal(f"Thing {thing} of generation {number}", language="en"), graph),
            ox.Quad(subject, _GROUP, ox.NamedNode(f"{BASE}id/group{thing % GROUPS}"), graph),
            ox.Quad(subject, _NUMBER, ox.Literal(thing), graph),
        ]
    return quads


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question."""

    name: str
    text: Callable[[int], str]
    rows: int
    """How many things the answer names."""
    accept: str = TABLE


def _point(number: int) -> str:
    return f"{_RDFS}SELECT ?label WHERE {{ {_IN} {{ <{BASE}id/thing{number % THINGS}> rdfs:label ?label }} }}"


def _group(number: int) -> str:
    pattern = f"?thing <{BASE}group> <{BASE}id/group{number % GROUPS}> ; rdfs:label ?label"
    return f"{_RDFS}SELECT ?thing ?label WHERE {{ {_IN} {{ {pattern} }} }}"


def _graph(number: int) -> str:
    pattern = f"?thing <{BASE}group> <{BASE}id/group{number % GROUPS}> ; rdfs:label ?label"
    return f"{_RDFS}CONSTRUCT {{ ?thing rdfs:label ?label }} WHERE {{ {_IN} {{ {pattern} }} }}"


def _all(_: int) -> str:
    return f"{_RDFS}SELECT ?thing ?label WHERE {{ {_IN} {{ ?thing a <{BASE}Thing> ; rdfs:label ?label }} }}"


def _last(_: int) -> str:
    return f"{_RDFS}SELECT (MAX(STR(?label)) AS ?last) WHERE {{ {_IN} {{ ?thing rdfs:label ?label }} }}"


KINDS: Final = (
    Kind("one thing", _point, 1),
    Kind("a group", _group, THINGS // GROUPS),
    Kind("a group as a graph", _graph, THINGS // GROUPS, GRAPH),
    Kind("everything", _all, THINGS),
    Kind("an aggregate", _last, 1),
)


class Unparsable(ValueError):
    """An answer of status 200 that is not what its format allows."""


class Wrong(ValueError):
    """An answer that no release gives."""


def generation_of(answer: Answer, kind: Kind) -> int:
    """The generation that all rows of an answer speak of.

    :raises Unparsable: if the body does not parse
    :raises Wrong: if the rows are not all there, or speak of several generations
    """
    labels = _labels(answer)
    found = [match for label in labels if (match := _GENERATION.fullmatch(label))]
    if len({match[1] for match in found}) != kind.rows or len(found) != len(labels):
        raise Wrong(f"{len(found)} of {kind.rows} rows")
    generations = {int(match[2]) for match in found}
    if len(generations) != 1:
        raise Wrong(f"rows of the generations {sorted(generations)}")
    return generations.pop()


def _labels(answer: Answer) -> list[str]:
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"status {answer.status}")
    try:
        if answer.headers.get("content-type", "").startswith(GRAPH):
            triples = ox.parse(io.BytesIO(answer.body), format=ox.RdfFormat.TURTLE)
            return [triple.object.value for triple in triples if isinstance(triple.object, ox.Literal)]
        rows = json.loads(answer.body)["results"]["bindings"]
        return [term["value"] for row in rows for term in row.values() if term["type"] == "literal"]
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise Unparsable(str(error)) from None
