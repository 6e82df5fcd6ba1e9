"""A mapping under Spark makes the dataset that it makes without: one local session for all tests."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import gzip
import importlib.util
import io
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from mappers import tables
from rml.by_hand import HEAD, csv_source, json_source
from rml.datasets import canonical, lenient_nquads
from rml.strategies import Case, cases

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError, OperationError, UsageError
from kg.rml import Access, OnError, Summary, map_to
from kg.rml.spark import map_with_spark, spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LACKS = [
    name
    for name, there in (("pyspark", importlib.util.find_spec("pyspark")), ("Java", shutil.which("java")))
    if not there
]
BASE = "http://example.com/"
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""For small data, where compiling costs more than it gives."""
SUBJECT = 'rml:subjectMap [ rml:template "http://e/{i}" ]'


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two cores of this machine. Below `viewfs://kg/t` are the folders of the tests, as on a file system elsewhere."""
    if LACKS:
        pytest.skip(f"Spark cannot run here without {' and '.join(LACKS)}")
    mounted = {"spark.hadoop.fs.viewfs.mounttable.kg.link./t": tmp_path_factory.getbasetemp().as_uri()}
    with spark_session("local[2]", {**SMALL, **mounted}) as made:
        yield made


class Run:
    """A mapping, run with Spark and without."""

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self.session, self.folder, self._count = session, folder, 0

    def elsewhere(self, path: Path) -> str:
        """A path as one that only Spark can open."""
        base = Path(self.session.conf.get("spark.hadoop.fs.viewfs.mounttable.kg.link./t").removeprefix("file://"))
        return f"viewfs://kg/t/{path.relative_to(base)}"

    def output(self) -> Path:
        """A new folder."""
        self._count += 1
        return self.folder / f"out-{self._count}"

    def spark(self, mapping: Path, **options: object) -> tuple[Summary, bytes]:
        """What Spark makes: the parts of the folder put together."""
        output = self.output()
        summary = map_with_spark(self.session, mapping, str(output), **options)
        assert (output / "_SUCCESS").exists()
        return summary, b"".join(path.read_bytes() for path in sorted(output.glob("part-*")))

    def local(self, mapping: Path, **options: object) -> tuple[Summary, bytes]:
        """What one process makes."""
        output = io.BytesIO()
        return map_to(mapping, output, **options), output.getvalue()

    def fails(self, mapping: Path, **options: object) -> KgError:
        """How Spark fails; it leaves nothing."""
        output = self.output()
        with pytest.raises(KgError) as caught:
            map_with_spark(self.session, mapping, str(output), **options)
        assert not output.exists()
        return caught.value


@pytest.fixture
def run(session: SparkSession, tmp_path: Path) -> Run:
    return Run(session, tmp_path)


def written(folder: Path, text: str, **files: str | bytes) -> Path:
    """A mapping with its files; in their names `_` stands for the point."""
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / "m.ttl"
    path.write_text(HEAD + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + text, encoding="utf-8")
    return path


def table(objects: str, source: str | None = None, name: str = "m") -> str:
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    return f"ex:{name} {source or csv_source('t.csv')} ;\n {SUBJECT} ;\n {pair} .\n"


def dataset(content: bytes) -> list[str]:
    return canonical(ox.parse(content, ox.RdfFormat.N_QUADS))


def lines(content: bytes) -> list[bytes]:
    return sorted(content.split(b"\n"))


def bench_tables(folder: Path, rows: int) -> Path:
    """The mapping of the bench with tables of so many rows together."""
    tables.write(folder, rows)
    text = (Path(tables.__file__).parent / "mapping.rml.ttl").read_text(encoding="utf-8")
    source = r'[ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "\1.csv" ]'
    path = folder / "mapping.rml.ttl"
    path.write_text(re.sub(r"SOURCE\((\w+)\)", source, text), encoding="utf-8")
    return path


def test_related_tables_are_mapped_and_joined(run: Run, tmp_path: Path) -> None:
    mapping = bench_tables(tmp_path, 20_000)
    alone, expected = run.local(mapping)
    shared, made = run.spark(mapping)
    assert lines(made) == lines(expected)
    assert shared == alone
    # The same rows, each table in parts of several files, some of them where only Spark can read.
    places: dict[str, list[str]] = {}
    for name in tables.SHARES:
        header, *rows = split_rows((tmp_path / f"{name}.csv").read_bytes())
        parts = tmp_path / name
        parts.mkdir()
        for number in range(3):
            (parts / f"part {number}.csv").write_bytes(header + b"".join(rows[number::3]))
        is_far = name in {"projects", "memberships"}
        places[f"{name}.csv"] = [run.elsewhere(parts) if is_far else str(parts / "*.csv")]
    shared, made = run.spark(mapping, sources=places, distinct=True)
    assert made == b"".join(sorted(set(expected.splitlines(keepends=True))))
    assert (shared.parts, shared.triples) == (alone.parts, made.count(b"\n"))


def split_rows(content: bytes) -> list[bytes]:
    """The rows of a table, as they are written; line ends in quotes are none of them."""
    return re.findall(rb'(?:[^"\n]|"[^"]*")*\n', content)


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


def test_a_table_that_is_cut_within_a_cell_is_refused(run: Run, tmp_path: Path) -> None:
    """A quote stands in a cell that has none around it: no task can know, but the one before sees where it ends."""
    rows = [f'{i},"text {i}\nof two lines"' for i in range(60_000)]
    rows[10_000] = '10000,5" pipe'
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n" + "\n".join(rows) + "\n")
    assert run.local(mapping)[0].triples == 60_000
    assert isinstance(run.fails(mapping), DataError)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
def test_other_encodings_and_delimiters(run: Run, tmp_path: Path, encoding: str) -> None:
    dialect = f'; csvw:dialect [ csvw:delimiter ";" ; csvw:quoteChar "\'" ; csvw:encoding "{encoding}" ]'
    content = "i;a\n1;'مدينة;\n''x'''\n2;\n".encode(encoding)
    mapping = written(tmp_path, table('rml:reference "a"', csv_source("t.csv", dialect)), t_csv=content)
    expected = run.local(mapping)[1]
    assert expected
    assert run.spark(mapping, sources={"t.csv": run.elsewhere(tmp_path / "t.csv")})[1] == expected


def trees(count: int) -> list[dict[str, object]]:
    rng = random.Random(7)
    values = [None, True, 7, -0.5, 1e21, "نص \u200f", 'say "no"\n', "", ["a", 1, None], "\u2028"]
    return [{"i": i, "a": rng.choice(values), "k": [rng.randrange(30), "x"]} for i in range(count)]


TREE = (
    'rml:subjectMap [ rml:template "http://e/{$.i}" ] ; '
    'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.a[*]" ] ] ; '
    'rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:reference "$.k[0]" ] ] .'
)


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


def test_nodes_without_names_are_one_for_each_row(run: Run, tmp_path: Path) -> None:
    """Within a triples map, among those that are linked without a condition, through joins, and over several files."""
    blank = "rml:subjectMap [ rml:termType rml:BlankNode ; rml:class ex:C ]"
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ]'
    own = "rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:parentTriplesMap ex:n ] ]"
    join = (
        "rml:predicateObjectMap [ rml:predicate ex:r ; rml:objectMap [ rml:parentTriplesMap ex:m ; "
        'rml:joinCondition [ rml:child "a" ; rml:parent "a" ] ] ]'
    )
    source = csv_source("t.csv")
    text = f"ex:m {source} ; {blank} ; {pair} ; {own} .\nex:n {source} ; {blank} ; {pair} ; {join} .\n"
    rows = [f"{i},{i % 7}\n" for i in range(21)]
    mapping = written(tmp_path, text, t_csv="i,a\n" + "".join(rows))
    expected = dataset(run.local(mapping)[1])
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        (parts / f"{number}.csv").write_text("i,a\n" + "".join(rows[number * 7 : number * 7 + 7]))
    for place in (str(parts), run.elsewhere(parts)):
        made = run.spark(mapping, sources={"t.csv": place})[1]
        assert len(dataset(made)) == len(expected) == 21 * (2 + 2 + 1 + 3)
        assert dataset(made) == expected


def test_a_join_of_several_conditions(run: Run, tmp_path: Path) -> None:
    """Keys of any text, parents with several subjects, values that agree twice, graphs; empty cells join nothing."""
    link = (
        "rml:objectMap [ rml:parentTriplesMap ex:n ; rml:joinCondition "
        '[ rml:child "k" ; rml:parent "$.k[*]" ], [ rml:child "l" ; rml:parent "$.l" ] ]'
    )
    other = 'rml:objectMap [ rml:parentTriplesMap ex:o ; rml:joinCondition [ rml:child "l" ; rml:parent "l" ] ]'
    graph = 'rml:graphMap [ rml:template "http://g/{i}" ], [ rml:constant ex:g ]'
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p, ex:q ; {link} ; {other} ; rml:object 7 ; {graph} ]"
    text = (
        f"ex:m {csv_source('c.csv')} ; {SUBJECT} ; {pair} .\n"
        f'ex:n {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j[*]}}" ] .\n'
        f'ex:o {csv_source("c.csv")} ; rml:subjectMap [ rml:template "http://o/{{i}}" ; rml:class ex:O ] .\n'
    )
    keys = ["a", "ب", "a\nb", '"\\', "", "1"]
    parents = [{"j": [n, n + 1], "k": [keys[n % 6], keys[n % 6], n], "l": keys[n % 5]} for n in range(40)]
    cells = "".join(
        f'{n},"{keys[n % 6]}","{keys[n % 4]}"\n'.replace('""\\"', '"""\\"').replace("\0", "") for n in range(30)
    )
    mapping = written(tmp_path, text, c_csv="i,k,l\n" + cells, p_json=json.dumps(parents, ensure_ascii=False))
    expected = run.local(mapping)[1]
    assert b"http://p/" in expected
    assert b"<http://o/7> <http://g/" in expected
    assert lines(run.spark(mapping)[1]) == lines(expected)


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


