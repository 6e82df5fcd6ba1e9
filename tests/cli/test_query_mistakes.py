"""`kg query` with a mistaken query: what a person reads in the shell, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_project import kg, make

MISTAKEN = "SELECT ?n WHERE {\n  ?x foaf:name ?n\n  FILTER ?n = 'a'\n}\n"
LABELS = "SELECT ?x { ?x rdf:type zel:Laboratory }"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("small") / "project")
    assert kg("build", "-q", cwd=folder).returncode == 0
    return folder


def test_a_mistake_is_told_with_file_line_and_column_and_its_line_is_shown(project: Path) -> None:
    (project / "ask.rq").write_text(MISTAKEN)
    done = kg("query", "ask.rq", cwd=project)
    assert done.returncode == 2
    assert done.stdout == ""
    first, *rest = done.stderr.splitlines()
    assert first == (
        "error: ask.rq:2:6: prefix foaf is not declared; its usual declaration is PREFIX foaf:"
        " <http://xmlns.com/foaf/0.1/> (put the declaration at the beginning of the query)"
    )
    assert rest == [
        "    2 |   ?x foaf:name ?n",
        "      |      ^^^^^",
        "error: ask.rq:3:10: FILTER takes an expression in brackets (write FILTER (?n = 'a'))",
        "    3 |   FILTER ?n = 'a'",
        "      |          ^^^^^^^^",
    ]


def test_programs_get_an_object(project: Path) -> None:
    (project / "ask.rq").write_text("SELECT * WHER {}")
    done = kg("query", "ask.rq", "--json", cwd=project)
    assert done.returncode == 2
    assert json.loads(done.stdout)["errors"] == [
        {
            "code": "query-syntax",
            "message": "WHER is no word of SPARQL",
            "where": {"file": "ask.rq", "line": 1, "column": 10},
            "hint": "did you mean WHERE?",
            "mistake": "word-unknown",
        }
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("CLEAR ALL", "ask.rq:1:1: CLEAR is refused: this endpoint only answers queries (ask with SELECT"),
        (
            "SELECT * {\n?x a <thing> }",
            "ask.rq:2:6: the IRI <thing> is relative, and the query has no base (write it in",
        ),
        (
            "ASK { ?x <bif:xcontains> 'a' }",
            "<bif:xcontains> belongs to Virtuoso; here it would find nothing (search with",
        ),
        ("SELECT * { ?x ?y ?z", "the '{' of line 1 is not closed: '}' is missing (put '}' here)"),
        ("SELECT * { ?x a “a” }", "ask.rq:1:17: '“' is no quotation mark of SPARQL (write \"a\")"),
        ("SELECT * { ?x ?y ?z FILTER(<http://e/f>(?z)) }", "The custom function <http://e/f> is not supported"),
        ("", "the query is empty"),
    ],
)
def test_other_mistakes(project: Path, query: str, said: str) -> None:
    (project / "ask.rq").write_text(query)
    done = kg("query", "ask.rq", cwd=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_prefixes_are_declared_when_they_are_asked_for_and_said(project: Path) -> None:
    (project / "ask.rq").write_text(LABELS)
    assert kg("query", "ask.rq", cwd=project).returncode == 2
    done = kg("query", "ask.rq", "--fill-prefixes", "--format", "csv", cwd=project)
    assert (done.returncode, done.stdout.split()) == (0, ["x", "https://example.org/small/id/lab"])
    assert "declared: PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>, PREFIX zel:" in done.stderr


def test_what_else_is_wrong_is_told_at_its_place_in_the_file(project: Path) -> None:
    (project / "ask.rq").write_text(MISTAKEN)
    done = kg("query", "ask.rq", "--fill-prefixes", cwd=project)
    assert done.returncode == 2
    assert "ask.rq:3:10: FILTER takes an expression in brackets" in done.stderr
    assert "is not declared" not in done.stderr
