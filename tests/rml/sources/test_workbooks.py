"""Sheets of XLSX against quads worked out by hand: cells, headers, names of sheets, damaged and hostile files."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from rml.mappings import lines, objects
from rml.table_files import openpyxl, sheet_map, workbook

from kg.errors import DataError, MappingError
from kg.rml import Access, Limits, OnError


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
    assert "open the workbook in a spreadsheet program" in str(first.hint)
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
    monkeypatch.setattr("kg.rml.sources.sheets.archive.FREE", 1 << 20)
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
    with pytest.raises(DataError, match="neither XLSX, ODS, Parquet, SQLite nor DuckDB"):
        lines(sheet_map(tmp_path, ["a"]))
    (tmp_path / "t.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match="the file is empty"):
        lines(sheet_map(tmp_path, ["a"]))