def merged(chosen: list[Case], folder: Path) -> Path:
    """Many mappings as one: each has names and files of its own."""
    blocks = []
    for number, case in enumerate(chosen):
        names = "|".join(re.escape(name) for name in case.files)
        text = re.sub(rf'rml:path "({names})"', rf'rml:path "{number}-\1"', case.mapping)
        text = re.sub(r"\bex:m(\d)", rf"ex:m{number}x\1", text)
        blocks.append(text if number == 0 else "\n".join(li for li in text.split("\n") if not li.startswith("@prefix")))
        for name, content in case.files.items():
            (folder / f"{number}-{name}").write_text(content, encoding="utf-8", newline="")
    path = folder / "mapping.rml.ttl"
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def is_mapped(case: Case, folder: Path) -> bool:
    try:
        map_to(case.write(folder), io.BytesIO(), base=BASE)
    except KgError:
        return False
    return True


def test_random_mappings_make_the_same_dataset(run: Run, tmp_path: Path) -> None:
    chosen: list[Case] = []

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(cases())
    def collect(case: Case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            if is_mapped(case, Path(folder)):
                chosen.append(case)

    collect()
    assert len(chosen) > 10
    mapping = merged(chosen, tmp_path)
    expected, made = run.local(mapping, base=BASE)[1], run.spark(mapping, base=BASE)[1]
    assert set(without_rows(made)) == set(without_rows(expected))
    assert dataset(made) == dataset(expected)


def without_rows(content: bytes) -> list[bytes]:
    """Lines without those that hold nodes numbered by rows."""
    return [line for line in content.split(b"\n") if not re.search(rb"_:n\d+r\d+", line)]


def core_cases(shared: Path) -> list[tuple[Path, str]]:
    """The mappings of RML-Core that make something."""
    folder = shared / "suites" / "rml-core"
    with (folder / "metadata.csv").open(encoding="utf-8") as file:
        return [
            (folder / case["ID"] / case["mapping"], case["base_iri"])
            for case in csv.DictReader(file)
            if case["error"] == "false"
        ]


def test_the_cases_of_rml_core_make_the_same_dataset(run: Run, tmp_path: Path, shared: Path) -> None:
    """All of them at once: their statements put together, their names and sources made unique."""
    found = core_cases(shared)
    quads: list[ox.Quad] = []
    path = ox.NamedNode("http://w3id.org/rml/path")
    for number, (mapping, _) in enumerate(found):
        parsed = list(ox.parse(mapping.read_bytes(), ox.RdfFormat.TURTLE, base_iri=BASE))
        own = {quad.subject: ox.NamedNode(f"{BASE}{number}/{n}") for n, quad in enumerate(parsed)}
        for quad in parsed:
            value = own.get(quad.object, quad.object)
            if quad.predicate == path:
                value = ox.Literal(f"{number}/{quad.object.value}")
            quads.append(ox.Quad(own[quad.subject], quad.predicate, value))
        shutil.copytree(mapping.parent, tmp_path / str(number))
    mapping = tmp_path / "mapping.ttl"
    mapping.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"")
    (base,) = {base for _, base in found}
    expected, made = run.local(mapping, base=base)[1], run.spark(mapping, base=base)[1]
    assert len(found) == 61
    assert set(without_rows(made)) == set(without_rows(expected))
    assert canonical(lenient_nquads(unsafe(made))) == canonical(lenient_nquads(unsafe(expected)))


