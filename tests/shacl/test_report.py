"""The report: one order, three forms, the same bytes."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Literal, URIRef

from kg.errors import Position
from kg.shacl import Message, Report, Result
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.paths import read_path
from kg.shacl.judge.reference import validate
from kg.shacl.paths import Inverse, Predicate, Repeat, Several, parse_path, path_text, path_turtle
from kg.shacl.paths import Path as PropertyPath
from kg.shacl.report import VIOLATION, make_report

BASE = "https://w3id.org/zellige/"
CLASS = str(SH.ClassConstraintComponent)
RESULTS = (
    Result(
        focus=BASE + "claim/F014",
        severity=VIOLATION,
        component=CLASS,
        shape=BASE + "shape/ClaimShape-modality",
        path=BASE + "ont#modality",
        value='"line\\nbreak"@ar',
        messages=(Message("أعط", "ar"), Message('Give "one"\nmodality.', "en"), Message("Donnez", "fr")),
    ),
    Result(
        focus="_:b7", severity=str(SH.Warning), component=CLASS, path="^<urn:p>/<urn:q>*", value="_:b8", shape="_:b9"
    ),
    Result(focus="_:b7", severity=str(SH.Info), component=CLASS, value='"1"^^<urn:d>', messages=(Message("plain"),)),
)
REPORT = make_report(RESULTS)


def test_the_order_of_results_does_not_depend_on_that_of_the_engine() -> None:
    shuffled = list(RESULTS)
    random.Random(1).shuffle(shuffled)
    assert make_report(shuffled) == REPORT
    assert [r.severity for r in REPORT.results] == [VIOLATION, str(SH.Warning), str(SH.Info)]
    assert [r.focus for r in REPORT.results[1:]] == ["_:node1", "_:node1"]


def test_any_result_breaks_conformance_but_only_violations_count_as_such() -> None:
    warning = Report(REPORT.results[1:])
    assert Report().conforms
    assert not warning.conforms
    assert (len(REPORT), len(REPORT.violations), warning.violations) == (3, 1, ())


def test_text_has_one_line_for_each_result() -> None:
    lines = REPORT.to_text(lambda focus: Position("data/a.yaml", 41) if focus.endswith("F014") else None).splitlines()
    first = 'data/a.yaml:41: violation: Give "one" modality. '
    first += '[https://w3id.org/zellige/claim/F014 zel:modality "line\\nbreak"@ar] '
    first += "(shape https://w3id.org/zellige/shape/ClaimShape-modality)"
    assert lines == [
        first,
        "warning: is not of the class required [_:node1 ^urn:p/urn:q* _:node3] (shape _:node2)",
        'info: plain [_:node1 "1"^^urn:d]',
        "does not conform: 3 results",
    ]
    assert Report().to_text() == "conforms\n"
    assert REPORT.to_text(language="fr").startswith("violation: Donnez [")


def test_problems_say_where() -> None:
    problem = REPORT.problems(lambda _: Position("data/a.yaml", 41))[0]
    assert str(problem).startswith("data/a.yaml:41: violation: Give")
    assert (problem.code, problem.iri) == ("shape-violation", BASE + "claim/F014")
    assert len(REPORT.problems()) == 3


def test_json_is_plain() -> None:
    body = json.loads(json.dumps(REPORT.to_json()))
    assert body["conforms"] is False
    assert body["results"][0] == {
        "focus": BASE + "claim/F014",
        "path": BASE + "ont#modality",
        "value": '"line\\nbreak"@ar',
        "severity": VIOLATION,
        "component": CLASS,
        "shape": BASE + "shape/ClaimShape-modality",
        "messages": [
            {"text": "أعط", "language": "ar"},
            {"text": 'Give "one"\nmodality.', "language": "en"},
            {"text": "Donnez", "language": "fr"},
        ],
    }


@pytest.mark.parametrize("report", [REPORT, Report()], ids=["results", "none"])
def test_turtle_reads_back_in_both_libraries(report: Report) -> None:
    by_rdflib = Graph().parse(data=report.to_turtle(), format="turtle")
    by_oxigraph = memory_graph(ox.parse(io.StringIO(report.to_turtle()), format=ox.RdfFormat.TURTLE))
    assert len(by_rdflib) == len(by_oxigraph)
    for graph in (by_rdflib, by_oxigraph):
        (node,) = graph.subjects(RDF.type, SH.ValidationReport)
        assert graph.value(node, SH.conforms).value == report.conforms
        assert len(list(graph.objects(node, SH.result))) == len(report)
    if report.results:
        (first,) = by_oxigraph.subjects(SH.focusNode, URIRef(BASE + "claim/F014"))
        assert Literal('Give "one"\nmodality.', lang="en") in set(by_oxigraph.objects(first, SH.resultMessage))
        assert Literal("line\nbreak", lang="ar") == by_oxigraph.value(first, SH.value)


def test_an_iri_that_turtle_cannot_hold_is_percent_encoded() -> None:
    report = Report((Result(focus="urn:a b<c>", severity=VIOLATION, component=CLASS),))
    assert "<urn:a%20b%3Cc%3E>" in report.to_turtle()
    Graph().parse(data=report.to_turtle(), format="turtle")


def paths(inner: st.SearchStrategy[PropertyPath]) -> st.SearchStrategy[PropertyPath]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Inverse, inner)
        | st.builds(Repeat, inner, st.sampled_from("*+?"))
        | st.builds(Several, several, st.sampled_from("/|"))
    )


PATHS = st.recursive(
    st.builds(Predicate, st.sampled_from(["urn:p", "https://example.org/a/b|c?d*"])), paths, max_leaves=6
)


@given(PATHS)
def test_a_path_survives_text_and_turtle(path: PropertyPath) -> None:
    assert parse_path(path_text(path)) == path
    turtle = f"@prefix sh: <{SH}> . <urn:s> sh:path {path_turtle(path)} ."
    graph = memory_graph(ox.parse(turtle, format=ox.RdfFormat.TURTLE, lenient=True))
    assert read_path(graph, graph.value(URIRef("urn:s"), SH.path)) == path


@pytest.mark.parametrize("text", ["<urn:p>/", "(<urn:p>", "<urn:p>)", "^", "<urn:p><urn:q>", "*"])
def test_text_that_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse_path(text)


def test_the_bytes_do_not_depend_on_the_seed_of_hashes(tmp_path: Path) -> None:
    program = """
