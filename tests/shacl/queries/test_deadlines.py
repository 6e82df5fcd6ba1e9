"""Queries of shapes that would not end, or need more than there is: they end, with the shape, the place and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import kg, make

from kg.errors import DeadlineExceeded, ShapesError
from kg.shacl import Columns, shapes_graph, validate
from kg.shacl.shapes.model import Select
from kg.shacl.sparql import process
from kg.shacl.sparql.process import QueryProcess
from kg.shacl.sparql.store import Asked, QueryStore
from shacl.test_native import parse

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
:S a sh:NodeShape ; sh:targetNode :n0 .
:prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^<http://www.w3.org/2001/XMLSchema#anyURI> ] .
:S sh:sparql [ a sh:SPARQLConstraint ; sh:prefixes :prefixes ; sh:select '''{}''' ] .
"""
COUNTED = f"SELECT $this (COUNT(*) AS ?value) WHERE {{ {PRODUCT} }} GROUP BY $this"
CIRCLES = " ".join(f":n{n} :p :n{(n * 7 + k) % 400} ." for n in range(400) for k in range(5))
NEVER = (
    COUNTED,
    f"SELECT $this WHERE {{ $this <http://e/p> ?x . {PRODUCT} FILTER (CONCAT(str(?a), str(?d), str(?l)) = 'x') }}",
    "SELECT $this WHERE { ?a (:p+/^:p+/:p+)+ ?b . ?c :p+ ?d . ?e :p+ ?f FILTER (str(?a) = 'x') }",
)


@pytest.mark.parametrize("query", NEVER)
def test_a_query_without_end_is_ended_and_named(query: str) -> None:
    data, shapes = Columns.from_quads(parse(CIRCLES)), shapes_graph(parse(SHAPE.format(query)))
    with pytest.raises(
        DeadlineExceeded, match=r"the query of the shape \S*S on <http://e/n0> ran for more than 0\.2 s"
    ):
        validate(data, shapes, query_seconds=0.2)


def test_a_component_and_the_value_that_it_was_asked_for_are_named() -> None:
    shapes = shapes_graph(
        parse(f"""
        :C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ;
           sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK {{ {PRODUCT} FILTER (CONCAT(str(?a), str(?d), str(?l)) = 'x') }}" ] .
        :T sh:targetNode :n1 ; sh:property [ sh:path :p ; :most 2 ] .
    """)
    )
    with pytest.raises(DeadlineExceeded, match=r"the query of the shape without IRI on <http://e/n1> ran"):
        validate(Columns.from_quads(parse(CIRCLES)), shapes, query_seconds=0.2)


def test_rows_without_end_are_no_results(monkeypatch: pytest.MonkeyPatch) -> None:
    assert process.ROWS == 2_000_000
    monkeypatch.setattr(process, "ROWS", 20_000)  # the process of the queries is forked from this one
    shapes = shapes_graph(parse(SHAPE.format(f"SELECT $this ?a ?d ?g WHERE {{ {PRODUCT} }}")))
    with pytest.raises(ShapesError, match=r"the query of the shape \S*S on <http://e/n0> gives more than 20,000 rows"):
        validate(Columns.from_quads(parse(CIRCLES)), shapes)


def test_the_command_names_file_and_line_and_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPE.format(COUNTED))
    (tmp_path / "data.ttl").write_text("@prefix : <http://e/> .\n" + CIRCLES)
    told = kg("validate", "data.ttl", "--shapes", "shapes.ttl", "--query-timeout", "0.2", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr.startswith(
        "error: shapes.ttl:5: the query of the shape http://e/S on <http://e/n0> ran for more than 0.2 s and was ended: "
        "SELECT $this (COUNT(*) AS ?value)"
    )
    assert "give --query-timeout SECONDS" in told.stderr


def test_a_query_after_a_deadline_is_answered_by_a_new_process() -> None:
    data = Columns.from_quads(parse(CIRCLES))
    slow, quick = (
        shapes_graph(parse(SHAPE.format(query)))
        for query in (COUNTED, "SELECT $this ?value WHERE { $this <http://e/p> ?value }")
    )
    with pytest.raises(DeadlineExceeded):
        validate(data, slow, query_seconds=0.1)
    assert len(validate(data, quick, query_seconds=0.1)) == 5


def children() -> set[int]:
    """The copies of itself that this process has begun: other tests may have processes of other kinds."""
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        pytest.skip("only Linux tells the processes that one has begun")
    begun = {int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()}
    mine = Path("/proc/self/cmdline").read_bytes()
    return {one for one in begun if Path(f"/proc/{one}/cmdline").read_bytes() == mine}


def test_no_process_is_left_and_none_is_started_without_a_query() -> None:
    data = Columns.from_quads(parse(CIRCLES))
    quick = shapes_graph(parse(SHAPE.format("SELECT $this ?value WHERE { $this <http://e/p> ?value }")))
    before = children()
    validate(data, quick)
    queries = QueryProcess(QueryStore(data, quick.quads))
    assert children() <= before
    (constraint,) = quick.shapes.by_id["http://e/S"].constraints
    assert isinstance(constraint, Select)
    assert [len(rows) for rows in queries.answers(Asked(constraint.query, "the shape", {}))] == [2000]
    assert len(children() - before) == 1  # it waits
    del queries
    assert children() <= before


def test_a_build_is_ended_too_and_publishes_nothing(tmp_path: Path) -> None:
    project = make(tmp_path / "project")
    (project / "shapes").mkdir()
    target = "sh:targetSubjectsOf <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    (project / "shapes" / "own.claims.ttl").write_text(SHAPE.format(COUNTED).replace("sh:targetNode :n0", target))
    ended = kg("build", "--query-timeout", "1", cwd=project)
    assert ended.returncode == 3
    assert "own.claims.ttl:5: the query of the shape http://e/S on " in ended.stderr
    assert "ran for more than 1 s" in ended.stderr
    assert not (project / "releases" / "current").exists()
    with (project / "kg.toml").open("a") as settings:
        settings.write("\n[limits]\nquery_seconds = 2\n")
    assert "ran for more than 2 s" in kg("build", cwd=project).stderr
