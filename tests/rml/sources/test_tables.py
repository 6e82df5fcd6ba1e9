"""Tables that know their types: sheets, Parquet, DuckDB and SQLite, against quads worked out by hand."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from rml.mappings import database_source, file_source, lines, objects, one_map

from kg.errors import DataError, KgError, MappingError, OperationError
from kg.rml import Access, Limits, OnError, map_to

duckdb = pytest.importorskip("duckdb", reason="the extra zellige[tables] is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra zellige[tables] is not installed")


# --- XLSX ---------------------------------------------------------------------------------------------------------


def workbook(folder: Path, sheets: dict[str, list[list[object]]], name: str = "t.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def sheet_map(folder: Path, references: list[str], sheet: str | None = None, subject: str = "http://e/{i}") -> Path:
    return one_map(folder, file_source("t.xlsx", "rml:SQL2008Table", sheet), subject, references)


def test_cells_keep_their_types(tmp_path: Path) -> None:
    values = [
        7,
        2.0,
        0.5,
        True,
        "سد",
        *map(datetime.fromisoformat, ("2030-01-31", "2030-01-31T12:30")),
        time(8, 5),
        None,
    ]
    workbook(tmp_path, {"S": [["i", *"abcdefgh", "leer"], [1, *values]]})
    assert objects(sheet_map(tmp_path, [*"abcdefgh", "leer"])) == [
        '<1> <p0> "7"^^xsd:integer',
        '<1> <p1> "2"^^xsd:integer',
        '<1> <p2> "5.0E-1"^^xsd:double',
        '<1> <p3> "true"^^xsd:boolean',
        '<1> <p4> "سد"',
        '<1> <p5> "2030-01-31T00:00:00"^^xsd:dateTime',
        '<1> <p6> "2030-01-31T12:30:00"^^xsd:dateTime',
        '<1> <p7> "08:05:00"^^xsd:time',
    ]


def test_a_day_is_a_date_and_a_span_a_duration(tmp_path: Path) -> None:
    workbook(tmp_path, {"S": [["i", "a", "b"], [1, date(2030, 1, 31), timedelta(hours=30, minutes=5)]]})
    assert objects(sheet_map(tmp_path, ["a", "b"])) == [
        '<1> <p0> "2030-01-31"^^xsd:date',
        '<1> <p1> "P1DT6H5M"^^xsd:dayTimeDuration',
    ]


def test_a_sheet_is_found_by_its_name_and_must_be_named_if_there_are_several(tmp_path: Path) -> None:
    workbook(tmp_path, {"One": [["i", "a"], [1, "x"]], "Deux": [["i", "a"], [2, "y"]]})
    assert objects(sheet_map(tmp_path, ["a"], "Deux")) == ['<2> <p0> "y"']
    with pytest.raises(MappingError, match=r"t.xlsx has 2 sheets \(name one: rml:iterator, of 'One', 'Deux'"):
        lines(sheet_map(tmp_path, ["a"]))
    with pytest.raises(MappingError, match=r"no sheet 'deux' \(did you mean 'Deux'"):
        lines(sheet_map(tmp_path, ["a"], "deux"))


def test_a_hidden_sheet_needs_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"One": [["i", "a"], [1, "x"]], "Notes": [["i", "a"], [2, "y"]]})
    book = openpyxl.load_workbook(path)
    book["Notes"].sheet_state = "hidden"
    book.save(path)
    assert objects(sheet_map(tmp_path, ["a"])) == ['<1> <p0> "x"']
    assert objects(sheet_map(tmp_path, ["a"], "Notes")) == ['<2> <p0> "y"']


def test_rows_are_counted_as_the_sheet_counts_them(tmp_path: Path) -> None:
    workbook(tmp_path, {"S": [[None], [None, None], ["i", "a"], [1, "x"], [None], [2, "not a day"]]})
    path = sheet_map(tmp_path, ["a"])
    assert objects(path) == ['<1> <p0> "x"', '<2> <p0> "not a day"']
    path.write_text(path.read_text().replace('rml:reference "a"', 'rml:reference "a" ; rml:datatype xsd:date'))
    with pytest.raises(DataError) as caught:
        lines(path)
    assert [str(problem.position) for problem in caught.value.problems] == ["t.xlsx:4", "t.xlsx:6"]


def test_a_merged_cell_has_its_value_at_the_top_left_and_nowhere_else(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"S": [["i", "a"], [1, "x"], [2, None]]})
    book = openpyxl.load_workbook(path)
    book["S"].merge_cells("B2:B3")
    book.save(path)
    assert objects(sheet_map(tmp_path, ["a"])) == ['<1> <p0> "x"']


def test_a_formula_without_a_result_and_an_error_are_faults_of_their_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"S": [["i", "a"], [1, "=1+1"], [2, "ok"], [3, "#DIV/0!"]]})
    book = openpyxl.load_workbook(path)
    book["S"]["B4"].data_type = "e"
    book.save(path)
    mapping = sheet_map(tmp_path, ["a"])
    with pytest.raises(DataError) as caught:
        lines(mapping)
    first, second = caught.value.problems
    assert "a formula that was never calculated" in first.message
    assert str(first.position) == "t.xlsx:2"
    assert "the error #DIV/0!" in second.message
    assert objects(mapping, on_error=OnError.SKIP) == ['<2> <p0> "ok"']


def test_a_formula_gives_the_result_that_was_saved(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"S": [["i", "a"], [1, "=1+1"]]})
    patched(path, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert objects(sheet_map(tmp_path, ["a"])) == ['<1> <p0> "2"^^xsd:integer']


def patched(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert old in contents[part] or not old, contents[part]
    contents[part] = contents[part].replace(old, new) if old else new
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("rows", "said", "line"),
    [
        ([], "the sheet is empty", 1),
        ([["i", "a", "a"], [1, 2, 3]], "two columns are named 'a'", 1),
        ([["i", "a"], [1, 2], [2, 3, 4]], "cells beyond the 2 columns that are named", 3),
    ],
)
def test_sheets_that_are_no_tables(tmp_path: Path, rows: list[list[object]], said: str, line: int) -> None:
    workbook(tmp_path, {"S": rows})
    with pytest.raises(DataError, match=said) as caught:
        lines(sheet_map(tmp_path, ["a"]))
    assert str(caught.value.problems[0].position) == f"t.xlsx:{line}"


def test_a_workbook_that_declares_entities_or_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"S": [["i", "a"], [1, "x"]]})
    sheet = "xl/worksheets/sheet1.xml"
    entities = b'<!-- <worksheet> --><!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'
    patched(path, sheet, b"<worksheet", entities)
    with pytest.raises(DataError, match="is not what a spreadsheet program writes"):
        lines(sheet_map(tmp_path, ["a"]))
    patched(path, sheet, b"", b"<worksheet><broken")
    with pytest.raises(DataError, match="not a workbook that can be read"):
        lines(sheet_map(tmp_path, ["a"]))
    path.write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(DataError, match="not a workbook that can be read"):
        lines(sheet_map(tmp_path, ["a"]))


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rml.sources.xlsx.FREE", 1 << 20)
    path = workbook(tmp_path, {"S": [["i", "a"], [1, "x"]]})
    patched(path, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + b"<row/>" * 500_000)
    with pytest.raises(DataError, match="more than 200 times as large as packed"):
        lines(sheet_map(tmp_path, ["a"]))
    patched(path, "xl/styles.xml", b"</styleSheet>", b" " * 100_000 + b"</styleSheet>")
    with pytest.raises(DataError, match="the document is larger than 64K"):
        lines(sheet_map(tmp_path, ["a"]), access=Access(Limits(document=64 << 10, ratio=10**6)))


def test_an_old_workbook_and_an_unknown_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    with pytest.raises(DataError, match=r"a workbook of Excel before 2007 \(save it as .xlsx\)"):
        lines(sheet_map(tmp_path, ["a"]))
    (tmp_path / "t.xlsx").write_text("i,a\n1,x\n")
    with pytest.raises(DataError, match="neither XLSX, Parquet, SQLite nor DuckDB"):
        lines(sheet_map(tmp_path, ["a"]))
    (tmp_path / "t.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match="the file is empty"):
        lines(sheet_map(tmp_path, ["a"]))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("; rml:encoding rml:UTF-16", "tells its encoding itself"),
        ("; rml:compression rml:gzip", "read where it lies, not packed"),
        ("; csvw:dialect [ csvw:header false ]", "has no csvw:dialect"),
    ],
)
def test_what_a_table_has_not_is_not_read_over(tmp_path: Path, more: str, said: str) -> None:
    workbook(tmp_path, {"S": [["i", "a"], [1, "x"]]})
    source = file_source("t.xlsx", "rml:SQL2008Table", None, more)
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


def in_duckdb(folder: Path, *statements: str, name: str = "t.duckdb") -> Path:
    path = folder / name
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def parquet(folder: Path, query: str, name: str = "t.parquet") -> Path:
    path = folder / name
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = 'UTC'; COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


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


# --- SQLite -------------------------------------------------------------------------------------------------------


def in_sqlite(folder: Path, script: str, name: str = "t.sqlite") -> Path:
    path = folder / name
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()
    return path


def test_sqlite_keeps_the_types_that_it_stores(tmp_path: Path) -> None:
    in_sqlite(tmp_path, "CREATE TABLE t (i INTEGER, a, b, c, d); INSERT INTO t VALUES (1, 2.5, 'x', x'CAFE', NULL);")
    path = one_map(tmp_path, file_source("t.sqlite", "rml:SQL2008Table", "t"), "http://e/{i}", ["i", *"abcd"])
    assert objects(path) == [
        '<1> <p0> "1"^^xsd:integer',
        '<1> <p1> "2.5E0"^^xsd:double',
        '<1> <p2> "x"',
        '<1> <p3> "CAFE"^^xsd:hexBinary',
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
        ("SELECT * FROM absent", "no such table: absent"),
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