import sys, pyoxigraph as ox
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.reference import validate
data, shapes = (memory_graph(ox.parse(text, format=ox.RdfFormat.TURTLE)) for text in sys.stdin.read().split("----"))
sys.stdout.write(validate(data, shapes).to_turtle())
"""
    turtle = """
<urn:x> a <urn:T> ; <urn:p> 1 , 2 , "a" , <urn:y> . <urn:y> a <urn:T> ; <urn:q> _:b . _:b <urn:r> 1 .
----
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:s> sh:targetClass <urn:T> ; sh:property <urn:s1> , <urn:s2> ; sh:closed true ; sh:ignoredProperties ( <urn:q> ) .
<urn:s1> sh:path <urn:p> ; sh:in ( 3 4 5 "b" "c" ) ; sh:maxCount 1 ; sh:nodeKind sh:IRI .
<urn:s2> sh:path [ sh:alternativePath ( <urn:p> <urn:q> ) ] ; sh:nodeKind sh:Literal ; sh:message "b"@fr , "a"@en .
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=turtle,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert "sh:ValidationResult" in outputs.pop()


def test_a_report_of_a_real_run_is_ordered() -> None:
    shapes = memory_graph(
        ox.parse(
            "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetClass <urn:T> ; sh:nodeKind sh:Literal .",
            format=ox.RdfFormat.TURTLE,
        )
    )
    data = memory_graph(ox.parse("".join(f"<urn:x{n}> a <urn:T> ." for n in (3, 1, 2)), format=ox.RdfFormat.TURTLE))
    assert [r.focus for r in validate(data, shapes).results] == ["urn:x1", "urn:x2", "urn:x3"]
