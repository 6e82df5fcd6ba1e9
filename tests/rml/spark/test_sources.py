"""Spark reads what a local run reads, whatever the kind and wherever it lies."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from rml.by_hand import csv_source, json_source
from rml.spark.runs import SUBJECT, TREE, Run, lines, table, trees, written
from rml.views.writing import fields, join, records, source, triples, view
from rml.views.writing import written as viewed

from kg.errors import DataError, UsageError

NASTY = (
    "\ufeffi,الاسم,b\r\n"
    '1,"say ""no""\nand \u200fمرحبا\u200e, é",\r\n'
    "\r\n"
    '2,,"  spaces  "\r\n'
    '3,"a\rb\r\n\r\nc",NA\r\n'
    "4,\\N,\u2028\x85\x01\x7f\r\n"
    '5,"""",𐎀'
)


def test_a_table_is_read_to_the_character(run: Run, tmp_path: Path) -> None:
    """Quotes, line ends in cells, empty cells, marks of direction, a byte order mark, and no line end at the end."""
    source = csv_source("t.csv", '; rml:null "NA"')
    mapping = written(
        tmp_path, table('rml:reference "الاسم"', source) + table('rml:reference "b"', source, "n"), t_csv=NASTY
    )
    expected = run.local(mapping)[1]
    assert len(expected.splitlines()) == 7
    assert lines(run.spark(mapping)[1]) == lines(expected)
    (tmp_path / "odd [1] {2} *é%20.csv").write_text(NASTY, encoding="utf-8", newline="")
    for place in (str(tmp_path / "odd*.csv"), run.elsewhere(tmp_path) + "/odd*.csv"):
        assert lines(run.spark(mapping, sources={"t.csv": place})[1]) == lines(expected)


def test_a_large_table_is_cut_between_rows(run: Run, tmp_path: Path) -> None:
    rows = "".join(f'{i},"text {i}\nof ""two"" lines"\r\n' for i in range(60_000))
    rows += '60000,"one\rtwo"\r\n' + "".join(f'{i},""\r\n' for i in range(60_001, 90_000))
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\r\n" + rows)
    alone, expected = run.local(mapping)
    shared, made = run.spark(mapping)
    assert lines(made) == lines(expected)
    assert shared == alone
    assert len(list((tmp_path / "out-1").glob("part-*"))) > 2


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
def test_other_encodings_and_delimiters(run: Run, tmp_path: Path, encoding: str) -> None:
    dialect = f'; csvw:dialect [ csvw:delimiter ";" ; csvw:quoteChar "\'" ; csvw:encoding "{encoding}" ]'
    content = "i;a\n1;'مدينة;\n''x'''\n2;\n".encode(encoding)
    mapping = written(tmp_path, table('rml:reference "a"', csv_source("t.csv", dialect)), t_csv=content)
    expected = run.local(mapping)[1]
    assert expected
    assert run.spark(mapping, sources={"t.csv": run.elsewhere(tmp_path / "t.csv")})[1] == expected


def test_lines_of_json_are_read_in_ranges(run: Run, tmp_path: Path) -> None:
    source = json_source("t.jsonl").replace("$[*]", "$")
    content = "\ufeff" + "\n\n".join(json.dumps(tree, ensure_ascii=tree["i"] == 3) for tree in trees(15_000))
    mapping = written(tmp_path, f"ex:m {source} ; {TREE}", t_jsonl=content)
    alone, expected = run.local(mapping)
    shared, made = run.spark(mapping)
    assert lines(made) == lines(expected)
    assert shared == alone
    # Spark itself writes lines of JSON into files that are named .json: the name in the mapping says what they are.
    (tmp_path / "part.json").write_text(content, encoding="utf-8")
    for place in (str(tmp_path / "part.json"), run.elsewhere(tmp_path / "part.json")):
        assert lines(run.spark(mapping, sources={"t.jsonl": place})[1]) == lines(expected)


def test_trees_are_read_file_by_file(run: Run, tmp_path: Path) -> None:
    mapping = written(tmp_path, f"ex:m {json_source('t.json')} ; {TREE}", t_json=json.dumps(trees(300)))
    expected = run.local(mapping)[1]
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(json.dumps(trees(300)[number * 100 : (number + 1) * 100]))
    places = [str(tmp_path / "[01].json"), str(tmp_path / "2.json")]
    assert lines(run.spark(mapping, sources={"t.json": places})[1]) == lines(expected)


