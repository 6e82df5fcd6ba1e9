"""`kg test`: what is expected of a project, and what is told where it is otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import small_project
from click.testing import CliRunner, Result

from kg import pipeline
from kg.cli.authoring.testing import test as command
from kg.config import read_config

Run = Callable[..., Result]
Write = Callable[[str, str], None]

QUESTIONS = """\
@prefix query: <https://example.org/small/query/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

query:numbers a sh:SPARQLExecutable ; rdfs:comment "Which?"@en ;
    sh:select "SELECT ?n ?s { VALUES (?n ?s) { (1 'a') (2.50 'b') (UNDEF 'c') (1 'a') } } ORDER BY ?s" .
query:there a sh:SPARQLExecutable ; rdfs:comment "Is it there?"@en ;
    sh:ask "ASK { <https://example.org/small/id/lab> ?p ?o }" .
query:graph a sh:SPARQLExecutable ; rdfs:comment "What is it?"@en ;
    sh:construct "CONSTRUCT { ?lab a ?class } WHERE { VALUES ?lab { <https://example.org/small/id/lab> } ?lab a ?class }" .
query:later a sh:SPARQLExecutable ; rdfs:comment "What else?"@en ; sh:select "SELECT * { ?s ?p ?o } LIMIT 1" .
query:afar a sh:SPARQLExecutable ; rdfs:comment "And there?"@en ;
    sh:select "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }" .
"""
SHAPES = """\
@prefix : <https://example.org/small/shape/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix zel: <https://w3id.org/zellige/ont#> .
:Opening a sh:NodeShape ; sh:targetSubjectsOf zel:plannedFor ; sh:property :Opening-once .
:Opening-once sh:path zel:plannedFor ; sh:maxCount 1 ; sh:message "One date."@en .
"""
HEAD = "@base <https://example.org/small/> .\n@prefix zel: <https://w3id.org/zellige/ont#> .\n"
GRAPH = "<https://example.org/small/id/lab> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
CLASS = "<https://w3id.org/zellige/ont#Laboratory>"
ANSWERS = {
    "numbers.tsv": '?n\t?s\n1.0\t"a"\n1\t"a"\n2.5\t"b"\n\t"c"\n',
    "there.srj": '{"head": {}, "boolean": true}',
    "graph.nt": f"{GRAPH}{CLASS} .\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_project.make(tmp_path_factory.mktemp("trials") / "project")
    for name, text in (("data/queries/questions.ttl", QUESTIONS), ("shapes/own.ttl", SHAPES)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    pipeline.build(read_config(folder, {}), lambda _: None)
    return folder


@pytest.fixture
def project(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project as it was built; what a test writes beside it goes again."""
    before = set(built.rglob("*"))
    monkeypatch.chdir(built)
    yield built
    for path in set(built.rglob("*")) - before:
        if path.is_file():
            path.unlink()


@pytest.fixture
def write(project: Path) -> Write:
    def written(name: str, text: str) -> None:
        path = project / ("shapes/cases" if name.endswith(".ttl") else "data/queries") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return written


@pytest.fixture
def run(project: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(command, arguments)


def test_answers_that_are_as_expected_pass(write: Write, run: Run) -> None:
    for name, text in ANSWERS.items():
        write(name, text)
    write("valid/Opening.ttl", f"{HEAD}<id/a> zel:plannedFor 1 .\n")
    write("invalid/Opening-twice.ttl", f"# expect: id/a Opening-once MaxCount\n{HEAD}<id/a> zel:plannedFor 1, 2 .\n")
    write("invalid/whatever.ttl", f"{HEAD}<id/a> zel:plannedFor 1, 2 .\n")
    done = run()
    assert done.exit_code == 0, done.output
    assert "passed    question numbers: 4 rows, as expected\n" in done.stdout
    assert "passed    question there: true, as expected\n" in done.stdout
    assert "passed    question graph: 1 triple, as expected\n" in done.stdout
    assert "not tried question later: no answer is expected: there is no data/queries/later.tsv" in done.stdout
    assert "passed    case invalid/whatever: 1 result, as expected\n" in done.stdout
    assert done.stdout.endswith("6 passed, 2 not tried\n")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("numbers.tsv", '?n\t?s\n1\t"a"\n2.5\t"b"\n\t"c"\n', "numbers.tsv:3: found, and not expected: 1 | \"a\" (if it is"),
        (
            "numbers.tsv",
            '?n\t?s\n1\t"a"\n1\t"a"\n2.4\t"b"\n\t"c"\n',
            'numbers.tsv:4: expected, and not found: 2.4 | "b"\n',
        ),
        (
            "numbers.tsv",
            '?n\t?s\n1\t"a"\n2.5\t"b"\n1\t"a"\n\t"c"\n',
            'numbers.tsv:3: another order: expected here, and found as row 3: 2.5 | "b" (rows with one',
        ),
        ("numbers.tsv", "?s\t?n\n", "numbers.tsv:1: expected the columns ?s ?n, found ?n ?s\n"),
        ("numbers.tsv", "?n\t?s\n1\n", "numbers.tsv:2: cannot be read: This TSV files has 2 columns"),
        ("numbers.tsv", "n\n", "numbers.tsv:1: cannot be read: Invalid variable declaration 'n'"),
        ("numbers.tsv", "", "numbers.tsv:1: no answer: not even the names of the columns\n"),
        ("numbers.tsv", "\ufeff?n\n", "numbers.tsv:1: a byte order mark stands before the answer (save it without)"),
        ("there.srj", '{"head": {}, "boolean": false}', "there.srj:1: expected false, found true\n"),
        ("there.srj", '{"head": {"vars": []}, "results": {"bindings": []}}', "there.srj:1: not the answer to an ASK"),
        ("there.srj", "yes", "there.srj:1: cannot be read: "),
        ("graph.nt", f"\n{GRAPH}<urn:x> .\n", f"graph.nt:2: expected, and not found: {GRAPH}<urn:x>\n"),
        ("graph.nt", "", f"graph.nt:1: found, and not expected: {GRAPH}{CLASS} (if it is right"),
        ("graph.nt", "\n\nx\n", "graph.nt:3: cannot be read: "),
        ("afar.tsv", "?s\t?p\t?o\n", "questions.ttl:12: it asks another endpoint, whose answers change (ask what"),
    ],
)  # fmt: skip
def test_what_differs_is_told_with_its_place(name: str, text: str, told: str, write: Write, run: Run) -> None:
    write(name, text)
    done = run()
    assert done.exit_code == 1
    assert told in done.stdout
    assert "\nfailed " in f"\n{done.stdout}"


