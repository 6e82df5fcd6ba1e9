"""What is wrong is told as in a local run, and leaves nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rml.by_hand import csv_source, json_source
from rml.spark.runs import SUBJECT, Run, lines, table, written

from kg.errors import DataError, MappingError, OperationError, UsageError
from kg.rml import Access, OnError
from kg.rml.spark import map_with_spark


def test_a_table_that_is_cut_within_a_cell_is_refused(run: Run, tmp_path: Path) -> None:
    """A quote stands in a cell that has none around it: no task can know, but the one before sees where it ends."""
    rows = [f'{i},"text {i}\nof two lines"' for i in range(60_000)]
    rows[10_000] = '10000,5" pipe'
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n" + "\n".join(rows) + "\n")
    assert run.local(mapping)[0].triples == 60_000
    assert isinstance(run.fails(mapping), DataError)


def test_rows_that_are_left_out_are_counted(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"{i},{'soon' if i % 1000 == 0 else '2030-01-01'},{i % 5}\n" for i in range(40_000))
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; rml:datatype xsd:date ] ]'
    join = (
        "rml:predicateObjectMap [ rml:predicate ex:r ; rml:objectMap [ rml:parentTriplesMap ex:n ; "
        'rml:joinCondition [ rml:child "k" ; rml:parent "k" ] ] ]'
    )
    text = f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; {pair} ; {join} .\n"
    text += f'ex:n {csv_source("p.csv")} ; rml:subjectMap [ rml:reference "j" ; rml:class ex:C ] .\n'
    parents = "j,k\nhttp://p/1,1\nno iri,1\nhttp://p/0,0\n"
    mapping = written(tmp_path, text, t_csv="i,a,k\n" + rows, p_csv=parents)
    alone, expected = run.local(mapping, on_error=OnError.SKIP)
    shared, made = run.spark(mapping, on_error=OnError.SKIP)
    assert lines(made) == lines(expected)
    assert shared.parts == alone.parts
    assert alone.skipped == 41
    told = {str(problem) for problem in alone.problems + shared.problems}
    assert len(shared.problems) == 20 + 1
    assert all(re.search(r"t\.csv:\d+: 'soon' is no xsd:date|'no iri' is not an IRI", problem) for problem in told)


def test_rows_that_have_no_key_are_counted(run: Run, tmp_path: Path) -> None:
    """Those that Spark joins, and those of a view, which one task does."""
    number = (
        "rml:functionExecution [ rml:function <https://w3id.org/zellige/fn#toInteger> ; "
        'rml:input [ rml:parameter <https://w3id.org/zellige/fn#1> ; rml:inputValueMap [ rml:reference "k" ] ] ]'
    )
    condition = f'rml:joinCondition [ rml:child "k" ; rml:parentMap [ {number} ] ]'
    pair = f"rml:predicate ex:r ; rml:objectMap [ rml:parentTriplesMap ex:n ; {condition} ]"
    text = f"ex:m {csv_source('t.csv')} ; {SUBJECT} ; rml:predicateObjectMap [ {pair} ] .\n"
    text += f'ex:n {csv_source("p.csv")} ; rml:subjectMap [ rml:reference "j" ] .\n'
    field = '[ rml:fieldName "NAME" ; rml:reference "NAME" ]'
    named = {name: f"rml:field {field.replace('NAME', name)}" for name in "ijk"}
    on = f"a rml:LogicalView ; rml:viewOn [ {csv_source('FILE').removeprefix('rml:logicalSource [')}"
    joined = f"rml:leftJoin [ rml:parentLogicalView ex:w ; {condition} ; {named['j']} ]"
    text += f"ex:v {on.replace('FILE', 't.csv')} ; {named['i']} ; {named['k']} ; {joined} .\n"
    text += f"ex:w {on.replace('FILE', 'p.csv')} ; {named['j']} ; {named['k']} .\n"
    text += f"ex:o rml:logicalSource ex:v ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:s ; "
    text += 'rml:objectMap [ rml:reference "j" ] ] .\n'
    parents = "j,k\nhttp://p/1,1\nhttp://p/2,two\nhttp://p/3,three\n"
    mapping = written(tmp_path, text, t_csv="i,k\n1,1\n2,2\n", p_csv=parents)
    alone, expected = run.local(mapping, on_error=OnError.SKIP)
    shared, made = run.spark(mapping, on_error=OnError.SKIP)
    assert lines(made) == lines(expected)
    assert made.count(b"\n") == 2
    assert shared.parts == alone.parts
    assert [part.unlinked for part in alone.parts] == [2, 0, 2]
    assert set(map(str, shared.problems)) == set(map(str, alone.problems))


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b"", "the table is empty", 1),
        (b"i,a,a\n1,2,3\n", "two columns are named 'a'", 1),
        (b"i,a\n1,x\n2\n", "the row has 1 cells, the header 2", 3),
        (b"i,a\n1,\xe9\n", "not utf-8: byte 0xe9", 2),
        (b'i,a\n1,"x\n', "not CSV", 2),
        (b"i,a\n1,\0\n", "U+0000", 2),
    ],
)
def test_tables_that_are_none(run: Run, tmp_path: Path, content: bytes, said: str, line: int) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv=b"i,a\n1,x\n")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "0.csv").write_bytes(b"i,a\n1,x\n")
    (tmp_path / "parts" / "1.csv").write_bytes(content)
    error = run.fails(mapping, sources={"t.csv": str(tmp_path / "parts")})
    assert isinstance(error, DataError)
    problem = error.problems[0]
    assert said in problem.message
    assert problem.position
    assert (problem.position.path, problem.position.line) == (str(tmp_path / "parts" / "1.csv"), line)


def test_a_faulty_row_far_down_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    rows = [f'{{"i": {i}, "a": "2030-01-01"}}\n' for i in range(40_000)]
    rows[30_000] = '{"i": 1, "a": "soon"}\n'
    source = json_source("t.jsonl").replace("$[*]", "$")
    objects = 'rml:reference "$.a" ; rml:datatype xsd:date'
    text = table(objects, source).replace("{i}", "{$.i}")
    mapping = written(tmp_path, text, t_jsonl="".join(rows))
    with pytest.raises(DataError) as caught:
        run.local(mapping)
    assert run.fails(mapping).problems == caught.value.problems
    rows[35_000] = '{"i": 1, "a": \n'
    rows[30_000] = rows[0]
    (tmp_path / "t.jsonl").write_text("".join(rows))
    with pytest.raises(DataError, match=r"t\.jsonl:3500\d: not JSON") as caught:
        run.local(mapping)
    assert run.fails(mapping).problems == caught.value.problems


def test_what_is_wrong_with_the_call_is_told_before_a_task_runs(run: Run, tmp_path: Path) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv=b"i,a\n1,x\n", u_csv=b"i,b,name\n1,x,y\n")
    error = run.fails(mapping, sources={"t.csf": "x"})
    assert isinstance(error, UsageError)
    assert "no source 't.csf' (did you mean 't.csv'?)" in str(error)
    error = run.fails(mapping, sources={"t.csv": str(tmp_path / "nothing" / "*.csv")})
    assert isinstance(error, UsageError)
    assert "cannot read t.csv from" in str(error)
    (tmp_path / "empty").mkdir()
    assert "there is no file for t.csv" in str(run.fails(mapping, sources={"t.csv": str(tmp_path / "empty")}))
    for place in (str(tmp_path / "u.csv"), run.elsewhere(tmp_path / "u.csv")):
        error = run.fails(mapping, sources={"t.csv": place})
        assert isinstance(error, MappingError)
        assert "u.csv has no column 'a'" in str(error)
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="there is something at"):
        map_with_spark(run.session, mapping, str(tmp_path / "there"))
    with pytest.raises(OperationError, match="Spark could not do it"):
        map_with_spark(run.session, mapping, "unknown://host/folder")


def test_a_member_that_no_record_has_is_an_error_under_spark(run: Run, tmp_path: Path) -> None:
    source = 'rml:logicalSource [ rml:referenceFormulation rml:JSONPath ; rml:iterator "$" ; rml:source "t.jsonl" ]'
    mapping = written(tmp_path, table('rml:reference "$.nmae"', source), t_jsonl='{"i": 1, "name": "a"}\n{"i": 2}\n')
    for sources in ({}, {"t.jsonl": [str(tmp_path / "t.jsonl"), str(tmp_path / "u.jsonl")]}):
        (tmp_path / "u.jsonl").write_text('{"i": 3}\n')
        error = run.fails(mapping, sources=sources)
        assert "no record of t.jsonl has $.nmae (did you mean '$.name'?)" in str(error)
    (tmp_path / "u.jsonl").write_text('{"i": 3, "nmae": null}\n')
    assert run.spark(mapping, sources=sources)[0].problems == ()


def test_a_database_over_the_network_is_refused(run: Run, tmp_path: Path) -> None:
    dsn = "jdbc:postgresql://127.0.0.1:1/none"
    place = f'a d2rq:Database ; d2rq:jdbcDSN "{dsn}" ; d2rq:jdbcDriver "org.postgresql.Driver"'
    source = (
        f'rml:logicalSource [ rml:referenceFormulation rml:SQL2008Table ; rml:iterator "t" ; rml:source [ {place} ] ]'
    )
    prefix = "@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .\n"
    mapping = written(tmp_path, prefix + table('rml:reference "a"', source))
    access = Access(databases=frozenset({dsn}))
    error = run.fails(mapping, sources={dsn: str(tmp_path)}, access=access)
    assert isinstance(error, MappingError)
    assert "Spark reads no database" in str(error)
    assert error.problems[0].position


def test_only_what_the_caller_names_is_read_outside_of_the_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("i,a\n1,x\n")
    mapping = written(folder, table('rml:reference "a"', csv_source("../secret.csv")))
    assert "leads out of the folder" in str(run.fails(mapping))
    given = run.spark(mapping, sources={"../secret.csv": str(tmp_path / "secret.csv")})[1]
    assert given == b'<http://e/1> <http://e/p> "x" .\n'
