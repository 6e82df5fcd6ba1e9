"""Sheets of OpenDocument against quads worked out by hand: cells, rows that stand several times, damaged files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from rml.mappings import file_source, lines, objects, one_map

from kg.errors import DataError, MappingError
from kg.rml import OnError
from kg.rml.starter import starter_mapping

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:automatic-styles>
 <style:style style:name="off"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def text(*paragraphs: str) -> str:
    inner = "".join(f"<text:p>{one}</text:p>" for one in paragraphs)
    return f'<table:table-cell office:value-type="string">{inner}</table:table-cell>'


def cell(kind: str, value: str, more: str = "") -> str:
    attribute = "value" if kind in {"float", "percentage", "currency"} else f"{kind}-value"
    return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}" {more}><text:p>?</text:p></table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def sheet(*rows: str, name: str = "S", more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def document(folder: Path, *sheets: str) -> Path:
    path = folder / "t.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _HEAD + "".join(sheets) + _TAIL)
    return path


def ods_map(folder: Path, references: list[str], name: str | None = None) -> Path:
    return one_map(folder, file_source("t.ods", "rml:SQL2008Table", name), "http://e/{i}", references)


def test_cells_keep_their_types_and_their_blanks(tmp_path: Path) -> None:
    values = [
        cell("float", "7"),
        cell("percentage", "0.5"),
        cell("currency", "12.5", 'office:currency="MAD"'),
        cell("boolean", "true"),
        cell("date", "2030-01-31"),
        cell("date", "2030-01-31T12:30:00"),
        cell("time", "PT08H05M00S"),
        cell("time", "PT30H05M00S"),
        text(" سد\n  <text:span>الوحدة</text:span><text:s text:c='2'/>x<text:tab/>y<text:note>1</text:note>", "b"),
    ]
    document(tmp_path, sheet(row(*map(text, "iabcdefghk")), row(cell("float", "1"), *values)))
    assert objects(ods_map(tmp_path, list("abcdefghk"))) == [
        '<1> <p0> "7"^^xsd:integer',
        '<1> <p1> "5.0E-1"^^xsd:double',
        '<1> <p2> "1.25E1"^^xsd:double',
        '<1> <p3> "true"^^xsd:boolean',
        '<1> <p4> "2030-01-31"^^xsd:date',
        '<1> <p5> "2030-01-31T12:30:00"^^xsd:dateTime',
        '<1> <p6> "08:05:00"^^xsd:time',
        '<1> <p7> "P1DT6H5M"^^xsd:dayTimeDuration',
        '<1> <p8> "سد الوحدة  x\ty\\nb"',
    ]


def test_rows_and_cells_that_stand_several_times_are_counted_as_the_sheet_counts_them(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    document(
        tmp_path,
        sheet(
            row(empty, more='table:number-rows-repeated="2"'),
            f"<table:table-header-rows>{row(text('i'), text('a'), text('b'))}</table:table-header-rows>",
            row(cell("float", "1"), cell("float", "2", 'table:number-columns-repeated="2"')),
            row(cell("float", "3"), text("x"), more='table:number-rows-repeated="2"'),
            row(empty, more='table:number-rows-repeated="1048000"'),
        ),
    )
    path = ods_map(tmp_path, ["a", "b"])
    assert objects(path) == ['<1> <p0> "2"^^xsd:integer', '<1> <p1> "2"^^xsd:integer', *['<3> <p0> "x"'] * 2]
    path.write_text(path.read_text().replace('rml:reference "a"', 'rml:reference "a" ; rml:datatype xsd:date'))
    with pytest.raises(DataError) as caught:
        lines(path)
    assert [str(one.position) for one in caught.value.problems] == ["t.ods:4", "t.ods:5", "t.ods:6"]


def test_errors_and_what_was_never_calculated_are_faults_of_their_rows(tmp_path: Path) -> None:
    wrong = [
        (
            '<table:table-cell office:value-type="float" office:value="0" calcext:value-type="error"><text:p>#N/A</text:p>'
            "</table:table-cell>"
        ),
        '<table:table-cell table:formula="of:=1+1"/>',
        cell("date", "10000-01-31"),
        cell("boolean", "yes"),
    ]
    rows = [row(cell("float", str(n)), one) for n, one in enumerate(wrong)]
    document(tmp_path, sheet(row(text("i"), text("a")), *rows, row(cell("float", "9"), text("x"))))
    with pytest.raises(DataError) as caught:
        lines(ods_map(tmp_path, ["a"]))
    told = [str(one) for one in caught.value.problems]
    assert [part in one for part, one in zip(("#N/A", "never calculated", "10000-01", "'yes'"), told, strict=True)] == [
        True
    ] * 4
    assert objects(ods_map(tmp_path, ["a"]), on_error=OnError.SKIP) == ['<9> <p0> "x"']


def test_the_only_sheet_that_is_shown_is_meant_and_others_have_names(tmp_path: Path) -> None:
    rows = [row(text("i"), text("a")), row(cell("float", "1"), text("x"))]
    hidden = sheet(*rows, name="Notes", more='table:style-name="off"')
    document(tmp_path, hidden, sheet(*rows, name="Data"))
    assert objects(ods_map(tmp_path, ["a"])) == ['<1> <p0> "x"']
    assert objects(ods_map(tmp_path, ["a"], "Notes")) == ['<1> <p0> "x"']
    with pytest.raises(MappingError, match=r"no sheet 'data' \(did you mean 'Data'"):
        lines(ods_map(tmp_path, ["a"], "data"))
    document(tmp_path, sheet(*rows, name="A"), sheet(*rows, name="B"))
    with pytest.raises(MappingError, match=r"t.ods has 2 sheets \(name one: rml:iterator, of 'A', 'B'"):
        lines(ods_map(tmp_path, ["a"]))


def test_merged_cells_are_filled_where_the_dialect_says_so(tmp_path: Path) -> None:
    covered = "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>"
    merged = text("x").replace("<table:table-cell ", '<table:table-cell table:number-rows-spanned="2" ')
    document(
        tmp_path,
        sheet(
            row(text("i"), text("n"), text("a")),
            row(cell("float", "1", 'table:number-columns-repeated="2"'), merged),
            row(cell("float", "2", 'table:number-columns-repeated="2"'), covered),
        ),
    )
    path = ods_map(tmp_path, ["a"])
    assert objects(path) == ['<1> <p0> "x"']
    fill = 'csvw:dialect [ <https://w3id.org/zellige/layout#mergedCells> "fill" ] ; rml:path "t.ods"'
    path.write_text(
        "@prefix csvw: <http://www.w3.org/ns/csvw#> .\n" + path.read_text().replace('rml:path "t.ods"', fill)
    )
    assert objects(path) == ['<1> <p0> "x"', '<2> <p0> "x"']


def test_a_first_mapping_of_a_sheet_runs_as_it_is(tmp_path: Path) -> None:
    document(tmp_path, sheet(row(text("code"), text("nom")), row(text("a"), text("Oum")), row(text("b"), text("Rbia"))))
    path = tmp_path / "m.rml.ttl"
    path.write_text(starter_mapping(tmp_path / "t.ods"))
    assert sum('"Oum"' in line for line in lines(path)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            _HEAD.replace("<office:document-content", "<!DOCTYPE a [<!ENTITY b 'c'>]><office:document-content"),
            "no more",
        ),
        (_HEAD + sheet(row(text("i"))), "not a workbook that can be read: XMLSyntaxError"),
        (_HEAD + sheet() + _TAIL, "the sheet is empty"),
        (_HEAD + sheet(row(text("i"), more='table:number-rows-repeated="1048577"')) + _TAIL, "1048576 rows at most"),
    ],
)
def test_what_is_damaged_or_hostile_is_refused(tmp_path: Path, content: str, said: str) -> None:
    document(tmp_path)
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("content.xml", content)
    with pytest.raises(DataError, match=said.replace("no more", "is not what a spreadsheet program writes")):
        lines(ods_map(tmp_path, ["a"]))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"ARROW1\0\0\xff\xff", "a Feather file"),
        (b"<stata_dta>\xff", "a table of Stata"),
        (b"\x72\x02\x01\0\xff", "a table of Stata"),
        (b"$FL2@(#)\xff", "a table of SPSS"),
        (b"\xd0\xcf\x11\xe0\xff", "a workbook of Excel before 2007"),
    ],
)
def test_a_table_that_nothing_reads_is_called_by_its_name(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "t.bin").write_bytes(content + b"\0" * 40)
    for formulation in ("rml:SQL2008Table", "rml:CSV"):
        with pytest.raises(DataError, match=rf"t.bin:1: this is {what}.* \("):
            lines(one_map(tmp_path, file_source("t.bin", formulation), "http://e/{i}", ["a"]))


def test_a_table_that_is_taken_for_text_names_its_formulation(tmp_path: Path) -> None:
    document(tmp_path, sheet(row(text("i")))).rename(tmp_path / "t.csv")
    with pytest.raises(DataError, match=r"a workbook or an archive \(write rml:referenceFormulation rml:SQL2008Table"):
        lines(one_map(tmp_path, file_source("t.csv", "rml:CSV"), "http://e/{i}", ["a"]))