def unsafe(content: bytes) -> str:
    """The one unsafe IRI of the suite holds a blank, which N-Quads can only write as an escape."""
    return content.decode().replace("\\u0020", " ")


def test_the_job_of_the_page_runs(run: Run, tmp_path: Path, root: Path) -> None:
    mapping = written(tmp_path, table('rml:reference "a"', csv_source("people.csv")))
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "part-0.csv").write_text("i,a\n1,x\n")
    page = (root / "docs" / "spark.md").read_text(encoding="utf-8")
    (job,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    for said, meant in {
        "people.rml.ttl": str(mapping),
        "hdfs:///graphs/people": str(tmp_path / "made"),
        "hdfs:///data/people/": run.elsewhere(tmp_path / "people"),
    }.items():
        assert said in job
        job = job.replace(said, meant)
    talk = io.StringIO()
    with contextlib.redirect_stdout(talk):
        exec(compile(job, "job.py", "exec"), {})
    assert talk.getvalue() == "1 triples of 1 rows\n"
    assert (tmp_path / "made" / "_SUCCESS").exists()


@pytest.mark.skipif(bool(LACKS), reason=f"Spark cannot run here without {' and '.join(LACKS)}")
def test_the_command_writes_a_folder_and_keeps_standard_output_clean(tmp_path: Path) -> None:
    """In a process of its own, which may say on standard error what it likes."""
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,مدينة\n", u_csv="i,a\n2,x\n3,y\n")
    command = [sys.executable, "-m", "kg", "map", str(mapping), "--spark", "local[1]", "-o", str(tmp_path / "out")]
    more = ["--source", f"t.csv={tmp_path}/t.csv", "--source", f"t.csv={tmp_path}/u.csv", "--json"]
    more += [part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}")]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)["data"]
    assert (data["triples"], data["rows"], data["output"]) == (3, 3, str(tmp_path / "out"))
    made = b"".join(path.read_bytes() for path in sorted((tmp_path / "out").glob("part-*")))
    assert made.decode().splitlines() == [
        f'<http://e/{i}> <http://e/p> "{a}" .' for i, a in enumerate(["مدينة", "x", "y"], 1)
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--source", "t.csv=x"], "--source and --conf are for Spark"),
        (["--spark", "local[1]"], "--spark needs -o FOLDER"),
        (["--spark", "local[1]", "-o", "out", "--workers", "2"], "--spark needs -o FOLDER"),
        (["--spark", "local[1]", "-o", "out", "--source", "t.csv"], "'t.csv' is not --source NAME=PLACE"),
        (["--spark", "local[1]", "-o", "out", "--conf", "x"], "'x' is not --conf KEY=VALUE"),
    ],
)
def test_wrong_usage(tmp_path: Path, more: list[str], said: str) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,x\n")
    result = CliRunner().invoke(kg, ["map", str(mapping), *more])
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_spark_needs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,x\n")
    command = ["map", str(mapping), "--spark", "local[1]", "-o", str(tmp_path / "out")]
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyspark.sql", None)
        result = CliRunner().invoke(kg, command)
        assert result.exit_code == 2
        assert "error: Spark is not installed (pip install 'zellige[spark]')" in result.stderr
    if "pyspark" not in LACKS:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nothing"))
        result = CliRunner().invoke(kg, command)
        assert result.exit_code == 2
        assert "Spark needs Java 17 or newer: JAVA_HOME is" in result.stderr