def test_tables_with_types_keep_them(run: Run, tmp_path: Path) -> None:
    """Parquet, as Spark writes it into a folder, and a query over each file by the name that the mapping has."""
    rows = [
        (
            i,
            f"نص {i}",
            Decimal(i) / 4,
            dt.date(2030, 1, i + 1),
            dt.datetime(2030, 1, 1, i, tzinfo=dt.UTC),
            None,
            i % 3 == 0,
        )
        for i in range(24)
    ]
    kinds = "i int, s string, d decimal(9,2), t date, z timestamp, f double, b boolean"
    frame = run.session.createDataFrame(rows, kinds)
    frame.repartition(3).write.parquet(str(tmp_path / "parts"))
    frame.coalesce(1).write.parquet(str(tmp_path / "whole"))
    file = 'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "t.parquet"'
    source = f"rml:logicalSource [ rml:referenceFormulation rml:SQL2008Table ; rml:source [ {file} ] ]"
    query = 'rml:SQL2008Query ; rml:iterator "SELECT i, upper(s) AS s FROM t WHERE b"'
    pairs = " ; ".join(
        f'rml:predicateObjectMap [ rml:predicate ex:{c} ; rml:objectMap [ rml:reference "{c}" ] ]' for c in "sdtzfb"
    )
    text = f"ex:m {source} ; {SUBJECT} ; {pairs} .\n"
    text += table('rml:reference "s"', source.replace("rml:SQL2008Table", query), "n")
    mapping = written(tmp_path, text)
    (written_by_spark,) = (tmp_path / "whole").glob("part-*")
    written_by_spark.rename(tmp_path / "t.parquet")
    expected = run.local(mapping)[1]
    assert expected.count(b"\n") == 24 * 5 + 8
    assert b'"2030-01-24"^^<http://www.w3.org/2001/XMLSchema#date>' in expected
    for place in (str(tmp_path / "parts"), run.elsewhere(tmp_path / "parts")):
        assert lines(run.spark(mapping, sources={"t.parquet": place})[1]) == lines(expected)


def test_packed_files_and_xml_are_read_by_the_readers_of_a_local_run(run: Run, tmp_path: Path) -> None:
    xml = csv_source("t.xml").replace("rml:CSV ;", 'rml:XPath ; rml:iterator "/r/e" ;')
    text = table('rml:reference "a"', xml) + table('rml:reference "a"', csv_source("t.csv"), "n")
    text += f"ex:o {json_source('t.jsonl').replace('$[*]', '$')} ; {TREE}\n"
    mapping = written(
        tmp_path,
        text,
        t_xml="<r><e><i>1</i><a>مدينة</a></e><e><i>2</i><a>&lt;</a></e></r>",
        t_csv="i,a\n1,x\n2,y\n",
        t_jsonl="".join(json.dumps(tree) + "\n" for tree in trees(50)),
    )
    expected = run.local(mapping)[1]
    packed = {}
    for name in ("t.xml", "t.csv", "t.jsonl"):
        path = tmp_path / f"part-0.{name}.gz"
        path.write_bytes(gzip.compress((tmp_path / name).read_bytes()))
        packed[name] = path
    # Spark writes packed lines of JSON into files that are named .json.gz.
    packed["t.jsonl"] = packed["t.jsonl"].rename(tmp_path / "part-1.json.gz")
    for far in (False, True):
        places = {name: run.elsewhere(path) if far else str(path) for name, path in packed.items()}
        assert lines(run.spark(mapping, sources=places)[1]) == lines(expected)
    packed["t.csv"].write_bytes(packed["t.csv"].read_bytes()[:-9])
    error = run.fails(mapping, sources={"t.csv": str(packed["t.csv"])})
    assert isinstance(error, DataError)
    assert error.problems[0].position
    assert error.problems[0].position.path == str(packed["t.csv"])


def test_a_view_is_read_in_one_task(run: Run, tmp_path: Path) -> None:
    """With the join of its own, and beside triples maps that Spark joins."""
    content = "".join(json.dumps({"i": n, "l": [{"x": n}, {"x": n + 1}]}) + "\n" for n in range(5))
    inner = fields(x="$.x")
    other = view("p", source("t.csv"), fields(i="i", a="a"))
    own = view(
        "v",
        source("d.jsonl", "$"),
        fields(i="$.i"),
        records("l", "$.l[*]", inner),
        join("p", "l.x", "i", fields(a="a")),
    )
    mapping = viewed(
        tmp_path, other + own + triples("ex:v", "http://e/{i}/{#}", "l.x", "a"), d_jsonl=content, t_csv="i,a\n2,é\n"
    )
    alone, expected = run.local(mapping)
    shared, made = run.spark(mapping)
    assert lines(made) == lines(expected)
    assert shared == alone
    assert shared.parts[0].unmatched == 8
    with pytest.raises(UsageError, match=r"'t\.csv' is read by a view, in one task"):
        run.spark(mapping, sources={"t.csv": str(tmp_path / "t.csv")})
