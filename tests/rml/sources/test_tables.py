"""Tables that know their types: Parquet, DuckDB and SQLite, against quads worked out by hand."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rml.mappings import database_source, file_source, lines, objects, one_map
from rml.table_files import in_duckdb, in_sqlite, parquet, workbook

from kg.errors import DataError, KgError, MappingError, OperationError
from kg.rml import map_to


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("; rml:encoding rml:UTF-16", "tells its encoding itself"),
        ("; rml:compression rml:gzip", "read where it lies, not packed"),
        ("; csvw:dialect [ csvw:header false ]", "has no csvw:dialect"),
    ],
)
def test_what_a_table_has_not_is_not_read_over(tmp_path: Path, more: str, said: str) -> None:
    parquet(tmp_path, "SELECT 1 AS i, 2 AS a")
    source = file_source("t.parquet", "rml:SQL2008Table", None, more)
    with pytest.raises(MappingError, match=said):
        lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))
    in_sqlite(tmp_path, "CREATE TABLE t (i, a);")
    source = database_source("jdbc:sqlite:t.sqlite", "rml:SQL2008Table", "t", more)
    with pytest.raises(MappingError, match="a database has no encoding, compression or dialect"):
        lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))


def test_tables_of_types_are_not_read_as_csv(tmp_path: Path) -> None:
    workbook(tmp_path, {"S": [["i", "a"], [1, "x"]]})
    with pytest.raises(MappingError, match=r"not read as rml:CSV \(write rml:referenceFormulation rml:SQL2008Table"):
        lines(one_map(tmp_path, file_source("t.xlsx", "rml:CSV"), "http://e/{i}", ["a"]))


# --- Parquet and DuckDB -------------------------------------------------------------------------------------------

TYPES = (
    "SELECT 1 AS i, 7::BIGINT AS a, 10.50::DECIMAL(8,2) AS b, 0.5::DOUBLE AS c, 0.1::FLOAT AS d, true AS e, "
    "DATE '2030-01-31' AS f, TIMESTAMP '2030-01-31 12:00:00.500' AS g, TIMESTAMPTZ '2030-01-31 12:00:00+02' AS h, "
    "TIME '08:05:00' AS j, 'سد' AS k, '\\xCA\\xFE'::BLOB AS l, NULL::INTEGER AS m, 'nan'::DOUBLE AS n, "
    "TIMESTAMP_NS '2030-01-31 12:00:00.123456789' AS o, '8a1b0000-0000-4000-8000-000000000000'::UUID AS p"
)
TYPED = [
    '"7"^^xsd:integer',
    '"10.5"^^xsd:decimal',
    '"5.0E-1"^^xsd:double',
    '"1.0E-1"^^xsd:double',
    '"true"^^xsd:boolean',
    '"2030-01-31"^^xsd:date',
    '"2030-01-31T12:00:00.5"^^xsd:dateTime',
    '"2030-01-31T10:00:00Z"^^xsd:dateTime',
    '"08:05:00"^^xsd:time',
    '"سد"',
    '"CAFE"^^xsd:hexBinary',
    '"NaN"^^xsd:double',
    '"2030-01-31T12:00:00.123456789"^^xsd:dateTime',
    '"8a1b0000-0000-4000-8000-000000000000"',
]
NAMES = [*"abcdefghjkl", *"nop"]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    parquet(tmp_path, TYPES)
    path = one_map(tmp_path, file_source("t.parquet", "rml:SQL2008Table"), "http://e/{i}", NAMES)
    assert [line.partition("> ")[2].partition("> ")[2] for line in objects(path)] == TYPED


def test_a_table_and_a_query_of_duckdb(tmp_path: Path) -> None:
    in_duckdb(tmp_path, f'CREATE TABLE "My table" AS {TYPES}')
    path = one_map(tmp_path, file_source("t.duckdb", "rml:SQL2008Table", "My table"), "http://e/{i}", NAMES)
    assert [line.partition("> ")[2].partition("> ")[2] for line in objects(path)] == TYPED
    query = 'SELECT i, a + 1 AS "Sum" FROM "My table";'
    path = one_map(
        tmp_path, database_source("jdbc:duckdb:t.duckdb", "rml:SQL2008Query", query), "http://e/{i}", ["SUM"]
    )
    assert objects(path) == ['<1> <p0> "8"^^xsd:integer']


def test_a_query_may_ask_a_parquet_file_by_its_name(tmp_path: Path) -> None:
    parquet(tmp_path, "SELECT range AS i, range % 3 AS k FROM range(10)", "my data.parquet")
    query = 'SELECT k, count(*) AS n FROM "my data" GROUP BY k ORDER BY k DESC'
    path = one_map(tmp_path, file_source("my data.parquet", "rml:SQL2008Query", query), "http://e/{k}", ["n"])
    assert objects(path) == [f'<{k}> <p0> "{n}"^^xsd:integer' for k, n in ((2, 3), (1, 3), (0, 4))]


def test_many_rows_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    parquet(tmp_path, "SELECT range AS i FROM range(300000)")
    path = one_map(tmp_path, file_source("t.parquet", "rml:SQL2008Table"), "http://e/{i}", ["i"])
    assert [int(line[10 : line.index(">")]) for line in lines(path)] == list(range(300_000))


def test_lists_and_spans_have_no_literal(tmp_path: Path) -> None:
    parquet(tmp_path, "SELECT 1 AS i, [1, 2] AS a, INTERVAL 1 MONTH AS b")
    source = file_source("t.parquet", "rml:SQL2008Table")
    with pytest.raises(DataError, match="the reference leads to an array"):
        lines(one_map(tmp_path, source, "http://e/{i}", ["a"]))
    with pytest.raises(MappingError, match="'b' is an interval"):
        lines(one_map(tmp_path, source, "http://e/{i}", ["b"]))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM read_csv('{secret}')", "the query reads another file"),
        ("SELECT * FROM '{secret}'", "the query reads another file"),
        ("SELECT * FROM glob('{folder}/*')", "the query reads another file"),
        ("COPY (SELECT 1) TO '{folder}/out.csv'", "does more than read"),
        ("ATTACH '{folder}/other.duckdb' AS o", "does more than read"),
        ("INSTALL excel", "does more than read"),
        ("SELECT 1 AS i; SELECT 2 AS i", "does more than read"),
        ("SET enable_external_access = true", "does more than read"),
        ("SELECT * FROM source", "does not exist"),
        ("SELECT getenv('HOME') AS i", "getenv"),
        ("SELEC 1", "DuckDB"),
    ],
)
@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_a_query_reads_its_own_file_and_nothing_else(tmp_path: Path, kind: str, query: str, said: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("i\n1\n")
    parquet(tmp_path, "SELECT 1 AS i")
    in_duckdb(tmp_path, "CREATE TABLE t AS SELECT 1 AS i")
    text = query.format(secret=secret, folder=tmp_path)
    path = one_map(tmp_path, file_source(f"t.{kind}", "rml:SQL2008Query", text), "http://e/{i}", ["i"])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(MappingError, match=said):
        lines(path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_query_that_takes_all_memory_is_ended(tmp_path: Path) -> None:
    parquet(tmp_path, "SELECT 1 AS i")
    query = "SELECT string_agg(repeat(a.range::VARCHAR, 1000), '') AS i FROM range(10000000) a"
    path = one_map(tmp_path, file_source("t.parquet", "rml:SQL2008Query", query), "http://e/{i}", ["i"])
    with pytest.raises(OperationError, match="a query may take 1 GiB"):
        lines(path)


def test_damaged_files_are_told(tmp_path: Path) -> None:
    content = parquet(tmp_path, "SELECT range AS i FROM range(100000)").read_bytes()
    path = one_map(tmp_path, file_source("t.parquet", "rml:SQL2008Table"), "http://e/{i}", ["i"])
    for kept in (content[: len(content) // 2], content[:100] + b"\xff" * 5000 + content[5100:], b"PAR1"):
        (tmp_path / "t.parquet").write_bytes(kept)
        with pytest.raises(DataError) as caught:
            lines(path)
        assert caught.value.problems[0].position
        assert caught.value.problems[0].position.path == "t.parquet"


def test_sqlite_keeps_the_types_that_it_stores(tmp_path: Path) -> None:
    in_sqlite(tmp_path, "CREATE TABLE t (i INTEGER, a, b, c, d); INSERT INTO t VALUES (1, 2.5, 'x', x'CAFE', NULL);")
    path = one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Table", "t"), "http://e/{i}", ["i", *"abcd"])
    assert objects(path) == [
        '<1> <p0> "1"^^xsd:integer',
        '<1> <p1> "2.5E0"^^xsd:double',
        '<1> <p2> "x"',
        '<1> <p3> "CAFE"^^xsd:hexBinary',
    ]


@pytest.mark.parametrize("query", ["SELECT * FROM t", "SELECT i, a, b, c FROM (SELECT * FROM t AS u) ORDER BY i"])
def test_sqlite_has_the_days_and_truths_that_its_columns_were_declared_with(tmp_path: Path, query: str) -> None:
    script = "CREATE TABLE t (i INTEGER, a DATE, b Boolean, c TIMESTAMP(3)); INSERT INTO t VALUES "
    in_sqlite(tmp_path, f"{script}(1, '1981-10-10', 0, '2009-10-10 12:12:22'), (2, '25/12/2024', 7, 1700000000);")
    path = one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Query", query), "http://e/{i}", ["a", "b", "c"])
    assert objects(path) == [
        '<1> <p0> "1981-10-10"^^xsd:date',
        '<1> <p1> "false"^^xsd:boolean',
        '<1> <p2> "2009-10-10T12:12:22"^^xsd:dateTime',
        '<2> <p0> "25/12/2024"',
        '<2> <p1> "7"^^xsd:integer',
        '<2> <p2> "1700000000"^^xsd:integer',
    ]


@pytest.mark.parametrize("spelling", ["rml:iterator", "rml:query"])
def test_a_query_of_sqlite(tmp_path: Path, spelling: str) -> None:
    in_sqlite(tmp_path, "CREATE TABLE t (id, a); INSERT INTO t VALUES (1, 'x'), (2, 'NA');")
    query = (
        "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 2) SELECT * FROM n, t WHERE k = id"
    )
    source = database_source("jdbc:sqlite:t.sqlite", "rml:SQL2008Query", query, '; rml:null "NA"')
    path = one_map(tmp_path, source.replace("rml:iterator", spelling), 'http://e/{"id"}', ["a"])
    assert objects(path) == ['<1> <p0> "x"']


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ATTACH 'other.sqlite' AS o", "does more than read"),
        ("DELETE FROM t", "does more than read"),
        ("PRAGMA writable_schema = 1", "does more than read"),
        ("SELECT * FROM pragma_table_info('t')", "does more than read"),
        ("SELECT load_extension('x')", "not authorized|no such function|does more than read"),
        ("SELECT 1 AS i; DELETE FROM t", "one statement at a time"),
        ("SELECT * FROM absent", r"no such table: absent \(tables: t\)"),
        ("SELECT * FROM tt", r"no such table: tt \(did you mean 't'\?\)"),
        ("", "no query"),
    ],
)
def test_a_query_of_sqlite_only_reads(tmp_path: Path, query: str, said: str) -> None:
    database = in_sqlite(tmp_path, "CREATE TABLE t (i); INSERT INTO t VALUES (1);")
    before = database.read_bytes()
    path = one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Query", query), "http://e/{i}", ["i"])
    with pytest.raises(MappingError, match=said) as caught:
        lines(path)
    assert caught.value.problems[0].position
    assert database.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.ttl", "t.sqlite"]


def test_a_column_that_a_table_has_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    in_sqlite(tmp_path, "CREATE TABLE t (i, name); INSERT INTO t VALUES (1, 'x');")
    with pytest.raises(MappingError, match=r"t.sqlite has no column 'nmae' \(did you mean 'name'"):
        lines(one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Table", "t"), "http://e/{i}", ["nmae"]))


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    content = in_sqlite(tmp_path, "CREATE TABLE t (i); INSERT INTO t VALUES (1);").read_bytes()
    (tmp_path / "t.sqlite").write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    with pytest.raises(DataError, match=r"t.sqlite:1: SQLite: .*malformed"):
        lines(one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Table", "t"), "http://e/{i}", ["i"]))


@pytest.mark.parametrize("dsn", ["jdbc:sqlite:../t.sqlite", "jdbc:duckdb:/etc/passwd", "jdbc:sqlite:link.sqlite"])
def test_a_database_in_a_file_lies_below_the_mapping(tmp_path: Path, dsn: str) -> None:
    in_sqlite(tmp_path, "CREATE TABLE t (i);")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "link.sqlite").symlink_to(tmp_path / "t.sqlite")
    with pytest.raises(MappingError, match="leads out of the folder"):
        lines(one_map(folder, database_source(dsn, "rml:SQL2008Table", "t"), "http://e/{i}", ["i"]))


def test_workers_write_the_same_bytes_of_tables(tmp_path: Path) -> None:
    parquet(tmp_path, "SELECT range AS i, range % 7 AS k FROM range(5000)")
    workbook(tmp_path, {"S": [["k", "a"], *([k, f"x{k}"] for k in range(7))]})
    link = 'rml:parentTriplesMap ex:s ; rml:joinCondition [ rml:child "k" ; rml:parent "k" ]'
    sheet = f'ex:s {file_source("t.xlsx", "rml:SQL2008Table")} ; rml:subjectMap [ rml:template "http://e/s/{{a}}" ] .'
    text = one_map(tmp_path, file_source("t.parquet", "rml:SQL2008Table"), "http://e/{i}", ["k"]).read_text()
    more = f" ;\n rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ {link} ] ] .\n"
    (tmp_path / "m.ttl").write_text(text.removesuffix(" .\n") + more + sheet)
    alone, shared = io.BytesIO(), io.BytesIO()
    map_to(tmp_path / "m.ttl", alone)
    map_to(tmp_path / "m.ttl", shared, workers=2)
    assert alone.getvalue() == shared.getvalue()
    assert alone.getvalue().count(b"<http://e/s/x3>") == 714


@pytest.mark.parametrize("name", ["duckdb", "openpyxl"])
def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet(tmp_path, "SELECT 1 AS i")
    workbook(tmp_path, {"S": [["i"], [1]]})
    monkeypatch.setitem(__import__("sys").modules, name, None)
    file = {"duckdb": "t.parquet", "openpyxl": "t.xlsx"}[name]
    with pytest.raises(KgError, match=r"pip install 'zellige\[tables\]'") as caught:
        lines(one_map(tmp_path, file_source(file, "rml:SQL2008Table"), "http://e/{i}", ["i"]))
    assert caught.value.exit_code == 2