def test_cases_that_are_judged_otherwise_are_told_with_their_places(write: Write, run: Run) -> None:
    twice = f"{HEAD}<id/a> zel:plannedFor 1, 2 .\n"
    write("invalid/once.ttl", f"{HEAD}<id/a> zel:plannedFor 1 .\n")
    write("invalid/other.ttl", f"# expect: id/b Opening-once MaxCount\n{twice}")
    write("invalid/parts.ttl", f"{HEAD}# expect: id/b MaxCount\n")
    write("valid/twice.ttl", twice)
    write("valid/expects.ttl", f"# expect: * * *\n{HEAD}")
    write("valid/cut.ttl", f"{HEAD}<id/a> zel:plannedFor\n")
    done = run()
    assert done.exit_code == 1
    for told in (
        "invalid/once.ttl:1: conforms, and should not (no own shape refuses what it states)\n",
        "invalid/other.ttl:1: expected, and not found: id/b Opening-once MaxCount\n",
        "invalid/other.ttl:1: found, and not expected: id/a Opening-once MaxCount: One date. (if it is right, state it: #",
        "invalid/parts.ttl:3: 2 parts in place of three (# expect: FOCUS SHAPE COMPONENT, as in",
        "valid/twice.ttl:1: found, and not expected: id/a Opening-once MaxCount: One date.\n",
        "valid/expects.ttl:1: a valid case expects results (move it to cases/invalid)\n",
        "valid/cut.ttl:4: ",
        "\n6 failed, 5 not tried\n",
    ):
        assert told in done.stdout


@pytest.mark.parametrize(
    ("name", "told", "code"),
    [
        ("nubers.tsv", "data/queries/nubers.tsv:1: no question has this name (did you mean 'numbers.tsv'?)", 1),
        ("numbers.csv", "data/queries/numbers.csv:1: is not read (did you mean 'numbers.tsv'?)", 1),
        ("valid/deep/a.ttl", "shapes/cases/valid/deep/a.ttl:1: is no case: they are cases/valid/*.ttl and", 2),
        ("right/a.ttl", "shapes/cases/right/a.ttl:1: is no case", 2),
    ],
)
def test_a_file_that_nobody_reads_is_told(name: str, told: str, code: int, write: Write, run: Run) -> None:
    write(name, "")
    done = run()
    assert done.exit_code == code
    assert told in done.stderr


def test_nothing_tried_is_no_success_and_answers_are_written_on_demand(project: Path, run: Run) -> None:
    assert "nothing was tried" in run().stderr
    assert run().exit_code == 1
    done = run("--accept")
    assert "data/queries/numbers.tsv written: look whether it is right, and commit it" in done.stderr
    assert done.exit_code == 0, done.output
    assert not (project / "data/queries/afar.tsv").exists()
    assert "written" not in run("--accept").stderr


def test_the_report_is_for_programs_too(project: Path, write: Write, run: Run) -> None:
    write("there.srj", '{"head": {}, "boolean": false}')
    done = run("--json", "-o", "report.xml")
    told = json.loads(done.stdout)
    assert (told["ok"], told["data"]["failed"], told["data"]["passed"], told["data"]["not_tried"]) == (False, 1, 0, 4)
    assert told["errors"][0]["where"] == {"file": "data/queries/there.srj", "line": 1}
    root = ET.parse(project / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "1", "4")
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "expected false, found true"
    assert json.loads(run("--format", "json").stdout)["failed"] == 1


def test_who_asks_an_old_release_is_told(project: Path, write: Write, run: Run) -> None:
    write("there.srj", '{"head": {}, "boolean": true}')
    assert "warning" not in run().stderr
    place = project / "data/entities.yaml"
    text = place.read_text(encoding="utf-8")
    place.write_text(f"{text}# more\n", encoding="utf-8")
    assert "warning: files have changed since the release was built: kg build, or kg test --build" in run().stderr
    place.write_text(text, encoding="utf-8")
    assert "no release 'zz'" in run("--release", "zz").stderr
    assert run("--build", "--release", "zz").exit_code == 2
